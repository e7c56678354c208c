/* Rows → records by the block: what row-encoder.ts and Producer.add do row by row, for blocks of rows in the thread's memory.
 *
 *   rows ──▶ keys │ values ──▶ partitions, by key ──▶ order by partition ──▶ records of each partition's batch
 *
 * It is there where both formats have block encoders and records have no headers. A row that a block does not take is
 * left to the row encoder; rows of one partition stay in their order. */

import { UserError } from '#base';
import type { Options } from '#catalog';
import { changeKind, type Batch, type Column, type Field } from '#data';
import type { BlockEncoder } from '#formats';
import { formatOptionsOf } from '../../format-options.ts';
import { RecordBlock } from '#records';
import { threadMemory, type Region, type ThreadMemory } from '#wasm';
import type { KafkaFlavour, KeyAndValue, NamedFormat } from '../options.ts';
import type { Partitioner } from './partitioner.ts';
import type { Producer } from './producer.ts';
import { pickFields, type RowEncoder } from './row-encoder.ts';

const rowsMax = 1024;
const keyBytes = 1 << 17;
const valueBytes = 1 << 18;
const recordsBytes = 1 << 18;
const noBytes = new Uint8Array(0);

/** Some of the columns through one block encoder. */
interface Part {
  readonly block: BlockEncoder;
  readonly columns: readonly number[];
  readonly region: Region;
}

/** What rows become records with. */
export interface BlockTarget {
  readonly producer: Producer;
  readonly partitioner: Partitioner;
  readonly partitions: number;
  /** The time of records that have none of their own. */
  readonly now: number;
}

export class BlockRows {
  readonly #memory: ThreadMemory;
  readonly #rows: RowEncoder;
  readonly #upsert: boolean;
  readonly #key: Part | undefined;
  readonly #value: Part;
  readonly #records: RecordBlock;
  /** By message, -1 for none; how many messages of each partition, then where the next one of it goes. */
  readonly #partitionOf = new Int32Array(rowsMax);
  #counts = new Int32Array(0);

  private constructor(
    memory: ThreadMemory,
    rows: RowEncoder,
    flavour: KafkaFlavour,
    parts: { readonly key: Part | undefined; readonly value: Part; readonly records: RecordBlock },
  ) {
    this.#memory = memory;
    this.#rows = rows;
    this.#upsert = flavour === 'upsert-kafka';
    this.#key = parts.key;
    this.#value = parts.value;
    this.#records = parts.records;
    this.#records.keyStarts.fill(-1);
  }
  /** Undefined where rows go one by one. */
  static create(
    formats: KeyAndValue,
    fields: readonly Field[],
    options: Options,
    rows: RowEncoder,
    flavour: KafkaFlavour,
  ): BlockRows | undefined {
    if (rows.writesHeaders) return undefined;
    const memory = threadMemory();
    const { key, value, keyColumns, valueColumns, keyPrefix } = formats;
    const keyFields = pickFields(fields, keyColumns, keyPrefix);
    const keyPart = key && makePart(memory, key, keyFields, keyColumns, options, keyBytes);
    const valueFields = pickFields(fields, valueColumns, '');
    const valuePart = makePart(memory, value, valueFields, valueColumns, options, valueBytes);
    const records = RecordBlock.create(rowsMax, recordsBytes);
    if (valuePart !== undefined && records !== undefined && (key === undefined || keyPart !== undefined))
      return new BlockRows(memory, rows, flavour, { key: keyPart, value: valuePart, records });
    for (const part of [keyPart, valuePart]) if (part !== undefined) releasePart(memory, part);
    records?.release();
    return undefined;
  }
  release(): void {
    for (const part of [this.#key, this.#value]) if (part !== undefined) releasePart(this.#memory, part);
    this.#records.release();
  }

  /** Adds rows from `from` on to the producer's batches, as many as it has room for and the block takes; returns the first
   *  that it did not take. */
  write(batch: Batch, from: number, target: BlockTarget): number {
    let to = Math.min(batch.rows, from + rowsMax);
    if (this.#key !== undefined) to = this.#encode(this.#key, batch, from, to, keyBytes);
    to = this.#encode(this.#value, batch, from, to, Math.min(valueBytes, target.producer.room));
    const count = this.#times(batch, from, to, target.now);
    this.#place(count);
    this.#assign(batch, from, count, target);
    this.#add(count, target);
    return from + count;
  }
  #encode(part: Part, batch: Batch, from: number, to: number, bytes: number): number {
    if (to === from) return from;
    const columns: Column[] = part.columns.map((i) => batch.columns[i]!);
    const { address } = part.region;
    return part.block.encode(columns, batch.kinds, from, to, address, address + bytes);
  }
  /** Fills the records' times; returns how many rows have a time that can be written. */
  #times(batch: Batch, from: number, to: number, now: number): number {
    const { timestamps } = this.#records;
    if (!this.#rows.writesTimestamp) timestamps.fill(now, 0, to - from);
    else {
      for (let row = from; row < to; row++) {
        const time = this.#time(batch, row, now);
        if (time === undefined) return row - from;
        timestamps[row - from] = time;
      }
    }
    return to - from;
  }
  #time(batch: Batch, row: number, now: number): number | undefined {
    try {
      return this.#rows.timestamp(batch, row) ?? now;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
  /** Tells the records where keys and values lie. */
  #place(count: number): void {
    const { keyStarts, keyEnds, valueStarts, valueEnds } = this.#records;
    if (this.#key !== undefined) placePart(this.#key, keyStarts, keyEnds, count);
    placePart(this.#value, valueStarts, valueEnds, count);
  }

  /** Chooses partitions. Of an upsert table, rows before updates are none, and deletes have no value. */
  #assign(batch: Batch, from: number, count: number, { partitioner, partitions }: BlockTarget): void {
    if (this.#counts.length <= partitions) this.#counts = new Int32Array(partitions + 1);
    this.#counts.fill(0);
    const counts = this.#counts;
    const { keyStarts, keyEnds, valueStarts } = this.#records;
    const data = this.#key === undefined ? null : this.#memory.bytes;
    const kinds = this.#upsert ? batch.kinds : undefined;
    for (let i = 0; i < count; i++) {
      const kind = kinds === undefined ? changeKind.insert : kinds[from + i]!;
      if (kind === changeKind.updateBefore) {
        this.#partitionOf[i] = -1;
        continue;
      }
      if (kind === changeKind.delete) valueStarts[i] = -1;
      const partition = partitioner(data, keyStarts[i], keyEnds[i]);
      this.#partitionOf[i] = partition;
      counts[partition + 1]!++;
    }
  }
  /** Adds the messages, partition by partition, those of one in their order. */
  #add(count: number, { producer, partitions }: BlockTarget): void {
    const { order } = this.#records;
    const starts = this.#counts;
    for (let p = 0; p < partitions; p++) starts[p + 1]! += starts[p]!;
    for (let i = 0; i < count; i++) {
      const partition = this.#partitionOf[i]!;
      if (partition >= 0) order[starts[partition]!++] = i;
    }
    // Each start has moved to its partition's end.
    for (let p = 0, start = 0; p < partitions; start = starts[p++]!)
      if (starts[p]! > start) producer.addBlock(p, this.#records, start, starts[p]!);
  }
}

function makePart(
  memory: ThreadMemory,
  { format, prefix }: NamedFormat,
  fields: readonly Field[],
  columns: readonly number[],
  options: Options,
  bytes: number,
): Part | undefined {
  const spec = {
    memory,
    fields,
    options: formatOptionsOf(options, prefix),
    terminator: noBytes,
    rowsMax,
  };
  const block = format.blockEncoder?.(spec);
  const region = block && memory.allocate(bytes);
  if (block !== undefined && region !== undefined) return { block, columns, region };
  block?.release();
  return undefined;
}
function releasePart(memory: ThreadMemory, { block, region }: Part): void {
  block.release();
  memory.free(region);
}

function placePart({ block, region }: Part, starts: Int32Array, ends: Int32Array, count: number): void {
  if (count === 0) return;
  ends.set(block.ends.subarray(0, count));
  starts[0] = region.address;
  starts.set(block.ends.subarray(0, count - 1), 1);
}
