/* Memory for batches on their way, used again once they are acknowledged: a new piece for each would keep the collector
 * busy. */

const pieceBytes = 16 << 10;
/** Pieces kept for later. */
const spareBytesMax = 16 << 20;

export class BatchPool {
  readonly #spare: Buffer[] = [];
  #spareBytes = 0;
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** The same bytes in memory that is nobody else's until they are given back. */
  readonly copy = (bytes: Uint8Array): Buffer => {
    const piece = this.#take(bytes.length);
    piece.set(bytes);
    return piece.subarray(0, bytes.length);
  };
  #take(length: number): Buffer {
    // One far too large is left to a batch that needs it.
    const at = this.#spare.findLastIndex((b) => b.length >= length && b.length <= length * 4 + pieceBytes);
    if (at >= 0) {
      const [piece] = this.#spare.splice(at, 1);
      this.#spareBytes -= piece!.length;
      return piece!;
    }
    const made = Buffer.allocUnsafeSlow(Math.ceil(length / pieceBytes) * pieceBytes);
    this.#own.add(made.buffer);
    return made;
  }
  /** Nobody reads the batch any more, no socket either. One that was not made here is left alone. */
  giveBack(batch: Uint8Array): void {
    if (!this.#own.has(batch.buffer) || this.#spareBytes + batch.buffer.byteLength > spareBytesMax) return;
    this.#spare.push(Buffer.from(batch.buffer));
    this.#spareBytes += batch.buffer.byteLength;
  }
}
