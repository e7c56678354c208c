/* Walks over the batches of a log file, heads first: a body is read only where it is asked for. */

import { batchHeaderBytes, readBatchHead, readRecordBatch, type RecordBatch } from '#records';
import { crc32c } from '#wasm';
import { attributesOffset } from '#records';
import type { StoredBatch } from '../stored-batch.ts';
import type { OpenFiles } from './open-files.ts';

/** Enough for the heads of many small batches, little to read for the head of a large one. */
const headChunkBytes = 16 << 10;
const wholeChunkBytes = 1 << 20;
const lengthEnd = 12;

/** Where a batch lies in a log file. */
export class PlacedBatch implements StoredBatch {
  readonly head: RecordBatch;
  readonly position: number;
  readonly length: number;
  readonly #files: OpenFiles;
  readonly #path: string;

  constructor(files: OpenFiles, path: string, position: number, head: RecordBatch) {
    this.#files = files;
    this.#path = path;
    this.position = position;
    this.head = head;
    this.length = head.end - head.start;
  }
  get bytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length);
    this.#files.read(this.#path, bytes, this.position);
    return bytes;
  }
}

/** A stretch of a file in memory, moved along as it is asked for. */
class Window {
  readonly #files: OpenFiles;
  readonly #path: string;
  readonly #chunkBytes: number;
  #room = Buffer.alloc(0);
  /** What of the room is filled. */
  #data = this.#room;
  #from = 0;

  constructor(files: OpenFiles, path: string, chunkBytes: number) {
    this.#files = files;
    this.#path = path;
    this.#chunkBytes = chunkBytes;
  }
  /** `length` bytes at `position`, good until the next call; fewer at the file's end. */
  at(position: number, length: number): Buffer {
    const start = position - this.#from;
    if (start < 0 || start + length > this.#data.length) {
      const wanted = Math.max(length, this.#chunkBytes);
      if (this.#room.length < wanted) this.#room = Buffer.allocUnsafe(wanted);
      this.#data = this.#room.subarray(0, this.#files.read(this.#path, this.#room, position));
      this.#from = position;
    }
    return this.#data.subarray(position - this.#from, position - this.#from + length);
  }
}

/** The batches in [from, to), as far as they have the shape of batches. */
export function* scanHeads(files: OpenFiles, path: string, from: number, to: number): Iterable<PlacedBatch> {
  const window = new Window(files, path, Math.min(headChunkBytes, to - from));
  for (let at = from; at + batchHeaderBytes <= to; ) {
    const data = window.at(at, batchHeaderBytes);
    const length = shapeOf(data);
    if (length < 0 || at + length > to) return;
    yield new PlacedBatch(files, path, at, readBatchHead(data, 0));
    at += length;
  }
}

/** The batches from the file's start on that are whole and whose checksum is right, with rising offsets. */
export function* scanSound(
  files: OpenFiles,
  path: string,
  to: number,
  baseOffset: number,
): Iterable<PlacedBatch> {
  const window = new Window(files, path, Math.min(wholeChunkBytes, to));
  let next = baseOffset;
  for (let at = 0; at + batchHeaderBytes <= to; ) {
    const length = shapeOf(window.at(at, batchHeaderBytes));
    if (length < 0 || at + length > to) return;
    const data = window.at(at, length);
    if (crc32c(data, attributesOffset) !== data.readUInt32BE(17)) return;
    const head = readRecordBatch(data, 0)!;
    if (head.baseOffset < next || head.lastOffset < head.baseOffset) return;
    yield new PlacedBatch(files, path, at, head);
    next = head.lastOffset + 1;
    at += length;
  }
}

/** The length of the batch whose head this is, or -1. */
function shapeOf(head: Buffer): number {
  if (head.length < batchHeaderBytes) return -1;
  const length = head.readInt32BE(8) + lengthEnd;
  const known = head[16] === 2 && (head.readInt16BE(attributesOffset) & 7) <= 4;
  return known && length >= batchHeaderBytes ? length : -1;
}
