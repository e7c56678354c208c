/* The records of a batch, decompressed into bytes of their own. */

import * as zlib from 'node:zlib';
import { lz4FrameDecompress, snappyDecompress } from '#wasm';
import type { Codec } from './record-batch.ts';

/** What one batch may hold, decompressed: far above any broker's limit, far below what would end the
 *  process. */
export const decompressedBytesMax = 1 << 28;

/** Throws when the bytes are not what the codec says, or more than `bytesMax`. For 'none' the bytes themselves. */
export function decompress(codec: Codec, data: Uint8Array, bytesMax = decompressedBytesMax): Uint8Array {
  switch (codec) {
    case 'none':
      return data;
    case 'gzip':
      return zlib.gunzipSync(data, { maxOutputLength: bytesMax });
    case 'zstd':
      return zlib.zstdDecompressSync(data, { maxOutputLength: bytesMax });
    case 'lz4':
      return lz4FrameDecompress(data, bytesMax);
    case 'snappy':
      return snappyDecompress(data, bytesMax);
  }
}
