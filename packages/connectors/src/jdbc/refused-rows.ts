/* Writes lines of COPY's bytes and leaves out those that the database refuses: a constraint, a value that a column does not
 * take. What fails is halved behind a savepoint until one line is left; all others are written.
 *
 *   lines ─▶ SAVEPOINT · write ─▶ kept │ refused: ROLLBACK TO, first half, second half */

import type pg from 'pg';
import { UserError } from '#base';
import type { Field } from '#data';
import { databaseError } from './failures.ts';
import { unescapeCell } from './copy-text.ts';

/** SQLSTATE classes of data exceptions, integrity constraints, and what a trigger raises. */
const ofRow = /^(22|23|P0)/;
const isOfRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && ofRow.test(error.code);

export interface RefusedRow {
  /** Which of the lines it is. */
  readonly index: number;
  /** The line, its newline excluded. */
  readonly line: Buffer;
  readonly error: UserError;
}

/** Writes `lines` in the transaction that is open, in their order, but for those that are refused; returns these. `write`
 *  writes some of them; `what` names it in messages. Throws what is not about a row. */
export async function writeBut(
  client: pg.Client,
  lines: readonly Buffer[],
  what: string,
  write: (lines: readonly Buffer[]) => Promise<void>,
): Promise<readonly RefusedRow[]> {
  const refused: RefusedRow[] = [];
  const attempt = async (from: number, to: number): Promise<void> => {
    await client.query('SAVEPOINT millrace_rows');
    try {
      await write(lines.slice(from, to));
      // What is checked at the end of a transaction otherwise is checked at the row that breaks it.
      await client.query('SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT millrace_rows');
    } catch (thrown) {
      const error = databaseError(what, thrown);
      if (!isOfRow(thrown) || !(error instanceof UserError)) throw thrown;
      await client.query('ROLLBACK TO SAVEPOINT millrace_rows; RELEASE SAVEPOINT millrace_rows');
      if (to - from === 1) return void refused.push({ index: from, line: lines[from]!, error });
      const half = (from + to) >> 1;
      await attempt(from, half);
      await attempt(half, to);
    }
  };
  if (lines.length > 0) await attempt(0, lines.length);
  return refused;
}

export function splitLines(bytes: Uint8Array): Buffer[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const lines: Buffer[] = [];
  for (let start = 0; start < data.length; ) {
    const end = data.indexOf(10, start);
    lines.push(data.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
const newline = Buffer.from('\n');
export const joinLines = (lines: readonly Buffer[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [line, newline]));

const plain = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL']);
/** A line as a JSON object: numbers and BOOLEAN as such, all else as PostgreSQL writes it. */
export function lineJson(line: Buffer, fields: readonly Field[]): string {
  const cells = line.toString().split('\t');
  const members = fields.map(({ name, type }, i) => {
    const cell = cells[i]!;
    const value =
      cell === '\\N'
        ? 'null'
        : plain.has(type.kind)
          ? cell
          : type.kind === 'BOOLEAN'
            ? String(cell === 't')
            : JSON.stringify(unescapeCell(cell));
    return `${JSON.stringify(name)}:${value}`;
  });
  return `{${members.join(',')}}`;
}
