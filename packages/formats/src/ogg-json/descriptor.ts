/* The ogg-json format, of Oracle GoldenGate: {"before":…,"after":…,"op_type":"I"}. */

import { types, type Value } from '#data';
import { beforeAfterChanges, type BeforeAfter } from '../changes/before-after.ts';
import { changeFormat } from '../changes/format.ts';
import { taken, type ChangeMetadata } from '../changes/metadata.ts';
import { parseTimestamp, type TimestampStyle } from '../text/time.ts';

const name = 'ogg-json';

const time = (key: string, member: string, style: TimestampStyle): ChangeMetadata => ({
  key,
  type: types.timestampLtz(6),
  member,
  memberType: types.STRING,
  convert: (text: Value) => parseTimestamp(text as string, style, false, 6),
});

const metadata: readonly ChangeMetadata[] = [
  taken('table', types.STRING),
  taken('primary-keys', types.array(types.STRING), 'primary_keys'),
  time('ingestion-timestamp', 'current_ts', 'ISO-8601'),
  time('event-timestamp', 'op_ts', 'SQL'),
];

const messages: BeforeAfter = {
  member: 'op_type',
  operations: new Map([
    ['I', 'insert'],
    ['U', 'update'],
    ['D', 'delete'],
  ]),
};

export const oggJsonFormat = changeFormat({
  name,
  options: [],
  metadata,
  rules: () => ({
    format: name,
    rows: { before: 'row', after: 'row' },
    texts: ['op_type'],
    metadata,
    changes: (message) => beforeAfterChanges(messages, message),
  }),
  texts: () => ({
    format: name,
    insert: (skip) => ({ head: skip ? '{"after":' : '{"before":null,"after":', tail: ',"op_type":"I"}' }),
    delete: (skip) => ({
      head: '{"before":',
      tail: skip ? ',"op_type":"D"}' : ',"after":null,"op_type":"D"}',
    }),
  }),
});
