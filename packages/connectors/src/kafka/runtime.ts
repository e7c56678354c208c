/* What the engine loads when a job reads or writes Kafka. */

import type { ConnectorRuntime, Sink, SinkContext, SourceContext } from '#dataflow';
import { UserError } from '#base';
import type { ConnectorTable, Options } from '#catalog';
import type { Dial } from './client/in-process-transport.ts';
import { kafkaOptions, keyAndValue, sinkDelivery, sinkTopic, type KafkaFlavour } from './options.ts';
import { kafkaProperties } from './properties.ts';
import { registriesOf } from './registries.ts';
import { BlockRows } from './sink/block-rows.ts';
import { RowEncoder } from './sink/row-encoder.ts';
import { ExactlyOnceKafkaSink } from './sink/exactly-once/sink.ts';
import { KafkaSink } from './sink/sink.ts';
import { FetchSlots, MemoryLayer } from '#records';
import { formatOptionsOf } from '../format-options.ts';
import { DriftWatch, evolutionKey, type Evolution } from '../schemas/drift-watch.ts';
import { RecordDrift } from './source/record-drift.ts';
import { RowDecoder, type RowShape } from './source/row-decoder.ts';
import { ScanDecoder } from './source/scan-decoder.ts';
import { KafkaSource } from './source/source.ts';
import { countLosses } from '../count-losses.ts';
import { resolveSecrets } from '../secrets.ts';
import { overCalls, overSockets, type Reach } from './transport-for.ts';

/** The table with `${env:…}` and `${file:…}` in its options replaced: plans and messages never see what they stand for. */
function withSecrets(table: ConnectorTable): ConnectorTable {
  return { ...table, options: table.options.map((o) => ({ ...o, value: resolveSecrets(o.value) })) };
}

/** What an answer to a fetch holds beside records: some tens of bytes a partition. */
const headBytesMax = 64 << 10;
/** Larger answers lie in ordinary memory, whatever 'properties.fetch.max.bytes' says. */
const slotBytesMax = 32 << 20;
/** Two answers that wait, one that is read, and one that is on its way. */
const slotsMax = 4;

function createSource(flavour: KafkaFlavour, given: SourceContext, reach: Reach): KafkaSource {
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
  const { badRecords } = context;
  const byRow = new RowDecoder(shape, options, skipped, onLoss, badRecords);
  const count = (name: string, by: number): void => context.count(name, by);
  const scan = ScanDecoder.create(shape, options, byRow, { skipped, count, onLoss, badRecords });
  const slots = new FetchSlots(Math.min(properties.fetchBytesMax, slotBytesMax) + headBytesMax, slotsMax);
  const transport = reach(context.world, properties, slots);
  return new KafkaSource({
    context,
    options,
    flavour,
    properties,
    transport,
    decoder: scan ?? byRow,
    drift: driftWatch(shape, options, context),
    layer: MemoryLayer.create(),
    slots,
    registries: registriesOf(shape.formats, options, (message) => context.warn(message)),
  });
}

function driftWatch(shape: RowShape, options: Options, context: SourceContext): RecordDrift {
  const { value, valueColumns } = shape.formats;
  const columns = valueColumns.map((i) => shape.physical[i]!);
  const formatOptions = formatOptionsOf(options, value.prefix);
  const watch = new DriftWatch({
    evolution: options.enum(evolutionKey) as Evolution,
    columns,
    inspector: value.format.drift?.(columns, formatOptions),
    newColumns: context.newColumns,
    warn: (message) => {
      context.warn(`table '${context.table.path.object}': ${message}`);
    },
  });
  return new RecordDrift(watch, (schema) => {
    try {
      return value.format.columns?.(formatOptions, schema).fields;
    } catch (error) {
      // A schema that gives no columns is the decoder's matter.
      if (error instanceof UserError) return undefined;
      throw error;
    }
  });
}

function createSink(flavour: KafkaFlavour, given: SinkContext, reach: Reach): Sink {
  const context = { ...given, table: withSecrets(given.table) };
  const options = kafkaOptions(flavour, context.table);
  const properties = kafkaProperties(options, (message) => context.warn(message));
  const topic = sinkTopic(options, flavour);
  const formats = keyAndValue(options, flavour, context.table);
  const encoder = new RowEncoder(formats, context.fields, context.metadata, options);
  const transport = reach(context.world, properties);
  const makeBlock = (): BlockRows | undefined =>
    BlockRows.create(formats, context.fields, options, encoder, flavour);
  const registries = registriesOf(formats, options, (message) => context.warn(message));
  const parts = { context, options, flavour, topic, properties, transport, encoder, makeBlock, registries };
  const delivery = sinkDelivery(options);
  if (delivery.guarantee === 'exactly-once') return new ExactlyOnceKafkaSink(parts, delivery.prefix);
  return new KafkaSink(parts);
}

/** `dial`: reaches brokers of this process instead of the network. */
export const kafkaRuntime = (flavour: KafkaFlavour, dial?: Dial): ConnectorRuntime =>
  kafkaRuntimeOver(flavour, dial === undefined ? overSockets : overCalls(dial));

export const kafkaRuntimeOver = (flavour: KafkaFlavour, reach: Reach): ConnectorRuntime => ({
  createSource: (context) => createSource(flavour, context, reach),
  createSink: (context) => createSink(flavour, context, reach),
});
