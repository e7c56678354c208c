/* The options of the filesystem connector, as Flink 2.2 has them, and what they mean. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { present, UserError } from '#base';
import {
  parseOptions,
  type ConnectorTable,
  type Options,
  type OptionSchema,
  type OptionSpec,
} from '#catalog';
import type { Field } from '#data';
import { findFormat, formatSpecs, type FormatDescriptor, type FormatOptions } from '#formats';
import { formatOptionsOf } from '../format-options.ts';
import { asksForColumns as asksFor, takesColumns as takes } from '../schemas/added-columns.ts';
import { evolutionSpec } from '../schemas/drift-watch.ts';

export const filesystemOptionSpecs: readonly OptionSpec[] = [
  { key: 'path', type: 'string', required: true, doc: 'A file or a folder; a path, or a file: address.' },
  {
    key: 'format',
    type: 'string',
    required: true,
    doc: 'How records lie in the files: json (a record a line), csv, raw, avro, parquet, ….',
  },
  {
    key: 'source.monitor-interval',
    type: 'duration',
    doc: 'Look for new files that often, without end; by default the files there are at the start are read.',
  },
  {
    key: 'source.path.regex-pattern',
    type: 'string',
    doc: 'Read only files whose whole path matches this regular expression.',
  },
  evolutionSpec,
  { key: 'source.report-statistics', type: 'string', doc: 'Accepted for Flink; without effect.' },
  {
    key: 'partition.default-name',
    type: 'string',
    default: '__DEFAULT_PARTITION__',
    doc: 'The folder name for a NULL or empty partition value.',
  },
  {
    key: 'sink.rolling-policy.file-size',
    type: 'memory',
    default: '128 mb',
    doc: 'A file that reaches this size is finished.',
  },
  {
    key: 'sink.rolling-policy.rollover-interval',
    type: 'duration',
    default: '30 min',
    doc: 'A file that is open for so long is finished.',
  },
  {
    key: 'sink.rolling-policy.inactivity-interval',
    type: 'duration',
    default: '30 min',
    doc: 'A file that got no row for so long is finished.',
  },
  {
    key: 'sink.rolling-policy.check-interval',
    type: 'duration',
    default: '1 min',
    doc: 'How often the two intervals are looked at.',
  },
  {
    key: 'sink.partition-commit.trigger',
    type: 'enum',
    values: ['process-time', 'partition-time'],
    default: 'process-time',
    doc: 'When a partition is complete; only process-time is there.',
  },
  {
    key: 'sink.partition-commit.delay',
    type: 'duration',
    default: '0 s',
    doc: 'A partition is committed so long after its first row.',
  },
  {
    key: 'sink.partition-commit.policy.kind',
    type: 'string',
    doc: 'How a partition is committed; only success-file is there.',
  },
  {
    key: 'sink.partition-commit.success-file.name',
    type: 'string',
    default: '_SUCCESS',
    doc: 'The name of the success file.',
  },
  {
    key: 'sink.parallelism',
    type: 'int',
    doc: 'Accepted for Flink; the sink runs as often as the job does.',
  },
  {
    key: 'auto-compaction',
    type: 'boolean',
    default: 'false',
    doc: 'Merging small files is not there: true is an error.',
  },
];

/** Of files alone: a message of a topic has none. */
export const headerSpec: OptionSpec = {
  key: 'csv.header',
  type: 'boolean',
  default: 'false',
  doc: 'The first record of every file names the columns: it is skipped when files are read, and written into new ones.',
};

/** The schema of one table: the connector's options and those of its format. */
export function filesystemSchema(table: ConnectorTable): OptionSchema {
  const format = table.options.find((o) => o.key === 'format');
  const formatOptions =
    format === undefined ? [] : formatSpecs(findFormat(format.value, format.at), `${format.value}.`);
  const header = format?.value === 'csv' ? [headerSpec] : [];
  return { owner: `connector 'filesystem'`, specs: [...filesystemOptionSpecs, ...header, ...formatOptions] };
}

/** The format of the files. Throws FMT1002. */
export const formatOf = (options: Options): FormatDescriptor =>
  findFormat(options.require('format'), options.at('format'));

/** What source and sink share. */
export interface FilesystemTable {
  readonly options: Options;
  /** Absolute. */
  readonly path: string;
  readonly format: FormatDescriptor;
  readonly formatOptions: FormatOptions;
  /** Columns that lie in the files, in order. */
  readonly record: readonly Field[];
  /** Columns that lie in the names of folders, in the order of PARTITIONED BY. */
  readonly partitions: readonly Field[];
  readonly defaultPartition: string;
  /** Files begin with the names of the columns. */
  readonly header: boolean;
}

export function filesystemTable(table: ConnectorTable): FilesystemTable {
  const options = parseOptions(filesystemSchema(table), table.options);
  const name = options.require('format');
  const field = (n: string): Field =>
    present(
      table.physical.find((f) => f.name === n),
      'a partition column is a column',
    );
  return {
    options,
    path: localPath(options),
    format: formatOf(options),
    formatOptions: formatOptionsOf(options, `${name}.`),
    record: table.physical.filter((f) => !table.partitionedBy.includes(f.name)),
    partitions: table.partitionedBy.map(field),
    defaultPartition: options.require('partition.default-name'),
    header: name === 'csv' && options.boolean('csv.header'),
  };
}

function localPath(options: Options): string {
  const path = options.require('path');
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return resolve(path);
  if (scheme !== 'file') {
    throw new UserError('FS1001', {
      at: options.at('path'),
      message: `option 'path': found a path on '${scheme}:', and only local files are there`,
    });
  }
  // file:/x and file:///x mean the same; file:x has no absolute path.
  return path.startsWith('file://') ? fileURLToPath(path) : resolve(path.slice('file:'.length));
}

/** The pattern that paths must match as a whole. Throws CAT1002. */
export function pathPattern(options: Options): RegExp | undefined {
  const text = options.string('source.path.regex-pattern');
  if (text === undefined) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (cause) {
    throw new UserError('CAT1002', {
      at: options.at('source.path.regex-pattern'),
      cause,
      message: `option 'source.path.regex-pattern': '${text}' is no regular expression`,
    });
  }
}

/** The name of the success file, or undefined when partitions are not committed. Throws FS1002 for what is
 *  not there. */
export function successFile(options: Options): string | undefined {
  const refuse = (key: string, hint: string): UserError =>
    new UserError('FS1002', {
      at: options.at(key),
      message: `option '${key}': '${options.string(key) ?? ''}' is not supported`,
      hint,
    });
  if (options.boolean('auto-compaction'))
    throw refuse('auto-compaction', 'Write fewer, larger files by the rolling policy.');
  const kind = options.string('sink.partition-commit.policy.kind');
  if (kind === undefined) return undefined;
  if (kind.split(',').some((k) => k.trim() !== 'success-file')) {
    throw refuse('sink.partition-commit.policy.kind', `There is: success-file.`);
  }
  if (options.enum('sink.partition-commit.trigger') !== 'process-time') {
    throw refuse('sink.partition-commit.trigger', 'There is: process-time.');
  }
  return options.require('sink.partition-commit.success-file.name');
}

/** Formats whose files say which columns they have: those of after may have more than those of before. */
const namedFormats = ['json', 'avro', 'parquet'];
/** See schemas/added-columns.ts. */
export const takesColumns = (options: Options): boolean =>
  takes(options, {
    format: formatOf(options).name,
    named: namedFormats,
    prefix: `${formatOf(options).name}.`,
  });
/** Throws FS1008 for files that have no names for them. */
export const asksForColumns = (options: Options): boolean =>
  asksFor(options, { format: formatOf(options).name, named: namedFormats, code: 'FS1008' });
