export { Broker } from './broker.ts';
export { checkConfigs } from './cluster/broker-configs.ts';
export type { BrokerOptions } from './options.ts';
export type { BrokerLink } from './server/link.ts';
export type { Fault } from './server/faults.ts';
export type { PartitionLag, PartitionOffsets, TopicOptions } from './testing/inspect.ts';
export type { ReadOptions, RecordToProduce, StoredRecord } from './testing/records.ts';
