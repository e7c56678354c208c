/* Reads files, one after the other in the order of their paths, once or for ever.
 *
 *   find files ──▶ bytes, gunzipped ──▶ records ──▶ decoder ──▶ rows + folder values + metadata ──▶ batch
 *
 * Instance i of n reads the files whose path hashes to i. All files of an instance are one split: they share
 * a watermark, as they are read in turn.
 *
 * Keeps: the files still to be read, with the offset in the first of them, and when it watches for new ones
 * the names of those read. Both are its position; the second grows with the number of files, as in Flink. */

import { relative } from 'node:path';
import { present, toMillraceError, UserError, type Timer } from '#base';
import type { Batch, Value } from '#data';
import type { FieldDrift, Polled, Source, SourceContext, SplitPositions } from '#dataflow';
import type { Framing } from '#formats';
import { countLosses } from '../count-losses.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { ContainerRecords } from './container-records.ts';
import { FileDrift } from './file-drift.ts';
import { fillFrom } from './fill.ts';
import { findFiles, type FoundFile } from './files.ts';
import { GroupRecords, type GroupShape } from './group-records.ts';
import { metadataValue } from './metadata.ts';
import { filesystemTable, pathPattern, type FilesystemTable } from './options.ts';
import { checkPartitionTypes, partitionValues } from './partitions.ts';
import { countLines, RowRecords, type CellOrigin, type RecordReader } from './records.ts';
import { ScanRecords } from './scan-records.ts';
import { SlabReader, Slabs } from './slab-reader.ts';

/** A file to be read, or being read. */
interface Waiting extends FoundFile {
  /** Of the next record, in plain bytes. */
  offset: number;
  /** Of the next record, from 1; in a file of blocks, its number in the block that starts at `offset`; in a file of columns,
   *  its number in the group with the number `offset`. */
  line: number;
  /** Of a file that has one, in base64: what is behind it cannot be read without. */
  head?: string | undefined;
}

/** Of one file: how far it is read, or null when it is through. */
type Position = Waiting | null;
const isPosition = (value: unknown): value is Position =>
  value === null || (typeof value === 'object' && 'path' in value && hasNumbers(value, 'offset', 'line'));

export class FilesystemSource implements Source {
  readonly #context: SourceContext;
  readonly #table: FilesystemTable;
  /** One of the two is there. */
  readonly #records: RecordReader | undefined;
  readonly #groups: GroupShape | undefined;
  readonly #pattern: RegExp | undefined;
  /** What each produced cell is that does not lie in the records. */
  readonly #fixed: readonly ((file: FoundFile, folders: readonly Value[]) => Value)[];
  readonly #monitorMs: number | undefined;
  #waiting: Waiting[] = [];
  readonly #done = new Set<string>();
  #reader: SlabReader | undefined;
  #open: GroupRecords | undefined;
  readonly #slabs = new Slabs();
  /** Undefined for files of blocks. */
  #framing: Framing | undefined;
  /** Of the first file. */
  #header: { readonly text: string; readonly path: string } | undefined;
  readonly #drift: FileDrift;
  #rowsLeft: number;
  #announced = false;
  #timer: Timer | undefined;
  #error: unknown;
  #closed = false;

  constructor(context: SourceContext) {
    const { table, fields, metadata, limit } = context;
    this.#context = context;
    this.#table = filesystemTable(table);
    const { format, formatOptions, record, partitions, options } = this.#table;
    checkPartitionTypes(partitions);
    this.#drift = new FileDrift(this.#table, context);
    const physical = fields.slice(0, fields.length - metadata.length);
    const wanted = physical.filter((f) => record.some((r) => r.name === f.name));
    const { columnFile } = format;
    const inRecords = format.decoder !== undefined && (format.framing ?? format.container) !== undefined;
    if (columnFile === undefined && !inRecords) {
      throw new UserError('FMT1003', { message: `the format '${format.name}' cannot be read from files` });
    }
    this.#pattern = pathPattern(options);
    this.#monitorMs = options.durationMs('source.monitor-interval');
    this.#rowsLeft = limit ?? Infinity;
    let read = 0;
    const cells = fields.map(
      (f): CellOrigin => (wanted.includes(f) ? { kind: 'decoded', index: read++ } : { kind: 'fixed' }),
    );
    this.#fixed = fields.map((f, i) => {
      if (i >= physical.length) return (file) => metadataValue(metadata[i - physical.length]!, file);
      const partition = partitions.findIndex((p) => p.name === f.name);
      return (_, folders) => folders[partition] ?? null;
    });
    if (columnFile !== undefined) {
      this.#groups = {
        file: columnFile,
        reader: columnFile.reader(wanted, formatOptions, context.conditions),
        fields,
        cells,
        leftOut: () => {
          context.count('rowGroupsLeftOut', 1);
        },
      };
      return;
    }
    if (format.container !== undefined) {
      this.#records = new ContainerRecords(fields, cells, format.container.reader(wanted, formatOptions));
      return;
    }
    const decoder = format.decoder!(wanted, formatOptions, record);
    this.#framing = format.framing!(formatOptions);
    const onLoss = countLosses(context);
    decoder.onLoss = onLoss;
    const rows = new RowRecords(fields, cells, decoder, format.framing!(formatOptions));
    this.#records = ScanRecords.create(fields, cells, format, formatOptions, record, rows, onLoss) ?? rows;
  }

  async open(positions: SplitPositions | undefined): Promise<void> {
    const found = await this.#find();
    if (positions === undefined) this.#waiting = found.map(fresh);
    else {
      for (const [path, position] of positions) {
        if (!this.#isOwn(path)) continue;
        const file = decodePosition(position, isPosition);
        if (file === null) this.#done.add(path);
        else this.#waiting.push({ ...file });
      }
      if (this.#monitorMs !== undefined) this.#add(found);
    }
    this.#watch();
  }

  /** This instance's files. */
  async #find(): Promise<FoundFile[]> {
    const files = await findFiles(this.#table.path, this.#pattern);
    return files.filter((f) => this.#isOwn(f.path));
  }
  #isOwn(path: string): boolean {
    const { instance, instances } = this.#context;
    return hashText(path) % instances === instance;
  }
  #add(found: readonly FoundFile[]): void {
    const known = new Set(this.#waiting.map((w) => w.path));
    for (const file of found)
      if (!known.has(file.path) && !this.#done.has(file.path)) this.#waiting.push(fresh(file));
  }
  #watch(): void {
    if (this.#monitorMs === undefined || this.#closed) return;
    this.#timer = this.#context.world.after(this.#monitorMs, () => {
      this.#find()
        .then(
          (found) => {
            this.#add(found);
            this.#watch();
          },
          (error: unknown) => {
            this.#error = error;
          },
        )
        .finally(() => {
          if (!this.#closed) this.#context.wake();
        });
    });
  }

  poll(): Polled {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (!this.#announced) {
      this.#announced = true;
      return { kind: 'split-start', split: 0 };
    }
    for (;;) {
      if (this.#rowsLeft <= 0) return { kind: 'end' };
      if (this.#drift.hasAsked) return { kind: 'wait' };
      const file = this.#waiting[0];
      if (file === undefined) return { kind: this.#monitorMs === undefined ? 'end' : 'wait' };
      const reader =
        this.#groups === undefined ? (this.#reader ?? this.#start(file)) : this.#openGroups(file);
      const { offset } = file;
      const batch = reader instanceof SlabReader ? this.#read(reader, file) : this.#readGroups(reader, file);
      if (batch.rows > 0 || this.#context.badRecords?.full === true)
        return { kind: 'batch', split: 0, batch };
      if (this.#drift.hasAsked) continue;
      // Records without rows: empty lines, malformed ones that are skipped.
      if (file.offset > offset && !reader.finished) continue;
      if (!reader.finished) return { kind: 'wait' };
      this.#finish(file);
    }
  }
  #fixedValues(file: Waiting): Value[] {
    const { partitions, path, defaultPartition } = this.#table;
    const folders = partitionValues(partitions, relative(path, file.path), defaultPartition);
    return this.#fixed.map((value) => value(file, folders));
  }
  #openGroups(file: Waiting): GroupRecords {
    this.#open ??= new GroupRecords(
      file.path,
      { group: file.offset, taken: file.line - 1 },
      this.#fixedValues(file),
      present(this.#groups, 'the files hold columns'),
      (columns) => {
        this.#drift.columns(file.path, columns);
        return this.#drift.hasAsked;
      },
      () => {
        if (!this.#closed) this.#context.wake();
      },
    );
    return this.#open;
  }
  #readGroups(reader: GroupRecords, file: Waiting): Batch {
    const batch = reader.read(this.#rowsLeft);
    this.#rowsLeft -= batch.rows;
    file.offset = reader.position.group;
    file.line = reader.position.taken + 1;
    return batch;
  }
  #start(file: Waiting): SlabReader {
    const records = present(this.#records, 'the files hold records');
    records.setFixed(this.#fixedValues(file));
    records.begin?.(file.head === undefined ? undefined : Buffer.from(file.head, 'base64'), file.line - 1);
    this.#reader = new SlabReader(fillFrom(file.path, file.offset), this.#slabs, file.path, () => {
      if (!this.#closed) this.#context.wake();
    });
    return this.#reader;
  }
  #finish(file: Waiting): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.#open?.close();
    this.#open = undefined;
    this.#waiting.shift();
    if (this.#monitorMs !== undefined) this.#done.add(file.path);
  }

  /** Rows from the bytes at hand; none when a record needs more of them. */
  #read(reader: SlabReader, file: Waiting): Batch {
    const records = present(this.#records, 'the files hold records');
    let from = reader.take();
    const { data, final } = reader;
    if (this.#table.header && file.offset === 0) {
      const next = this.#skipHeader(data, from, final, file);
      if (next === undefined) {
        reader.consumed(from);
        return records.build();
      }
      file.offset += next - from;
      file.line += countLines(data, from, next);
      from = next;
    }
    const { path, line, offset } = file;
    const place = {
      path,
      offsetOf: (at: number): number => offset + at - from,
      describe: (at: number): string => `${path}:${line + countLines(data, from, at)}`,
      skipped: (): void => {
        this.#context.count('numRecordsInErrors', 1);
      },
      badRecords: this.#context.badRecords,
    };
    this.#lookAtHead(file, data, from);
    const known = this.#drift.hasAsked ? from : this.#drift.before(data, from, final, place);
    if (this.#drift.hasAsked && known === from) {
      reader.consumed(from);
      return records.build();
    }
    const next =
      known > from && known < data.length
        ? records.read(data.subarray(0, known), from, true, this.#rowsLeft, place)
        : records.read(data, from, final, this.#rowsLeft, place);
    this.#drift.records(data, from, next, final, place.describe);
    file.offset += next - from;
    file.line += records.lines(data, from, next);
    if (file.head === undefined && records.head !== undefined)
      file.head = Buffer.from(records.head).toString('base64');
    reader.consumed(next);
    const batch = records.build();
    this.#rowsLeft -= batch.rows;
    return batch;
  }

  /** Of files that have one: it says which columns they have. */
  #lookAtHead(file: Waiting, data: Buffer, from: number): void {
    const { container } = this.#table.format;
    if (container === undefined) return;
    const head = file.head === undefined ? data.subarray(from) : Buffer.from(file.head, 'base64');
    this.#drift.columns(file.path, () => container.columns(head).fields);
  }
  /** Behind the first record; undefined while it is not there as a whole. Throws FS1007 for a file with other columns. */
  #skipHeader(data: Buffer, from: number, final: boolean, file: Waiting): number | undefined {
    const framing = present(this.#framing, 'a header is a record');
    if (!framing.find(data, from, data.length, final)) return undefined;
    const text = data.toString('utf8', from, framing.recordEnd).replace(/^\uFEFF/, '');
    this.#header ??= { text, path: file.path };
    this.#drift.header(file.path, data, from, framing.recordEnd);
    if (text !== this.#header.text)
      throw new UserError('FS1007', {
        message: `the header of '${file.path}' is not that of '${this.#header.path}': found ${text}, expected ${this.#header.text}`,
        hint: 'Files with other columns need a table of their own.',
      });
    return framing.nextStart;
  }

  get drift(): readonly FieldDrift[] {
    return this.#drift.found;
  }
  snapshot(): SplitPositions {
    return new Map([
      ...[...this.#done].map((path) => [path, encodePosition(null)] as const),
      ...this.#waiting.map((file) => [file.path, encodePosition(file satisfies Position)] as const),
    ]);
  }
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#reader?.close();
    this.#open?.close();
    this.#slabs.close();
    this.#records?.close();
  }
}

const fresh = (file: FoundFile): Waiting => ({ ...file, offset: 0, line: 1 });

/** FNV-1a: spreads paths over instances. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
