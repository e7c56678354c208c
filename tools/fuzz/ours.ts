/* What we make of an expression: bound as in a query, then evaluated by the interpreter; over columns by generated code
 * too (tools/fuzz/columns.ts). */

import { Rng, UserError } from '#base';
import { evaluate, type EvalContext, type Expr } from '#expr';
import { typeText } from '#data';
import { parseStatement } from '#sql';
import { bindExpression } from '../../packages/plan/src/bind/expressions.ts';
import { textTooLong } from '../../packages/expr/src/values/data-errors.ts';
import { Scope } from '../../packages/plan/src/bind/scope.ts';

export interface Answer {
  /** CAST to STRING; null for NULL. */
  readonly value?: string | null;
  readonly type?: string;
  /** 'refused' when it does not plan, 'failed' when it does not run, 'bug' when we broke. */
  readonly error?: 'refused' | 'failed' | 'bug';
  readonly message?: string;
}

export const clock = Date.UTC(2024, 0, 1, 12, 0, 0);
export const context: EvalContext = {
  timeZone: 'UTC',
  now: () => clock,
  queryStart: clock,
  batchMode: false,
  rng: new Rng(1),
  legacyCast: false,
  seed: 1,
  watermark: () => -Infinity,
};

/** The expression, bound in a query without tables. Throws UserError. */
export function bindText(sql: string, scope = new Scope([])): Expr {
  const statement = parseStatement(`SELECT ${sql}`);
  if (statement.kind !== 'select-statement') throw new Error(`not a query: ${sql}`);
  const query = statement.query.body;
  if (query.kind !== 'select') throw new Error(`not a SELECT: ${sql}`);
  const [item] = query.items;
  if (item === undefined) throw new Error(`not an expression: ${sql}`);
  return bindExpression(item.expression, scope);
}

/** The text that is compared: CAST to STRING, but of bytes their base 64 (see flink.ts). */
export const shown = (sql: string, bytes: boolean): string =>
  bytes ? `JSON_OBJECT(KEY 'v' VALUE ${sql})` : `CAST(${sql} AS STRING)`;

export const isBytes = (expr: Expr): boolean => expr.type.kind === 'BINARY' || expr.type.kind === 'VARBINARY';

export function ours(sql: string): Answer & { readonly bytes: boolean } {
  let bound: Expr;
  try {
    bound = bindText(sql);
  } catch (error) {
    return { ...failure(error, 'refused'), bytes: false };
  }
  const bytes = isBytes(bound);
  try {
    const value = evaluate(bindText(shown(sql, bytes)), [], context) as string | null;
    return { value, type: typeText(bound.type), bytes };
  } catch (error) {
    return { ...failure(error, 'failed'), type: typeText(bound.type), bytes };
  }
}

/** What went wrong, as a job reports it. */
export function failure(thrown: unknown, kind: 'refused' | 'failed'): Answer {
  const error = textTooLong(thrown);
  const message = error instanceof Error ? error.message : String(error);
  return { error: error instanceof UserError ? kind : 'bug', message };
}
