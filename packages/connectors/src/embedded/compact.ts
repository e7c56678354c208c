/* Puts many files of a table in the place of few: its net rows where it holds changes or has a key, else the rows of its small
 * files one behind the other. One process at a time does it, and only for files that are seen. */

import type { Disk } from '#base';
import { BatchBuilder, BatchFrame, noMarks, type Field } from '#data';
import { netRows, passesOf, type NetTable } from './net-rows.ts';
import {
  alignedColumns,
  frameBytes,
  headBytes,
  liveFiles,
  partName,
  placeOf,
  readRows,
  rowFileName,
  type LiveFiles,
  type RowFile,
} from './table-files.ts';

/** Fewer changes behind a whole are left as they are. */
const changesMin = 1 << 16;
const filesMax = 64;
/** Larger files of inserts stay as they are. */
const smallRows = 1 << 14;
const frameRows = 1 << 12;

interface CompactTable {
  readonly disk: Disk;
  readonly folder: string;
  readonly fields: readonly Field[];
  readonly key: readonly number[];
  /** A name that no other file has. */
  readonly newId: () => string;
}

/** Does what there is to be done. What fails leaves the table as it was. */
export async function compact(table: CompactTable): Promise<void> {
  const { disk, folder } = table;
  if (!isDue(await liveFiles(disk, folder), table.key)) return;
  const lock = await disk.lock(`${folder}/.compact`);
  if ('heldBy' in lock) return;
  try {
    await compactLocked(table, await liveFiles(disk, folder));
  } finally {
    await lock.release();
  }
}

const holdsChanges = (files: readonly RowFile[], key: readonly number[]): boolean =>
  key.length > 0 || files.some((f) => !f.inserts);

function isDue({ files, wholeRows }: LiveFiles, key: readonly number[]): boolean {
  const seen = files.filter((f) => !f.name.startsWith('.'));
  if (!holdsChanges(files, key)) return seen.filter((f) => f.rows < smallRows).length > filesMax;
  const changes = seen.reduce((n, f) => n + f.rows, 0);
  return changes > Math.max(changesMin, 2 * wholeRows) || seen.length > filesMax;
}

async function compactLocked(table: CompactTable, live: LiveFiles): Promise<void> {
  const { disk, folder, fields, key, newId } = table;
  const net = holdsChanges(live.files, key);
  const taken = net ? live.files : live.files.filter((f) => !f.name.startsWith('.') && f.rows < smallRows);
  const parts: string[] = [];
  let rows = 0;
  for await (const part of net ? netParts({ ...table, files: taken }) : merged({ ...table, files: taken })) {
    rows += part.rows;
    const name = partName(part.rows, newId());
    await disk.write(`${folder}/${name}`, [headBytes(fields), ...part.frames]);
    await disk.sync(`${folder}/${name}`);
    parts.push(name);
  }
  const covers = net ? live.seen : [...taken.map((f) => f.name), ...live.covered];
  const at = Math.max(0, ...taken.filter((f) => !f.name.startsWith('.')).map((f) => placeOf(f.name)));
  const name = rowFileName(at, rows, newId(), 'whole');
  await disk.write(`${folder}/.new-${name}`, [Buffer.from(JSON.stringify({ covers, parts }))]);
  await disk.sync(`${folder}/.new-${name}`);
  await disk.rename(`${folder}/.new-${name}`, `${folder}/${name}`);
  await disk.sync(folder);
  await forget(table, live);
}

/** Removes what an earlier `whole` took the place of: whoever began to read it is through. */
async function forget({ disk, folder }: CompactTable, before: LiveFiles): Promise<void> {
  for (const name of before.covered) await disk.remove(`${folder}/${name}`);
  const kept = new Set((await liveFiles(disk, folder)).files.map((f) => f.name));
  const shown = new Set(before.files.map((f) => f.name));
  for (const name of await disk.list(folder))
    if (name.startsWith('.part-') && !kept.has(name) && !shown.has(name))
      await disk.remove(`${folder}/${name}`);
}

interface Part {
  readonly rows: number;
  readonly frames: Uint8Array[];
}
async function* netParts(table: NetTable): AsyncGenerator<Part> {
  const types = table.fields.map((f) => f.type);
  const passes = passesOf(table);
  for (let pass = 0; pass < passes; pass++) {
    const rows = await netRows(table, pass, passes);
    const frames: Uint8Array[] = [];
    for (let from = 0; from < rows.length; from += frameRows) {
      const builder = new BatchBuilder(types);
      for (const row of rows.slice(from, from + frameRows)) builder.appendRow(row);
      const batch = builder.build();
      const frame = new BatchFrame();
      frame.write(batch, undefined, batch.rows, noMarks);
      frames.push(frameBytes(frame.words));
    }
    if (rows.length > 0) yield { rows: rows.length, frames };
  }
}
/** Rows as they are, some files together. */
async function* merged({ disk, folder, fields, files }: NetTable): AsyncGenerator<Part> {
  const frame = new BatchFrame();
  for (let from = 0; from < files.length; from += filesMax) {
    const frames: Uint8Array[] = [];
    let count = 0;
    for (const { name } of files.slice(from, from + filesMax)) {
      const { at, batches } = await readRows(disk, folder, name, fields);
      for (const batch of batches) {
        const columns = alignedColumns(batch, at, fields);
        frame.write({ columns, kinds: undefined }, undefined, batch.rows, noMarks);
        frames.push(frameBytes(frame.words));
        count += batch.rows;
      }
    }
    if (count > 0) yield { rows: count, frames };
  }
}
