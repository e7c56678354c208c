/* Lays record batches open in the thread's memory, where kernels and scanners work: checksum,
 * decompression and the positions of records.
 *
 *   slots   batches as they came, where they were read into the thread's memory: uncompressed ones are laid open in place
 *   input   one compressed batch as it came, when it lies elsewhere
 *   data    decompressed records, and uncompressed ones that lay elsewhere: batch behind batch until their rows are taken;
 *           quotes behind the last
 *   arrays  positions of the records of the last batch
 *
 * What does not fit is done in ordinary memory. */

import * as zlib from 'node:zlib';
import { byteKernels, threadMemory, type ByteKernels, type Region, type ThreadMemory } from '#wasm';
import { attributesOffset, batchHeaderBytes, type RecordBatch } from './record-batch.ts';
import { indexKernel, type IndexArrays, type IndexKernel } from './index-kernel.ts';
import { RecordIndex } from './record-index.ts';
import { quote, sentinelBytes } from './sentinel.ts';

const inputBytes = 4 << 20;
const dataBytes = 16 << 20;
/** Room in front of a batch that is kept, from which on what comes goes there. */
const frontBytesMin = 2 << 20;
/** What vector copies may write behind what they are asked for. */
const slackBytes = 64;
const recordsMax = 1 << 16;
const xerialHeader = 16;
/** Of what the checksum is over: what stands before the records. */
const headBytes = batchHeaderBytes - attributesOffset;

/** `full`: there may be room once the rows so far are taken. `unfit`: not here. */
export type Laid = 'laid' | 'full' | 'unfit';

/** A record index whose arrays lie in the thread's memory. */
export class MemoryIndex extends RecordIndex {
  readonly addresses: IndexArrays;

  constructor(memory: ThreadMemory, region: Region) {
    super();
    let at = region.address;
    const take = (bytesEach: number): number => {
      const from = at;
      at += bytesEach * recordsMax;
      return from;
    };
    const { buffer } = memory.memory;
    this.addresses = {
      offsets: take(8),
      timestamps: take(8),
      keyStarts: take(4),
      keyEnds: take(4),
      valueStarts: take(4),
      valueEnds: take(4),
      headers: take(4),
    };
    this.data = memory.bytes;
    this.offsets = new Float64Array(buffer, this.addresses.offsets, recordsMax);
    this.timestamps = new Float64Array(buffer, this.addresses.timestamps, recordsMax);
    for (const name of ['keyStarts', 'keyEnds', 'valueStarts', 'valueEnds', 'headers'] as const) {
      this[name] = new Int32Array(buffer, this.addresses[name], recordsMax);
    }
  }
  static readonly bytes = recordsMax * (2 * 8 + 5 * 4);
}

export class MemoryLayer {
  readonly #memory: ThreadMemory;
  readonly #regions: readonly Region[];
  readonly #input: number;
  readonly #data: number;
  readonly #dataEnd: number;
  readonly #kernels: ByteKernels;
  readonly #indexKernel: IndexKernel;
  /** The next batch goes here, and ends before `#end`. */
  #at: number;
  #end: number;
  /** Where the batch laid last lies in the data; nowhere when it lies where it came. */
  #lastStart = 0;
  #lastEnd = 0;
  /** Behind the batch that is kept. */
  #keptEnd = 0;
  readonly index: MemoryIndex;

  private constructor(memory: ThreadMemory, input: Region, data: Region, arrays: Region) {
    this.#memory = memory;
    this.#regions = [input, data, arrays];
    this.#input = input.address;
    this.#data = data.address;
    this.#dataEnd = data.address + data.bytes - sentinelBytes;
    this.#at = data.address;
    this.#end = this.#dataEnd;
    this.#kernels = byteKernels();
    this.index = new MemoryIndex(memory, arrays);
    this.#indexKernel = indexKernel(memory, this.index.addresses);
  }
  /** Undefined when the memory has no room. */
  static create(): MemoryLayer | undefined {
    const memory = threadMemory();
    const [input, data, arrays] = [
      memory.allocate(inputBytes),
      memory.allocate(dataBytes),
      memory.allocate(MemoryIndex.bytes),
    ];
    if (input !== undefined && data !== undefined && arrays !== undefined)
      return new MemoryLayer(memory, input, data, arrays);
    for (const region of [input, data, arrays]) if (region !== undefined) memory.free(region);
    return undefined;
  }
  release(): void {
    for (const region of this.#regions) this.#memory.free(region);
  }

  /** All rows over the data were taken: it may be written over. */
  reset(): void {
    this.#at = this.#data;
    this.#end = this.#dataEnd;
    this.#lastEnd = 0;
  }
  /** All rows were taken but for those of the batch laid last, which stays. What comes goes in front of it once there is some
   *  room: what was read just now is still near the processor. */
  keepLast(): void {
    if (this.#lastEnd === 0) return this.reset();
    this.#keptEnd = this.#lastEnd;
    if (this.#lastStart - this.#data < frontBytesMin) this.#goBehind();
    else {
      this.#at = this.#data;
      this.#end = this.#lastStart - slackBytes - sentinelBytes;
    }
  }
  #goBehind(): void {
    this.#at = this.#keptEnd;
    this.#end = this.#dataEnd;
  }

  /** Lays a batch of `records` open in `index`. A batch that is corrupt is unfit, too: ordinary code says why. `records`
   *  may lie in the thread's memory, with quotes somewhere behind them: then the rows of an uncompressed batch lie there,
   *  too, and the bytes must stay as they are until these are taken. */
  lay(records: Buffer, batch: RecordBatch): Laid {
    const laid = this.#lay(records, batch);
    if (laid !== 'full' || this.#end === this.#dataEnd) return laid;
    // In front of what is kept there is too little room, and behind it maybe enough.
    this.#goBehind();
    return this.#lay(records, batch);
  }
  #lay(records: Buffer, batch: RecordBatch): Laid {
    if (batch.count > recordsMax || batch.count < 0) return 'unfit';
    const plain = batch.codec === 'none';
    const length = batch.end - batch.start - attributesOffset;
    const placed = this.#place(records, batch.start + attributesOffset, length, plain);
    if (typeof placed !== 'number') return placed;
    if (this.#kernels.crc32c(0, placed, length) >>> 0 !== batch.crc) return 'unfit';
    const from = placed + headBytes;
    const start = plain ? from : this.#at;
    const bytes = plain ? length - headBytes : this.#decompress(batch, from, length - headBytes);
    if (bytes < 0) return this.#noRoom();
    const end = start + bytes;
    if (!this.#index(batch, start, end)) return 'unfit';
    if (!plain || placed === this.#at) this.#close(placed === this.#at ? placed : start, end);
    else this.#lastEnd = 0;
    return 'laid';
  }
  /** Where the `length` bytes lie in the thread's memory; copies them where they do not. */
  #place(records: Buffer, from: number, length: number, plain: boolean): number | Laid {
    if (records.buffer === this.#memory.memory.buffer) return records.byteOffset + from;
    if (plain && length > this.#end - this.#at) return this.#noRoom();
    if (!plain && length > inputBytes) return 'unfit';
    const to = plain ? this.#at : this.#input;
    this.#memory.bytes.set(records.subarray(from, from + length), to);
    return to;
  }
  /** False when the records are corrupt. */
  #index(batch: RecordBatch, start: number, end: number): boolean {
    const { count, baseOffset, baseTimestamp } = batch;
    if (this.#indexKernel(start, end, count, baseOffset, baseTimestamp) === 0) return false;
    this.index.count = count;
    if (batch.logAppendTime) this.index.timestamps.fill(batch.maxTimestamp, 0, count);
    return true;
  }
  /** The data goes up to `end` now; the batch begins at `start`. */
  #close(start: number, end: number): void {
    this.#memory.bytes.fill(quote, end, end + sentinelBytes);
    // Vector copies may write a few bytes behind what they are asked for: the next batch starts behind those.
    this.#at = end + sentinelBytes;
    this.#lastStart = start;
    this.#lastEnd = this.#at;
  }
  #noRoom(): Laid {
    return this.#at === this.#data && this.#end === this.#dataEnd ? 'unfit' : 'full';
  }

  /** Decompresses into the data; returns the number of bytes, or -1 when it cannot. */
  #decompress(batch: RecordBatch, from: number, length: number): number {
    const room = this.#end - this.#at;
    if (room <= 0) return -1;
    switch (batch.codec) {
      case 'lz4':
        return this.#kernels.lz4Frame(from, length, this.#at, room);
      case 'snappy':
        return this.#snappy(from, length, room);
      default: {
        const input = Buffer.from(this.#memory.memory.buffer, from, length);
        const output =
          batch.codec === 'gzip'
            ? inflate(zlib.gunzipSync, input, room)
            : inflate(zlib.zstdDecompressSync, input, room);
        if (output === undefined) return -1;
        this.#memory.bytes.set(output, this.#at);
        return output.length;
      }
    }
  }
  #snappy(from: number, length: number, room: number): number {
    const view = new DataView(this.#memory.memory.buffer, from, length);
    const framed =
      length > xerialHeader && view.getUint32(0) === 0x82534e41 && view.getUint32(4) === 0x50505900;
    if (!framed) return this.#kernels.snappyBlock(from, length, this.#at, room);
    let total = 0;
    for (let at = xerialHeader; at < length; ) {
      const block = at + 4 <= length ? view.getInt32(at) : -1;
      if (block < 0 || at + 4 + block > length) return -1;
      const bytes = this.#kernels.snappyBlock(from + at + 4, block, this.#at + total, room - total);
      if (bytes < 0) return -1;
      total += bytes;
      at += 4 + block;
    }
    return total;
  }
}

type Inflate = (input: Buffer, options: { maxOutputLength: number }) => Buffer;

/** Undefined when the input is corrupt or larger than the room. */
function inflate(decompress: Inflate, input: Buffer, room: number): Buffer | undefined {
  try {
    return decompress(input, { maxOutputLength: room });
  } catch {
    return undefined;
  }
}
