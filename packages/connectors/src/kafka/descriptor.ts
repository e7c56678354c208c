/* The kafka connector, as the planner knows it. */

import { UserError } from '#base';
import { insertOnly, isInsertOnly, type ConnectorDescriptor, type ConnectorTable } from '#catalog';
import type { ConnectorRuntime } from '#dataflow';
import { kafkaMetadata } from './metadata.ts';
import {
  boundedChoice,
  kafkaOptions,
  kafkaOptionSchema,
  keyAndValue,
  startupChoice,
  topicChoice,
} from './options.ts';

/** Checks all that can be checked without a broker. */
function checked(table: ConnectorTable): ReturnType<typeof kafkaOptions> {
  const options = kafkaOptions('kafka', table);
  topicChoice(options, 'kafka');
  keyAndValue(options, 'kafka', table);
  return options;
}

export const kafkaConnector: ConnectorDescriptor = {
  name: 'kafka',
  options: (table) => kafkaOptionSchema('kafka', table),
  metadata: kafkaMetadata,
  source: (table) => {
    const options = checked(table);
    startupChoice(options, 'kafka');
    const value = keyAndValue(options, 'kafka', table).value.format;
    return {
      changelog: value.changelog,
      bounded: boundedChoice(options) !== undefined,
      ownWatermarks: false,
    };
  },
  sink: (table) => {
    const options = checked(table);
    const choice = topicChoice(options, 'kafka');
    if (choice.kind === 'pattern' || choice.names.length !== 1) {
      throw new UserError('KAF1002', { message: `a kafka sink writes to exactly one 'topic'` });
    }
    const guarantee = options.enum('sink.delivery-guarantee');
    if (guarantee === 'exactly-once') {
      throw new UserError('KAF1006', {
        at: options.at('sink.delivery-guarantee'),
        message: `'sink.delivery-guarantee' = 'exactly-once' is not there yet`,
        hint: `Use 'at-least-once'; downstream, deduplicate by key.`,
      });
    }
    const value = keyAndValue(options, 'kafka', table).value.format;
    return {
      accepts: () => (isInsertOnly(value.changelog) ? insertOnly : value.changelog),
      guarantee: guarantee === 'none' ? 'none' : 'at-least-once',
    };
  },
  load: async (): Promise<ConnectorRuntime> => (await import('./runtime.ts')).kafkaRuntime('kafka'),
};
