/* bzip2 → bytes.
 *
 *   bits ─▶ Huffman codes, 2 to 6 tables in turns of 50 ─▶ runs of zeros, move to front ─▶ Burrows-Wheeler, backwards ─▶ runs of bytes
 *
 * Written from the description of the format by Joe Tsai ("BZIP2: Format Specification", 2016). Keeps: one block at a time. */

import {
  BitReader,
  blockMagic,
  blockUnit,
  bzip2Crc,
  combinedCrc,
  endMagic,
  groupSymbols,
  runB,
  tablesMax,
} from './bzip2-bits.ts';
import { GrowingBytes } from './growing-bytes.ts';

const codeBitsMax = 20;
/** No block is as long as that. */
const runMax = 1 << 21;

/** Of one stream or several behind each other. Throws an Error for what is none, and for more than `bytesMax` of output. */
export function bunzip2(data: Uint8Array, bytesMax: number): Uint8Array {
  const out = new GrowingBytes(bytesMax);
  let at = 0;
  do at = readStream(data, at, out);
  while (at < data.length);
  return out.bytes;
}

function readStream(data: Uint8Array, at: number, out: GrowingBytes): number {
  const level = data[at + 3]! - 48;
  if (data[at] !== 0x42 || data[at + 1] !== 0x5a || data[at + 2] !== 0x68 || !(level >= 1 && level <= 9))
    throw new Error('no head of bzip2');
  const bits = new BitReader(data, at + 4);
  const block = new Block(level * blockUnit);
  let sum = 0;
  for (;;) {
    const magic = bits.uint48();
    const said = bits.uint32();
    if (magic === endMagic) {
      if (said !== sum) throw new Error(`the checksum is ${sum}, and the stream says ${said}`);
      return bits.nextByte;
    }
    if (magic !== blockMagic) throw new Error('neither a block nor the end is where one should be');
    const start = out.size;
    readBlock(bits, block, out);
    const found = bzip2Crc(out.data, start, out.size);
    if (found !== said) throw new Error(`the checksum is ${found}, and the block says ${said}`);
    sum = combinedCrc(sum, found);
  }
}

/** What a block holds, made as large as it turns out to be: most are far smaller than they might. */
class Block {
  values = new Uint32Array(1 << 14);
  size = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }
  append(byte: number, count: number): void {
    const size = this.size + count;
    if (size > this.#max) throw new Error('the block is too large');
    if (size > this.values.length) {
      const grown = new Uint32Array(Math.min(this.#max, Math.max(size, 2 * this.values.length)));
      grown.set(this.values);
      this.values = grown;
    }
    this.values.fill(byte, this.size, size);
    this.size = size;
  }
}

function readBlock(bits: BitReader, block: Block, out: GrowingBytes): void {
  if (bits.bit() === 1) throw new Error('the block is randomised, as none was written since 1998');
  const first = bits.bits(24);
  const symbols = readSymbols(bits);
  const tables = readTables(bits, symbols.length + 2);
  const counts = new Uint32Array(256);
  block.size = 0;
  readBytes(bits, tables, symbols, block, counts);
  const { values, size } = block;
  if (first >= size) throw new Error('the block begins behind its end');
  unwind(values, size, counts);
  expandRuns(values, size, first, out);
}

/** The bytes that are in the block. */
function readSymbols(bits: BitReader): Uint8Array {
  const groups = bits.bits(16);
  const found: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.bits(16);
    for (let i = 0; i < 16; i++) if ((members & (0x8000 >> i)) !== 0) found.push(group * 16 + i);
  }
  if (found.length === 0) throw new Error('the block has no bytes');
  return Uint8Array.from(found);
}

/** Which table is for the next 50 symbols. */
interface Tables {
  readonly selectors: Uint8Array;
  readonly codes: readonly Codes[];
}
function readTables(bits: BitReader, symbols: number): Tables {
  const count = bits.bits(3);
  const turns = bits.bits(15);
  if (count < 2 || count > tablesMax || turns === 0) throw new Error('the block has no tables');
  const order = Array.from({ length: count }, (_, i) => i);
  const selectors = new Uint8Array(turns);
  for (let turn = 0; turn < turns; turn++) {
    let place = 0;
    while (bits.bit() === 1) if (++place >= count) throw new Error('a table is asked for that is not there');
    const [table] = order.splice(place, 1);
    order.unshift(table!);
    selectors[turn] = table!;
  }
  const codes = Array.from({ length: count }, () => new Codes(readLengths(bits, symbols)));
  return { selectors, codes };
}
function readLengths(bits: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.bits(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > codeBitsMax) throw new Error(`a code has ${length} bits`);
      if (bits.bit() === 0) break;
      length += bits.bit() === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** Codes of one table: by length and then by symbol, as everywhere. */
class Codes {
  /** By length: the first code, how many there are, and where the first one's symbol stands in `#symbols`. */
  readonly #first = new Int32Array(codeBitsMax + 2);
  readonly #count = new Int32Array(codeBitsMax + 2);
  readonly #at = new Int32Array(codeBitsMax + 2);
  readonly #symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    for (const length of lengths) this.#count[length]!++;
    this.#symbols = new Uint16Array(lengths.length);
    let [code, at] = [0, 0];
    for (let length = 1; length <= codeBitsMax; length++) {
      this.#first[length] = code;
      this.#at[length] = at;
      code = (code + this.#count[length]!) << 1;
      for (let symbol = 0; symbol < lengths.length; symbol++)
        if (lengths[symbol] === length) this.#symbols[at++] = symbol;
    }
  }
  read(bits: BitReader): number {
    let code = 0;
    for (let length = 1; length <= codeBitsMax; length++) {
      code = (code << 1) | bits.bit();
      const place = code - this.#first[length]!;
      if (place < this.#count[length]!) return this.#symbols[this.#at[length]! + place]!;
    }
    throw new Error('bits that are no code');
  }
}

/** The last column of the sorted rotations. Counts each byte. */
function readBytes(
  bits: BitReader,
  { selectors, codes }: Tables,
  symbols: Uint8Array,
  block: Block,
  counts: Uint32Array,
): void {
  const front = Uint8Array.from(symbols);
  const end = symbols.length + 1;
  let [run, weight] = [0, 1];
  for (let n = 0; ; n++) {
    const selector = selectors[Math.floor(n / groupSymbols)];
    if (selector === undefined) throw new Error('the block does not end');
    const symbol = codes[selector]!.read(bits);
    if (symbol <= runB) {
      run += weight << symbol;
      weight <<= 1;
      if (run > runMax) throw new Error('the block is too large');
      continue;
    }
    if (run > 0) {
      const byte = front[0]!;
      counts[byte]! += run;
      block.append(byte, run);
      [run, weight] = [0, 1];
    }
    if (symbol === end) return;
    const byte = front[symbol - 1]!;
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    counts[byte]!++;
    block.append(byte, 1);
  }
}

/** Above the low byte of each place: the place of the byte behind it. */
function unwind(block: Uint32Array, size: number, counts: Uint32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte]!;
    counts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < size; i++) block[counts[block[i]! & 0xff]!++]! |= i << 8;
}
/** Behind four equal bytes stands how many more there are. */
function expandRuns(block: Uint32Array, size: number, first: number, out: GrowingBytes): void {
  let at = block[first]! >>> 8;
  let [last, equal] = [-1, 0];
  for (let i = 0; i < size; i++) {
    const entry = block[at]!;
    const byte = entry & 0xff;
    at = entry >>> 8;
    if (equal === 4) {
      out.fill(last, byte);
      [last, equal] = [-1, 0];
      continue;
    }
    equal = byte === last ? equal + 1 : 1;
    last = byte;
    out.byte(byte);
  }
}
