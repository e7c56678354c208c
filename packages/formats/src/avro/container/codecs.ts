/* How blocks of Avro files are compressed (Avro 1.12, "Object Container Files"). Snappy has a checksum behind it.
 * Those of zlib are Node's, the others our own. */

// Whole: an older Node, which is told so, has not all of these names.
import * as zlib from 'node:zlib';
import { snappyCompressRaw, snappyDecompress } from '#wasm';
import { bunzip2 } from '../../compression/bzip2-decode.ts';
import { bzip2 } from '../../compression/bzip2-encode.ts';
import { unxz } from '../../compression/xz-decode.ts';

export interface AvroCodec {
  /** Absent: it is only read. */
  compress?(data: Uint8Array): Uint8Array;
  /** Throws any error for bytes that it did not write. */
  decompress(data: Uint8Array): Uint8Array;
}
/** What a block may become: a few bytes can say that they are very many. */
const blockBytesMax = 1 << 28;
const bounded = { maxOutputLength: blockBytesMax };

export const avroCodecs: Readonly<Record<string, AvroCodec>> = {
  // Who reads a block later reads bytes of its own; slice of a Buffer is no copy.
  null: { compress: (data) => data, decompress: (data) => new Uint8Array(data) },
  deflate: {
    compress: (data) => zlib.deflateRawSync(data),
    decompress: (data) => zlib.inflateRawSync(data, bounded),
  },
  snappy: { compress: snappy, decompress: unsnappy },
  zstandard: {
    compress: (data) =>
      zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } }),
    decompress: (data) => zlib.zstdDecompressSync(data, bounded),
  },
  bzip2: { compress: bzip2, decompress: (data) => bunzip2(data, blockBytesMax) },
  xz: { decompress: (data) => unxz(data, blockBytesMax) },
};

function snappy(data: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(zlib.crc32(data));
  return Buffer.concat([snappyCompressRaw(data), sum]);
}
function unsnappy(data: Uint8Array): Uint8Array {
  if (data.length < 4) throw new Error('no checksum');
  const plain = snappyDecompress(data.subarray(0, -4), blockBytesMax);
  const said = Buffer.from(data.buffer, data.byteOffset + data.length - 4, 4).readUInt32BE();
  const found = zlib.crc32(plain);
  if (said !== found) throw new Error(`the checksum is ${found}, and the block says ${said}`);
  return plain;
}
