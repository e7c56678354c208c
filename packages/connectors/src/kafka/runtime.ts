/* What the engine loads when a job reads or writes Kafka. */

import type { ConnectorRuntime, SinkContext, SourceContext } from '#dataflow';
import type { ConnectorTable } from '#catalog';
import type { Dial } from './client/in-process-transport.ts';
import { kafkaOptions, keyAndValue, sinkTopic, type KafkaFlavour } from './options.ts';
import { kafkaProperties } from './properties.ts';
import { BlockRows } from './sink/block-rows.ts';
import { RowEncoder } from './sink/row-encoder.ts';
import { KafkaSink } from './sink/sink.ts';
import { MemoryLayer } from '#records';
import { RowDecoder } from './source/row-decoder.ts';
import { ScanDecoder } from './source/scan-decoder.ts';
import { KafkaSource } from './source/source.ts';
import { countLosses } from '../count-losses.ts';
import { resolveSecrets } from '../secrets.ts';
import { transportFor } from './transport-for.ts';

/** The table with `${env:…}` and `${file:…}` in its options replaced: plans and messages never see what they stand for. */
function withSecrets(table: ConnectorTable): ConnectorTable {
  return { ...table, options: table.options.map((o) => ({ ...o, value: resolveSecrets(o.value) })) };
}

function createSource(flavour: KafkaFlavour, given: SourceContext, dial: Dial | undefined): KafkaSource {
  const context = { ...given, table: withSecrets(given.table) };
  const options = kafkaOptions(flavour, context.table);
  const properties = kafkaProperties(options, (message) => context.warn(message));
  const shape = {
    physical: context.table.physical,
    fields: context.fields,
    metadata: context.metadata,
    formats: keyAndValue(options, flavour, context.table),
    upsert: flavour === 'upsert-kafka',
  };
  const skipped = (): void => context.count('numRecordsInErrors', 1);
  const onLoss = countLosses(context);
  const byRow = new RowDecoder(shape, options, skipped, onLoss);
  const count = (name: string, by: number): void => context.count(name, by);
  const scan = ScanDecoder.create(shape, options, byRow, { skipped, count, onLoss });
  const transport = transportFor(context.world, properties, dial);
  return new KafkaSource({
    context,
    options,
    flavour,
    properties,
    transport,
    decoder: scan ?? byRow,
    layer: MemoryLayer.create(),
  });
}

function createSink(flavour: KafkaFlavour, given: SinkContext, dial: Dial | undefined): KafkaSink {
  const context = { ...given, table: withSecrets(given.table) };
  const options = kafkaOptions(flavour, context.table);
  const properties = kafkaProperties(options, (message) => context.warn(message));
  const topic = sinkTopic(options, flavour);
  const formats = keyAndValue(options, flavour, context.table);
  const encoder = new RowEncoder(formats, context.fields, context.metadata, options);
  const transport = transportFor(context.world, properties, dial);
  const makeBlock = (): BlockRows | undefined =>
    BlockRows.create(formats, context.fields, options, encoder, flavour);
  return new KafkaSink({ context, options, flavour, topic, properties, transport, encoder, makeBlock });
}

/** `dial`: reaches brokers of this process instead of the network. */
export function kafkaRuntime(flavour: KafkaFlavour, dial?: Dial): ConnectorRuntime {
  return {
    createSource: (context) => createSource(flavour, context, dial),
    createSink: (context) => createSink(flavour, context, dial),
  };
}
