/* A head and records → the bytes of a batch: compressed and summed in the thread's memory, and copied out once. */

import * as zlib from 'node:zlib';
import { byteKernels, compressFast, compressInMemory, crc32c, scratchFor, threadMemory } from '#wasm';
import { attributesOffset, batchHeaderBytes, crcOffset, type Codec } from './record-batch.ts';

/** `writeHead` fills all of the head but length and checksum, which stand in zeros. */
export function sealBatch(codec: Codec, records: Uint8Array, writeHead: (head: Buffer) => void): Buffer {
  const body = codec === 'gzip' || codec === 'zstd' ? compress(codec, records) : records;
  const scratch = scratchFor(Math.max(body.length, records.length));
  if (scratch === undefined)
    return sealOutside(body === records ? compress(codec, records) : body, writeHead);
  const { bytes } = threadMemory();
  const { source, target } = scratch;
  const head = target.address;
  let length = body.length;
  if (codec === 'lz4' || codec === 'snappy') {
    bytes.set(body, source.address);
    length = compressInMemory(codec, source.address, length, head + batchHeaderBytes);
  } else bytes.set(body, head + batchHeaderBytes);
  length += batchHeaderBytes;
  const batch = Buffer.from(bytes.buffer, head, length);
  batch.fill(0, 0, batchHeaderBytes);
  batch.writeInt32BE(length - 12, 8);
  writeHead(batch);
  const sum = byteKernels().crc32c(head + attributesOffset, length - attributesOffset);
  batch.writeInt32BE(sum, crcOffset);
  return Buffer.from(batch);
}

function sealOutside(body: Uint8Array, writeHead: (head: Buffer) => void): Buffer {
  const batch = Buffer.alloc(batchHeaderBytes + body.length);
  batch.writeInt32BE(batch.length - 12, 8);
  writeHead(batch);
  batch.set(body, batchHeaderBytes);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}

/** Record bytes in a codec. `level`: of gzip and zstd, where it is not their default. */
export function compress(codec: Codec, data: Uint8Array, level?: number): Uint8Array {
  switch (codec) {
    case 'none':
      return data;
    case 'gzip':
      return zlib.gzipSync(data, level === undefined ? {} : { level });
    case 'zstd':
      return zlib.zstdCompressSync(
        data,
        level === undefined ? {} : { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } },
      );
    case 'lz4':
    case 'snappy':
      return compressFast(codec, data);
  }
}
