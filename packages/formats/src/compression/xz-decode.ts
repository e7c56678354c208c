/* xz → bytes: streams of blocks, each through LZMA2, with a checksum behind it and an index at the end.
 *
 *   FD 7zXZ 00 │ flags, CRC │ block: head, LZMA2, padding, check │ … │ index │ foot
 *
 * Written from "The .xz File Format" 1.2.1 (Tukaani). Other filters than LZMA2, as those for machine code, are refused. */

import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import { crc64 } from './crc64.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { Lzma2 } from './lzma2-decode.ts';

const headMagic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const footMagic = [0x59, 0x5a];
const lzma2Filter = 0x21;
/** Bytes of a check, by its kind. */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Throws an Error for what is none, and for more than `bytesMax` of output. */
export function unxz(data: Uint8Array, bytesMax: number): Uint8Array {
  const out = new GrowingBytes(bytesMax);
  const reader = new Reader(data);
  do {
    readStream(reader, out);
    // Streams may lie behind each other, with zeros between them.
    while (reader.at < data.length && data[reader.at] === 0) reader.at++;
  } while (reader.at < data.length);
  return out.bytes;
}

class Reader {
  readonly data: Uint8Array;
  at = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }
  byte(): number {
    if (this.at >= this.data.length) throw new Error('the data ends too early');
    return this.data[this.at++]!;
  }
  bytes(count: number): Uint8Array {
    if (this.at + count > this.data.length) throw new Error('the data ends too early');
    this.at += count;
    return this.data.subarray(this.at - count, this.at);
  }
  uint32(): number {
    const [a, b, c, d] = this.bytes(4);
    return (a! | (b! << 8) | (c! << 16) | (d! << 24)) >>> 0;
  }
  /** Seven bits a byte, the lowest first; what a double cannot hold is more than there can be. */
  number(): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new Error('a number of more than 63 bits');
  }
  expect(bytes: readonly number[], what: string): void {
    for (const byte of bytes) if (this.byte() !== byte) throw new Error(`no ${what} of xz`);
  }
  /** Zeros up to a multiple of four from `start` on. */
  padding(start: number): void {
    while ((this.at - start) % 4 !== 0) if (this.byte() !== 0) throw new Error('padding that is not zero');
  }
  /** The checksum of what lies between `start` and here. */
  crcOf(start: number, what: string): void {
    const found = zlib.crc32(this.data.subarray(start, this.at));
    const said = this.uint32();
    if (found !== said) throw new Error(`the checksum of the ${what} is ${found}, and it says ${said}`);
  }
}

/** Both sizes of a block, as the index has them. */
interface BlockSizes {
  readonly unpadded: number;
  readonly plain: number;
}

function readStream(reader: Reader, out: GrowingBytes): void {
  reader.expect(headMagic, 'head');
  const flagsAt = reader.at;
  const check = readFlags(reader);
  reader.crcOf(flagsAt, 'head');
  const blocks: BlockSizes[] = [];
  while (reader.data[reader.at] !== 0) blocks.push(readBlock(reader, check, out));
  const indexAt = reader.at;
  readIndex(reader, blocks);
  const indexBytes = reader.at - indexAt;
  const said = reader.uint32();
  const footAt = reader.at;
  if ((reader.uint32() + 1) * 4 !== indexBytes || readFlags(reader) !== check)
    throw new Error('the foot does not fit the stream');
  if (zlib.crc32(reader.data.subarray(footAt, reader.at)) !== said)
    throw new Error('the checksum of the foot is wrong');
  reader.expect(footMagic, 'foot');
}
/** The kind of the blocks' checks. */
function readFlags(reader: Reader): number {
  if (reader.byte() !== 0) throw new Error('flags of a later version of xz');
  const check = reader.byte();
  if (check > 15) throw new Error('flags of a later version of xz');
  return check;
}

function readBlock(reader: Reader, check: number, out: GrowingBytes): BlockSizes {
  const start = reader.at;
  const { packed, plain, dictionary } = readBlockHead(reader);
  const outAt = out.size;
  const dataAt = reader.at;
  reader.at = new Lzma2(reader.data, dataAt, out, dictionary).run();
  const sizes = { packed: reader.at - dataAt, plain: out.size - outAt };
  if ((packed ?? sizes.packed) !== sizes.packed || (plain ?? sizes.plain) !== sizes.plain)
    throw new Error('a block is of another size than it says');
  const unpadded = reader.at - start + checkBytes[check]!;
  reader.padding(start);
  checkBlock(check, out.data.subarray(outAt, out.size), reader.bytes(checkBytes[check]!));
  return { unpadded, plain: sizes.plain };
}
function readBlockHead(reader: Reader): {
  readonly packed: number | undefined;
  readonly plain: number | undefined;
  readonly dictionary: number;
} {
  const start = reader.at;
  const end = start + (reader.byte() + 1) * 4;
  const flags = reader.byte();
  if ((flags & 0x3c) !== 0) throw new Error('flags of a later version of xz');
  const packed = (flags & 0x40) === 0 ? undefined : reader.number();
  const plain = (flags & 0x80) === 0 ? undefined : reader.number();
  const filters = (flags & 3) + 1;
  const id = reader.number();
  if (filters !== 1 || id !== lzma2Filter)
    throw new Error(
      `it went through ${filters} filters, the first with the id ${id}, and only LZMA2 is known`,
    );
  if (reader.number() !== 1) throw new Error('LZMA2 with other properties than one byte');
  const dictionary = dictionaryBytes(reader.byte());
  while (reader.at < end - 4) if (reader.byte() !== 0) throw new Error('padding that is not zero');
  reader.crcOf(start, "block's head");
  return { packed, plain, dictionary };
}
/** 2 or 3 times a power of two, from 4 kB to 4 GB. */
function dictionaryBytes(code: number): number {
  if (code > 40) throw new Error(`a dictionary of the size ${code}`);
  return code === 40 ? 0xffffffff : (2 + (code & 1)) * 2 ** (11 + (code >> 1));
}

/** Kinds that nobody writes are passed over, as the format asks for. */
function checkBlock(kind: number, plain: Uint8Array, said: Uint8Array): void {
  const found = Buffer.alloc(said.length);
  if (kind === 1) found.writeUInt32LE(zlib.crc32(plain));
  else if (kind === 4) found.writeBigUInt64LE(crc64(plain));
  else if (kind === 10) found.set(createHash('sha256').update(plain).digest());
  else return;
  if (!found.equals(said)) throw new Error('the checksum of a block is wrong');
}

function readIndex(reader: Reader, blocks: readonly BlockSizes[]): void {
  const start = reader.at;
  reader.expect([0], 'index');
  const same = (said: number, found: number): void => {
    if (said !== found) throw new Error('the index does not fit the blocks');
  };
  same(reader.number(), blocks.length);
  for (const { unpadded, plain } of blocks) {
    same(reader.number(), unpadded);
    same(reader.number(), plain);
  }
  reader.padding(start);
  reader.crcOf(start, 'index');
}
