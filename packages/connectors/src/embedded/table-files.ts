/* The files of one embedded table.
 *
 *   0000000007-r4096-<id>.inserts   rows, all inserts
 *   0000000008-r17-<id>.changes     rows with kinds of change
 *   0000000008-r900-<id>.whole      JSON: which files it takes the place of, and the hidden ones that hold its rows
 *   .<owner>-…                      prepared, seen by nobody
 *   .part-…                         rows of a whole
 *
 * Order of names is order of changes. What a `whole` takes the place of stays for readers that began before, until the next
 * one comes. A file of rows is a head, which names its columns, and frames of rows behind each other (data/batch-frame.ts). */

import { ExternalError, type Disk } from '#base';
import { BatchBuilder, typeText, viewBatch, type Batch, type Column, type Field } from '#data';

/** One file of rows. */
export interface RowFile {
  readonly name: string;
  readonly rows: number;
  readonly inserts: boolean;
}
/** What a `whole` holds. */
export interface Whole {
  readonly covers: readonly string[];
  readonly parts: readonly string[];
}
export interface LiveFiles {
  /** In the order of their changes. */
  readonly files: readonly RowFile[];
  /** All that is seen, what is covered too. */
  readonly seen: readonly string[];
  readonly covered: ReadonlySet<string>;
  /** Rows in wholes. */
  readonly wholeRows: number;
}

const shape = /^(\d{10})-r(\d+)-[^.]+\.(inserts|changes|whole)$/;
const hiddenShape = /^\.part-r(\d+)-/;

export const rowFileName = (
  at: number,
  rows: number,
  id: string,
  kind: 'inserts' | 'changes' | 'whole',
): string => `${String(at).padStart(10, '0')}-r${rows}-${id}.${kind}`;
export const partName = (rows: number, id: string): string => `.part-r${rows}-${id}`;
/** Its place in the order. */
export const placeOf = (name: string): number => Number(name.slice(0, 10));

/** What there is to be read. */
export async function liveFiles(disk: Disk, folder: string): Promise<LiveFiles> {
  const seen = (await disk.list(folder)).filter((name) => shape.test(name));
  const wholes = new Map<string, Whole>();
  for (const name of seen) if (name.endsWith('.whole')) wholes.set(name, await readWhole(disk, folder, name));
  const covered = new Set([...wholes.values()].flatMap((w) => w.covers));
  const files: RowFile[] = [];
  let wholeRows = 0;
  for (const name of seen) {
    if (covered.has(name)) continue;
    const [, , rows, kind] = shape.exec(name)!;
    if (kind !== 'whole') files.push({ name, rows: Number(rows), inserts: kind === 'inserts' });
    else {
      wholeRows += Number(rows);
      for (const part of wholes.get(name)!.parts)
        files.push({ name: part, rows: Number(hiddenShape.exec(part)?.[1] ?? 0), inserts: true });
    }
  }
  return { files, seen, covered, wholeRows };
}

export async function readWhole(disk: Disk, folder: string, name: string): Promise<Whole> {
  const bytes = await disk.read(`${folder}/${name}`);
  // It went between the list and now: a later one covers it.
  if (bytes === undefined) return { covers: [], parts: [] };
  return JSON.parse(Buffer.from(bytes).toString()) as Whole;
}

/** Removes what is no longer to be read, for whoever began to read it is through. */
export async function forgetCovered(disk: Disk, folder: string): Promise<void> {
  const { covered, seen } = await liveFiles(disk, folder);
  for (const name of covered) await disk.remove(`${folder}/${name}`);
  for (const name of seen) {
    if (!name.endsWith('.whole') || covered.has(name)) continue;
    const { parts } = await readWhole(disk, folder, name);
    if (parts.length === 0) await disk.remove(`${folder}/${name}`);
  }
}

/** Moves what is prepared to where it is seen. As often as it is called. */
export async function publish(
  disk: Disk,
  folder: string,
  moves: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  const there = new Set(await disk.list(folder));
  for (const { from, to } of moves) {
    if (there.has(from)) await disk.rename(`${folder}/${from}`, `${folder}/${to}`);
    else if (!there.has(to) && !(await liveFiles(disk, folder)).covered.has(to))
      throw new ExternalError('EMB2002', {
        message: `rows are lost: a checkpoint lists the file ${folder}/${from}, and it is not there`,
        retryable: false,
        hint: 'The table was dropped while its job ran, or its folder was touched.',
      });
  }
  await disk.sync(folder);
}

interface Head {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The head of a file of rows with these columns, a multiple of eight bytes. */
export function headBytes(fields: readonly Field[]): Uint8Array {
  const head: Head = { columns: fields.map(({ name, type }) => ({ name, type: typeText(type) })) };
  const text = Buffer.from(JSON.stringify(head));
  const bytes = Buffer.alloc(8 + ((text.length + 7) & ~7), 0x20);
  bytes.writeUInt32LE(text.length, 0);
  bytes.writeUInt32LE(1, 4);
  text.copy(bytes, 8);
  return bytes;
}
/** A frame with its length in front. */
export function frameBytes(words: Float64Array<ArrayBuffer>): Uint8Array {
  const bytes = new Uint8Array(8 + words.byteLength);
  new DataView(bytes.buffer).setUint32(0, words.length, true);
  bytes.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), 8);
  return bytes;
}

/** The batches of a file, in order, with the columns at hand as `fields` names them; null where the file has no such
 *  column. Throws ExternalError for a file that is gone, or whose column has another type. */
export async function readRows(
  disk: Disk,
  folder: string,
  name: string,
  fields: readonly Field[],
): Promise<{ readonly at: readonly (number | undefined)[]; readonly batches: Iterable<Batch> }> {
  const read = await disk.read(`${folder}/${name}`);
  if (read === undefined)
    throw new ExternalError('EMB2003', {
      message: `${folder}/${name} went while the table was read: its rows were put together anew`,
      hint: 'Read the table again.',
    });
  // Frames are viewed as words.
  const bytes = read.byteOffset % 8 === 0 ? read : new Uint8Array(read);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const { columns } = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Head;
  const at = fields.map((f) => {
    const found = columns.findIndex((c) => c.name === f.name);
    if (found < 0) return undefined;
    const { type } = columns[found]!;
    if (bare(type) === bare(typeText(f.type))) return found;
    throw new ExternalError('EMB2004', {
      message: `rows of the table were written with column "${f.name}" as ${type}, and it is ${typeText(f.type)} now`,
      hint: 'Give it back its type, or make the table anew: CREATE OR REPLACE TABLE … AS.',
      retryable: false,
    });
  });
  return { at, batches: frames(bytes, view, 8 + ((length + 7) & ~7)) };
}
const bare = (type: string): string => type.replace(/ NOT NULL$/, '');

/** The columns of a batch as `fields` are, NULL where the file has none of the name. */
export function alignedColumns(
  { columns, rows }: Batch,
  at: readonly (number | undefined)[],
  fields: readonly Field[],
): Column[] {
  return at.map((i, f) => (i === undefined ? nulls(fields[f]!, rows) : columns[i]!));
}
function nulls({ type }: Field, rows: number): Column {
  const builder = new BatchBuilder([{ ...type, nullable: true }]);
  for (let row = 0; row < rows; row++) builder.appendRow([null]);
  return builder.build().columns[0]!;
}

function* frames(bytes: Uint8Array, view: DataView, start: number): Generator<Batch> {
  for (let at = start; at + 8 <= bytes.length; ) {
    const words = view.getUint32(at, true);
    yield viewBatch(new Float64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + at + 8, words));
    at += 8 + words * 8;
  }
}
