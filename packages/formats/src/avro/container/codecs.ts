/* How blocks of Avro files are compressed (Avro 1.12, "Object Container Files"). Snappy has a checksum behind it. */

import {
  constants,
  crc32,
  deflateRawSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { snappyCompressRaw, snappyDecompress } from '#wasm';

export interface AvroCodec {
  compress(data: Uint8Array): Uint8Array;
  /** Throws any error for bytes that it did not write. */
  decompress(data: Uint8Array): Uint8Array;
}
/** What a block may become: a few bytes can say that they are very many. */
const blockBytesMax = 1 << 28;
const bounded = { maxOutputLength: blockBytesMax };

export const avroCodecs: Readonly<Record<string, AvroCodec>> = {
  // Who reads a block later reads bytes of its own; slice of a Buffer is no copy.
  null: { compress: (data) => data, decompress: (data) => new Uint8Array(data) },
  deflate: { compress: (data) => deflateRawSync(data), decompress: (data) => inflateRawSync(data, bounded) },
  snappy: { compress: snappy, decompress: unsnappy },
  zstandard: {
    compress: (data) => zstdCompressSync(data, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
    decompress: (data) => zstdDecompressSync(data, bounded),
  },
};

function snappy(data: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([snappyCompressRaw(data), sum]);
}
function unsnappy(data: Uint8Array): Uint8Array {
  if (data.length < 4) throw new Error('no checksum');
  const plain = snappyDecompress(data.subarray(0, -4), blockBytesMax);
  const said = Buffer.from(data.buffer, data.byteOffset + data.length - 4, 4).readUInt32BE();
  const found = crc32(plain);
  if (said !== found) throw new Error(`the checksum is ${found}, and the block says ${said}`);
  return plain;
}
