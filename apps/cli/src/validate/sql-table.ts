/* A table or view of an SQL file as a checked table: what the file defines is defined, what it runs is not, and the rows are those
 * of a bounded query. */

import { dirname } from 'node:path';
import { UserError } from '#base';
import { Executor, jsonText } from '#engine';
import { inferFileTable, modelProviders } from '#connectors';
import { modulesFrom, realWorld } from '#host';
import type { CheckedTable } from '#quality';
import { parseScript, parseStatement, type Statement } from '#sql';
import { checksFrom } from '../checks.ts';
import { allConnectors, catalogTypes } from '../connectors.ts';
import { readText } from '../input.ts';
import { print, warn } from '../terminal.ts';
import { copiedRows } from './copied-rows.ts';
import type { ValidateFlags } from './flags.ts';

/** Statements that read or write rows. */
const runs: ReadonlySet<Statement['kind']> = new Set([
  'insert',
  'statement-set',
  'select-statement',
  'create-table-as',
]);

/** Throws what the statements of the file throw; QLT2008 for a table without rows. */
export async function openSqlTable(file: string, table: string, flags: ValidateFlags): Promise<CheckedTable> {
  const text = await readText(file);
  const folder = dirname(file);
  const engine = new Executor({
    world: realWorld(),
    connectors: allConnectors(),
    catalogTypes,
    modelProviders,
    fileTable: inferFileTable,
    loadModule: modulesFrom(folder),
    loadChecks: checksFrom(folder),
    warn,
    print,
  });
  for (const { statement } of parseScript(text))
    if (!runs.has(statement.kind)) await engine.execute(statement);
  // Rows that are there, and none that is taken back.
  engine.session.settings.set('execution.runtime-mode', 'batch');
  const name = table
    .split('.')
    .map((part) => `\`${part.replaceAll('`', '``')}\``)
    .join('.');
  return await copiedRows(
    `${table} of ${file}`,
    async () => {
      const execution = await engine.execute(parseStatement(`SELECT * FROM ${name}`));
      if (execution.kind !== 'query') throw new TypeError('a SELECT is a query');
      return execution;
    },
    (fields, row) =>
      `{${fields.map((f, i) => `${JSON.stringify(f.name)}:${jsonText(row[i]!, f.type)}`).join(',')}}`,
    new UserError('QLT2008', { message: `${table} of ${file} has no rows to validate` }),
    flags,
  );
}
