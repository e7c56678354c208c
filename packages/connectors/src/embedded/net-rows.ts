/* What is left of a table's changes: by its key the last row of each, without one the rows that were not taken back.
 *
 *   files ──▶ changes ──▶ kept by key ──▶ rows in the order in which they first came
 *
 * Keeps the rows of one pass. A table of more changes is gone through several times, each time for the rows whose hash falls
 * to that pass, so that memory stays bounded. */

import type { Disk } from '#base';
import { hashCells, isAdd, readValue, type Column, type Field, type Row, type Value } from '#data';
import { readRows, type RowFile } from './table-files.ts';

/** Changes that one pass may see. */
const changesMax = 1 << 19;

export interface NetTable {
  readonly disk: Disk;
  readonly folder: string;
  readonly files: readonly RowFile[];
  /** All columns of the table. */
  readonly fields: readonly Field[];
  /** Places of the primary key in `fields`; empty without. */
  readonly key: readonly number[];
}

export const passesOf = ({ files }: NetTable): number =>
  Math.max(1, Math.ceil(files.reduce((n, f) => n + f.rows, 0) / changesMax));

interface Held {
  row: Row;
  count: number;
}

/** The rows that fall to one pass of `passes`. */
export async function netRows(table: NetTable, pass: number, passes: number): Promise<Row[]> {
  const { disk, folder, files, fields, key } = table;
  const held = new Map<string, Held>();
  const by = key.length > 0 ? key : fields.map((_, i) => i);
  for (const { name } of files) {
    const { at, batches } = await readRows(disk, folder, name, fields);
    for (const { rows, columns, kinds } of batches) {
      const cells = by.flatMap((i): Column[] => (at[i] === undefined ? [] : [columns[at[i]]!]));
      for (let row = 0; row < rows; row++) {
        if (passes > 1 && (hashCells(cells, row) >>> 0) % passes !== pass) continue;
        const values = fields.map(
          (f, i): Value => (at[i] === undefined ? null : readValue(columns[at[i]]!, f.type, row)),
        );
        const adds = kinds === undefined || isAdd(kinds[row]!);
        if (key.length > 0) replaceRow(held, values, key, adds);
        else countRow(held, values, adds);
      }
    }
  }
  const left: Row[] = [];
  for (const { row, count } of held.values()) for (let n = 0; n < count; n++) left.push(row);
  return left;
}

function replaceRow(held: Map<string, Held>, row: Row, key: readonly number[], adds: boolean): void {
  const text = rowText(key.map((k) => row[k]!));
  const known = held.get(text);
  if (!adds) held.delete(text);
  else if (known === undefined) held.set(text, { row, count: 1 });
  else known.row = row;
}
/** A row may be taken back before it comes: files of instances beside each other are in no order. */
function countRow(held: Map<string, Held>, row: Row, adds: boolean): void {
  const text = rowText(row);
  const known = held.get(text);
  const count = (known?.count ?? 0) + (adds ? 1 : -1);
  if (count === 0) held.delete(text);
  else if (known === undefined) held.set(text, { row, count });
  else known.count = count;
}

/** Equal for equal rows alone. */
const rowText = (row: readonly Value[]): string =>
  JSON.stringify(row, (_, v: unknown) => {
    if (typeof v === 'bigint') return `${v}n`;
    if (v instanceof Uint8Array) return `x${Buffer.from(v).toString('hex')}`;
    if (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0)))
      return `${Object.is(v, -0) ? '-0' : v}d`;
    return v;
  });
