/* Puts responses together from what the socket brings. Large ones are read straight into memory of their
 * own, which is used again when its reader says so; small ones are cut out of the lead buffer.
 *
 *   socket ─▶ lead (64 KiB) ─ size known, large ─▶ body ─▶ response
 *                           └ small ──────────────────▶ copy ─▶ response */

import { assert } from '#base';

const leadBytes = 1 << 16;
const bodyStep = 1 << 20;
/** Bodies kept for the next response. */
const spareMax = 4;

export class ResponseBuffers {
  readonly #lead = Buffer.allocUnsafeSlow(leadBytes);
  #leadUsed = 0;
  #body: Buffer | undefined;
  #bodyUsed = 0;
  readonly #spare: ArrayBuffer[] = [];
  /** The bodies made here. */
  readonly #own = new WeakSet<ArrayBuffer>();
  readonly #responseBytesMax: number;
  readonly #deliver: (response: Buffer) => void;

  /** `deliver` gets every response, without its size. */
  constructor(responseBytesMax: number, deliver: (response: Buffer) => void) {
    this.#responseBytesMax = responseBytesMax;
    this.#deliver = deliver;
  }

  /** Where the next bytes shall go. */
  next(): Buffer {
    if (this.#body === undefined) return this.#lead.subarray(this.#leadUsed);
    return this.#body.subarray(this.#bodyUsed, this.#bodyUsed + bodyStep);
  }

  /** `count` bytes were put there. */
  received(count: number): void {
    if (this.#body === undefined) {
      this.#leadUsed += count;
      this.#readLead();
      return;
    }
    this.#bodyUsed += count;
    if (this.#bodyUsed === this.#body.length) this.#finishBody(this.#body);
  }

  /** The bytes of a response are no longer read. */
  recycle(memory: ArrayBufferLike): void {
    // Other buffers share their memory with who knows whom.
    if (!(memory instanceof ArrayBuffer) || !this.#own.has(memory)) return;
    if (this.#spare.length < spareMax && !this.#spare.includes(memory)) this.#spare.push(memory);
  }

  #readLead(): void {
    let at = 0;
    while (this.#body === undefined && at + 4 <= this.#leadUsed) {
      const size = this.#lead.readInt32BE(at);
      assert(size >= 0 && size <= this.#responseBytesMax, 'a response of a size that was asked for');
      const have = Math.min(size, this.#leadUsed - at - 4);
      if (have < size && size < leadBytes / 2) break;
      if (have === size) this.#deliver(Buffer.from(this.#lead.subarray(at + 4, at + 4 + size)));
      else {
        this.#body = this.#newBody(size);
        this.#body.set(this.#lead.subarray(at + 4, at + 4 + have));
        this.#bodyUsed = have;
      }
      at += 4 + have;
    }
    this.#lead.copyWithin(0, at, this.#leadUsed);
    this.#leadUsed -= at;
  }
  #newBody(size: number): Buffer {
    const fitting = this.#spare.findIndex((memory) => memory.byteLength >= size);
    if (fitting >= 0) return Buffer.from(this.#spare.splice(fitting, 1)[0]!, 0, size);
    // What is too small makes room for what is large enough.
    this.#spare.shift();
    const memory = new ArrayBuffer(Math.ceil(size / bodyStep) * bodyStep);
    this.#own.add(memory);
    return Buffer.from(memory, 0, size);
  }
  #finishBody(body: Buffer): void {
    this.#body = undefined;
    this.#deliver(body);
  }
}
