/* The texts of Nexmark events, made as bytes: words of letters and spaces, fillers, and the channels with
 * their URLs. All of it is ASCII. */

import { Rng } from '#base';

/** Bytes that grow; the strings of one batch, one behind the other. */
export class TextBytes {
  data: Buffer;
  size = 0;

  constructor(capacity: number) {
    this.data = Buffer.allocUnsafe(capacity);
  }
  #reserve(length: number): void {
    if (this.size + length <= this.data.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.size + length, this.data.length * 2));
    bigger.set(this.data.subarray(0, this.size));
    this.data = bigger;
  }
  /** A literal. */
  ascii(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.data[this.size + i] = text.charCodeAt(i);
    this.size += text.length;
  }
  /** Letters and some of `space`, 3 to `lengthMax` - 1 of them; spaces at either end are cut. */
  words(rng: Rng, lengthMax: number, space = 32): void {
    const length = 3 + rng.below(lengthMax - 3);
    this.#reserve(length);
    const { data } = this;
    let at = this.size;
    for (let i = 0; i < length; i++) {
      const draw = rng.uint32() >>> 1;
      const c = draw % 13 === 0 ? space : 97 + (Math.floor(draw / 13) % 26);
      if (c !== 32 || at > this.size) data[at++] = c;
    }
    while (at > this.size && data[at - 1] === 32) at--;
    this.size = at;
  }
  /** Exactly `length` letters, six from each draw. */
  letters(rng: Rng, length: number): void {
    this.#reserve(length);
    const { data } = this;
    const end = this.size + length;
    let at = this.size;
    while (at < end) {
      let draw = rng.uint32() >>> 1;
      const stop = at + 6 < end ? at + 6 : end;
      for (; at < stop; at++) {
        const rest = (draw / 26) | 0;
        data[at] = 97 + draw - rest * 26;
        draw = rest;
      }
    }
    this.size = end;
  }
  /** Letters that make up for what is missing of `average` bytes, give or take a fifth of it. */
  filler(rng: Rng, size: number, average: number): void {
    const wanted = average - size;
    if (wanted < 0) return;
    const delta = Math.round(wanted * 0.2);
    this.letters(rng, wanted - delta + (delta === 0 ? 0 : rng.below(2 * delta)));
  }
}

const hotChannels = ['Google', 'Facebook', 'Baidu', 'Apple'] as const;
const coldChannels = 10_000;

/** The channels of a stream and their URLs: four hot ones, and the rest. Bids point into `data`. */
export class Channels {
  readonly data: Buffer;
  readonly #starts: Int32Array;
  readonly hot = hotChannels.length;
  readonly all = hotChannels.length + coldChannels;

  constructor(seed: number) {
    const rng = new Rng(seed);
    const bytes = new TextBytes(1 << 20);
    this.#starts = new Int32Array(this.all * 2 + 1);
    for (let i = 0; i < this.all; i++) {
      const cold = i - hotChannels.length;
      this.#starts[i * 2] = bytes.size;
      bytes.ascii(cold < 0 ? hotChannels[i]! : `channel-${cold}`);
      this.#starts[i * 2 + 1] = bytes.size;
      bytes.ascii('https://www.nexmark.com');
      for (let part = 0; part < 3; part++) {
        bytes.ascii('/');
        bytes.words(rng, 5, 95);
      }
      bytes.ascii('/item.htm?query=1');
      // One in ten cold channels does not say who it is.
      if (cold >= 0 && rng.below(10) > 0) bytes.ascii(`&channel_id=${Math.abs(reverseBits(cold))}`);
    }
    this.#starts[this.all * 2] = bytes.size;
    this.data = bytes.data.subarray(0, bytes.size);
  }
  nameStart(channel: number): number {
    return this.#starts[channel * 2]!;
  }
  urlStart(channel: number): number {
    return this.#starts[channel * 2 + 1]!;
  }
  urlEnd(channel: number): number {
    return this.#starts[channel * 2 + 2]!;
  }
}

function reverseBits(value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) result |= ((value >>> bit) & 1) << (31 - bit);
  return result | 0;
}

export const firstNames = [
  'Peter',
  'Paul',
  'Luke',
  'John',
  'Saul',
  'Vicky',
  'Kate',
  'Julie',
  'Sarah',
  'Deiter',
  'Walter',
] as const;
export const lastNames = [
  'Shultz',
  'Abrams',
  'Spencer',
  'White',
  'Bartels',
  'Walton',
  'Smith',
  'Jones',
  'Noris',
] as const;
export const cities = [
  'Phoenix',
  'Los Angeles',
  'San Francisco',
  'Boise',
  'Portland',
  'Bend',
  'Redmond',
  'Seattle',
  'Kent',
  'Cheyenne',
] as const;
export const states = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'] as const;
