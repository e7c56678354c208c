/* The debezium-json format: {"before":…,"after":…,"op":"c"}, or that as the payload beside its schema. */

import { types, type MapValue, type Value } from '#data';
import type { OptionSpec } from '#catalog';
import { UserError } from '#base';
import { beforeAfterChanges, debeziumOperations, type BeforeAfter } from '../changes/before-after.ts';
import { changeFormat } from '../changes/format.ts';
import { epoch, property, taken, type ChangeMetadata } from '../changes/metadata.ts';

const name = 'debezium-json';
const include = 'schema-include';

const specs: readonly OptionSpec[] = [
  {
    key: include,
    type: 'boolean',
    default: 'false',
    doc: 'Messages are {"schema":…,"payload":…}, as Kafka Connect writes them when its converter has schemas enabled. Only for reading.',
  },
];

const properties = types.map(types.STRING, types.STRING);
const ofSource = (
  key: string,
  type: ChangeMetadata['type'],
  convert: (value: Value) => Value | undefined,
): ChangeMetadata => ({
  key,
  type,
  member: 'source',
  memberType: properties,
  convert,
});
const sourceText = (key: string, member: string): ChangeMetadata =>
  ofSource(key, types.STRING, (source) => property(source, member));

function sourceTime(source: Value): Value | undefined {
  const text = property(source, 'ts_ms');
  if (text === null) return null;
  return /^[+-]?\d+$/.test(text as string) ? { ms: Number(text), ns: 0 } : undefined;
}

const metadata: readonly ChangeMetadata[] = [
  taken('schema', types.STRING),
  epoch('ingestion-timestamp', 'ts_ms'),
  ofSource('source.timestamp', types.timestampLtz(3), sourceTime),
  sourceText('source.database', 'db'),
  sourceText('source.schema', 'schema'),
  sourceText('source.table', 'table'),
  ofSource('source.properties', properties, (source) => source as MapValue),
];

const messages: BeforeAfter = {
  ...debeziumOperations,
  hint: `If the messages are {"schema":…,"payload":…}, set '${name}.${include}' = 'true'.`,
};

export const debeziumJsonFormat = changeFormat({
  name,
  options: specs,
  metadata,
  rules: (options) => ({
    format: name,
    rows: { before: 'row', after: 'row' },
    texts: ['op'],
    metadata,
    payload: options.boolean(include) ? 'payload' : undefined,
    changes: (message) => beforeAfterChanges(messages, message),
  }),
  texts: (options) => {
    if (options.boolean(include))
      throw new UserError('FMT1004', {
        at: options.at(include),
        message: `option '${options.key(include)}': messages are written without a schema, and it is true`,
        hint: 'A table that is written needs false; declare another for reading.',
      });
    return {
      format: name,
      insert: (skip) => ({ head: skip ? '{"after":' : '{"before":null,"after":', tail: ',"op":"c"}' }),
      delete: (skip) => ({ head: '{"before":', tail: skip ? ',"op":"d"}' : ',"after":null,"op":"d"}' }),
    };
  },
});
