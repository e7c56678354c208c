/* The filesystem connector: tables of local files, read and written. */

import { parseOptions, type ConnectorDescriptor } from '#catalog';
import { checkFieldOf } from '../format-options.ts';
import { fileMetadata } from './metadata.ts';
import {
  asksForColumns,
  filesystemSchema,
  filesystemTable,
  formatOf,
  pathPattern,
  successFile,
  takesColumns,
} from './options.ts';

export const filesystemConnector: ConnectorDescriptor = {
  name: 'filesystem',
  options: filesystemSchema,
  metadata: fileMetadata,
  source: (table) => {
    const options = parseOptions(filesystemSchema(table), table.options);
    pathPattern(options);
    const { changelog } = formatOf(options);
    return {
      changelog,
      bounded: !options.has('source.monitor-interval'),
      ownWatermarks: false,
      asksForColumns: asksForColumns(options),
    };
  },
  sink: (table) => {
    const options = parseOptions(filesystemSchema(table), table.options);
    successFile(options);
    const { changelog } = formatOf(options);
    return {
      accepts: () => changelog,
      guarantee: 'exactly-once',
      overwrites: 'in batch mode',
      takesColumns: takesColumns(options),
    };
  },
  fieldCheck: (table, use) => {
    const { format, formatOptions, partitions } = filesystemTable(table);
    return (field) => {
      if (!partitions.some((p) => p.name === field.name)) checkFieldOf(format, field, formatOptions, use);
    };
  },
  infer: async (table) => await (await import('./infer.ts')).inferFilesystemTable(table),
  load: async () => (await import('./runtime.ts')).filesystemRuntime,
};
