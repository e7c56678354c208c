/* Every connector and every provider of models that ships, one line each. The application hands them to the engine, which names none of them. */

import type { ConnectorDescriptor, ModelProvider } from '#catalog';
import { blackholeConnector } from './blackhole/descriptor.ts';
import { datagenConnector } from './datagen/descriptor.ts';
import { demoEventsConnector } from './demo-events/descriptor.ts';
import { embeddedConnector } from './embedded/descriptor.ts';
import { filesystemConnector } from './filesystem/descriptor.ts';
import { jdbcCatalog } from './jdbc/catalog.ts';
import { jdbcConnector } from './jdbc/descriptor.ts';
import { kafkaConnector, kafkaConnectorOver } from './kafka/descriptor.ts';
import { openaiProvider } from './openai/provider.ts';
import { nexmarkConnector } from './nexmark/descriptor.ts';
import { printConnector } from './print/descriptor.ts';
import { upsertKafkaConnector, upsertKafkaConnectorOver } from './upsert-kafka/descriptor.ts';

export const connectors: readonly ConnectorDescriptor[] = [
  blackholeConnector,
  datagenConnector,
  demoEventsConnector,
  filesystemConnector,
  jdbcConnector,
  kafkaConnector,
  nexmarkConnector,
  printConnector,
  upsertKafkaConnector,
];
/** Who runs models, one line each. */
export const modelProviders: readonly ModelProvider[] = [openaiProvider];
export { nexmarkEvents, nexmarkJson, type NexmarkStream } from './nexmark/events.ts';
export { nexmarkFields } from './nexmark/schema.ts';
export { embeddedConnector, jdbcCatalog };
export type { EmbeddedPlace } from './embedded/place.ts';
export { kafkaConnector, kafkaConnectorOver, upsertKafkaConnector, upsertKafkaConnectorOver };
export { KafkaAdmin, type GroupLag, type TopicDescription, type TopicPartition } from './kafka/admin.ts';
export { TopicLog, type TopicLogOptions, type TopicLogReader } from './kafka/log/topic-log.ts';
export { ReplayWriter, type Mark } from './kafka/replay-writer.ts';
export { TopicWriter, type OutgoingRecord } from './kafka/topic-writer.ts';
export type { Dial, FrameLink } from './kafka/client/in-process-transport.ts';
export { inferFileTable, jsonTable } from './filesystem/infer.ts';
export { makeFolder } from './filesystem/make-folder.ts';
export { millraceFolder } from './millrace-folder.ts';
export { resolveSecrets } from './secrets.ts';
export { servicesFolder } from './jdbc/embedded/service.ts';
export { postgresStatus, startPostgres, stopPostgres, type ServerAddress } from './services.ts';
