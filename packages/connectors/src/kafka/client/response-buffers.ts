/* Puts responses together from what the socket brings. Large ones are read straight to where their reader wants them;
 * small ones are cut out of the lead buffer.
 *
 *   socket ─▶ lead (64 KiB) ─ size known, large ─▶ body ─▶ response
 *                           └ small ──────────────────▶ copy ─▶ response */

import { WireError } from '#kafka';

const leadBytes = 1 << 16;
/** From this size on a response has a body of its own. */
export const bodyBytesMin = leadBytes / 2;
const bodyStep = 1 << 20;

/** What becomes of responses. */
export interface Responses {
  /** Memory for one of `size` bytes, whose first bytes have come. */
  body(size: number): Buffer;
  /** A whole response, without its size: a body, or memory that nobody else knows. */
  deliver(response: Buffer): void;
}

export class ResponseBuffers {
  readonly #lead = Buffer.allocUnsafeSlow(leadBytes);
  #leadUsed = 0;
  #body: Buffer | undefined;
  #bodyUsed = 0;
  readonly #responseBytesMax: number;
  readonly #responses: Responses;

  constructor(responseBytesMax: number, responses: Responses) {
    this.#responseBytesMax = responseBytesMax;
    this.#responses = responses;
  }

  /** Where the next bytes shall go. */
  next(): Buffer {
    if (this.#body === undefined) return this.#lead.subarray(this.#leadUsed);
    return this.#body.subarray(this.#bodyUsed, this.#bodyUsed + bodyStep);
  }

  /** `count` bytes were put there. Throws WireError for what cannot be the size of a response. */
  received(count: number): void {
    if (this.#body === undefined) {
      this.#leadUsed += count;
      this.#readLead();
      return;
    }
    this.#bodyUsed += count;
    if (this.#bodyUsed === this.#body.length) this.#finishBody(this.#body);
  }

  #readLead(): void {
    let at = 0;
    while (this.#body === undefined && at + 4 <= this.#leadUsed) {
      const size = this.#lead.readInt32BE(at);
      if (size < 4 || size > this.#responseBytesMax)
        throw new WireError(`a response of ${size} bytes was announced`);
      const have = Math.min(size, this.#leadUsed - at - 4);
      if (have < size && size < bodyBytesMin) break;
      if (have === size) this.#responses.deliver(Buffer.from(this.#lead.subarray(at + 4, at + 4 + size)));
      else {
        this.#body = this.#responses.body(size);
        this.#body.set(this.#lead.subarray(at + 4, at + 4 + have));
        this.#bodyUsed = have;
      }
      at += 4 + have;
    }
    this.#lead.copyWithin(0, at, this.#leadUsed);
    this.#leadUsed -= at;
  }
  #finishBody(body: Buffer): void {
    this.#body = undefined;
    this.#responses.deliver(body);
  }
}
