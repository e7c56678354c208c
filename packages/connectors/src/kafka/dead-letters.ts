/* The topic beside a topic, for records that could not be used: key, value and headers as they were, and behind these the
 * headers that Kafka Connect writes on its dead letters. */

import { UserError } from '#base';
import type { ConnectorTable, Guarantee, TableText } from '#catalog';
import { kafkaOptions, topicChoice, type KafkaFlavour } from './options.ts';

/** What a broker allows unless it is told otherwise; Flink's own default is more. */
const transactionTimeoutMs = '900000';

export function kafkaDeadLetters(
  flavour: KafkaFlavour,
  table: ConnectorTable,
  { guarantee, name }: { readonly guarantee: Guarantee; readonly name: string },
): TableText {
  const choice = topicChoice(kafkaOptions(flavour, table), flavour);
  if (choice.kind === 'pattern' || choice.names.length !== 1)
    throw new UserError('KAF1010', {
      message: `table '${table.path.object}' has several topics, so its dead letters have no topic of their own`,
      hint: "Name a table for them: 'millrace.dead-letter.table'.",
    });
  const topic = `${choice.names[0]!}.dlq`;
  const properties = table.options.filter((o) => o.key.startsWith('properties.'));
  return {
    columns:
      '`key` BYTES, `value` BYTES, `headers` MAP<STRING, BYTES> METADATA, `timestamp` TIMESTAMP_LTZ(3) METADATA',
    options: {
      'properties.transaction.timeout.ms': transactionTimeoutMs,
      ...Object.fromEntries(properties.map((o) => [o.key, o.value])),
      connector: 'kafka',
      topic,
      'key.format': 'raw',
      'key.fields': 'key',
      'value.format': 'raw',
      'value.fields-include': 'EXCEPT_KEY',
      'sink.delivery-guarantee': guarantee,
      ...(guarantee === 'exactly-once' ? { 'sink.transactional-id-prefix': `millrace-${name}` } : {}),
    },
  };
}
