/* Goes through the record batches of a chunk and lays their records open: checks the checksum,
 * decompresses, leaves out control batches and, for read_committed, the records of aborted transactions. */

import { ExternalError, present } from '#base';
import { crc32c } from '#wasm';
import type { AbortedTransaction } from '../requests/fetch.ts';
import { decompress } from '#records';
import { attributesOffset, batchHeaderBytes, readRecordBatch, type RecordBatch } from '#records';
import type { MemoryLayer } from '#records';
import { indexRecords, RecordIndex, type RecordBase } from '#records';
import type { Chunk } from './fetcher.ts';

/** In the key of a control record: which kind it is. */
const abortMarker = 0;

/** A chunk that is read in part: where its next batch starts, and what is known of transactions there. */
export interface ParkedChunk {
  readonly chunk: Chunk;
  readonly at: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly abortedProducers: readonly number[];
}

export class ChunkReader {
  readonly #committedOnly: boolean;
  #chunk: Chunk | undefined;
  #at = 0;
  #aborted: AbortedTransaction[] = [];
  readonly #abortedProducers = new Set<number>();
  /** The records of the current batch. */
  index: RecordIndex;
  readonly #plainIndex = new RecordIndex();
  readonly #layer: MemoryLayer | undefined;
  /** The current batch; `index` belongs to it. */
  batch: RecordBatch | undefined;

  /** `layer`: where batches are laid open in the thread's memory; without, all is done in ordinary memory. */
  constructor(committedOnly: boolean, layer: MemoryLayer | undefined) {
    this.#committedOnly = committedOnly;
    this.#layer = layer;
    this.index = this.#plainIndex;
  }

  /** The rows handed out so far were taken. */
  begin(): void {
    if (this.batch === undefined) this.#layer?.reset();
    else this.#layer?.keepLast();
  }
  close(): void {
    this.#layer?.release();
  }

  open(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.batch = undefined;
    this.#aborted = [...chunk.aborted].sort((a, b) => a.firstOffset - b.firstOffset);
    this.#abortedProducers.clear();
  }

  /** Leaves the chunk in front of the current batch, or of the next one, to be opened there again. What was taken of the batch is
   *  known by its partition's position. */
  park(): ParkedChunk {
    const parked = {
      chunk: present(this.#chunk, 'an open chunk'),
      at: this.batch?.start ?? this.#at,
      aborted: this.#aborted,
      abortedProducers: [...this.#abortedProducers],
    };
    this.batch = undefined;
    return parked;
  }
  reopen({ chunk, at, aborted, abortedProducers }: ParkedChunk): void {
    this.open(chunk);
    this.#at = at;
    this.#aborted = [...aborted];
    for (const producer of abortedProducers) this.#abortedProducers.add(producer);
  }

  /** The current batch was taken. */
  finishBatch(): void {
    this.batch = undefined;
  }

  /** To the next batch with records of users: `batch` with `batch` and `index` set; `full` when there is
   *  no room for it until the rows made so far (`pending`) are taken; `end` at the chunk's end. `passed`
   *  is told the last offsets of batches that are left out. */
  next(pending: boolean, passed: (lastOffset: number) => void): 'batch' | 'full' | 'end' {
    const { records, state } = this.#chunk!;
    for (;;) {
      const batch = readRecordBatch(records, this.#at);
      if (batch === undefined) return 'end';
      if (batch.lastOffset >= state.consumed) {
        const counts = this.#counts(batch);
        const laid = counts || batch.control ? this.#lay(records, batch, pending) : true;
        if (!laid) return 'full';
        if (batch.control) this.#endTransaction(batch);
        this.#at = batch.end;
        if (counts) {
          this.batch = batch;
          return 'batch';
        }
        passed(batch.lastOffset);
      } else this.#at = batch.end;
    }
  }

  #check(records: Buffer, batch: RecordBatch): void {
    const found = crc32c(records, batch.start + attributesOffset, batch.end);
    if (found === batch.crc) return;
    throw new ExternalError('KAF2003', {
      message:
        `${this.#chunk!.state.place(batch.baseOffset)}: a record batch has the checksum ${found}, ` +
        `and says ${batch.crc}`,
      retryable: false,
    });
  }

  /** Whether the batch holds records to hand out. Asked twice about one batch, it answers the same. */
  #counts(batch: RecordBatch): boolean {
    if (this.#committedOnly) {
      while (this.#aborted.length > 0 && this.#aborted[0]!.firstOffset <= batch.lastOffset) {
        this.#abortedProducers.add(this.#aborted.shift()!.producerId);
      }
    }
    const aborted = batch.transactional && this.#abortedProducers.has(batch.producerId);
    return !batch.control && !aborted && batch.count > 0;
  }
  /** A producer's abort marker ends what is to be left out; `index` holds the marker. */
  #endTransaction(batch: RecordBatch): void {
    if (batch.count === 0) return;
    const key = this.index.keyStarts[0]!;
    const kind = key < 0 ? -1 : (this.index.data[key + 2]! << 8) | this.index.data[key + 3]!;
    if (kind === abortMarker) this.#abortedProducers.delete(batch.producerId);
  }

  /** Lays the records open in `index`. False when that must wait until pending rows are taken. */
  #lay(records: Buffer, batch: RecordBatch, pending: boolean): boolean {
    if (this.#layer !== undefined) {
      const laid = this.#layer.lay(records, batch);
      if (laid === 'laid') {
        this.index = this.#layer.index;
        return true;
      }
      if (laid === 'full' && pending) return false;
    }
    this.#check(records, batch);
    this.#layPlain(records, batch);
    this.index = this.#plainIndex;
    return true;
  }
  #layPlain(records: Buffer, batch: RecordBatch): void {
    const body = records.subarray(batch.start + batchHeaderBytes, batch.end);
    let data: Uint8Array;
    try {
      data = decompress(batch.codec, body);
    } catch (cause) {
      throw new ExternalError('KAF2003', {
        message: `${this.#chunk!.state.place(batch.baseOffset)}: cannot decompress (${batch.codec})`,
        retryable: false,
        cause,
      });
    }
    indexRecords(data, 0, data.length, batch.count, baseOf(batch), this.#plainIndex);
  }
}

const baseOf = (batch: RecordBatch): RecordBase => ({
  offset: batch.baseOffset,
  timestamp: batch.baseTimestamp,
  appendTime: batch.logAppendTime ? batch.maxTimestamp : undefined,
});
