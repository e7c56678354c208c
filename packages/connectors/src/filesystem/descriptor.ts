/* The filesystem connector: tables of local files, read and written. */

import { parseOptions, type ConnectorDescriptor } from '#catalog';
import { fileMetadata } from './metadata.ts';
import { filesystemSchema, formatOf, pathPattern, successFile } from './options.ts';

/** Formats whose files say which columns they have: those of after have more than those of before. */
const namedFormats = ['json', 'avro', 'parquet'];

export const filesystemConnector: ConnectorDescriptor = {
  name: 'filesystem',
  options: filesystemSchema,
  metadata: fileMetadata,
  source: (table) => {
    const options = parseOptions(filesystemSchema(table), table.options);
    pathPattern(options);
    const { changelog } = formatOf(options);
    return { changelog, bounded: !options.has('source.monitor-interval'), ownWatermarks: false };
  },
  sink: (table) => {
    const options = parseOptions(filesystemSchema(table), table.options);
    successFile(options);
    const { changelog, name } = formatOf(options);
    return {
      accepts: () => changelog,
      guarantee: 'exactly-once',
      overwrites: 'in batch mode',
      takesColumns: namedFormats.includes(name) && !options.has(`${name}.schema`),
    };
  },
  infer: async (table) => await (await import('./infer.ts')).inferFilesystemTable(table),
  load: async () => (await import('./runtime.ts')).filesystemRuntime,
};
