/* What the files of a sink hold in the end: each row as its text and how often it is there.
 *
 *   CSV               a line, a row
 *   Debezium's JSON   {"before":null,"after":ROW,"op":"c"} gives a row, {"before":ROW,"after":null,"op":"d"} takes one back
 *
 * A row in a partition begins with its folder. Rows are compared as text, so both engines must write a value alike. */

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Rows by their text; none is there no times. */
export type NetRows = ReadonlyMap<string, number>;

const given = { begin: '{"before":null,"after":', end: ',"op":"c"}', sign: 1 } as const;
const taken = { begin: '{"before":', end: ',"after":null,"op":"d"}', sign: -1 } as const;

function add(rows: Map<string, number>, row: string, sign: number): void {
  const count = (rows.get(row) ?? 0) + sign;
  if (count === 0) rows.delete(row);
  else rows.set(row, count);
}

/** What the lines of the files are. Upserts are changes that never take a row back: one takes the place of that which began
 *  with the same cell. */
export type Lines = 'rows' | 'changes' | 'upserts';

/** The rows that a folder holds. */
export async function netRows(folder: string, lines: Lines): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  const latest = new Map<string, string>();
  for await (const { row, sign } of changesIn(folder, lines === 'rows')) {
    if (lines === 'upserts') {
      const key = row.slice(0, row.indexOf(','));
      const before = latest.get(key);
      if (before !== undefined) add(rows, before, -1);
      latest.set(key, row);
    }
    add(rows, row, sign);
  }
  return rows;
}

/** The number of a file among those that one writer wrote. */
const part = (file: string): number => Number(/-(\d+)(?:\.\w+)?$/.exec(file)?.[1] ?? 0);

async function* changesIn(
  folder: string,
  areRows: boolean,
): AsyncGenerator<{ readonly row: string; readonly sign: 1 | -1 }> {
  // A sink that got no row made no folder.
  if (!existsSync(folder)) return;
  const visible = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^[._]/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort((a, b) => part(a) - part(b));
  for (const file of visible) {
    const partition = dirname(file).slice(folder.length + 1);
    const begin = partition === '' ? '' : `${partition}: `;
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (areRows) {
        yield { row: begin + line, sign: 1 };
        continue;
      }
      const change = line.startsWith(given.begin) ? given : taken;
      if (!line.startsWith(change.begin) || !line.endsWith(change.end))
        throw new Error(`${file}: no change is ${line}`);
      yield { row: begin + line.slice(change.begin.length, -change.end.length), sign: change.sign };
    }
  }
}

/** What the first has beyond the second, and the second beyond the first. */
export function beyond(a: NetRows, b: NetRows): [NetRows, NetRows] {
  const [ofA, ofB] = [new Map<string, number>(), new Map<string, number>()];
  for (const row of new Set([...a.keys(), ...b.keys()])) {
    const more = (a.get(row) ?? 0) - (b.get(row) ?? 0);
    if (more > 0) ofA.set(row, more);
    if (more < 0) ofB.set(row, -more);
  }
  return [ofA, ofB];
}

/** How many rows, and a digest of all of them in order. */
export function digestOf(rows: NetRows): { readonly rows: number; readonly sha256: string } {
  const hash = createHash('sha256');
  let count = 0;
  for (const [row, n] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${n} ${row}\n`);
    count += n;
  }
  return { rows: count, sha256: hash.digest('hex') };
}
