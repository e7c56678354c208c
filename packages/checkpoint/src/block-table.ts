/* Where the blocks of a checkpoint's parts lie, in a file of its own beside the manifest.
 *
 *   a block, 20 bytes, little-endian:  offset f64 · length u32 · crc32 u32 · file u32, an index into the manifest's files */

import { assert } from '#base';

export const blockEntryBytes = 20;

/** Blocks of one part, in their order. */
export class PartBlocks {
  /** Where each begins in the part. */
  readonly starts: Float64Array;
  readonly lengths: Uint32Array;
  readonly offsets: Float64Array;
  readonly crcs: Uint32Array;
  readonly files: Uint32Array;
  #count = 0;
  #end = 0;

  constructor(size: number) {
    this.starts = new Float64Array(size);
    this.lengths = new Uint32Array(size);
    this.offsets = new Float64Array(size);
    this.crcs = new Uint32Array(size);
    this.files = new Uint32Array(size);
  }
  get count(): number {
    return this.#count;
  }
  /** Bytes of the part. */
  get bytes(): number {
    return this.#end;
  }
  add(block: { length: number; file: number; offset: number; crc: number }): void {
    const i = this.#count++;
    this.starts[i] = this.#end;
    this.lengths[i] = block.length;
    this.offsets[i] = block.offset;
    this.crcs[i] = block.crc;
    this.files[i] = block.file;
    this.#end += block.length;
  }
  /** The block that begins at `start`, `length` bytes long. */
  at(start: number, length: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! < start) low = middle + 1;
      else high = middle;
    }
    assert(this.starts[low] === start && this.lengths[low] === length, 'a block is referred to as a whole');
    return low;
  }
  write(view: DataView, from: number): void {
    for (let i = 0, at = from; i < this.#count; i++, at += blockEntryBytes) {
      view.setFloat64(at, this.offsets[i]!, true);
      view.setUint32(at + 8, this.lengths[i]!, true);
      view.setUint32(at + 12, this.crcs[i]!, true);
      view.setUint32(at + 16, this.files[i]!, true);
    }
  }
}

export function writeTable(parts: Iterable<PartBlocks>): Uint8Array {
  const all = [...parts];
  const table = new Uint8Array(all.reduce((sum, p) => sum + p.count, 0) * blockEntryBytes);
  const view = new DataView(table.buffer);
  let at = 0;
  for (const part of all) {
    part.write(view, at);
    at += part.count * blockEntryBytes;
  }
  return table;
}

/** The blocks of a part, `from` an entry of the table on. */
export function readBlocks(table: Uint8Array, from: number, count: number): PartBlocks {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const part = new PartBlocks(count);
  for (let i = 0, at = from * blockEntryBytes; i < count; i++, at += blockEntryBytes)
    part.add({
      offset: view.getFloat64(at, true),
      length: view.getUint32(at + 8, true),
      crc: view.getUint32(at + 12, true),
      file: view.getUint32(at + 16, true),
    });
  return part;
}
