/* A record that its formats cannot read, with all that it holds. */

import type { BadRecord } from '#dataflow';
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
