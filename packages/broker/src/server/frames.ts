/* Puts frames together from what a socket brings: four bytes of length, then so many of request. Each frame has memory of
 * its own, so that who handles it may keep parts of it. */

import { WireError } from '#kafka';

/** Memory taken at once for a frame that is only announced; it grows as bytes come. */
const firstBytesMax = 1 << 20;
/** Smaller frames are not worth it. */
const reusedMin = 1 << 14;

export class Frames {
  readonly #bytesMax: number;
  readonly #whole: Buffer[] = [];
  readonly #head = Buffer.alloc(4);
  #headFilled = 0;
  #size = -1;
  #body: Buffer = Buffer.alloc(0);
  #filled = 0;
  /** The largest frame that was given back, and whether nobody has it now. */
  #spare: Buffer | undefined;
  #spareFree = false;

  /** No frame may be longer. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }
  /** Bytes of a frame that is not whole yet. */
  get partialBytes(): number {
    return this.#filled;
  }
  get waiting(): number {
    return this.#whole.length;
  }
  /** The next whole frame, if there is one. */
  take(): Buffer | undefined {
    return this.#whole.shift();
  }
  /** A frame of which nothing is referred to any more: its memory is used for one of the next. */
  giveBack(frame: Buffer): void {
    if (frame.length < reusedMin) return;
    if (this.#spare === undefined || this.#spare.length < frame.buffer.byteLength)
      this.#spare = Buffer.from(frame.buffer);
    this.#spareFree = this.#spareFree || this.#spare.buffer === frame.buffer;
  }
  #room(size: number): Buffer {
    if (size < reusedMin || !this.#spareFree || this.#spare!.length < size)
      return size < reusedMin
        ? Buffer.allocUnsafe(size)
        : Buffer.allocUnsafeSlow(Math.min(size, firstBytesMax));
    this.#spareFree = false;
    return this.#spare!.subarray(0, size);
  }
  /** Takes what was read; the bytes are copied. Throws WireError for a length that cannot be. */
  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; )
      at = this.#size < 0 ? this.#addHead(chunk, at) : this.#addBody(chunk, at);
  }
  #addHead(chunk: Buffer, at: number): number {
    const taken = Math.min(4 - this.#headFilled, chunk.length - at);
    chunk.copy(this.#head, this.#headFilled, at, at + taken);
    this.#headFilled += taken;
    if (this.#headFilled < 4) return at + taken;
    this.#headFilled = 0;
    const size = this.#head.readInt32BE(0);
    if (size < 0 || size > this.#bytesMax)
      throw new WireError(`a request of ${size} bytes was announced, at most ${this.#bytesMax} are taken`);
    this.#size = size;
    this.#filled = 0;
    this.#body = this.#room(size);
    if (size === 0) this.#finish();
    return at + taken;
  }
  #addBody(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#size - this.#filled, chunk.length - at);
    if (this.#filled + taken > this.#body.length) this.#grow(this.#filled + taken);
    chunk.copy(this.#body, this.#filled, at, at + taken);
    this.#filled += taken;
    if (this.#filled === this.#size) this.#finish();
    return at + taken;
  }
  #grow(needed: number): void {
    const bigger = Buffer.allocUnsafeSlow(Math.min(this.#size, Math.max(needed, this.#body.length * 2)));
    this.#body.copy(bigger, 0, 0, this.#filled);
    this.#body = bigger;
  }
  #finish(): void {
    this.#whole.push(this.#body);
    this.#size = -1;
    this.#filled = 0;
    this.#body = Buffer.alloc(0);
  }
}
