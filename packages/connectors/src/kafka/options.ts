/* The options of the kafka and upsert-kafka connectors, with Flink's keys, and what they mean together. */

import { asksForColumns as asksFor, takesColumns as takes } from '../schemas/added-columns.ts';
import { evolutionSpec } from '../schemas/drift-watch.ts';
import { didYouMean, UserError, type Span } from '#base';
import { checkFieldOf, formatOptionsOf } from '../format-options.ts';
import type { Field } from '#data';
import {
  isInsertOnly,
  type Options,
  parseOptions,
  type ConnectorTable,
  type OptionSpec,
  type OptionSchema,
} from '#catalog';
import { findFormat, formatPrefixes, formatSpecs, type FormatDescriptor } from '#formats';

const startupModes = [
  'earliest-offset',
  'latest-offset',
  'group-offsets',
  'timestamp',
  'specific-offsets',
] as const;
const boundedModes = [
  'unbounded',
  'latest-offset',
  'group-offsets',
  'timestamp',
  'specific-offsets',
] as const;
export type StartupMode = (typeof startupModes)[number];
export type BoundedMode = (typeof boundedModes)[number];

const topicSpec: OptionSpec = {
  key: 'topic',
  type: 'list',
  doc: 'The topic, or topics separated by ;. A sink writes to one.',
};
const boundedSpecs: readonly OptionSpec[] = [
  {
    key: 'scan.bounded.mode',
    type: 'enum',
    values: boundedModes,
    default: 'unbounded',
    doc: 'Where reading ends.',
  },
  {
    key: 'scan.bounded.specific-offsets',
    type: 'string',
    doc: 'Where each partition ends: partition:0,offset:42;…',
  },
  {
    key: 'scan.bounded.timestamp-millis',
    type: 'long',
    doc: 'The first record at or after this time is not read.',
  },
];
const sharedSpecs: readonly OptionSpec[] = [
  evolutionSpec,
  { key: 'key.format', type: 'string', doc: 'The format of keys.' },
  { key: 'key.fields-prefix', type: 'string', default: '', doc: 'What the names of key columns start with.' },
  { key: 'value.format', type: 'string', doc: 'The format of values.' },
  {
    key: 'value.fields-include',
    type: 'enum',
    values: ['ALL', 'EXCEPT_KEY'],
    default: 'ALL',
    doc: 'Whether values hold the key columns too.',
  },
  { key: 'scan.parallelism', type: 'int', doc: "Taken for compatibility; the job's parallelism counts." },
  { key: 'sink.parallelism', type: 'int', doc: "Taken for compatibility; the job's parallelism counts." },
  {
    key: 'sink.delivery-guarantee',
    type: 'enum',
    values: ['none', 'at-least-once', 'exactly-once'],
    default: 'at-least-once',
    aliases: ['sink.semantic'],
    doc: 'What a crash may do to written records. Exactly-once needs sink.transactional-id-prefix, and readers of committed records.',
  },
  {
    key: 'sink.transactional-id-prefix',
    type: 'string',
    doc: 'What the names of the transactions of exactly-once start with; no two jobs may share one.',
  },
];
const kafkaSpecs: readonly OptionSpec[] = [
  { ...topicSpec },
  { key: 'topic-pattern', type: 'string', doc: 'A regular expression that the names of the topics match.' },
  { key: 'format', type: 'string', doc: 'The format of values.' },
  { key: 'key.fields', type: 'list', default: '', doc: 'The columns that are in the key, separated by ;.' },
  {
    key: 'scan.startup.mode',
    type: 'enum',
    values: startupModes,
    default: 'group-offsets',
    doc: 'Where reading starts.',
  },
  {
    key: 'scan.startup.specific-offsets',
    type: 'string',
    doc: 'Where each partition starts: partition:0,offset:42;…',
  },
  {
    key: 'scan.startup.timestamp-millis',
    type: 'long',
    doc: 'Reading starts with the first record at or after this time.',
  },
  {
    key: 'scan.topic-partition-discovery.interval',
    type: 'duration',
    default: '5 min',
    doc: 'How often to look for new topics and partitions; 0 for never.',
  },
  { key: 'sink.partitioner', type: 'string', default: 'default', doc: 'default, fixed or round-robin.' },
];
const upsertSpecs: readonly OptionSpec[] = [
  { ...topicSpec, required: true },
  {
    key: 'sink.buffer-flush.max-rows',
    type: 'int',
    default: '0',
    doc: 'How many keys to gather before writing; 0 for none.',
  },
  {
    key: 'sink.buffer-flush.interval',
    type: 'duration',
    default: '0',
    doc: 'How long to gather before writing; 0 for not at all.',
  },
];

export type KafkaFlavour = 'kafka' | 'upsert-kafka';

const bootstrapSpec: OptionSpec = {
  key: 'properties.bootstrap.servers',
  type: 'string',
  required: true,
  doc: 'Brokers to start from: host:port,…',
};

/** The connector's own options; those of its formats and other `properties.` come beside them. */
export const kafkaOptionSpecs = (flavour: KafkaFlavour): readonly OptionSpec[] => [
  bootstrapSpec,
  ...(flavour === 'kafka' ? kafkaSpecs : upsertSpecs),
  ...sharedSpecs,
  ...boundedSpecs,
];

/** A format named by a table option, and the prefix of its own options. */
export interface NamedFormat {
  readonly format: FormatDescriptor;
  readonly prefix: string;
}

function namedFormat(
  table: ConnectorTable,
  option: string,
  prefixOf: (name: string) => string,
): NamedFormat | undefined {
  const raw = table.options.find((o) => o.key === option);
  if (raw === undefined) return undefined;
  return { format: findFormat(raw.value, raw.at), prefix: prefixOf(raw.value) };
}
export const keyFormatOf = (table: ConnectorTable): NamedFormat | undefined =>
  namedFormat(table, 'key.format', (name) => `key.${name}.`);
export const valueFormatOf = (table: ConnectorTable): NamedFormat | undefined =>
  namedFormat(table, 'value.format', (name) => `value.${name}.`) ??
  namedFormat(table, 'format', (name) => `${name}.`);

/** What a table of this connector may say. Options of its formats are included. */
export function kafkaOptionSchema(flavour: KafkaFlavour, table: ConnectorTable): OptionSchema {
  const formats = [keyFormatOf(table), valueFormatOf(table)].filter((f) => f !== undefined);
  return {
    owner: `connector '${flavour}'`,
    specs: [
      { key: 'connector', type: 'string', doc: 'The connector.' },
      ...kafkaOptionSpecs(flavour),
      ...formats.flatMap((f) => formatSpecs(f.format, f.prefix)),
    ],
    prefixes: ['properties.', ...formats.flatMap((f) => formatPrefixes(f.format, f.prefix))],
  };
}

/** The parsed options of a table. Throws UserError. */
export function kafkaOptions(flavour: KafkaFlavour, table: ConnectorTable): Options {
  return parseOptions(kafkaOptionSchema(flavour, table), table.options);
}

/** Offsets by partition, from 'partition:0,offset:42;partition:1,offset:300'. */
export function parseSpecificOffsets(
  text: string,
  key: string,
  at: Span | undefined,
): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  for (const item of text.split(';')) {
    const match = /^\s*partition:(\d+),offset:(\d+)\s*$/.exec(item);
    if (match === null) {
      throw new UserError('CAT1002', {
        at,
        message: `option '${key}': found '${item}', expected partition:0,offset:42`,
      });
    }
    offsets.set(Number(match[1]), Number(match[2]));
  }
  return offsets;
}

/** Which topics: names, or a pattern that whole names match. */
export type TopicChoice =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

export function topicChoice(options: Options, flavour: KafkaFlavour): TopicChoice {
  const names = options.list('topic') ?? [];
  const pattern = flavour === 'kafka' ? options.string('topic-pattern') : undefined;
  if (names.length > 0 === (pattern !== undefined)) {
    throw new UserError('CAT1003', {
      message:
        names.length > 0
          ? `'topic' and 'topic-pattern' exclude each other`
          : `one of 'topic' and 'topic-pattern' is needed`,
    });
  }
  if (pattern === undefined) return { kind: 'names', names };
  try {
    return { kind: 'pattern', pattern: new RegExp(`^(?:${pattern})$`) };
  } catch (cause) {
    throw new UserError('CAT1002', {
      at: options.at('topic-pattern'),
      message: `option 'topic-pattern': '${pattern}' is no regular expression`,
      cause,
    });
  }
}

/** The topic that a sink writes to. */
export function sinkTopic(options: Options, flavour: KafkaFlavour): string {
  const choice = topicChoice(options, flavour);
  if (choice.kind === 'pattern' || choice.names.length !== 1) {
    throw new UserError('KAF1002', { message: `a ${flavour} sink writes to exactly one 'topic'` });
  }
  return choice.names[0]!;
}

/** What a sink guarantees. The prefix names the transactions of exactly-once. */
export type SinkDelivery =
  | { readonly guarantee: 'none' | 'at-least-once' }
  | { readonly guarantee: 'exactly-once'; readonly prefix: string };

/** Throws KAF1006 for exactly-once without what it needs. */
export function sinkDelivery(options: Options): SinkDelivery {
  const guarantee = options.enum('sink.delivery-guarantee') as SinkDelivery['guarantee'];
  if (guarantee !== 'exactly-once') return { guarantee };
  const at = options.at('sink.delivery-guarantee');
  const prefix = options.string('sink.transactional-id-prefix') ?? '';
  if (prefix === '')
    throw new UserError('KAF1006', {
      at,
      message: `'sink.delivery-guarantee' = 'exactly-once' needs the option 'sink.transactional-id-prefix'`,
      hint: 'Its transactions are named by it: a name that no other job uses at this Kafka.',
    });
  const acks = options.under('properties.').get('acks');
  if (acks !== undefined && acks !== 'all' && acks !== '-1')
    throw new UserError('KAF1006', {
      at: options.at('properties.acks') ?? at,
      message: `'properties.acks': found '${acks}', expected all: transactions need it`,
    });
  return { guarantee, prefix };
}

/** A point of a topic, as startup and bounded modes name it. */
export type OffsetChoice =
  | { readonly kind: 'earliest' | 'latest' | 'group' }
  | { readonly kind: 'timestamp'; readonly millis: number }
  | { readonly kind: 'specific'; readonly offsets: ReadonlyMap<number, number> };

function offsetChoice(
  options: Options,
  scope: 'startup' | 'bounded',
  mode: StartupMode | BoundedMode,
): OffsetChoice {
  const needed = (key: string): string => {
    const value = options.string(key);
    if (value !== undefined) return value;
    throw new UserError('CAT1003', { message: `'scan.${scope}.mode' = '${mode}' needs the option '${key}'` });
  };
  switch (mode) {
    case 'earliest-offset':
      return { kind: 'earliest' };
    case 'timestamp':
      return { kind: 'timestamp', millis: Number(needed(`scan.${scope}.timestamp-millis`)) };
    case 'specific-offsets': {
      const key = `scan.${scope}.specific-offsets`;
      return { kind: 'specific', offsets: parseSpecificOffsets(needed(key), key, options.at(key)) };
    }
    case 'group-offsets':
      return { kind: 'group' };
    default:
      return { kind: 'latest' };
  }
}

export function startupChoice(options: Options, flavour: KafkaFlavour): OffsetChoice {
  if (flavour === 'upsert-kafka') return { kind: 'earliest' };
  return offsetChoice(options, 'startup', options.enum('scan.startup.mode') as StartupMode);
}
/** Undefined: reading never ends. */
export function boundedChoice(options: Options): OffsetChoice | undefined {
  const mode = options.enum('scan.bounded.mode') as BoundedMode;
  return mode === 'unbounded' ? undefined : offsetChoice(options, 'bounded', mode);
}

/** The columns of keys and values: what the formats see. */
export interface KeyAndValue {
  readonly key: NamedFormat | undefined;
  readonly value: NamedFormat;
  /** Indexes of physical columns. */
  readonly keyColumns: readonly number[];
  readonly valueColumns: readonly number[];
  /** Removed from a key column's name before the key format sees it. */
  readonly keyPrefix: string;
}

export function keyAndValue(options: Options, flavour: KafkaFlavour, table: ConnectorTable): KeyAndValue {
  const key = keyFormatOf(table);
  const value = valueFormatOf(table);
  if (value === undefined)
    throw new UserError('CAT1003', { message: `connector '${flavour}' needs the option 'value.format'` });
  if (flavour === 'upsert-kafka' && key === undefined) {
    throw new UserError('CAT1003', { message: `connector 'upsert-kafka' needs the option 'key.format'` });
  }
  if (key !== undefined) checkInsertOnly(options, 'key.format', key, 'a key');
  if (flavour === 'upsert-kafka') checkInsertOnly(options, 'value.format', value, 'a value of upsert-kafka');
  if (options.has('value.format') && flavour === 'kafka' && options.has('format')) {
    throw new UserError('CAT1002', {
      at: options.at('format'),
      message: `'format' and 'value.format' exclude each other`,
    });
  }
  const names = flavour === 'upsert-kafka' ? upsertKeys(table) : (options.list('key.fields') ?? []);
  const keyColumns = checkedKeyColumns(options, table, key !== undefined, names, flavour);
  const keyPrefix = options.string('key.fields-prefix') ?? '';
  checkPrefix(options, table, keyColumns, keyPrefix);
  const all = table.physical.map((_, i) => i);
  const exceptKey = options.enum('value.fields-include') === 'EXCEPT_KEY';
  return {
    key,
    value,
    keyColumns,
    keyPrefix,
    valueColumns: exceptKey ? all.filter((i) => !keyColumns.includes(i)) : all,
  };
}

/** What throws what the formats refuse of a physical column. */
export function kafkaFieldCheck(
  flavour: KafkaFlavour,
  table: ConnectorTable,
  use: 'read' | 'write',
): (field: Field) => void {
  const options = kafkaOptions(flavour, table);
  const { key, value, keyColumns, valueColumns } = keyAndValue(options, flavour, table);
  const check = ({ format, prefix }: NamedFormat, columns: readonly number[], field: Field): void => {
    if (columns.some((c) => table.physical[c]!.name === field.name))
      checkFieldOf(format, field, formatOptionsOf(options, prefix), use);
  };
  return (field) => {
    if (key !== undefined) check(key, keyColumns, field);
    check(value, valueColumns, field);
  };
}

/** What a key means, and a value beside it, says the connector: a format with changes of its own does not fit. */
function checkInsertOnly(options: Options, option: string, { format }: NamedFormat, what: string): void {
  if (isInsertOnly(format.changelog)) return;
  throw new UserError('CAT1002', {
    at: options.at(option),
    message: `option '${option}': found '${format.name}', a format of changes, and ${what} takes formats of inserts only`,
    hint: `'${format.name}' reads and writes changes as the value format of connector 'kafka'.`,
  });
}

function upsertKeys(table: ConnectorTable): readonly string[] {
  if (table.primaryKey.length > 0) return table.primaryKey;
  throw new UserError('KAF1002', {
    message: `table '${table.path.object}' of connector 'upsert-kafka' has no primary key`,
    hint: 'Declare PRIMARY KEY (…) NOT ENFORCED: it becomes the key of every record.',
  });
}

function checkedKeyColumns(
  options: Options,
  table: ConnectorTable,
  hasFormat: boolean,
  names: readonly string[],
  flavour: KafkaFlavour,
): number[] {
  if (flavour === 'kafka' && hasFormat !== names.length > 0) {
    throw new UserError('CAT1003', {
      message: hasFormat
        ? `'key.format' needs the option 'key.fields'`
        : `'key.fields' needs the option 'key.format'`,
    });
  }
  const columns = table.physical.map((c) => c.name);
  return names.map((name) => {
    const index = columns.indexOf(name);
    if (index >= 0) return index;
    throw new UserError('CAT1002', {
      at: options.has('key.fields') ? options.at('key.fields') : undefined,
      message: `option 'key.fields': no column '${name}'`,
      hint: didYouMean(name, columns),
    });
  });
}

function checkPrefix(
  options: Options,
  table: ConnectorTable,
  keyColumns: readonly number[],
  prefix: string,
): void {
  if (prefix === '') return;
  if (options.enum('value.fields-include') === 'ALL') {
    throw new UserError('CAT1002', {
      at: options.at('key.fields-prefix'),
      message: `'key.fields-prefix' needs 'value.fields-include' = 'EXCEPT_KEY'`,
    });
  }
  const odd = keyColumns.map((i) => table.physical[i]!.name).find((name) => !name.startsWith(prefix));
  if (odd === undefined) return;
  throw new UserError('CAT1002', {
    at: options.at('key.fields-prefix'),
    message: `the key column '${odd}' does not start with 'key.fields-prefix' = '${prefix}'`,
  });
}

/** Formats whose messages name their fields, or whose schema is made of the columns. */
const namedFormats = ['json', 'json-registry', 'avro-confluent', 'protobuf-confluent'];
/** Those that are read as changes, too. */
const readNamed = [...namedFormats, 'debezium-avro-confluent'];
/** See schemas/added-columns.ts. Throws CAT1002 for messages that have no names. */
export function asksForColumns(options: Options, flavour: KafkaFlavour, table: ConnectorTable): boolean {
  const { name } = keyAndValue(options, flavour, table).value.format;
  return asksFor(options, { format: name, named: readNamed, code: 'CAT1002' });
}
export function takesColumns(options: Options, flavour: KafkaFlavour, table: ConnectorTable): boolean {
  const { format, prefix } = keyAndValue(options, flavour, table).value;
  return takes(options, { format: format.name, named: namedFormats, prefix });
}
