/* The statements that write into one table, and how rows go in by them. */

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Sending } from './buffer.ts';
import { quoteName, quotePath } from './schema.ts';

export interface Statements {
  readonly append: string;
  readonly makeStage: string;
  readonly fillStage: string;
  readonly deleteStaged: string;
  readonly upsertStaged: string;
  readonly clearStage: string;
}

export function statements(path: string, columns: readonly string[], key: readonly string[]): Statements {
  const table = quotePath(path);
  const list = (names: readonly string[], of = ''): string =>
    names.map((n) => `${of}${quoteName(n)}`).join(', ');
  const rest = columns.filter((c) => !key.includes(c));
  const update =
    rest.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${rest.map((c) => `${quoteName(c)} = EXCLUDED.${quoteName(c)}`).join(', ')}`;
  const sameKey = key.map((k) => `t.${quoteName(k)} = s.${quoteName(k)}`).join(' AND ');
  return {
    append: `COPY ${table} (${list(columns)}) FROM STDIN`,
    makeStage: `CREATE TEMP TABLE millrace_stage ON COMMIT DELETE ROWS AS
      SELECT ${list(columns)}, false AS millrace_delete FROM ${table} WITH NO DATA`,
    fillStage: `COPY pg_temp.millrace_stage FROM STDIN`,
    deleteStaged: `DELETE FROM ${table} t USING pg_temp.millrace_stage s
      WHERE s.millrace_delete AND ${sameKey}`,
    upsertStaged: `INSERT INTO ${table} (${list(columns)}) SELECT ${list(columns)} FROM pg_temp.millrace_stage
      WHERE NOT millrace_delete ON CONFLICT (${list(key)}) DO ${update}`,
    clearStage: 'DELETE FROM pg_temp.millrace_stage',
  };
}

/** Upserts and deletes of a chunk of rows, within the transaction that is open; `after` goes with the last statement. */
export async function upsertRows(
  client: pg.Client,
  { fillStage, deleteStaged, upsertStaged }: Statements,
  { lines, rows, deletes }: Sending,
  after: string,
): Promise<void> {
  await copyIn(client, fillStage, lines);
  const deleting = deletes > 0 ? `${deleteStaged}; ` : '';
  const upserting = rows > deletes ? `${upsertStaged}; ` : '';
  await client.query(`${deleting}${upserting}${after}`);
}

export function copyIn(client: pg.Client, sql: string, lines: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(sql));
    stream.once('error', reject);
    stream.once('finish', resolve);
    stream.end(lines);
  });
}
