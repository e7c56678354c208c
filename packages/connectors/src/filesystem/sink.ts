/* Writes rows into files, a folder per partition.
 *
 *   rows ──▶ partition's folder ──▶ block, or encoder ──▶ buffer ──▶ hidden file ── full, old, or flush ──▶ visible file
 *
 * Keeps: one open file a partition, at most `openFilesMax`, and at most `pendingBytesMax` on their way to the
 * disk. Promises: a file is visible only when it is whole. With checkpoints on disk exactly once: files become visible
 * when a checkpoint that lists them is there, and go on growing over checkpoints until they are full or old. Without,
 * flush makes all of them visible; a job that dies leaves hidden files, which no reader takes. */

import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { present, toMillraceError, UserError, type ByteWriter, type Timer } from '#base';
import { changeKind, readValue, type Batch, type Column, type Field } from '#data';
import type { Sink, SinkContext, Writer } from '#dataflow';
import {
  MessageBlock,
  type ColumnFileWriter,
  type ContainerWriter,
  type Encoder,
  type Framing,
} from '#formats';
import { threadMemory } from '#wasm';
import { fileError, findFiles } from './files.ts';
import { filesystemTable, successFile, type FilesystemTable } from './options.ts';
import { PartFile } from './part-file.ts';
import { checkPartitionTypes, partitionFolder } from './partitions.ts';
import { commitPrepared, encodePrepared, recoverPrepared, type FileName } from './prepared-files.ts';

const openFilesMax = 64;
const bufferBytes = 1 << 16;
const pendingBytesMax = 1 << 22;
const groupsBytesMax = 1 << 26;
const blockRowsMax = 1024;
/** Fewer rows of one folder behind each other go one by one. */
const blockRowsMin = 8;

export class FilesystemSink implements Sink {
  readonly #context: SinkContext;
  readonly #table: FilesystemTable;
  /** Undefined for files of columns. */
  readonly #encoder: Encoder | undefined;
  readonly #framing: Framing | undefined;
  /** Of formats whose files have blocks: what is sent of a file at once is one. */
  readonly #container: ContainerWriter | undefined;
  #block: MessageBlock | undefined;
  readonly #successFile: string | undefined;
  /** Indexes of columns that lie in files, and of those that lie in folder names. */
  readonly #recordAt: readonly number[];
  readonly #partitionAt: readonly number[];
  readonly #writer: string;
  /** What every file begins with. */
  readonly #header: Uint8Array | undefined;
  readonly #limits: {
    readonly size: number;
    readonly ageMs: number;
    readonly idleMs: number;
    readonly checkMs: number;
  };
  readonly #open = new Map<string, PartFile>();
  /** Files that were there, by folder: they go when the first new one comes. Of INSERT OVERWRITE alone. */
  #replaced = new Map<string, string[]>();
  #remove: string[] = [];
  /** Whole, and hidden until they are committed. */
  #finished: FileName[] = [];
  readonly prepare: Sink['prepare'];
  readonly commit: Sink['commit'];
  /** Partitions with rows that are not committed yet, and when the first of them came. */
  readonly #uncommitted = new Map<string, number>();
  #files = 0;
  /** Every write and rename, one after the other. */
  #tail: Promise<void> = Promise.resolve();
  #pendingBytes = 0;
  #blocked = false;
  #error: unknown;
  #timer: Timer | undefined;
  #closed = false;

  constructor(context: SinkContext) {
    const { fields, table, world, instance, writer } = context;
    this.#context = context;
    this.#table = filesystemTable(table);
    const { format, formatOptions, record, partitions, options } = this.#table;
    checkPartitionTypes(partitions);
    const { columnFile, container } = format;
    const inRecords = format.encoder !== undefined && (format.framing ?? container) !== undefined;
    if (columnFile === undefined && !inRecords) {
      throw new UserError('FMT1003', { message: `the format '${format.name}' cannot be written to files` });
    }
    this.#framing = format.framing?.(formatOptions);
    this.#container = container?.writer(record, formatOptions);
    this.#encoder = this.#container?.encoder ?? format.encoder?.(record, formatOptions);
    // What is wrong with the table is found before the first row.
    columnFile?.writer(record, formatOptions);
    this.#successFile = successFile(options);
    if (this.#table.header) this.#header = headerOf(record, options.string('csv.field-delimiter') ?? ',');
    this.#recordAt = record.map((r) => fields.findIndex((f) => f.name === r.name));
    this.#partitionAt = partitions.map((p) => fields.findIndex((f) => f.name === p.name));
    const random = (): string => world.rng.uint32().toString(16).padStart(8, '0');
    const id = writer.durable ? `${ownerOf(writer)}-${random()}` : `${random()}${random()}`;
    this.#writer = `part-${id}-${instance}`;
    if (writer.durable) {
      this.prepare = (last) => this.#prepare(last);
      this.commit = commitPrepared;
    }
    const interval = (key: string): number =>
      present(options.durationMs(`sink.rolling-policy.${key}`), 'it has a default');
    this.#limits = {
      size: present(options.bytes('sink.rolling-policy.file-size'), 'it has a default'),
      ageMs: interval('rollover-interval'),
      idleMs: interval('inactivity-interval'),
      checkMs: interval('check-interval'),
    };
  }

  async open(prepared: readonly Uint8Array[] = []): Promise<void> {
    const { writer, instance } = this.#context;
    if (writer.durable && instance === 0) {
      const uncommitted = await recoverPrepared(this.#table.path, ownerOf(writer), prepared);
      for (const [folder, sinceMs] of uncommitted) this.#uncommitted.set(folder, sinceMs);
    }
    if (this.#context.table.overwrite === true) await this.#findReplaced();
    const memory = threadMemory();
    const { format, formatOptions: options, record: fields } = this.#table;
    const terminator = this.#framing?.terminator ?? new Uint8Array(0);
    const spec = { memory, fields, options, terminator, rowsMax: blockRowsMax };
    this.#block = MessageBlock.create(memory, format.blockEncoder?.(spec));
    this.#check();
  }
  /** What other jobs wrote: of its own it replaces nothing. */
  async #findReplaced(): Promise<void> {
    const { writer } = this.#context;
    if (!existsSync(this.#table.path)) return;
    for (const { path } of await findFiles(this.#table.path, undefined)) {
      if (writer.durable && basename(path).startsWith(`part-${ownerOf(writer)}-`)) continue;
      const folder = dirname(path);
      this.#replaced.set(folder, [...(this.#replaced.get(folder) ?? []), path]);
    }
  }
  /** The files that a new one in the folder takes the place of. */
  #takeReplaced(folder: string): string[] {
    const files = this.#replaced.get(folder) ?? [];
    this.#replaced.delete(folder);
    return files;
  }
  /** At the end: a table without partitions is replaced by nothing, too. */
  #replaceAll(): void {
    if (this.#partitionAt.length === 0 && this.#context.instance === 0)
      for (const folder of [...this.#replaced.keys()]) this.#remove.push(...this.#takeReplaced(folder));
  }
  /** Looks for files that are old, again and again. */
  #check(): void {
    this.#timer = this.#context.world.after(this.#limits.checkMs, () => {
      if (this.#closed) return;
      const now = this.#context.world.now();
      for (const part of this.#open.values()) {
        if (now - part.openedMs >= this.#limits.ageMs || now - part.lastRowMs >= this.#limits.idleMs)
          this.#roll(part);
      }
      this.#check();
    });
  }

  write(batch: Batch, from: number): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    const columns = this.#recordAt.map((i) => batch.columns[i]!);
    const now = this.#context.world.now();
    // Rows [row, end) go into one folder.
    let [folder, end] = ['', from];
    for (let row = from; row < batch.rows; ) {
      if (this.#pendingBytes >= pendingBytesMax) {
        this.#blocked = true;
        return row;
      }
      if (row === end) {
        folder = this.#folder(batch, row);
        end = this.#folderEnd(batch, row, folder);
      }
      const part = this.#part(folder, now);
      const { buffer } = part;
      const before = buffer.size;
      const next = this.#writeBlock(columns, part, row, end);
      if (next === row) {
        this.#writeOrRefuse(batch, columns, row, part);
        row++;
      } else row = next;
      part.size += buffer.size - before;
      part.lastRowMs = now;
      if (buffer.size >= bufferBytes || part.columns?.groupIsFull === true) this.#send(part);
      if (part.size + (part.columns?.pendingBytes ?? 0) >= this.#limits.size) this.#roll(part);
    }
    this.#boundGroups();
    return batch.rows;
  }
  /** Groups of all open files together are bounded: the longest one ends. */
  #boundGroups(): void {
    for (;;) {
      let sum = 0;
      let longest: PartFile | undefined;
      for (const part of this.#open.values()) {
        const bytes = part.columns?.pendingBytes ?? 0;
        sum += bytes;
        if (bytes > (longest?.columns?.pendingBytes ?? 0)) longest = part;
      }
      if (sum <= groupsBytesMax || longest === undefined) return;
      this.#send(longest);
    }
  }
  /** Behind the last of the rows from `row` on that go into this folder. */
  #folderEnd(batch: Batch, row: number, folder: string): number {
    if (this.#partitionAt.length === 0) return batch.rows;
    let end = row + 1;
    while (end < batch.rows && this.#folder(batch, end) === folder) end++;
    return end;
  }
  /** Rows that leave the file below its size, or just reach it. */
  #writeBlock(columns: readonly Column[], part: PartFile, from: number, to: number): number {
    if (this.#block === undefined || to - from < blockRowsMin) return from;
    return this.#block.write(columns, from, to, this.#limits.size - part.size, part.buffer);
  }
  /** A row that the format cannot express is reported, where somebody takes it. */
  #writeOrRefuse(batch: Batch, columns: readonly Column[], row: number, part: PartFile): void {
    const { refusals } = this.#context;
    const { buffer } = part;
    const { size } = buffer;
    try {
      if (part.columns !== undefined) part.columns.add(columns, row);
      else this.#writeRow(columns, row, batch.kinds?.[row] ?? changeKind.insert, buffer);
      part.rows++;
    } catch (error) {
      if (refusals === undefined || !(error instanceof UserError)) throw error;
      buffer.size = size;
      refusals.row(batch, row, error);
    }
  }
  #writeRow(columns: readonly Column[], row: number, kind: number, buffer: ByteWriter): void {
    const encoder = present(this.#encoder, 'rows that are records have an encoder');
    if (encoder.isNull?.(columns, row) === true) {
      throw new UserError('FMT1005', {
        message: `the ${this.#table.format.name} format has nothing for NULL, which a file cannot hold`,
        hint: 'Filter such rows, or write COALESCE(column, …).',
      });
    }
    encoder.encode(columns, row, kind, buffer);
    if (this.#framing !== undefined) buffer.bytes(this.#framing.terminator);
  }
  #folder(batch: Batch, row: number): string {
    if (this.#partitionAt.length === 0) return '';
    const { partitions, defaultPartition } = this.#table;
    const values = this.#partitionAt.map((at, i) => readValue(batch.columns[at]!, partitions[i]!.type, row));
    return partitionFolder(partitions, values, defaultPartition);
  }
  #part(folder: string, now: number): PartFile {
    const open = this.#open.get(folder);
    if (open !== undefined) return open;
    if (this.#open.size >= openFilesMax) {
      const oldest = [...this.#open.values()].reduce((a, b) => (b.lastRowMs < a.lastRowMs ? b : a));
      this.#roll(oldest);
    }
    const part = new PartFile(join(this.#table.path, folder), `${this.#writer}-${this.#files++}`, now);
    this.#open.set(folder, part);
    const { format, formatOptions, record } = this.#table;
    part.columns = format.columnFile?.writer(record, formatOptions);
    if (this.#container !== undefined) part.mark = this.#newMark(this.#container.markBytes);
    if (this.#header !== undefined) {
      part.buffer.bytes(this.#header);
      part.size += this.#header.length;
    }
    if (folder !== '' && !this.#uncommitted.has(folder)) this.#uncommitted.set(folder, now);
    return part;
  }

  #newMark(bytes: number): Uint8Array {
    return Uint8Array.from({ length: bytes }, () => this.#context.world.rng.below(256));
  }

  #queue(work: () => Promise<void>): void {
    // After an error nothing more is done: a file that misses rows must not become visible.
    this.#tail = this.#tail
      .then(() => (this.#error === undefined ? work() : undefined))
      .catch((error: unknown) => {
        this.#error = error;
        this.#unblock();
      });
  }
  #unblock(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#context.wake();
  }
  #send(part: PartFile): void {
    if (part.columns !== undefined) {
      this.#sendGroup(part, part.columns);
      return;
    }
    this.#write(part, this.#container === undefined ? part.buffer.finish() : blockOf(part, this.#container));
    part.buffer.clear();
    part.rows = 0;
  }
  #write(part: PartFile, bytes: Uint8Array): void {
    this.#pendingBytes += bytes.length;
    this.#queue(async () => {
      await part.append(bytes);
      this.#pendingBytes -= bytes.length;
      if (this.#pendingBytes < pendingBytesMax / 2) this.#unblock();
    });
  }
  #sendGroup(part: PartFile, columns: ColumnFileWriter): void {
    if (part.rows === 0) return;
    const bytes = columns.endGroup();
    part.size += bytes.length;
    part.rows = 0;
    this.#write(part, bytes);
  }
  /** Finishes a file; the next row of its partition starts another. */
  #roll(part: PartFile): void {
    for (const [folder, open] of this.#open) if (open === part) this.#open.delete(folder);
    if (part.columns !== undefined) this.#endColumns(part, part.columns);
    else if (part.buffer.size > 0) this.#send(part);
    // Every row of it was refused.
    if (part.size === 0) return;
    this.#queue(async () => {
      await part.finish();
      this.#remove.push(...this.#takeReplaced(part.folder));
      if (this.commit === undefined) {
        await this.#removeNow();
        await part.publish();
      } else this.#finished.push({ folder: part.folder, name: part.name });
    });
  }

  #endColumns(part: PartFile, columns: ColumnFileWriter): void {
    this.#sendGroup(part, columns);
    if (part.size > 0) this.#write(part, columns.end());
  }

  async #prepare(last: boolean): Promise<Uint8Array | undefined> {
    const success = this.#duePartitions().map(({ folder, path }) => {
      const open = this.#open.get(folder);
      if (open !== undefined) this.#roll(open);
      return path;
    });
    for (const part of this.#open.values()) {
      // A file of columns is whole with its footer alone: as in Flink it ends with the checkpoint.
      if (last || part.columns !== undefined) this.#roll(part);
      else {
        if (part.buffer.size > 0) this.#send(part);
        this.#queue(() => part.sync());
      }
    }
    const open = [...this.#open.values()].map(({ folder, name, size }) => ({ folder, name, bytes: size }));
    await this.#settled();
    const publish = this.#finished;
    this.#finished = [];
    const uncommitted = [...this.#uncommitted];
    if (last) this.#replaceAll();
    const remove = this.#remove;
    this.#remove = [];
    if (publish.length + open.length + success.length + uncommitted.length + remove.length === 0)
      return undefined;
    return encodePrepared({ instance: this.#context.instance, publish, open, remove, success, uncommitted });
  }
  async #settled(): Promise<void> {
    await this.#tail;
    if (this.#error !== undefined) throw toMillraceError(this.#error);
  }

  async #removeNow(): Promise<void> {
    const remove = this.#remove;
    this.#remove = [];
    for (const path of remove)
      await rm(path, { force: true }).catch((cause: unknown) => {
        throw fileError('remove', path, cause);
      });
  }

  async flush(): Promise<void> {
    for (const part of this.#open.values()) this.#roll(part);
    for (const { path } of this.#duePartitions())
      this.#queue(() =>
        writeFile(path, '').catch((cause: unknown) => {
          throw fileError('write', path, cause);
        }),
      );
    this.#queue(() => this.#removeNow());
    await this.#settled();
  }
  /** The partitions whose delay is over, and the success file of each. */
  #duePartitions(): { readonly folder: string; readonly path: string }[] {
    const name = this.#successFile;
    if (name === undefined) {
      this.#uncommitted.clear();
      return [];
    }
    const delayMs = present(
      this.#table.options.durationMs('sink.partition-commit.delay'),
      'it has a default',
    );
    const now = this.#context.world.now();
    const due = [...this.#uncommitted].filter(([, sinceMs]) => now - sinceMs >= delayMs);
    return due.map(([folder]) => {
      this.#uncommitted.delete(folder);
      return { folder, path: join(this.#table.path, folder, name) };
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#block?.release();
    this.#block = undefined;
    this.#timer?.cancel();
    await this.#tail;
    for (const part of this.#open.values()) {
      // A checkpoint may list it.
      if (this.commit === undefined) await part.discard();
      else await part.leave();
    }
    this.#open.clear();
  }
}

/** The rows that a file's buffer holds as a block, behind its head where that is not written yet. The file is as long as what is
 *  written of it. */
function blockOf(part: PartFile, container: ContainerWriter): Uint8Array {
  const block = container.block(part.buffer.finish(), part.rows, part.mark);
  const written = part.size - part.buffer.size;
  const bytes = written > 0 ? block : Buffer.concat([container.head(part.mark), block]);
  part.size = written + bytes.length;
  return bytes;
}

/** Names hidden files as those of one incarnation of a job. */
const ownerOf = ({ incarnation }: Writer): string => incarnation.slice(0, 16);

/** The names of the columns as a record. */
function headerOf(record: readonly Field[], delimiter: string): Uint8Array {
  const separator = delimiter.replace('\\t', '\t');
  const cells = record.map(({ name }) =>
    name.includes(separator) || /["\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  return Buffer.from(`${cells.join(separator)}\n`);
}
