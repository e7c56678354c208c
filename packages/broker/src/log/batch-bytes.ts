/* The bytes of batches that are kept in memory.
 *
 *   small ones ─▶ one behind the other in chunks        large ones ─▶ memory of their own
 *
 * Memory that holds something else too, as a request's frame or the pool that small buffers are cut from, would stay as
 * long as the batch does: of that a batch is copied. A chunk goes with the last of its batches. */

/** Smaller batches are put together. */
const smallBytesMax = 4 << 10;
const chunkBytesMin = 4 << 10;
const chunkBytesMax = 64 << 10;

export class BatchBytes {
  #chunk = Buffer.alloc(0);
  #used = 0;

  /** The batch where it may stay. */
  keep(batch: Buffer): Buffer {
    if (batch.length >= smallBytesMax) return alone(batch);
    if (this.#used + batch.length > this.#chunk.length) this.#next(batch.length);
    const kept = this.#chunk.subarray(this.#used, this.#used + batch.length);
    batch.copy(kept);
    this.#used += batch.length;
    return kept;
  }
  #next(bytes: number): void {
    const size = Math.min(chunkBytesMax, Math.max(chunkBytesMin, this.#chunk.length * 2));
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(size, bytes));
    this.#used = 0;
  }
}

/** The batch in memory that holds little else. */
function alone(batch: Buffer): Buffer {
  if (batch.length * 4 >= batch.buffer.byteLength * 3) return batch;
  const own = Buffer.allocUnsafeSlow(batch.length);
  batch.copy(own);
  return own;
}
