/* What a record carries beside key and value, as metadata columns. */

import type { ConnectorTable, MetadataField } from '#catalog';
import { notNull, types, type Value } from '#data';
import type { RecordBatch } from '#records';
import { readHeaders, type RecordIndex } from '#records';
import { valueFormatOf } from './options.ts';
import type { PartitionState } from './source/partition.ts';

export const kafkaMetadata: readonly MetadataField[] = [
  { key: 'topic', type: notNull(types.STRING), readable: true, writable: false },
  { key: 'partition', type: notNull(types.INT), readable: true, writable: false },
  {
    key: 'headers',
    type: notNull(types.map(notNull(types.STRING), notNull(types.BYTES))),
    readable: true,
    writable: true,
  },
  { key: 'leader-epoch', type: types.INT, readable: true, writable: false },
  { key: 'offset', type: notNull(types.BIGINT), readable: true, writable: false },
  { key: 'timestamp', type: notNull(types.timestampLtz(3)), readable: true, writable: true },
  { key: 'timestamp-type', type: notNull(types.STRING), readable: true, writable: false },
];

/** In front of the keys of what the value's format finds in a message. */
export const valuePrefix = 'value.';

/** What the records of a table carry, and what its value format finds in them. */
export function tableMetadata(table: ConnectorTable): readonly MetadataField[] {
  const ofValue = valueFormatOf(table)?.format.metadata ?? [];
  const fields = ofValue.map(({ key, type }) => ({
    key: valuePrefix + key,
    type,
    readable: true,
    writable: false,
  }));
  return [...kafkaMetadata, ...fields];
}

/** A record, as what its metadata is read from. */
export interface RecordPlace {
  readonly state: PartitionState;
  readonly batch: RecordBatch;
  readonly index: RecordIndex;
  readonly record: number;
}

/** The value of metadata column `key`. */
export function metadataValue(key: string, place: RecordPlace): Value {
  const { state, batch, index, record } = place;
  switch (key) {
    case 'topic':
      return state.topic;
    case 'partition':
      return state.partition;
    case 'headers': {
      const last = new Map(readHeaders(index.data, index.headers[record]!).map((h) => [h.key, h.value]));
      return { entries: [...last] };
    }
    case 'leader-epoch':
      return batch.leaderEpoch < 0 ? null : batch.leaderEpoch;
    case 'offset':
      return BigInt(index.offsets[record]!);
    case 'timestamp':
      return { ms: index.timestamps[record]!, ns: 0 };
    default:
      return batch.logAppendTime
        ? 'LogAppendTime'
        : index.timestamps[record]! < 0
          ? 'NoTimestampType'
          : 'CreateTime';
  }
}
