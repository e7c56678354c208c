/* Reads what is committed of an embedded table when it starts, as inserts.
 *
 *   only inserts, no key   files ──▶ batches as they lie
 *   else                   files ──▶ net rows, pass by pass (net-rows.ts) ──▶ batches
 *
 * Instance i of n reads every n-th file, or every n-th pass. Keeps: one file, or the rows of one pass. Its position is the list
 * of files, and how many rows of which of its parts went out. */

import { toMillraceError, type Disk } from '#base';
import { BatchBuilder, gatherBatch, type Batch, type Field, type LogicalType, type Row } from '#data';
import type { Polled, Source, SourceContext, SplitPositions } from '#dataflow';
import { decodePosition, encodePosition } from '../position.ts';
import { missingTable } from './missing.ts';
import { netRows, passesOf, type NetTable } from './net-rows.ts';
import { dataFolder, readDefinition } from './places.ts';
import { alignedColumns, liveFiles, readRows, type RowFile } from './table-files.ts';

const batchRows = 1024;

interface Position {
  readonly files: readonly RowFile[];
  /** Parts there are: files, or passes. */
  readonly parts: number;
  /** Of each part that began, the rows that went out. */
  readonly done: Readonly<Record<string, number>>;
}
const isPosition = (value: unknown): value is Position =>
  typeof value === 'object' && value !== null && 'files' in value && 'parts' in value && 'done' in value;

export class EmbeddedSource implements Source {
  readonly #context: SourceContext;
  readonly #disk: Disk;
  readonly #root: string;
  readonly #types: readonly LogicalType[];
  #table: NetTable | undefined;
  #asTheyLie = false;
  #parts = 0;
  /** Of its own parts. */
  #next = 0;
  #done = new Map<number, number>();
  #batches: Iterator<Batch> | undefined;
  #part = -1;
  #loading = false;
  #error: unknown;
  #announced = false;
  #closed = false;
  #rowsLeft: number;

  constructor(context: SourceContext, disk: Disk, root: string) {
    this.#context = context;
    this.#disk = disk;
    this.#root = root;
    this.#types = context.fields.map((f) => f.type);
    this.#rowsLeft = context.limit ?? Infinity;
  }

  async open(positions: SplitPositions | undefined): Promise<void> {
    const { table, instance, instances } = this.#context;
    const disk = this.#disk;
    const definition = await readDefinition(disk, this.#root, table.path);
    if (definition === undefined) throw missingTable(table);
    const folder = dataFolder(this.#root, definition);
    const kept = [...(positions?.values() ?? [])].map((p) => decodePosition(p, isPosition));
    const files = kept[0]?.files ?? (await liveFiles(disk, folder)).files;
    const fields: readonly Field[] = table.physical;
    const key = table.primaryKey.map((name) => fields.findIndex((f) => f.name === name));
    this.#table = { disk, folder, files, fields, key };
    this.#asTheyLie = key.length === 0 && files.every((f) => f.inserts);
    this.#parts = kept[0]?.parts ?? (this.#asTheyLie ? files.length : passesOf(this.#table));
    for (const { done } of kept)
      for (const [part, rows] of Object.entries(done)) this.#done.set(Number(part), rows);
    this.#next = instance;
    for (const part of [...this.#done.keys()]) if (part % instances !== instance) this.#done.delete(part);
  }

  poll(): Polled {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (!this.#announced) {
      this.#announced = true;
      return { kind: 'split-start', split: 0 };
    }
    if (this.#rowsLeft <= 0) return { kind: 'end' };
    if (this.#loading) return { kind: 'wait' };
    for (;;) {
      const step = this.#batches?.next();
      if (step?.done === false) {
        const batch = step.value;
        this.#done.set(this.#part, (this.#done.get(this.#part) ?? 0) + batch.rows);
        this.#rowsLeft -= batch.rows;
        if (batch.rows > 0) return { kind: 'batch', split: 0, batch };
        continue;
      }
      this.#batches = undefined;
      if (this.#next >= this.#parts) return { kind: 'end' };
      this.#load(this.#next);
      this.#next += this.#context.instances;
      return { kind: 'wait' };
    }
  }
  #load(part: number): void {
    this.#loading = true;
    this.#part = part;
    this.#read(part)
      .then(
        (batches) => {
          this.#batches = skipping(batches, this.#done.get(part) ?? 0, this.#types);
        },
        (error: unknown) => {
          this.#error = error;
        },
      )
      .finally(() => {
        this.#loading = false;
        if (!this.#closed) this.#context.wake();
      });
  }
  async #read(part: number): Promise<Iterable<Batch>> {
    const table = this.#table!;
    const { fields } = this.#context;
    if (this.#asTheyLie) {
      const { at, batches } = await readRows(table.disk, table.folder, table.files[part]!.name, fields);
      return aligned(batches, at, fields);
    }
    const rows = await netRows(table, part, this.#parts);
    const at = fields.map((f) => table.fields.findIndex((t) => t.name === f.name));
    return built(rows, at, fields);
  }

  snapshot(): SplitPositions {
    const { instance } = this.#context;
    const position: Position = {
      files: this.#table?.files ?? [],
      parts: this.#parts,
      done: Object.fromEntries(this.#done),
    };
    return new Map([[`part-${instance}`, encodePosition(position)]]);
  }
  async close(): Promise<void> {
    this.#closed = true;
  }
}

function* aligned(
  batches: Iterable<Batch>,
  at: readonly (number | undefined)[],
  fields: readonly Field[],
): Generator<Batch> {
  for (const batch of batches)
    yield { ...batch, columns: alignedColumns(batch, at, fields), kinds: undefined };
}
function* built(rows: readonly Row[], at: readonly number[], fields: readonly Field[]): Generator<Batch> {
  for (let from = 0; from < rows.length; from += batchRows) {
    const builder = new BatchBuilder(fields.map((f) => f.type));
    for (const row of rows.slice(from, from + batchRows)) builder.appendRow(at.map((i) => row[i]!));
    yield builder.build();
  }
}
/** Without the first rows. */
function* skipping(batches: Iterable<Batch>, rows: number, types: readonly LogicalType[]): Generator<Batch> {
  let left = rows;
  for (const batch of batches) {
    if (left >= batch.rows) {
      left -= batch.rows;
      continue;
    }
    const from = left;
    left = 0;
    yield from === 0
      ? batch
      : gatherBatch(
          batch,
          types,
          Array.from({ length: batch.rows - from }, (_, i) => from + i),
        );
  }
}
