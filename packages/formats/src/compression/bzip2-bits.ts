/* What both directions of bzip2 share: numbers of the format, its checksum, and bits from the highest down. */

export const blockMagic = 0x314159265359;
export const endMagic = 0x177245385090;
export const groupSymbols = 50;
export const tablesMax = 6;
/** Runs are written with these two; behind them come places in the move-to-front list, from 1 on. */
export const [runA, runB] = [0, 1];
/** Bytes of a block, by the digit of the head. */
export const blockUnit = 100_000;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});
/** CRC-32 with its bits the other way round than that of gzip; over what a block becomes. */
export function bzip2Crc(data: Uint8Array, start: number, end: number): number {
  let sum = 0xffffffff;
  for (let i = start; i < end; i++) sum = (sum << 8) ^ crcTable[(sum >>> 24) ^ data[i]!]!;
  return ~sum >>> 0;
}
/** The sum of a stream, with one more block. */
export const combinedCrc = (stream: number, block: number): number =>
  (((stream << 1) | (stream >>> 31)) ^ block) >>> 0;

export class BitReader {
  readonly #data: Uint8Array;
  #at: number;
  #held = 0;
  #heldBits = 0;

  constructor(data: Uint8Array, at: number) {
    this.#data = data;
    this.#at = at;
  }
  /** Up to 24 bits. */
  bits(count: number): number {
    while (this.#heldBits < count) {
      if (this.#at >= this.#data.length) throw new Error('the data ends too early');
      this.#held = ((this.#held << 8) | this.#data[this.#at++]!) & 0x7fffffff;
      this.#heldBits += 8;
    }
    this.#heldBits -= count;
    return (this.#held >>> this.#heldBits) & ((1 << count) - 1);
  }
  bit(): number {
    return this.bits(1);
  }
  uint32(): number {
    const high = this.bits(16);
    return high * 0x10000 + this.bits(16);
  }
  uint48(): number {
    const high = this.bits(24);
    return high * 0x1000000 + this.bits(24);
  }
  /** Where the byte begins that no bit was taken of. */
  get nextByte(): number {
    return this.#at - Math.floor(this.#heldBits / 8);
  }
}

export class BitWriter {
  #bytes = new Uint8Array(1 << 12);
  #size = 0;
  #held = 0;
  #heldBits = 0;

  /** Up to 24 bits. */
  bits(value: number, count: number): void {
    this.#held = (this.#held << count) | value;
    this.#heldBits += count;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#byte((this.#held >>> this.#heldBits) & 0xff);
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }
  uint32(value: number): void {
    this.bits(value >>> 16, 16);
    this.bits(value & 0xffff, 16);
  }
  uint48(value: number): void {
    this.bits(Math.floor(value / 0x1000000), 24);
    this.bits(value % 0x1000000, 24);
  }
  #byte(value: number): void {
    if (this.#size === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#size);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#size++] = value;
  }
  /** All, filled up to a byte with zeros. */
  finish(): Uint8Array {
    if (this.#heldBits > 0) this.bits(0, 8 - this.#heldBits);
    return this.#bytes.subarray(0, this.#size);
  }
}
