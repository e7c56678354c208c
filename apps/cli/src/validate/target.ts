/* What is validated: a file, a table or query of PostgreSQL, a topic. */

import { UserError } from '#base';
import { resolveSecrets } from '#connectors';
import { openFile, openPostgresTable, type CheckedTable } from '#quality';
import { namedValues, type ValidateFlags } from './flags.ts';

/** Throws CLI1001 where none, or more than one, is named. */
export async function openTarget(flags: ValidateFlags): Promise<CheckedTable> {
  const { input, table, connection, query, topic, memoryLimit } = flags;
  const named = [input, topic, connection].filter((t) => t !== undefined);
  if (named.length !== 1)
    throw new UserError('CLI1001', {
      message:
        named.length === 0
          ? 'validate what? None of --input, --table with --connection, --topic was given'
          : 'validate takes one of --input, --connection, --topic',
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
  const { openTopic } = await import('./topic.ts');
  return await openTopic(topic!, flags);
}
