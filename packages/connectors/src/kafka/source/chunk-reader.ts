/* Goes through the record batches of a chunk and lays their records open: checks the checksum,
 * decompresses, leaves out control batches and, for read_committed, the records of aborted transactions. */

import { ExternalError } from '#base';
import { crc32c } from '#wasm';
import type { AbortedTransaction } from '../protocol/fetch.ts';
import { decompress } from '../records/decompress.ts';
import {
  attributesOffset,
  batchHeaderBytes,
  readRecordBatch,
  type RecordBatch,
} from '../records/record-batch.ts';
import { indexRecords, RecordIndex, type RecordBase } from '../records/record-index.ts';
import type { Chunk } from './fetcher.ts';

/** In the key of a control record: which kind it is. */
const abortMarker = 0;

export class ChunkReader {
  readonly #committedOnly: boolean;
  #chunk: Chunk | undefined;
  #at = 0;
  #aborted: AbortedTransaction[] = [];
  readonly #abortedProducers = new Set<number>();
  /** The records of the current batch. */
  readonly index = new RecordIndex();
  /** The current batch; `index` belongs to it. */
  batch: RecordBatch | undefined;

  constructor(committedOnly: boolean) {
    this.#committedOnly = committedOnly;
  }

  open(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.batch = undefined;
    this.#aborted = [...chunk.aborted].sort((a, b) => a.firstOffset - b.firstOffset);
    this.#abortedProducers.clear();
  }

  /** To the next batch with records of users: true with `batch` and `index` set; false at the chunk's end.
   *  `passed` is told every batch's last offset once it lies behind. */
  next(passed: (lastOffset: number) => void): boolean {
    const { records, state } = this.#chunk!;
    if (this.batch !== undefined) passed(this.batch.lastOffset);
    this.batch = undefined;
    for (;;) {
      const batch = readRecordBatch(records, this.#at);
      if (batch === undefined) return false;
      this.#at = batch.end;
      if (batch.lastOffset < state.consumed) continue;
      this.#check(records, batch);
      if (this.#counts(records, batch)) {
        this.batch = batch;
        return true;
      }
      passed(batch.lastOffset);
    }
  }

  #check(records: Buffer, batch: RecordBatch): void {
    const found = crc32c(records, batch.start + attributesOffset, batch.end);
    if (found === batch.crc) return;
    throw new ExternalError('KAF2003', {
      message:
        `${this.#chunk!.state.name}, offset ${batch.baseOffset}: a record batch has the checksum ${found}, ` +
        `and says ${batch.crc}`,
      retryable: false,
    });
  }

  /** Whether the batch holds records to hand out; fills `index` when it does. */
  #counts(records: Buffer, batch: RecordBatch): boolean {
    if (this.#committedOnly) {
      while (this.#aborted.length > 0 && this.#aborted[0]!.firstOffset <= batch.lastOffset) {
        this.#abortedProducers.add(this.#aborted.shift()!.producerId);
      }
    }
    if (batch.control) {
      this.#endTransaction(records, batch);
      return false;
    }
    if (batch.count === 0 || (batch.transactional && this.#abortedProducers.has(batch.producerId)))
      return false;
    this.#lay(records, batch);
    return true;
  }
  #endTransaction(records: Buffer, batch: RecordBatch): void {
    if (batch.count === 0) return;
    this.#lay(records, batch);
    const key = this.index.keyStarts[0]!;
    const kind = key < 0 ? -1 : (this.index.data[key + 2]! << 8) | this.index.data[key + 3]!;
    if (kind === abortMarker) this.#abortedProducers.delete(batch.producerId);
  }
  #lay(records: Buffer, batch: RecordBatch): void {
    const body = records.subarray(batch.start + batchHeaderBytes, batch.end);
    let data: Uint8Array;
    try {
      data = decompress(batch.codec, body);
    } catch (cause) {
      throw new ExternalError('KAF2003', {
        message: `${this.#chunk!.state.name}, offset ${batch.baseOffset}: cannot decompress (${batch.codec})`,
        retryable: false,
        cause,
      });
    }
    indexRecords(data, 0, data.length, batch.count, baseOf(batch), this.index);
  }
}

export const baseOf = (batch: RecordBatch): RecordBase => ({
  offset: batch.baseOffset,
  timestamp: batch.baseTimestamp,
  appendTime: batch.logAppendTime ? batch.maxTimestamp : undefined,
});
