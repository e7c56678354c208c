/* The kafka connector, as the planner knows it. */

import {
  insertOnly,
  isInsertOnly,
  type ConnectorDescriptor,
  type ConnectorTable,
  type Options,
} from '#catalog';
import type { ConnectorRuntime } from '#dataflow';
import type { Dial } from './client/in-process-transport.ts';
import { kafkaDeadLetters } from './dead-letters.ts';
import { tableMetadata } from './metadata.ts';
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
  startupChoice,
  topicChoice,
} from './options.ts';
import { checkProperties } from './properties.ts';

/** Checks all that can be checked without a broker. */
function checked(table: ConnectorTable): Options {
  const options = kafkaOptions('kafka', table);
  topicChoice(options, 'kafka');
  keyAndValue(options, 'kafka', table);
  return options;
}

const descriptor = (dial?: Dial): ConnectorDescriptor => ({
  name: 'kafka',
  options: (table) => kafkaOptionSchema('kafka', table),
  metadata: tableMetadata,
  source: (table) => {
    const options = checked(table);
    startupChoice(options, 'kafka');
    const { changelog } = keyAndValue(options, 'kafka', table).value.format;
    return {
      changelog,
      bounded: boundedChoice(options) !== undefined,
      ownWatermarks: false,
      asksForColumns: asksForColumns(options, 'kafka', table),
    };
  },
  sink: (table) => {
    const options = checked(table);
    sinkTopic(options, 'kafka');
    const { changelog } = keyAndValue(options, 'kafka', table).value.format;
    return {
      accepts: () => (isInsertOnly(changelog) ? insertOnly : changelog),
      guarantee: sinkDelivery(options).guarantee,
      takesColumns: takesColumns(options, 'kafka', table),
    };
  },
  fieldCheck: (table, use) => kafkaFieldCheck('kafka', table, use),
  infer: async (table, world) => await (await import('./infer.ts')).inferTopicTable('kafka', table, world),
  deadLetters: (table, about) => kafkaDeadLetters('kafka', table, about),
  isLog: true,
  warnings: (table) => checkProperties(kafkaOptions('kafka', table)),
  load: async (): Promise<ConnectorRuntime> => (await import('./runtime.ts')).kafkaRuntime('kafka', dial),
});

export const kafkaConnector: ConnectorDescriptor = descriptor();
/** The same over brokers of this process, for simulations. */
export const kafkaConnectorOver = (dial: Dial): ConnectorDescriptor => descriptor(dial);
