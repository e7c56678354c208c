/* The 'test' connector: sources that read what a test pushes, sinks that keep what is written, lookups over both.
 * Options and defaults are those of INTERFACES: in the manner of Flink's own values connector. */

import { UserError } from '#base';
import {
  allChanges,
  insertOnly,
  upsertChanges,
  type ChangelogMode,
  type ConnectorDescriptor,
  type ConnectorTable,
  type MetadataField,
  type OptionSpec,
} from '#catalog';
import { BatchBuilder, compareValues, readRow, type Batch, type LogicalType, type Row } from '#data';
import type {
  ConnectorRuntime,
  Lookup,
  LookupContext,
  Polled,
  Sink,
  SinkContext,
  Source,
  SourceContext,
  SplitPositions,
} from '#dataflow';
import { BytesReader, BytesWriter, readValueBytes, writeValueBytes } from '#state';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import type { PushedRow, TestBoard, TestTable } from './board.ts';
import { heldRows, readBack } from './written.ts';

const option = (
  key: string,
  type: OptionSpec['type'],
  fallback: string | undefined,
  doc: string,
): OptionSpec => ({ key, type, doc, ...(fallback === undefined ? {} : { default: fallback }) });

const specs: readonly OptionSpec[] = [
  option('changelog-mode', 'string', 'I', 'Kinds of change that the source gives.'),
  option('bounded', 'boolean', 'false', 'The source ends when its test says so.'),
  option('sink-insert-only', 'boolean', 'false', 'The sink takes only inserts.'),
  option('sink-changelog-mode-enforced', 'string', undefined, 'Kinds that the sink asks for.'),
  option('readable-metadata', 'string', '', 'name:TYPE, …'),
  option('writable-metadata', 'string', '', 'name:TYPE, …'),
  option('filterable-fields', 'string', undefined, 'Columns whose filters go into the scan.'),
  option('partition-list', 'string', undefined, 'b:1;b:2'),
  option('enable-watermark-push-down', 'boolean', 'false', 'The source gives watermarks of its own.'),
  option('disable-lookup', 'boolean', 'false', 'The table cannot be looked up.'),
  option('async', 'boolean', 'false', 'Lookups answer asynchronously.'),
  option('source.produces-delete-by-key', 'boolean', 'false', 'Deletes carry the key alone.'),
  option('sink.supports-delete-by-key', 'boolean', 'false', 'The sink takes deletes by key.'),
  option('written-rows', 'string', 'unread', 'Whether readers see what jobs write: read, read-at-start.'),
];
const known = new Map(specs.map((s) => [s.key, s]));

function get(table: ConnectorTable, key: string): string | undefined {
  return table.options.find((o) => o.key === key)?.value ?? known.get(key)?.default;
}
const flag = (table: ConnectorTable, key: string): boolean => get(table, key)?.toLowerCase() === 'true';

/** 'I,UA,D', 'I, D(key-only-delete)'. Throws CAT1002. */
export function parseChangelog(text: string): ChangelogMode {
  const parts = text
    .split(',')
    .map((p) => p.trim().toUpperCase())
    .filter((p) => p !== '');
  const wrong = parts.find((p) => !/^(I|UB|UA|D(\(KEY-ONLY-DELETE\))?)$/.test(p));
  if (wrong !== undefined)
    throw new UserError('CAT1002', {
      message: `changelog mode '${text}': found '${wrong}', expected I, UB, UA, D`,
    });
  return {
    insert: parts.includes('I'),
    updateBefore: parts.includes('UB'),
    updateAfter: parts.includes('UA'),
    delete: parts.some((p) => p.startsWith('D')),
    keyOnlyDelete: parts.includes('D(KEY-ONLY-DELETE)'),
  };
}

function metadataFields(text: string, direction: 'readable' | 'writable'): MetadataField[] {
  const fields: MetadataField[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === '(' || c === '<') depth++;
    if (c === ')' || c === '>') depth--;
    if ((c === ',' && depth === 0) || i === text.length) {
      const part = text.slice(start, i).trim();
      start = i + 1;
      const colon = part.indexOf(':');
      if (colon < 0) continue;
      fields.push({
        key: part.slice(0, colon).trim(),
        type: bindType(parseDataType(part.slice(colon + 1).trim())),
        readable: direction === 'readable',
        writable: direction === 'writable',
      });
    }
  }
  return fields;
}

/** The keys of a test table's writable metadata, in the option's order. */
export const writableKeys = (table: ConnectorTable): string[] =>
  metadataFields(get(table, 'writable-metadata')!, 'writable').map((m) => m.key);

export function testConnector(board: TestBoard): ConnectorDescriptor {
  return {
    name: 'test',
    pinned: true,
    // Options that are not known are accepted and ignored.
    options: (table) => ({
      owner: `connector 'test'`,
      specs: [
        ...specs,
        ...table.options
          .filter((o) => !known.has(o.key))
          .map((o) => option(o.key, 'string', undefined, 'Ignored.')),
      ],
    }),
    metadata: (table) => {
      const readable = metadataFields(get(table, 'readable-metadata')!, 'readable');
      const writable = metadataFields(get(table, 'writable-metadata')!, 'writable');
      const both = readable.map((r) => ({ ...r, writable: writable.some((w) => w.key === r.key) }));
      return [...both, ...writable.filter((w) => !readable.some((r) => r.key === w.key))];
    },
    source: (table) => ({
      changelog: parseChangelog(get(table, 'changelog-mode')!),
      bounded: flag(table, 'bounded'),
      ownWatermarks: flag(table, 'enable-watermark-push-down'),
      filterColumns: (get(table, 'filterable-fields') ?? '').split(';').filter(Boolean),
    }),
    sink: (table) => ({
      guarantee: 'none',
      accepts: () => {
        if (flag(table, 'sink-insert-only')) return insertOnly;
        const enforced = get(table, 'sink-changelog-mode-enforced');
        if (enforced !== undefined) return parseChangelog(enforced);
        return table.primaryKey.length > 0 ? upsertChanges : allChanges;
      },
    }),
    lookup: (table) => {
      if (flag(table, 'disable-lookup'))
        throw new UserError('PLAN1003', { message: `the table '${table.path.object}' cannot be looked up` });
      return { async: flag(table, 'async') };
    },
    load: async (): Promise<ConnectorRuntime> => ({
      createSource: (context) => new TestSource(board, board.table(context.table.path), context),
      createSink: (context) => new TestSink(board, board.table(context.table.path), context),
      createLookup: (context) => new TestLookup(board.table(context.table.path), context),
    }),
  };
}

/** A test table is read by the first instance alone. */
const onlySplit = 'log';

class TestSource implements Source {
  readonly #board: TestBoard;
  readonly #table: TestTable;
  readonly #context: SourceContext;
  readonly #types: readonly LogicalType[];
  readonly #wake: () => void;
  #at = 0;
  #started = false;
  /** Of rows that jobs had written when it started: how many changes, what they left, and how far that went out. */
  #writtenBefore = 0;
  #held: readonly PushedRow[] = [];
  #heldAt = 0;

  constructor(board: TestBoard, table: TestTable, context: SourceContext) {
    this.#board = board;
    this.#table = table;
    this.#context = context;
    this.#types = context.fields.map((f) => f.type);
    this.#wake = () => {
      context.wake();
    };
  }
  async open(positions: SplitPositions | undefined): Promise<void> {
    const position = positions?.get(onlySplit);
    if (get(this.#context.table, 'written-rows') === 'read-at-start')
      this.#writtenBefore = this.#table.written.length;
    if (position !== undefined) {
      const reader = new BytesReader(position);
      this.#at = reader.f64();
      this.#writtenBefore = reader.f64();
      this.#heldAt = reader.f64();
    }
    this.#held = heldRows(this.#table, this.#context.table, this.#writtenBefore);
    this.#table.waiting.add(this.#wake);
  }
  poll(): Polled {
    if (this.#context.instance !== 0) return { kind: 'end' };
    if (!this.#started) {
      this.#started = true;
      return { kind: 'split-start', split: 0, id: onlySplit };
    }
    if (this.#board.isPaused) return { kind: 'wait' };
    const { log } = this.#table;
    const holds = this.#heldAt < this.#held.length;
    if (!holds && this.#at >= log.length) return this.#ended ? { kind: 'end' } : { kind: 'wait' };
    if (this.#board.permits <= 0) return { kind: 'wait' };
    this.#board.permits--;
    if (holds) {
      const builder = new BatchBuilder(this.#types);
      for (const row of this.#held.slice(this.#heldAt)) builder.appendRow(this.#row(row), row.kind);
      this.#heldAt = this.#held.length;
      return { kind: 'batch', split: 0, batch: builder.build() };
    }
    const to = Math.min(log.length, this.#board.cut(log, this.#at));
    const builder = new BatchBuilder(this.#types);
    for (; this.#at < to; this.#at++) {
      const entry = log[this.#at]!;
      if (entry.kind === 'watermark') builder.mark(entry.ms);
      else builder.appendRow(this.#row(entry.row), entry.row.kind);
    }
    return { kind: 'batch', split: 0, batch: builder.build() };
  }
  /** The test says so, and no other job still writes. */
  get #ended(): boolean {
    const { ended, writers } = this.#table;
    return ended && [...writers].every((job) => job === this.#context.signal);
  }
  #row(row: PushedRow): Row {
    const { fields, metadata } = this.#context;
    const physical = fields.length - metadata.length;
    return fields.map(
      (f, i) => (i < physical ? row.physical.get(f.name) : row.metadata.get(metadata[i - physical]!)) ?? null,
    );
  }
  snapshot(): SplitPositions {
    if (this.#context.instance !== 0) return new Map();
    const writer = new BytesWriter();
    for (const n of [this.#at, this.#writtenBefore, this.#heldAt]) writer.f64(n);
    return new Map([[onlySplit, writer.finish()]]);
  }
  async close(): Promise<void> {
    this.#table.waiting.delete(this.#wake);
  }
}

class TestSink implements Sink {
  readonly #board: TestBoard;
  readonly #table: TestTable;
  readonly #context: SinkContext;
  readonly #types: readonly LogicalType[];

  /** Where each column of the written rows comes from: metadata stands in the option's order. */
  readonly #order: readonly number[];

  constructor(board: TestBoard, table: TestTable, context: SinkContext) {
    this.#board = board;
    this.#table = table;
    this.#context = context;
    const physical = context.fields.length - context.metadata.length;
    const keys = writableKeys(context.table);
    const metadata = context.metadata
      .map((key, i) => ({ at: physical + i, rank: keys.indexOf(key) }))
      .sort((a, b) => a.rank - b.rank);
    this.#order = [...context.fields.keys()].map((i) => (i < physical ? i : metadata[i - physical]!.at));
    this.#types = this.#order.map((i) => context.fields[i]!.type);
    this.#table.names = {
      physical: context.fields.slice(0, physical).map((f) => f.name),
      metadata: [...context.metadata].sort((a, b) => keys.indexOf(a) - keys.indexOf(b)),
    };
  }
  async open(): Promise<void> {
    this.#table.writers.add(this.#context.signal);
  }
  write(batch: Batch, from: number): number {
    const columns = this.#order.map((i) => batch.columns[i]!);
    const rows = Array.from({ length: batch.rows - from }, (_, i) => ({
      kind: batch.kinds === undefined ? 0 : batch.kinds[from + i]!,
      row: readRow({ ...batch, columns }, this.#types, from + i),
    }));
    this.#table.written.push(...rows);
    const { table } = this.#context;
    if (get(table, 'written-rows') !== 'read') return batch.rows;
    const changelog = parseChangelog(get(table, 'changelog-mode')!);
    const read = rows.map((row) => readBack(row, this.#table, changelog, this.#context));
    this.#board.readBack(
      this.#table,
      read.filter((row) => row !== undefined),
    );
    return batch.rows;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {
    this.#table.writers.delete(this.#context.signal);
    this.#table.wake();
  }
  /** The sink's rows are part of the job: after a crash they are as at the checkpoint. */
  snapshot(): Uint8Array {
    const writer = new BytesWriter();
    if (this.#context.instance !== 0) return writer.finish();
    writer.f64(this.#table.log.length);
    writer.i32(this.#table.written.length);
    for (const { kind, row } of this.#table.written) {
      writer.u8(kind);
      row.forEach((value, i) => {
        writeValueBytes(writer, this.#types[i]!, value);
      });
    }
    return writer.finish();
  }
  restore(bytes: Uint8Array): void {
    if (this.#context.instance !== 0) return;
    const reader = new BytesReader(bytes);
    const logEnd = reader.f64();
    const written = Array.from({ length: reader.i32() }, () => ({
      kind: reader.u8(),
      row: this.#types.map((t) => readValueBytes(reader, t)),
    }));
    this.#table.rollBack(logEnd, written);
  }
}

class TestLookup implements Lookup {
  readonly #table: TestTable;
  readonly #context: LookupContext;

  constructor(table: TestTable, context: LookupContext) {
    this.#table = table;
    this.#context = context;
  }
  async open(): Promise<void> {}
  find(key: Row): readonly Row[] {
    const { fields, key: at } = this.#context;
    const rows: Row[] = [];
    for (const { kind, physical } of this.#rows) {
      const row = fields.map((f) => physical.get(f.name) ?? null);
      if (kind === 0 || kind === 2) {
        if (at.every((c, i) => row[c] !== null && compareValues(row[c]!, key[i]!) === 0)) rows.push(row);
      } else {
        const gone = rows.findIndex((r) => r.every((v, i) => compareValues(v, row[i]!) === 0));
        if (gone >= 0) rows.splice(gone, 1);
      }
    }
    return rows;
  }
  /** What was pushed, and what jobs have left in it. */
  get #rows(): PushedRow[] {
    const { table } = this.#context;
    const pushed = this.#table.log.flatMap((e) => (e.kind === 'row' && !e.isWritten ? [e.row] : []));
    if (get(table, 'written-rows') === 'unread') return pushed;
    return [...pushed, ...heldRows(this.#table, table, this.#table.written.length)];
  }
  async findAsync(key: Row): Promise<readonly Row[]> {
    return this.find(key);
  }
  async close(): Promise<void> {}
}
