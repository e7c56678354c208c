/* How pages are compressed: by Node and by our own Snappy and LZ4; the library brings none. */

// Whole: an older Node, which is told so, has not all of these names.
import * as zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { snappyCompressRaw, snappyDecompress } from '#wasm';

export interface PageCodec {
  /** Absent: read alone. */
  compress?(data: Uint8Array): Uint8Array;
  /** Throws any error for bytes that it did not write, and for more than `bytes`. */
  decompress(data: Uint8Array, bytes: number): Uint8Array;
}

export const pageCodecs: Readonly<Partial<Record<CompressionCodec, PageCodec>>> = {
  SNAPPY: {
    compress: (data) => snappyCompressRaw(data),
    decompress: (data, bytes) => snappyDecompress(data, bytes),
  },
  GZIP: {
    compress: (data) => zlib.gzipSync(data),
    decompress: (data, bytes) => zlib.gunzipSync(data, { maxOutputLength: Math.max(1, bytes) }),
  },
  ZSTD: {
    compress: (data) =>
      zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } }),
    decompress: (data, bytes) => zlib.zstdDecompressSync(data, { maxOutputLength: Math.max(1, bytes) }),
  },
  BROTLI: {
    compress: (data) =>
      zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    decompress: (data, bytes) => zlib.brotliDecompressSync(data, { maxOutputLength: Math.max(1, bytes) }),
  },
};
