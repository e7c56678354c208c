/* Messages in the thread's memory on their way into record batches.
 *
 *   keys, values, timestamps by message; the order of some ──▶ kernel ──▶ records ──▶ BatchWriter
 *
 * What it is told of messages stands until `write` has taken them. */

import { threadMemory, type Region, type ThreadMemory } from '#wasm';
import { recordOverheadMax, type BatchWriter } from './batch-writer.ts';
import { writeKernel, type MessageArrays, type WriteKernel } from './write-kernel.ts';

/** How large batches and their records may be. */
export interface RecordBounds {
  readonly batchBytes: number;
  readonly recordBytesMax: number;
}

export class RecordBlock {
  readonly messagesMax: number;
  /** By message: addresses of keys and values; a start of -1 is none. */
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;
  readonly valueStarts: Int32Array;
  readonly valueEnds: Int32Array;
  readonly timestamps: Float64Array;
  /** Which messages `write` takes, in order. */
  readonly order: Int32Array;
  readonly #memory: ThreadMemory;
  readonly #arrays: Region;
  readonly #records: Region;
  readonly #end: Int32Array;
  readonly #kernel: WriteKernel;

  private constructor(memory: ThreadMemory, messagesMax: number, arrays: Region, records: Region) {
    const { buffer } = memory.memory;
    this.messagesMax = messagesMax;
    this.#memory = memory;
    this.#arrays = arrays;
    this.#records = records;
    let at = arrays.address;
    const take = (bytes: number): number => {
      at += bytes;
      return at - bytes;
    };
    const addresses: MessageArrays = {
      timestamps: take(messagesMax * 8),
      keyStarts: take(messagesMax * 4),
      keyEnds: take(messagesMax * 4),
      valueStarts: take(messagesMax * 4),
      valueEnds: take(messagesMax * 4),
      order: take(messagesMax * 4),
      end: take(4),
    };
    const ints = (address: number): Int32Array => new Int32Array(buffer, address, messagesMax);
    this.keyStarts = ints(addresses.keyStarts);
    this.keyEnds = ints(addresses.keyEnds);
    this.valueStarts = ints(addresses.valueStarts);
    this.valueEnds = ints(addresses.valueEnds);
    this.timestamps = new Float64Array(buffer, addresses.timestamps, messagesMax);
    this.order = ints(addresses.order);
    this.#end = new Int32Array(buffer, addresses.end, 1);
    this.#kernel = writeKernel(memory, addresses, recordOverheadMax);
  }
  /** `recordsBytes`: of records that are made at once. Undefined when the memory has no room. */
  static create(messagesMax: number, recordsBytes: number): RecordBlock | undefined {
    const memory = threadMemory();
    const arrays = memory.allocate(messagesMax * 28 + 4);
    const records = memory.allocate(recordsBytes);
    if (arrays !== undefined && records !== undefined)
      return new RecordBlock(memory, messagesMax, arrays, records);
    for (const region of [arrays, records]) if (region !== undefined) memory.free(region);
    return undefined;
  }
  release(): void {
    this.#memory.free(this.#arrays);
    this.#memory.free(this.#records);
  }

  /** Adds the messages of `order` from `from` on to a batch, as BatchWriter.add does, while they fit it. Returns the first
   *  that was not added, which is `from` when the batch is full, or that one is larger than what is worked on here. */
  write(writer: BatchWriter, from: number, to: number, bounds: RecordBounds): number {
    for (let at = from; ; ) {
      // Behind the batch's records where they lie in this memory, else in a place of its own.
      const free = writer.free;
      const start = free?.byteOffset ?? this.#records.address;
      const first = this.timestamps[this.order[at]!]!;
      const next = this.#kernel(
        at,
        to,
        writer.count,
        writer.count === 0 ? first : writer.baseTimestamp,
        bounds.batchBytes - writer.bytes,
        bounds.recordBytesMax,
        start,
        start + (free?.length ?? this.#records.bytes),
      );
      if (next === at) return at;
      writer.addWritten(this.#memory.bytes.subarray(start, this.#end[0]), this.#times(at, next), first);
      if (next === to) return next;
      at = next;
    }
  }
  #times(from: number, to: number): { readonly count: number; readonly latest: number } {
    let latest = -Infinity;
    for (let i = from; i < to; i++) latest = Math.max(latest, this.timestamps[this.order[i]!]!);
    return { count: to - from, latest };
  }
  /** The parts of message `i`, over the thread's memory. */
  key(i: number): Uint8Array | null {
    return this.#part(this.keyStarts[i]!, this.keyEnds[i]!);
  }
  value(i: number): Uint8Array | null {
    return this.#part(this.valueStarts[i]!, this.valueEnds[i]!);
  }
  #part(start: number, end: number): Uint8Array | null {
    return start < 0 ? null : this.#memory.bytes.subarray(start, end);
  }
}
