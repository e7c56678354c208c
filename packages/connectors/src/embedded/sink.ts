/* Writes changes into an embedded table exactly once: files of rows that are seen once a checkpoint is there.
 *
 *   rows ──▶ frames ── 4 MB, or prepare ──▶ hidden file ── prepare: its names ─▶ manifest ── commit ──▶ seen
 *
 * Keeps: the frames since the last file, and what of it is on its way to the disk, both bounded. Promises: what is read of the
 * table is what was committed; rows that take the place of those there are (INSERT OVERWRITE, CREATE … AS of a job that
 * starts anew) do so in one step, with the first commit. */

import { fileName, toMillraceError, type Disk } from '#base';
import { BatchFrame, noMarks, type Batch } from '#data';
import type { Sink, SinkContext } from '#dataflow';
import { compact } from './compact.ts';
import { dataFolder, readDefinition } from './places.ts';
import {
  forgetCovered,
  frameBytes,
  headBytes,
  liveFiles,
  placeOf,
  publish,
  rowFileName,
} from './table-files.ts';
import { missingTable } from './missing.ts';

const fileBytesMax = 4 << 20;
const pendingBytesMax = 16 << 20;

interface Move {
  readonly from: string;
  readonly to: string;
}

export class EmbeddedSink implements Sink {
  readonly #context: SinkContext;
  readonly #disk: Disk;
  readonly #root: string;
  readonly #head: Uint8Array;
  readonly #frame = new BatchFrame();
  /** What names its hidden files: the same over restarts of a job that keeps its state. */
  readonly #owner: string;
  #folder = '';
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #rows = 0;
  #inserts = true;
  #moves: Move[] = [];
  /** Its next files stand behind all that are seen. */
  #place = 0;
  /** What its first files take the place of. */
  #covers: readonly string[] | undefined;
  /** Every write of a file, one after the other. */
  #tail: Promise<void> = Promise.resolve();
  #pendingBytes = 0;
  #blocked = false;
  #error: unknown;

  constructor(context: SinkContext, disk: Disk, root: string) {
    this.#context = context;
    this.#disk = disk;
    this.#root = root;
    this.#head = headBytes(context.fields);
    const { writer } = context;
    this.#owner = writer.durable ? `.${fileName(`${writer.job}/${writer.sink}`)}` : `.${this.#newId()}`;
  }
  #newId(): string {
    const { rng } = this.#context.world;
    return [rng.uint32(), rng.uint32()].map((n) => n.toString(16).padStart(8, '0')).join('');
  }

  async open(prepared?: readonly Uint8Array[]): Promise<void> {
    const { table, instance } = this.#context;
    const disk = this.#disk;
    const definition = await readDefinition(disk, this.#root, table.path);
    if (definition === undefined) throw missingTable(table);
    this.#folder = dataFolder(this.#root, definition);
    await disk.makeFolder(this.#folder);
    for (const bytes of prepared ?? []) await this.#publish(bytes);
    if (instance === 0)
      for (const name of await disk.list(this.#folder))
        if (name.startsWith(`${this.#owner}-`)) await disk.remove(`${this.#folder}/${name}`);
    if (prepared === undefined && instance === 0) await forgetCovered(disk, this.#folder);
    const { seen } = await liveFiles(disk, this.#folder);
    this.#place = Math.max(0, ...seen.map(placeOf));
    // At a fresh start alone: a job that goes on has already done it, or has it prepared.
    if (prepared === undefined && instance === 0 && table.overwrite === true) this.#covers = seen;
  }

  get bufferedBytes(): number {
    return this.#bytes + this.#pendingBytes;
  }
  write(batch: Batch, from: number): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (this.#pendingBytes >= pendingBytesMax) {
      this.#blocked = true;
      return from;
    }
    const count = batch.rows - from;
    const rows = from === 0 ? undefined : Int32Array.from({ length: count }, (_, i) => from + i);
    this.#frame.write(batch, rows, count, noMarks);
    const bytes = frameBytes(this.#frame.words);
    this.#frames.push(bytes);
    this.#bytes += bytes.length;
    this.#rows += count;
    if (batch.kinds?.subarray(from, batch.rows).some((k) => k !== 0) === true) this.#inserts = false;
    if (this.#bytes >= fileBytesMax) this.#spill();
    return batch.rows;
  }
  /** The frames become a hidden file. */
  #spill(): void {
    if (this.#rows === 0) return;
    const name = rowFileName(this.#place + 1, this.#rows, this.#id(), this.#inserts ? 'inserts' : 'changes');
    const [parts, bytes] = [[this.#head, ...this.#frames], this.#bytes];
    [this.#frames, this.#bytes, this.#rows, this.#inserts] = [[], 0, 0, true];
    this.#hide(name, parts, bytes);
  }
  #files = 0;
  /** Files of one instance are in order. */
  #id(): string {
    return `${String(this.#context.instance).padStart(4, '0')}${String(this.#files++).padStart(8, '0')}${this.#newId()}`;
  }
  #hide(name: string, parts: readonly Uint8Array[], bytes: number): void {
    const disk = this.#disk;
    const from = `${this.#owner}-${name}`;
    this.#moves.push({ from, to: name });
    this.#pendingBytes += bytes;
    this.#tail = this.#tail
      .then(async () => {
        if (this.#error !== undefined) return;
        await disk.write(`${this.#folder}/${from}`, parts);
        await disk.sync(`${this.#folder}/${from}`);
      })
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#pendingBytes -= bytes;
        if (!this.#blocked) return;
        this.#blocked = false;
        this.#context.wake();
      });
  }

  async flush(): Promise<void> {
    const prepared = await this.prepare();
    if (prepared !== undefined) await this.commit(prepared);
  }
  readonly prepare = async (): Promise<Uint8Array | undefined> => {
    if (this.#covers !== undefined) {
      const covers = Buffer.from(JSON.stringify({ covers: this.#covers, parts: [] }));
      this.#covers = undefined;
      this.#hide(rowFileName(this.#place, 0, this.#newId(), 'whole'), [covers], covers.length);
    }
    this.#spill();
    await this.#tail;
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (this.#moves.length === 0) return undefined;
    await this.#disk.sync(this.#folder);
    this.#place++;
    const prepared = Buffer.from(JSON.stringify(this.#moves));
    this.#moves = [];
    return prepared;
  };
  readonly commit = async (prepared: Uint8Array): Promise<void> => {
    await this.#publish(prepared);
    const { table, fields, instance, warn } = this.#context;
    if (instance !== 0) return;
    const key = table.primaryKey.map((name) => fields.findIndex((f) => f.name === name));
    // The rows are there: that they lie in many files is no reason to fail.
    await compact({ disk: this.#disk, folder: this.#folder, fields, key, newId: () => this.#newId() }).catch(
      (thrown: unknown) => {
        warn(
          `the files of table '${table.path.object}' could not be put together: ${toMillraceError(thrown).message}`,
        );
      },
    );
  };
  async #publish(prepared: Uint8Array): Promise<void> {
    const moves = JSON.parse(Buffer.from(prepared).toString()) as readonly Move[];
    await publish(this.#disk, this.#folder, moves);
  }
  async close(): Promise<void> {
    await this.#tail;
  }
}
