/* The upsert-kafka connector: a topic as a changelog by key. A value is the row's latest state, a null
 * value its end. */

import {
  upsertChanges,
  upsertKeyOnlyDelete,
  type ConnectorDescriptor,
  type ConnectorTable,
  type Options,
} from '#catalog';
import type { ConnectorRuntime } from '#dataflow';
import type { Dial } from '../kafka/client/in-process-transport.ts';
import { kafkaDeadLetters } from '../kafka/dead-letters.ts';
import { kafkaMetadata } from '../kafka/metadata.ts';
import {
  asksForColumns,
  boundedChoice,
  kafkaFieldCheck,
  kafkaOptions,
  kafkaOptionSchema,
  keyAndValue,
  sinkDelivery,
  sinkTopic,
  takesColumns,
  topicChoice,
} from '../kafka/options.ts';
import { checkProperties } from '../kafka/properties.ts';
import { UpsertBuffer } from '../kafka/sink/upsert-buffer.ts';

/** Checks all that can be checked without a broker. */
function checked(table: ConnectorTable): Options {
  const options = kafkaOptions('upsert-kafka', table);
  topicChoice(options, 'upsert-kafka');
  keyAndValue(options, 'upsert-kafka', table);
  return options;
}

const descriptor = (dial?: Dial): ConnectorDescriptor => ({
  name: 'upsert-kafka',
  options: (table) => kafkaOptionSchema('upsert-kafka', table),
  metadata: kafkaMetadata,
  source: (table) => {
    const options = checked(table);
    return {
      changelog: upsertKeyOnlyDelete,
      bounded: boundedChoice(options) !== undefined,
      ownWatermarks: false,
      asksForColumns: asksForColumns(options, 'upsert-kafka', table),
    };
  },
  sink: (table) => {
    const options = checked(table);
    sinkTopic(options, 'upsert-kafka');
    UpsertBuffer.from(options);
    return {
      accepts: () => upsertChanges,
      guarantee: sinkDelivery(options).guarantee,
      takesColumns: takesColumns(options, 'upsert-kafka', table),
    };
  },
  fieldCheck: (table, use) => kafkaFieldCheck('upsert-kafka', table, use),
  infer: async (table, world) =>
    await (await import('../kafka/infer.ts')).inferTopicTable('upsert-kafka', table, world),
  deadLetters: (table, about) => kafkaDeadLetters('upsert-kafka', table, about),
  isLog: true,
  warnings: (table) => checkProperties(kafkaOptions('upsert-kafka', table)),
  load: async (): Promise<ConnectorRuntime> =>
    (await import('../kafka/runtime.ts')).kafkaRuntime('upsert-kafka', dial),
});

export const upsertKafkaConnector: ConnectorDescriptor = descriptor();
/** The same over brokers of this process, for simulations. */
export const upsertKafkaConnectorOver = (dial: Dial): ConnectorDescriptor => descriptor(dial);
