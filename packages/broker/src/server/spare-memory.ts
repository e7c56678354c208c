/* Memory for the records of answers, used again: to allocate a fresh piece for each Fetch from disk costs more than to read
 * into it, and keeps the collector busy. What is lent and not given back is the collector's. */

/** Shorter pieces are not worth it; longer ones are not kept. */
const pieceMin = 1 << 16;
const pieceMax = 1 << 22;
const keptBytesMax = 1 << 24;

export class SpareMemory {
  /** By length, which is a power of two. */
  readonly #spare = new Map<number, Buffer[]>();
  #keptBytes = 0;

  /** So many bytes, of any contents. */
  take(bytes: number): Buffer {
    if (bytes < pieceMin || bytes > pieceMax) return Buffer.allocUnsafe(bytes);
    const length = 2 ** Math.ceil(Math.log2(bytes));
    const found = this.#spare.get(length)?.pop();
    if (found !== undefined) this.#keptBytes -= length;
    return (found ?? Buffer.allocUnsafeSlow(length)).subarray(0, bytes);
  }
  /** What `take` gave; nobody refers to it any longer. */
  give(bytes: Buffer): void {
    const length = bytes.buffer.byteLength;
    if (bytes.length < pieceMin || bytes.length > pieceMax || this.#keptBytes + length > keptBytesMax) return;
    const kept = this.#spare.get(length) ?? [];
    this.#spare.set(length, kept);
    kept.push(Buffer.from(bytes.buffer));
    this.#keptBytes += length;
  }
}
