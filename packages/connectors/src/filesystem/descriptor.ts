/* The filesystem connector: tables of local files, read and written. */

import { insertOnly, parseOptions, type ConnectorDescriptor } from '#catalog';
import { fileMetadata } from './metadata.ts';
import { filesystemSchema, pathPattern, successFile } from './options.ts';

export const filesystemConnector: ConnectorDescriptor = {
  name: 'filesystem',
  options: filesystemSchema,
  metadata: fileMetadata,
  source: (table) => {
    const options = parseOptions(filesystemSchema(table), table.options);
    pathPattern(options);
    return { changelog: insertOnly, bounded: !options.has('source.monitor-interval'), ownWatermarks: false };
  },
  sink: (table) => {
    successFile(parseOptions(filesystemSchema(table), table.options));
    return { accepts: () => insertOnly, guarantee: 'exactly-once' };
  },
  load: async () => (await import('./runtime.ts')).filesystemRuntime,
};
