/* What is wrong with a file, without running it: each statement parsed, bound and planned, and what is made kept for those
 * that follow. */

import { dirname } from 'node:path';
import { type MillraceError, toMillraceError, UserError } from '#base';
import { Executor } from '#engine';
import { inferFileTable, modelProviders } from '#connectors';
import { castTo, evaluate, literal, type EvalContext } from '#expr';
import { types } from '#data';
import { modulesFrom } from '#host';
import { bindType, stateWarnings } from '#plan';
import { parseEachStatement, type CastExpression, type Statement } from '#sql';
import { checksFrom } from './checks.ts';
import { allConnectors, draftWorld, unconnectedTypes } from './connectors.ts';
import { explained } from './explained.ts';

/** Every error of the text, in order. A table that could not be made is an error once, not for each of its readers. */
export async function errorsOf(
  text: string,
  file: string,
  warnings: string[],
  settings: readonly (readonly [string, string])[] = [],
): Promise<MillraceError[]> {
  const executor = new Executor({
    world: draftWorld(),
    connectors: allConnectors(),
    catalogTypes: unconnectedTypes,
    modelProviders,
    fileTable: inferFileTable,
    loadModule: modulesFrom(dirname(file)),
    loadChecks: checksFrom(dirname(file)),
    warn: (message) => warnings.push(message),
  });
  for (const [key, value] of settings) executor.session.settings.set(key, value);
  const errors: MillraceError[] = [];
  const missing = new Set<string>();
  for (const parsed of parseEachStatement(text)) {
    try {
      if ('error' in parsed) {
        noteName(parsed.text, missing);
        throw parsed.error;
      }
      const statement = await executor.completed(parsed.statement);
      const query = statement.kind === 'create-table-as' ? executor.tableAs(statement) : explained(statement);
      if (query !== undefined) warnings.push(...stateWarnings(executor.plan(query).plan));
      else if (statement.kind !== 'stop-job') await executor.execute(statement);
      if (statement.kind === 'create-table' || statement.kind === 'create-table-as')
        executor.checkTable(statement);
      if (statement.kind === 'create-model') await executor.checkModel(statement);
      errors.push(...wrongLiterals(statement, executor.evaluation()));
    } catch (thrown) {
      const error = toMillraceError(thrown);
      if (error.code === 'CAT2017') {
        if (!('error' in parsed)) {
          warnings.push(`line ${parsed.span.line}: ${error.message}`);
          noteName(parsed.text, missing);
        }
        continue;
      }
      if (!('error' in parsed)) noteName(parsed.text, missing);
      if (
        ['CAT2002', 'CAT2030'].includes(error.code) &&
        missing.has(/"([^"]*)"/.exec(error.message)?.[1] ?? '')
      )
        continue;
      errors.push(error);
    }
  }
  return errors;
}
/** What a statement would have made that failed. */
function noteName(text: string, missing: Set<string>): void {
  const name =
    /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMPORARY\s+)?(?:TABLE|VIEW|MODEL)\s+(?:IF\s+NOT\s+EXISTS\s+)?`?([\w.]+)/i.exec(
      text,
    )?.[1];
  if (name !== undefined) missing.add(name);
}

/** CASTs of a text that stands there, which would fail for every row. */
function wrongLiterals(statement: Statement, context: EvalContext): MillraceError[] {
  const errors: MillraceError[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node && node.kind === 'cast') {
      const { operand, type, safe, span } = node as CastExpression;
      if (operand.kind === 'string' && !safe) {
        try {
          evaluate(castTo(literal(operand.value, types.STRING), bindType(type)), [], context);
        } catch (thrown) {
          const { code, message, hint } = toMillraceError(thrown);
          errors.push(new UserError(code, { at: span, message, hint, cause: thrown }));
        }
      }
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(statement);
  return errors;
}
