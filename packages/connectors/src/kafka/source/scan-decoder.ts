/* Records → columns through the scanner of the value's format: for tables whose columns lie in a frame, and that read nothing from the key. A record that does not fit a frame begins a batch of the row
 * decoder's. */

import { limits } from '#base';
import type { Options } from '#catalog';
import { noMarks, type Batch, type Column, type Field, type RowOrigin } from '#data';
import type { BadRecords } from '#dataflow';
import {
  type DecodeLoss,
  MalformedRecord,
  UnknownSchema,
  type RecordPositions,
  type Scanner,
} from '#formats';
import { formatOptionsOf } from '../../format-options.ts';
import type { ParsedSchema } from '#schemas';
import { threadMemory } from '#wasm';
import { MemoryIndex } from '#records';
import type { RecordBatch } from '#records';
import type { RecordIndex } from '#records';
import { badRecord, replaysOfRecord } from './bad-record.ts';
import { idHeader } from './header-ids.ts';
import type { PartitionState } from './partition.ts';
import type { MissingSchema, RecordsDecoder, RowDecoder, RowShape } from './row-decoder.ts';

/** Metadata that is made here without looking at each record again. */
const quickMetadata = new Set(['topic', 'partition', 'offset', 'timestamp']);

export interface ScanDecoderContext {
  /** A malformed record was skipped. */
  skipped(record: string): void;
  count(name: string, by: number): void;
  /** What is lost without an error. */
  readonly onLoss?: (loss: DecodeLoss) => void;
  /** Takes malformed records, where the table has a policy for them. */
  readonly badRecords?: BadRecords | undefined;
}

export class ScanDecoder implements RecordsDecoder {
  readonly #scanner: Scanner;
  readonly #rowDecoder: RowDecoder;
  readonly #metadata: readonly string[];
  readonly #context: ScanDecoderContext;
  readonly #hasIds: boolean;
  /** The batch being made is the row decoder's. */
  #byRow = false;
  #missing: MissingSchema | undefined;
  #state: PartitionState | undefined;
  readonly #offsets = new Float64Array(limits.batchRowsMax);
  readonly #timestamps = new Float64Array(limits.batchRowsMax);
  /** Kept only where letters are made. */
  readonly #replayed = new Int32Array(limits.batchRowsMax);
  readonly #constants = new Int32Array(limits.batchRowsMax);
  readonly #zeros = new Int32Array(limits.batchRowsMax);
  readonly #lengths = new Int32Array(limits.batchRowsMax);

  private constructor(
    scanner: Scanner,
    rowDecoder: RowDecoder,
    shape: RowShape,
    context: ScanDecoderContext,
  ) {
    this.#scanner = scanner;
    this.#rowDecoder = rowDecoder;
    this.#metadata = shape.metadata;
    this.#hasIds = shape.formats.value.format.registry !== undefined;
    this.#context = context;
  }

  /** Undefined for tables that it is not for. */
  static create(
    shape: RowShape,
    options: Options,
    rowDecoder: RowDecoder,
    context: ScanDecoderContext,
  ): ScanDecoder | undefined {
    const { value, valueColumns } = shape.formats;
    const fields: Field[] = shape.fields.slice(0, shape.fields.length - shape.metadata.length);
    const inValue = new Set(valueColumns.map((i) => shape.physical[i]!.name));
    const plain = !shape.upsert && rowDecoder.ignoresKeys;
    if (
      !plain ||
      !fields.every((f) => inValue.has(f.name)) ||
      !shape.metadata.every((key) => quickMetadata.has(key))
    )
      return undefined;
    const formatOptions = formatOptionsOf(options, value.prefix);
    const scanner = value.format.scanner?.({
      memory: threadMemory(),
      fields,
      record: valueColumns.map((i) => shape.physical[i]!),
      options: formatOptions,
      rowsMax: limits.batchRowsMax,
    });
    if (scanner !== undefined) scanner.onLoss = context.onLoss;
    return scanner && new ScanDecoder(scanner, rowDecoder, shape, context);
  }
  close(): void {
    this.#scanner.release();
  }

  get full(): boolean {
    return (
      (this.#byRow ? this.#rowDecoder.full : this.#scanner.full) || this.#context.badRecords?.full === true
    );
  }
  get rows(): number {
    return this.#byRow ? this.#rowDecoder.rows : this.#scanner.rows;
  }

  get missing(): MissingSchema | undefined {
    return this.#byRow ? this.#rowDecoder.missing : this.#missing;
  }
  learn(missing: MissingSchema, schema: ParsedSchema | undefined): void {
    this.#scanner.learn?.(missing.id, schema);
    this.#rowDecoder.learn(missing, schema);
  }

  take(state: PartitionState, batch: RecordBatch, index: RecordIndex, from: number, to: number): number {
    this.#state = state;
    this.#missing = undefined;
    if (this.#byRow || !(index instanceof MemoryIndex) || this.#namesInHeaders(index, from, to))
      return this.#takeByRow(state, batch, index, from, to);
    const positions: RecordPositions = {
      starts: index.valueStarts,
      ends: index.valueEnds,
      startsAddress: index.addresses.valueStarts,
      endsAddress: index.addresses.valueEnds,
    };
    for (let record = from; record < to; record++) {
      if (this.#context.badRecords?.full === true) return record;
      const before = this.#scanner.rows;
      const next = this.#scanner.scan(positions, record, to);
      this.#offsets.set(index.offsets.subarray(record, next), before);
      this.#timestamps.set(index.timestamps.subarray(record, next), before);
      if (this.#context.badRecords !== undefined)
        for (let r = record; r < next; r++) this.#replayed[before + r - record] = replaysOfRecord(index, r);
      record = next;
      if (record === to || this.#scanner.full) return record;
      if (index.valueStarts[record]! < 0) continue;
      const fits = this.#takeByReference(state, index, positions, record);
      if (this.#missing !== undefined) return record;
      if (!fits) return this.#takeByRow(state, batch, index, record, to);
    }
    return to;
  }
  /** False when the record does not fit the frame, or waits for its schema. */
  #takeByReference(
    state: PartitionState,
    index: RecordIndex,
    positions: RecordPositions,
    record: number,
  ): boolean {
    const before = this.#scanner.rows;
    try {
      if (!this.#scanner.reference(positions, record)) return false;
    } catch (error) {
      if (error instanceof UnknownSchema) {
        this.#missing = { part: 'value', id: error.id };
        return false;
      }
      if (!(error instanceof MalformedRecord)) throw error;
      const { badRecords } = this.#context;
      if (badRecords !== undefined) {
        badRecords.report(badRecord(state, index, record, 'value', error));
        return true;
      }
      const place = `${state.place(index.offsets[record]!)} (value)`;
      if (!this.#scanner.skipsMalformed)
        throw error.locatedAt(place, index.data, index.valueStarts[record]!, index.valueEnds[record]!);
      this.#context.skipped(place);
    }
    this.#offsets.fill(index.offsets[record]!, before, this.#scanner.rows);
    this.#timestamps.fill(index.timestamps[record]!, before, this.#scanner.rows);
    if (this.#context.badRecords !== undefined)
      this.#replayed.fill(replaysOfRecord(index, record), before, this.#scanner.rows);
    return true;
  }
  /** Records of a batch are of one producer: as the first one of them names its schema, so do the others. */
  #namesInHeaders(index: RecordIndex, from: number, to: number): boolean {
    return this.#hasIds && from < to && idHeader(index, from, 'value') !== undefined;
  }
  /** A batch is either of frames or of rows: rows wait until the frame's are handed out. */
  #takeByRow(
    state: PartitionState,
    batch: RecordBatch,
    index: RecordIndex,
    from: number,
    to: number,
  ): number {
    if (!this.#byRow && this.#scanner.rows > 0) return from;
    this.#byRow = true;
    return this.#rowDecoder.take(state, batch, index, from, to);
  }

  build(): Batch {
    if (this.#byRow) {
      this.#byRow = false;
      this.#context.count('numRowsByRow', this.#rowDecoder.rows);
      return this.#rowDecoder.build();
    }
    const { rows } = this.#scanner;
    const columns = this.#scanner.columns();
    for (const key of this.#metadata) columns.push(this.#metadataColumn(key, rows));
    this.#report();
    this.#scanner.begin();
    const state = this.#state!;
    const origin = (row: number): RowOrigin =>
      state.origin(this.#offsets[row]!, this.#timestamps[row]!, this.#replayed[row]);
    return { rows, columns, kinds: undefined, marks: noMarks, origin };
  }
  #report(): void {
    const { counts } = this.#scanner;
    this.#context.count('numRowsFused', counts.fused);
    this.#context.count('numRowsGeneric', counts.generic);
    this.#context.count('numRowsReference', counts.reference);
    counts.fused = counts.generic = counts.reference = 0;
  }
  #metadataColumn(key: string, rows: number): Column {
    const { topic, partition } = this.#state!;
    switch (key) {
      case 'offset':
        return { layout: 'exact', wide: false, valid: undefined, values: this.#offsets };
      case 'timestamp':
        return { layout: 'time', valid: undefined, millis: this.#timestamps, nanos: undefined };
      case 'partition':
        return { layout: 'i32', valid: undefined, values: this.#constants.fill(partition, 0, rows) };
      default: {
        const data = new TextEncoder().encode(topic);
        return {
          layout: 'bytes',
          valid: undefined,
          starts: this.#zeros,
          lengths: this.#lengths.fill(data.length, 0, rows),
          data,
        };
      }
    }
  }
}
