/* Puts frames together from what a socket brings: four bytes of length, then so many of request. Each frame has memory of
 * its own, so that who handles it may keep parts of it. */

import { WireError } from '#kafka';

/** Memory taken at once for a frame that is only announced; it grows as bytes come. */
const firstBytesMax = 64 << 10;
/** Smaller frames are not worth being used again. */
const reusedMin = 1 << 14;
const nothing = Buffer.alloc(0);

export interface FrameRules {
  /** No frame may be longer, as things are when it is announced. */
  readonly bytesMax: () => number;
  /** Whether a frame of this length may be read. If not now, `proceed` is called when it may. */
  readonly admit: (bytes: number) => boolean;
}

export class Frames {
  readonly #rules: FrameRules;
  #whole: Buffer[] = [];
  readonly #head = Buffer.alloc(4);
  #headFilled = 0;
  #size = -1;
  #body: Buffer = nothing;
  #filled = 0;
  /** What came behind the length of a frame that may not be read yet. */
  #kept: Buffer = nothing;
  #blocked = false;
  /** The largest frame that was given back, and whether nobody has it now. */
  #spare: Buffer | undefined;
  #spareFree = false;

  constructor(rules: FrameRules) {
    this.#rules = rules;
  }
  get waiting(): number {
    return this.#whole.length;
  }
  /** A frame is announced that may not be read yet: nothing more is to be added. */
  get blocked(): boolean {
    return this.#blocked;
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
    for (let at = 0; at < chunk.length; ) {
      if (this.#blocked) {
        this.#kept = Buffer.concat([this.#kept, chunk.subarray(at)]);
        return;
      }
      at = this.#size < 0 ? this.#addHead(chunk, at) : this.#addBody(chunk, at);
    }
  }
  /** The announced frame may be read. Throws WireError as `add`. */
  proceed(): void {
    const kept = this.#kept;
    this.#kept = nothing;
    this.#blocked = false;
    this.#begin();
    this.add(kept);
  }
  #addHead(chunk: Buffer, at: number): number {
    const taken = Math.min(4 - this.#headFilled, chunk.length - at);
    chunk.copy(this.#head, this.#headFilled, at, at + taken);
    this.#headFilled += taken;
    if (this.#headFilled < 4) return at + taken;
    this.#headFilled = 0;
    const size = this.#head.readInt32BE(0);
    const bytesMax = this.#rules.bytesMax();
    if (size < 0 || size > bytesMax)
      throw new WireError(`a request of ${size} bytes was announced, at most ${bytesMax} are taken`);
    this.#size = size;
    if (this.#rules.admit(size)) this.#begin();
    else this.#blocked = true;
    return at + taken;
  }
  #begin(): void {
    this.#filled = 0;
    this.#body = this.#room(this.#size);
    if (this.#size === 0) this.#finish();
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
    this.#body = nothing;
  }
}
