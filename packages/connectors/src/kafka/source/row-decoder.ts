/* Records → rows, a record at a time through the formats' decoders: the way for every format, type and
 * column. */

import { UserError } from '#base';
import type { Options } from '#catalog';
import { BatchBuilder, changeKind, type Batch, type Field, type Row, type Value } from '#data';
import type { BadRecords } from '#dataflow';
import { MalformedRecord, UnknownSchema, type Decoder } from '#formats';
import { formatOptionsOf } from '../../format-options.ts';
import type { ParsedSchema } from '#schemas';
import { metadataValue, valuePrefix } from '../metadata.ts';
import type { KeyAndValue } from '../options.ts';
import type { RecordBatch } from '#records';
import type { RecordIndex } from '#records';
import { badRecord, replaysOfRecord } from './bad-record.ts';
import { HeaderIds } from './header-ids.ts';
import type { PartitionState } from './partition.ts';

/** Makes batches of records. */
export interface RecordsDecoder {
  /** Takes records [from, to) of the partition's current batch; returns the first not taken: short when
   *  the output is full. Throws MalformedRecord with the record's place. */
  take(state: PartitionState, batch: RecordBatch, index: RecordIndex, from: number, to: number): number;
  /** Nothing is taken before a build, though there may be no rows: what was reported has to go out. */
  readonly full: boolean;
  /** Rows taken since the last build. */
  readonly rows: number;
  build(): Batch;
  close?(): void;
  /** Why `take` stopped before a record, where that is for a schema that it has not been given. */
  readonly missing: MissingSchema | undefined;
  /** Gives it the schema; undefined where there is none. `take` goes on with that record. */
  learn(missing: MissingSchema, schema: ParsedSchema | undefined): void;
}

/** A schema by its id in the registry of keys or of values. */
export interface MissingSchema {
  readonly part: 'key' | 'value';
  readonly id: number;
  /** Of one that a record names so: then the id is this source's own. */
  readonly guid?: string | undefined;
}

/** The physical columns of a table, of which `fields` are read. */
export interface RowShape {
  readonly physical: readonly Field[];
  /** The columns to produce: physical ones, then metadata. */
  readonly fields: readonly Field[];
  readonly metadata: readonly string[];
  readonly formats: KeyAndValue;
  readonly upsert: boolean;
}

/** A decoder over some of the fields, and where its cells go. */
interface Part {
  readonly decoder: Decoder;
  /** Where records name their schema in a header. */
  readonly headerIds: HeaderIds | undefined;
  readonly targets: readonly number[];
}

export class RowDecoder implements RecordsDecoder {
  readonly #shape: RowShape;
  readonly #builder: BatchBuilder;
  readonly #key: Part | undefined;
  readonly #value: Part;
  readonly #firstMetadata: number;
  readonly #skipped: (record: string) => void;
  missing: MissingSchema | undefined;
  readonly #badRecords: BadRecords | undefined;
  #rows: { cells: readonly Value[]; kind: number }[] = [];
  #state: PartitionState | undefined;
  /** Of the record of each row; all rows of a batch are of one partition. */
  #offsets: number[] = [];
  #timestamps: number[] = [];
  #replayed: number[] = [];

  /** `skipped` hears of each record that does not fit and is ignored, `onLoss` of what is lost of others; `badRecords` takes
   *  those that do not fit, where the table has a policy for them. */
  constructor(
    shape: RowShape,
    options: Options,
    skipped: (record: string) => void,
    onLoss: Decoder['onLoss'] = undefined,
    badRecords: BadRecords | undefined = undefined,
  ) {
    this.#shape = shape;
    this.#builder = new BatchBuilder(shape.fields.map((f) => f.type));
    this.#firstMetadata = shape.fields.length - shape.metadata.length;
    this.#skipped = skipped;
    this.#badRecords = badRecords;
    const { key, value, keyColumns, valueColumns, keyPrefix } = shape.formats;
    const keyPart = key && part(shape, key.format, key.prefix, keyColumns, keyPrefix, options, 'key');
    // A tombstone's key is all there is of its row.
    this.#key = keyPart && (shape.upsert || keyPart.targets.length > 0) ? keyPart : undefined;
    this.#value = part(shape, value.format, value.prefix, valueColumns, '', options, 'value');
    for (const { decoder } of [...(this.#key === undefined ? [] : [this.#key]), this.#value])
      decoder.onLoss = onLoss;
  }
  /** True when nothing is read from keys. */
  get ignoresKeys(): boolean {
    return this.#key === undefined;
  }
  get full(): boolean {
    return this.#builder.full || this.#badRecords?.full === true;
  }
  get rows(): number {
    return this.#builder.rows;
  }
  build(): Batch {
    const offsets = this.#offsets;
    const timestamps = this.#timestamps;
    const replayed = this.#replayed;
    const state = this.#state;
    this.#offsets = [];
    this.#timestamps = [];
    this.#replayed = [];
    return {
      ...this.#builder.build(),
      origin: (row) => state!.origin(offsets[row]!, timestamps[row]!, replayed[row]),
    };
  }

  take(state: PartitionState, batch: RecordBatch, index: RecordIndex, from: number, to: number): number {
    this.missing = undefined;
    for (let record = from; record < to; record++) {
      if (this.full) return record;
      this.#take(state, batch, index, record);
      if (this.missing !== undefined) return record;
    }
    return to;
  }
  learn({ part, id }: MissingSchema, schema: ParsedSchema | undefined): void {
    (part === 'key' ? this.#key : this.#value)?.decoder.learn?.(id, schema);
  }

  #take(state: PartitionState, batch: RecordBatch, index: RecordIndex, record: number): void {
    const keyRows = this.#key && this.#decode(this.#key, state, index, record, 'key');
    if (keyRows === null) return;
    const tombstone = this.#shape.upsert && index.valueStarts[record]! < 0;
    const valueRows = tombstone ? [] : this.#decode(this.#value, state, index, record, 'value');
    if (valueRows === null) return;
    for (const key of keyRows ?? [undefined]) {
      if (tombstone) this.#emit(state, batch, index, record, key, undefined, changeKind.delete);
      // Of an upsert table too the format says what a value is: +I, whether its key was there or not, as in Flink.
      for (const { cells, kind } of valueRows) this.#emit(state, batch, index, record, key, cells, kind);
    }
  }
  #emit(
    state: PartitionState,
    batch: RecordBatch,
    index: RecordIndex,
    record: number,
    key: { readonly cells: readonly Value[] } | undefined,
    value: readonly Value[] | undefined,
    kind: number,
  ): void {
    const row = new Array<Value>(this.#shape.fields.length).fill(null);
    if (key !== undefined) this.#key!.targets.forEach((target, i) => (row[target] = key.cells[i]!));
    if (value !== undefined) this.#value.targets.forEach((target, i) => (row[target] = value[i]!));
    for (let i = this.#firstMetadata; i < row.length; i++) {
      const key = this.#shape.metadata[i - this.#firstMetadata]!;
      if (!key.startsWith(valuePrefix)) row[i] = metadataValue(key, { state, batch, index, record });
    }
    this.#builder.appendRow(row as Row, kind);
    this.#offsets.push(index.offsets[record]!);
    this.#timestamps.push(index.timestamps[record]!);
    if (this.#badRecords !== undefined) this.#replayed.push(replaysOfRecord(index, record));
    this.#state = state;
  }

  /** The rows of a key or value; null when the record is malformed and to be skipped, and when it waits for its schema. */
  #decode(
    part: Part,
    state: PartitionState,
    index: RecordIndex,
    record: number,
    what: 'key' | 'value',
  ): { cells: readonly Value[]; kind: number }[] | null {
    const start = (what === 'key' ? index.keyStarts : index.valueStarts)[record]!;
    const end = (what === 'key' ? index.keyEnds : index.valueEnds)[record]!;
    this.#rows = [];
    try {
      const framed = start < 0 ? undefined : part.headerIds?.framed(index, record, what);
      if (start < 0) part.decoder.decodeNull?.((cells, kind) => this.#rows.push({ cells, kind }));
      else if (framed !== undefined)
        part.decoder.decode(framed, 0, framed.length, (cells, kind) => this.#rows.push({ cells, kind }));
      else part.decoder.decode(index.data, start, end, (cells, kind) => this.#rows.push({ cells, kind }));
      return this.#rows;
    } catch (error) {
      if (error instanceof UnknownSchema) {
        this.missing = { part: what, id: error.id, guid: part.headerIds?.guidOf(error.id) };
        return null;
      }
      if (!(error instanceof MalformedRecord)) throw error;
      if (this.#badRecords !== undefined) {
        this.#badRecords.report(badRecord(state, index, record, what, error));
        return null;
      }
      const place = `${state.place(index.offsets[record]!)} (${what})`;
      if (!part.decoder.skipsMalformed) throw error.locatedAt(place, index.data, Math.max(0, start), end);
      this.#skipped(place);
      return null;
    }
  }
}

function part(
  shape: RowShape,
  format: KeyAndValue['value']['format'],
  prefix: string,
  columns: readonly number[],
  namePrefix: string,
  options: Options,
  what: 'key' | 'value',
): Part {
  if (format.decoder === undefined) {
    throw new UserError('FMT1003', { message: `the format '${format.name}' of the ${what} cannot be read` });
  }
  const read = shape.fields.length - shape.metadata.length;
  const record = columns.map((i) => shape.physical[i]!);
  const targets: number[] = [];
  const wanted: Field[] = [];
  for (let i = 0; i < read; i++) {
    const field = shape.fields[i]!;
    if (!record.some((r) => r.name === field.name)) continue;
    targets.push(i);
    wanted.push({ name: field.name.slice(namePrefix.length), type: field.type });
  }
  const all = record.map((f) => ({ name: f.name.slice(namePrefix.length), type: f.type }));
  const metadata = what === 'value' ? shape.metadata.filter((key) => key.startsWith(valuePrefix)) : [];
  for (const key of metadata) targets.push(read + shape.metadata.indexOf(key));
  const keys = metadata.map((key) => key.slice(valuePrefix.length));
  return {
    decoder: format.decoder(wanted, formatOptionsOf(options, prefix), all, keys),
    headerIds: format.registry === undefined ? undefined : new HeaderIds(),
    targets,
  };
}
