/* Records behind room for a head → the bytes of a batch: compressed and summed in the thread's memory, copied out once. */

import * as zlib from 'node:zlib';
import { compressFast, compressInMemory, crc32c, scratchFor, threadMemory } from '#wasm';
import { attributesOffset, batchHeaderBytes, crcOffset, type Codec } from './record-batch.ts';

/** `records`: 61 bytes of any content, which may be written over, and the records. `writeHead` fills all of the head but
 *  length and checksum, which stand in zeros. `copyOut`: copies a batch that was made in the thread's memory. */
export function sealBatch(
  codec: Codec,
  records: Buffer,
  writeHead: (head: Buffer) => void,
  copyOut: (batch: Buffer) => Buffer,
): Buffer {
  const laid = layBody(codec, records);
  const batch = laid ?? outside(codec, records);
  batch.fill(0, 0, batchHeaderBytes);
  batch.writeInt32BE(batch.length - 12, 8);
  writeHead(batch);
  const sum = crc32c(batch, attributesOffset);
  batch.writeInt32BE(sum | 0, crcOffset);
  return laid === undefined ? batch : copyOut(batch);
}

/** The compressed records behind room for a head, in the thread's memory; undefined when they do not fit there. */
function layBody(codec: Codec, records: Buffer): Buffer | undefined {
  const { bytes } = threadMemory();
  const inMemory = records.buffer === bytes.buffer;
  if (codec === 'none' && inMemory) return records;
  const plain = records.subarray(batchHeaderBytes);
  const scratch = scratchFor(plain.length);
  if (scratch === undefined) return undefined;
  const head = scratch.target.address;
  const at = head + batchHeaderBytes;
  let { length } = plain;
  if (codec === 'lz4' || codec === 'snappy') {
    if (!inMemory) bytes.set(plain, scratch.source.address);
    const source = inMemory ? plain.byteOffset : scratch.source.address;
    length = compressInMemory(codec, source, length, at);
  } else {
    const body = compress(codec, plain);
    if (body.length > scratch.target.bytes - batchHeaderBytes) return undefined;
    bytes.set(body, at);
    length = body.length;
  }
  return Buffer.from(bytes.buffer, head, batchHeaderBytes + length);
}

function outside(codec: Codec, records: Buffer): Buffer {
  const body = compress(codec, records.subarray(batchHeaderBytes));
  const batch = Buffer.allocUnsafe(batchHeaderBytes + body.length);
  batch.set(body, batchHeaderBytes);
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
