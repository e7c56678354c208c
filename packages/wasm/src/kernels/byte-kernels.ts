/* The kernels that every thread has, compiled on first use. */

import { present } from '#base';
import { ModuleBuilder } from '../module-builder.ts';
import { threadMemory } from '../memory.ts';
import { addFindByte } from './find-byte.ts';
import { addCrc32c, crcBytes, writeCrcTables } from './crc32c.ts';
import { addLz4 } from './lz4.ts';
import { addLz4Compress } from './lz4-compress.ts';
import { matchTableBytes } from './matches.ts';
import { addSnappy } from './snappy.ts';
import { addSnappyCompress } from './snappy-compress.ts';

/** All take and return addresses in the thread's memory, and lengths. Sources and targets need 16 bytes of
 *  slack, which regions have. */
export interface ByteKernels {
  /** The checksum of what has the checksum `before`, 0 for nothing, and these bytes; as a signed number. */
  crc32c(before: number, address: number, length: number): number;
  /** Bytes written, or -1 when the input is corrupt or needs more room. */
  lz4Frame(source: number, length: number, to: number, room: number): number;
  snappyBlock(source: number, length: number, to: number, room: number): number;
  /** See find-byte.ts. */
  findByte(at: number, end: number, byte: number, skip: number): number;
  /** Bytes written: `lz4FrameBytesMax` or `snappyBytesMax` of the length at most. */
  lz4Compress(source: number, length: number, to: number): number;
  snappyCompress(source: number, length: number, to: number): number;
}

let mine: ByteKernels | undefined;

export function byteKernels(): ByteKernels {
  if (mine !== undefined) return mine;
  const memory = threadMemory();
  const tables = present(memory.allocate(crcBytes), 'room for the checksum kernel');
  writeCrcTables(memory.bytes, tables.address);
  const m = new ModuleBuilder();
  addCrc32c(m, tables.address);
  addLz4(m);
  addSnappy(m);
  addFindByte(m);
  const positions = present(memory.allocate(matchTableBytes), 'room for the table of positions');
  addLz4Compress(m, positions.address);
  addSnappyCompress(m, positions.address);
  mine = memory.instantiate(m.finish()) as unknown as ByteKernels;
  return mine;
}
