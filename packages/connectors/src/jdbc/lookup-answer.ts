/* What a table answers for a key: its rows, and those of which a value does not fit its column, or the error of the first of
 * them where nobody takes them. */

import { UserError } from '#base';
import type { Field, Row } from '#data';
import type { UnreadRow } from '#dataflow';
import type { FromText } from './text.ts';

export interface LookupAnswer {
  readonly rows: readonly Row[];
  readonly unread: readonly UnreadRow[];
}
/** A row's cells as PostgreSQL writes them. */
export type TextRow = readonly (string | null)[];

/** The rows for one key. `place`: in words, for people, asked for where a row is bad. */
export function lookupAnswer(
  found: readonly TextRow[],
  fields: readonly Field[],
  readers: readonly FromText[],
  place: () => string,
): LookupAnswer {
  const rows: Row[] = [];
  const unread: UnreadRow[] = [];
  for (const cells of found) {
    try {
      rows.push(cells.map((cell, i) => (cell === null ? null : readers[i]!(cell))));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push({ error, place: place(), row: textRowJson(fields, cells) });
    }
  }
  return { rows, unread };
}

/** The rows of an answer, once the others were told. Throws the first error where nobody takes them. */
export function takeAnswer(
  { rows, unread }: LookupAnswer,
  tell: ((row: UnreadRow) => void) | undefined,
): readonly Row[] {
  const [first] = unread;
  if (first !== undefined && tell === undefined) throw first.error;
  for (const row of unread) tell!(row);
  return rows;
}

/** A row as a JSON object of texts. */
export const textRowJson = (fields: readonly Field[], cells: TextRow): string =>
  JSON.stringify(Object.fromEntries(fields.map((f, i) => [f.name, cells[i]])));
