/* The nexmark connector: the events of the Nexmark benchmark, made where they are read. */

import { insertOnly, parseOptions, type ConnectorDescriptor, type ConnectorTable } from '#catalog';
import { nexmarkOptions, nexmarkSettings } from './options.ts';
import { checkNexmarkTable } from './schema.ts';

export const nexmarkConnector: ConnectorDescriptor = {
  name: 'nexmark',
  options: () => nexmarkOptions,
  metadata: [],
  source: (table: ConnectorTable) => {
    checkNexmarkTable(table);
    const options = parseOptions(nexmarkOptions, table.options);
    nexmarkSettings(options);
    return { changelog: insertOnly, bounded: options.number('events.num') !== 0, ownWatermarks: false };
  },
  load: async () => (await import('./runtime.ts')).nexmarkRuntime,
};
