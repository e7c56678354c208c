/* LZMA2 → bytes: chunks that are plain, or LZMA of their own size, each saying what of the state before it still holds.
 *
 *   00 end · 01, 02 plain bytes, with a new dictionary or not · 80… LZMA: the rest of the state may begin anew
 *
 * LZMA itself as in Igor Pavlov's specification (lzma-specification.txt, in the public domain): literals, matches of a length and
 * a distance, and matches at one of the last four distances, every bit with a probability that is learnt. The output is the dictionary. */

import type { GrowingBytes } from './growing-bytes.ts';

const probabilityBits = 11;
const half = 1 << (probabilityBits - 1);
const moveBits = 5;
const topValue = 2 ** 24;
const states = 12;
const positionStatesMax = 16;
const firstLength = 2;
const slots = 64;
const alignBits = 4;
const [startModelSlot, endModelSlot] = [4, 14];
const fullDistances = 1 << (endModelSlot >> 1);

export class Lzma2 {
  readonly #data: Uint8Array;
  #at: number;
  readonly #out: GrowingBytes;
  readonly #dictionary: number;
  /** Where the dictionary begins in the output; -1: nothing was said yet. */
  #start = -1;
  // What LZMA keeps between chunks.
  #hasProperties = false;
  #literalContext = 0;
  #literalPosition = 0;
  #positionMask = 0;
  #state = 0;
  #needsState = true;
  readonly #distances = new Uint32Array(4);
  // The range decoder.
  #range = 0;
  #code = 0;
  // Probabilities.
  #literals = new Uint16Array(0);
  readonly #isMatch = new Uint16Array(states * positionStatesMax);
  readonly #isRepeat = new Uint16Array(states);
  readonly #isRepeat0 = new Uint16Array(states);
  readonly #isRepeat1 = new Uint16Array(states);
  readonly #isRepeat2 = new Uint16Array(states);
  readonly #isRepeat0Long = new Uint16Array(states * positionStatesMax);
  readonly #slots = new Uint16Array(4 * slots);
  readonly #special = new Uint16Array(1 + fullDistances - endModelSlot);
  readonly #align = new Uint16Array(1 << alignBits);
  readonly #matchLengths = new Lengths();
  readonly #repeatLengths = new Lengths();

  constructor(data: Uint8Array, at: number, out: GrowingBytes, dictionary: number) {
    this.#data = data;
    this.#at = at;
    this.#out = out;
    this.#dictionary = dictionary;
  }
  /** Up to the end mark; gives where the data goes on. */
  run(): number {
    for (let control = this.#byte(); control !== 0; control = this.#byte()) {
      if (control >= 0x80) this.#lzmaChunk(control);
      else if (control <= 2) this.#plainChunk(control === 1);
      else throw new Error(`a chunk of the kind ${control}`);
    }
    return this.#at;
  }
  #byte(): number {
    if (this.#at >= this.#data.length) throw new Error('the data ends too early');
    return this.#data[this.#at++]!;
  }
  #uint16(): number {
    const high = this.#byte();
    return (high << 8) | this.#byte();
  }
  #newDictionary(isNew: boolean): void {
    if (isNew) this.#start = this.#out.size;
    else if (this.#start < 0) throw new Error('the first chunk has no dictionary');
  }
  #plainChunk(isNew: boolean): void {
    this.#newDictionary(isNew);
    if (isNew) this.#needsState = true;
    const size = this.#uint16() + 1;
    if (this.#at + size > this.#data.length) throw new Error('the data ends too early');
    this.#out.append(this.#data.subarray(this.#at, this.#at + size));
    this.#at += size;
  }
  #lzmaChunk(control: number): void {
    const reset = (control >> 5) & 3;
    const plain = ((control & 0x1f) << 16) + this.#uint16() + 1;
    const packed = this.#uint16() + 1;
    this.#newDictionary(reset === 3);
    if (reset >= 2) this.#properties(this.#byte());
    else if (!this.#hasProperties) throw new Error('the first chunk of LZMA has no properties');
    if (reset >= 1) this.#resetState();
    else if (this.#needsState) throw new Error('a chunk goes on from a state that is not there');
    const end = this.#at + packed;
    if (end > this.#data.length) throw new Error('the data ends too early');
    if (this.#byte() !== 0) throw new Error('a chunk of LZMA does not begin with 0');
    this.#range = 0xffffffff;
    this.#code = (this.#uint16() * 0x10000 + this.#uint16()) >>> 0;
    this.#out.reserve(plain);
    this.#decode(this.#out.size + plain);
    if (this.#at !== end || this.#code !== 0) throw new Error('a chunk is of another size than it says');
  }
  #properties(byte: number): void {
    if (byte >= 9 * 5 * 5) throw new Error(`properties ${byte}`);
    this.#literalContext = byte % 9;
    this.#literalPosition = Math.floor(byte / 9) % 5;
    if (this.#literalContext + this.#literalPosition > 4) throw new Error(`properties ${byte}`);
    this.#positionMask = (1 << Math.floor(byte / 45)) - 1;
    this.#literals = new Uint16Array(0x300 << (this.#literalContext + this.#literalPosition));
    this.#hasProperties = true;
  }
  #resetState(): void {
    this.#state = 0;
    this.#needsState = false;
    this.#distances.fill(0);
    for (const probabilities of [
      this.#literals,
      this.#isMatch,
      this.#isRepeat,
      this.#isRepeat0,
      this.#isRepeat1,
      this.#isRepeat2,
      this.#isRepeat0Long,
      this.#slots,
      this.#special,
      this.#align,
      ...this.#matchLengths.all,
      ...this.#repeatLengths.all,
    ])
      probabilities.fill(half);
  }

  #bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index]!;
    const bound = (this.#range >>> probabilityBits) * probability;
    let bit = 0;
    if (this.#code < bound) {
      probabilities[index] = probability + (((1 << probabilityBits) - probability) >> moveBits);
      this.#range = bound;
    } else {
      probabilities[index] = probability - (probability >> moveBits);
      this.#code -= bound;
      this.#range -= bound;
      bit = 1;
    }
    if (this.#range < topValue) this.#normalize();
    return bit;
  }
  #normalize(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#byte()) >>> 0;
  }
  /** Bits without a probability. */
  #direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      if (this.#range < topValue) this.#normalize();
      value = value * 2 + bit;
    }
    return value;
  }
  #tree(probabilities: Uint16Array, offset: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.#bit(probabilities, offset + node);
    return node - (1 << bits);
  }
  /** The lowest bit first. */
  #reverseTree(probabilities: Uint16Array, offset: number, bits: number): number {
    let [node, value] = [1, 0];
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(probabilities, offset + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #decode(end: number): void {
    const out = this.#out;
    while (out.size < end) {
      const positionState = (out.size - this.#start) & this.#positionMask;
      const place = this.#state * positionStatesMax + positionState;
      if (this.#bit(this.#isMatch, place) === 0) {
        this.#literal();
        continue;
      }
      const length =
        this.#bit(this.#isRepeat, this.#state) === 0
          ? this.#match(positionState)
          : this.#repeat(place, positionState);
      this.#copy(length, end);
    }
  }
  #literal(): void {
    const out = this.#out;
    const position = out.size - this.#start;
    const before = position === 0 ? 0 : out.data[out.size - 1]!;
    const context =
      ((position & ((1 << this.#literalPosition) - 1)) << this.#literalContext) +
      (before >> (8 - this.#literalContext));
    const offset = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      // Behind a match: the byte that the match would have gone on with tells something.
      this.#checkDistance(this.#distances[0]!);
      let other = out.data[out.size - this.#distances[0]! - 1]!;
      while (symbol < 0x100) {
        const otherBit = (other >> 7) & 1;
        other <<= 1;
        const bit = this.#bit(this.#literals, offset + ((1 + otherBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== otherBit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, offset + symbol);
    out.byte(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }
  #match(positionState: number): number {
    const distances = this.#distances;
    distances.copyWithin(1, 0, 3);
    const length = this.#length(this.#matchLengths, positionState);
    this.#state = this.#state < 7 ? 7 : 10;
    distances[0] = this.#distance(length);
    return length + firstLength;
  }
  /** One byte, or a length, at a distance of before, which becomes the first of them. */
  #repeat(place: number, positionState: number): number {
    const distances = this.#distances;
    const state = this.#state;
    if (this.#bit(this.#isRepeat0, state) === 0) {
      if (this.#bit(this.#isRepeat0Long, place) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const which =
        this.#bit(this.#isRepeat1, state) === 0 ? 1 : this.#bit(this.#isRepeat2, state) === 0 ? 2 : 3;
      const distance = distances[which]!;
      distances.copyWithin(1, 0, which);
      distances[0] = distance;
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#length(this.#repeatLengths, positionState) + firstLength;
  }
  #length(lengths: Lengths, positionState: number): number {
    if (this.#bit(lengths.choice, 0) === 0) return this.#tree(lengths.low, positionState << 3, 3);
    if (this.#bit(lengths.choice, 1) === 0) return 8 + this.#tree(lengths.middle, positionState << 3, 3);
    return 16 + this.#tree(lengths.high, 0, 8);
  }
  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length, 3) * slots, 6);
    if (slot < startModelSlot) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < endModelSlot) return base + this.#reverseTree(this.#special, base - slot, bits);
    const middle = this.#direct(bits - alignBits) * (1 << alignBits);
    return base + middle + this.#reverseTree(this.#align, 0, alignBits);
  }
  #checkDistance(distance: number): void {
    if (distance >= this.#out.size - this.#start || distance >= this.#dictionary)
      throw new Error('a match begins in front of the dictionary');
  }
  #copy(length: number, end: number): void {
    const out = this.#out;
    const distance = this.#distances[0]! + 1;
    this.#checkDistance(distance - 1);
    if (out.size + length > end) throw new Error('a match is longer than its chunk');
    const { data } = out;
    let at = out.size;
    for (const to = at + length; at < to; at++) data[at] = data[at - distance]!;
    out.size = at;
  }
}

/** How long matches are: 2 to 9, 10 to 17, and up to 273. */
class Lengths {
  readonly choice = new Uint16Array(2);
  readonly low = new Uint16Array(positionStatesMax << 3);
  readonly middle = new Uint16Array(positionStatesMax << 3);
  readonly high = new Uint16Array(256);

  get all(): readonly Uint16Array[] {
    return [this.choice, this.low, this.middle, this.high];
  }
}
