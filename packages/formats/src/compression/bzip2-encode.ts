/* Bytes → bzip2, as bzip2-decode.ts reads it, with one Huffman table a block where the program bzip2 chooses among up to six: some percent
 * larger. Keeps: one block at a time. */

import {
  BitWriter,
  blockMagic,
  blockUnit,
  bzip2Crc,
  combinedCrc,
  endMagic,
  groupSymbols,
} from './bzip2-bits.ts';
import { codeLengths } from './code-lengths.ts';
import { sortRotations } from './sort-rotations.ts';

const level = 9;
/** Runs of up to 255 equal bytes are four of them and how many more. */
const runMax = 255;
const codeBitsMax = 17;

export function bzip2(data: Uint8Array): Uint8Array {
  const bits = new BitWriter();
  bits.bits(0x42, 8);
  bits.bits(0x5a, 8);
  bits.bits(0x68, 8);
  bits.bits(48 + level, 8);
  // Four equal bytes become five.
  const block = new Uint8Array(Math.min(level * blockUnit - 19, data.length + (data.length >> 2) + 8));
  let sum = 0;
  for (let from = 0; from < data.length; ) {
    const { to, size } = shortenRuns(data, from, block);
    const crc = bzip2Crc(data, from, to);
    writeBlock(bits, block.subarray(0, size), crc);
    sum = combinedCrc(sum, crc);
    from = to;
  }
  bits.uint48(endMagic);
  bits.uint32(sum);
  return bits.finish();
}

/** As much as fits the block. */
function shortenRuns(data: Uint8Array, from: number, block: Uint8Array): { to: number; size: number } {
  let [at, size] = [from, 0];
  while (at < data.length && size + 5 <= block.length) {
    const byte = data[at]!;
    const start = at;
    while (at < data.length && at - start < runMax && data[at] === byte) at++;
    const equal = at - start;
    for (let i = 0; i < Math.min(equal, 4); i++) block[size++] = byte;
    if (equal >= 4) block[size++] = equal - 4;
  }
  return { to: at, size };
}

function writeBlock(bits: BitWriter, block: Uint8Array, crc: number): void {
  const { last, first } = lastColumn(block);
  const symbols = [...new Set(block)].toSorted((a, b) => a - b);
  const codes = toSymbols(last, symbols);
  const counts = new Uint32Array(symbols.length + 2);
  for (const symbol of codes) counts[symbol]!++;
  const lengths = codeLengths(counts, codeBitsMax);
  bits.uint48(blockMagic);
  bits.uint32(crc);
  bits.bits(0, 1);
  bits.bits(first, 24);
  writeBytesThatAreThere(bits, symbols);
  // Two tables at least, which are the same, and the first one for all.
  bits.bits(2, 3);
  const turns = Math.ceil(codes.length / groupSymbols);
  bits.bits(turns, 15);
  for (let turn = 0; turn < turns; turn++) bits.bits(0, 1);
  for (let table = 0; table < 2; table++) writeLengths(bits, lengths);
  const values = codeValues(lengths);
  for (const symbol of codes) bits.bits(values[symbol]!, lengths[symbol]!);
}

/** The last bytes of the rotations in order, and which of them is the block itself. */
function lastColumn(block: Uint8Array): { last: Uint8Array; first: number } {
  const order = sortRotations(block);
  const last = new Uint8Array(block.length);
  let first = 0;
  for (let i = 0; i < order.length; i++) {
    const start = order[i]!;
    if (start === 0) first = i;
    last[i] = block[start === 0 ? block.length - 1 : start - 1]!;
  }
  return { last, first };
}

/** Places in the move-to-front list, runs of place 0 as numbers of two digits worth 1 and 2, and the end. */
function toSymbols(last: Uint8Array, symbols: readonly number[]): Uint16Array {
  const front = Uint8Array.from(symbols);
  const out = new Uint16Array(last.length + 2);
  let [size, run] = [0, 0];
  const endRun = (): void => {
    for (; run > 0; run = (run - 1) >> 1) out[size++] = (run - 1) & 1;
    run = 0;
  };
  for (const byte of last) {
    const place = front.indexOf(byte);
    if (place === 0) {
      run++;
      continue;
    }
    endRun();
    front.copyWithin(1, 0, place);
    front[0] = byte;
    out[size++] = place + 1;
  }
  endRun();
  out[size++] = symbols.length + 1;
  return out.subarray(0, size);
}

function writeBytesThatAreThere(bits: BitWriter, symbols: readonly number[]): void {
  const there = new Set(symbols);
  const members = (group: number): number => {
    let mask = 0;
    for (let i = 0; i < 16; i++) if (there.has(group * 16 + i)) mask |= 0x8000 >> i;
    return mask;
  };
  let groups = 0;
  for (let group = 0; group < 16; group++) if (members(group) !== 0) groups |= 0x8000 >> group;
  bits.bits(groups, 16);
  for (let group = 0; group < 16; group++) if (members(group) !== 0) bits.bits(members(group), 16);
}

function writeLengths(bits: BitWriter, lengths: Uint8Array): void {
  let length = lengths[0]!;
  bits.bits(length, 5);
  for (const wanted of lengths) {
    for (; length < wanted; length++) bits.bits(0b10, 2);
    for (; length > wanted; length--) bits.bits(0b11, 2);
    bits.bits(0, 1);
  }
}

function codeValues(lengths: Uint8Array): Uint32Array {
  const values = new Uint32Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= codeBitsMax; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++)
      if (lengths[symbol] === length) values[symbol] = code++;
    code <<= 1;
  }
  return values;
}
