/* Rows of a query as a checked table: a line of JSON a row, in a folder of its own, which DuckDB reads. */

import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field, Row } from '#data';
import type { Execution } from '#engine';
import { openFile, type CheckedTable } from '#quality';
import { namedValues, type ValidateFlags } from './flags.ts';

type Query = Extract<Execution, { kind: 'query' }>;

/** The table goes with `close`. `none` is thrown where there is no row. */
export async function copiedRows(
  name: string,
  query: () => Promise<Query>,
  lineOf: (fields: readonly Field[], row: Row) => string,
  none: Error,
  flags: Pick<ValidateFlags, 'memoryLimit' | 'reference'>,
): Promise<CheckedTable> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-rows-'));
  const file = join(folder, 'rows.jsonl');
  const clean = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    if ((await copy(await query(), file, lineOf)) === 0) throw none;
    const table = await openFile(file, {
      memoryLimit: flags.memoryLimit,
      references: namedValues('reference', flags.reference),
    });
    return { ...table, name, close: () => table.close().then(clean) };
  } catch (thrown) {
    await clean();
    throw thrown;
  }
}
async function copy(
  { changes, fields, job }: Query,
  file: string,
  lineOf: (fields: readonly Field[], row: Row) => string,
): Promise<number> {
  const to = createWriteStream(file);
  let rows = 0;
  try {
    for (let part = await changes.next(); part !== undefined; part = await changes.next()) {
      for (const { row } of part) await writeLine(to, lineOf(fields, row));
      rows += part.length;
    }
  } finally {
    await job.cancel();
    to.end();
    await once(to, 'close');
  }
  return rows;
}
async function writeLine(to: WriteStream, line: string): Promise<void> {
  if (!to.write(`${line}\n`)) await once(to, 'drain');
}
