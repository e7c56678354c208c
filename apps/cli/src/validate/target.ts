/* What is validated: a file, a table or query of PostgreSQL, a topic, a table or view of an SQL file. */

import { UserError } from '#base';
import { resolveSecrets } from '#connectors';
import { openFile, openPostgresTable, type CheckedTable } from '#quality';
import { namedValues, withBootstrap, type ValidateFlags } from './flags.ts';

/** Throws CLI1001 where none, or more than one, is named. */
export async function openTarget(flags: ValidateFlags): Promise<CheckedTable> {
  const { input, table, connection, query, topic, sql, memoryLimit } = flags;
  const named = [input, topic, connection, sql].filter((t) => t !== undefined);
  if (named.length !== 1)
    throw new UserError('CLI1001', {
      message:
        named.length === 0
          ? 'validate what? None of --input, --table with --connection or --sql, --topic was given'
          : 'validate takes one of --input, --connection, --topic, --sql',
      hint: "e.g. millrace validate --input 'data/*.parquet' --checks completeness,uniqueness",
    });
  const references = namedValues('reference', flags.reference);
  if (input !== undefined) {
    if (query !== undefined) throw new UserError('CLI1001', { message: '--query is for --connection' });
    return await openFile(input, { table, memoryLimit, references });
  }
  if (connection !== undefined) {
    if ((table === undefined) === (query === undefined))
      throw new UserError('CLI1001', { message: 'which table of the connection? Give --table or --query' });
    return await openPostgresTable({ connection: resolveSecrets(connection), table, query });
  }
  if (sql !== undefined) {
    if (table === undefined || query !== undefined)
      throw new UserError('CLI1001', { message: `which table or view of ${sql}? Give --table` });
    return await (await import('./sql-table.ts')).openSqlTable(sql, table, flags);
  }
  const { openTopic } = await import('./topic.ts');
  return await openTopic(topic!, withBootstrap(flags));
}
