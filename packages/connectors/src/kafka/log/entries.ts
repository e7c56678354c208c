/* The records in what a fetch of a log brought, as text. */

import { ExternalError } from '#base';
import {
  attributesOffset,
  batchHeaderBytes,
  decompress,
  indexRecords,
  readRecordBatch,
  RecordIndex,
} from '#records';
import { crc32c } from '#wasm';

export interface LogEntry {
  readonly key: string;
  /** Null: the key is taken away. */
  readonly value: string | null;
}
/** `next`: the offset behind it. A batch may hold no record any more. */
export type Found =
  | { readonly kind: 'record'; readonly record: LogEntry; readonly next: number }
  | { readonly kind: 'nothing'; readonly next: number };

/** Records from an offset on; records without a key are left out. Throws ExternalError for damaged batches. */
export function* recordsIn(data: Buffer, from: number): Iterable<Found> {
  const text = new TextDecoder();
  for (let at = 0; ; ) {
    const batch = readRecordBatch(data, at);
    if (batch === undefined) return;
    at = batch.end;
    if (crc32c(data, batch.start + attributesOffset, batch.end) !== batch.crc)
      throw new ExternalError('KAF2003', {
        message: `the batch at offset ${batch.baseOffset} is damaged: its checksum is wrong`,
        retryable: false,
      });
    if (!batch.control && batch.count > 0) {
      const body = decompress(batch.codec, data.subarray(batch.start + batchHeaderBytes, batch.end));
      const index = new RecordIndex();
      const appendTime = batch.logAppendTime ? batch.maxTimestamp : undefined;
      const base = { offset: batch.baseOffset, timestamp: batch.baseTimestamp, appendTime };
      indexRecords(body, 0, body.length, batch.count, base, index);
      const cell = (start: number, end: number): string | null =>
        start < 0 ? null : text.decode(index.data.subarray(start, end));
      for (let i = 0; i < index.count; i++) {
        const offset = index.offsets[i]!;
        const key = cell(index.keyStarts[i]!, index.keyEnds[i]!);
        if (offset < from || key === null) continue;
        const value = cell(index.valueStarts[i]!, index.valueEnds[i]!);
        yield { kind: 'record', record: { key, value }, next: offset + 1 };
      }
    }
    yield { kind: 'nothing', next: Math.max(from, batch.lastOffset + 1) };
  }
}
