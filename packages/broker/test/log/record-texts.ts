/* The records of batches as text, for tests: `offset key=value`, or the value alone. */

import { batchHeaderBytes, decompress, indexRecords, readRecordBatch, RecordIndex } from '#records';

/** All records of the batches that stand one behind the other in `data`. */
export function recordTexts(data: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < data.length; ) {
    const head = readRecordBatch(data, at);
    if (head === undefined) break;
    const body = decompress(head.codec, data.subarray(at + batchHeaderBytes, head.end));
    const index = new RecordIndex();
    const base = { offset: head.baseOffset, timestamp: head.baseTimestamp, appendTime: undefined };
    indexRecords(body, 0, body.length, head.count, base, index);
    const text = (start: number, end: number): string | null =>
      start < 0 ? null : Buffer.from(body.subarray(start, end)).toString();
    for (let i = 0; i < index.count; i++) {
      const key = text(index.keyStarts[i]!, index.keyEnds[i]!);
      const value = text(index.valueStarts[i]!, index.valueEnds[i]!);
      texts.push(`${index.offsets[i]} ${key === null ? '' : `${key}=`}${value}`);
    }
    at = head.end;
  }
  return texts;
}
