/* What the engine loads when a job reads or writes Kafka. */

import { BugError } from '#base';
import type { ConnectorRuntime, SourceContext } from '#dataflow';
import { ConnectionTransport } from './client/connection-transport.ts';
import { kafkaOptions, keyAndValue, type KafkaFlavour } from './options.ts';
import { kafkaProperties } from './properties.ts';
import { RowDecoder } from './source/row-decoder.ts';
import { KafkaSource } from './source/source.ts';

function createSource(flavour: KafkaFlavour, context: SourceContext): KafkaSource {
  const options = kafkaOptions(flavour, context.table);
  const properties = kafkaProperties(options, (message) => context.warn(message));
  const shape = {
    physical: context.table.physical,
    fields: context.fields,
    metadata: context.metadata,
    formats: keyAndValue(options, flavour, context.table),
    upsert: flavour === 'upsert-kafka',
  };
  const decoder = new RowDecoder(shape, options, () => context.count('numRecordsInErrors', 1));
  const transport = new ConnectionTransport(properties.clientId, properties.connection);
  return new KafkaSource({ context, options, flavour, properties, transport, decoder });
}

export function kafkaRuntime(flavour: KafkaFlavour): ConnectorRuntime {
  return {
    createSource: (context) => createSource(flavour, context),
    createSink: () => {
      throw new BugError('the kafka sink is not there');
    },
  };
}
