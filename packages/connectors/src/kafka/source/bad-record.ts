/* A record that its formats cannot read, with all that it holds; and how often it came. */

import { replaysOf, type BadRecord } from '#dataflow';
import type { UserError } from '#base';
import { readHeaders, type RecordIndex } from '#records';
import type { PartitionState } from './partition.ts';

/** `part`: which of key and value cannot be read. The bytes are those of the index. */
export function badRecord(
  state: PartitionState,
  index: RecordIndex,
  record: number,
  part: 'key' | 'value',
  error: UserError,
): BadRecord {
  const { data, keyStarts, keyEnds, valueStarts, valueEnds } = index;
  const bytes = (start: number, end: number): Uint8Array | null =>
    start < 0 ? null : data.subarray(start, end);
  const { place, position } = state.origin(index.offsets[record]!, index.timestamps[record]!);
  return {
    error,
    part,
    place,
    position,
    key: bytes(keyStarts[record]!, keyEnds[record]!),
    value: bytes(valueStarts[record]!, valueEnds[record]!),
    headers: readHeaders(data, index.headers[record]!),
  };
}

/** How often the record was sent again. Most records have no headers, and cost a look at one byte. */
export function replaysOfRecord({ data, headers }: RecordIndex, record: number): number {
  const at = headers[record]!;
  return data[at] === 0 ? 0 : replaysOf(readHeaders(data, at));
}
