/* Bytes kept for long, in few large pieces of memory: the collector has little to look after, and what they were read
 * into may be used again at once. A piece goes with the last of what lies in it. */

const smallest = 1 << 12;
const largest = 1 << 22;

export class Slabs {
  #slab = Buffer.alloc(0);
  #used = 0;
  #next = smallest;

  /** A copy of the bytes. */
  keep(bytes: Uint8Array): Buffer {
    if (bytes.length > largest / 4) return Buffer.from(bytes);
    if (this.#used + bytes.length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(this.#next, bytes.length * 4));
      this.#next = Math.min(largest, this.#next * 2);
      this.#used = 0;
    }
    const copy = this.#slab.subarray(this.#used, this.#used + bytes.length);
    copy.set(bytes);
    this.#used += bytes.length;
    return copy;
  }
}
