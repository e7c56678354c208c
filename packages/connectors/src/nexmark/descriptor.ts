/* The nexmark connector: the events of the Nexmark benchmark, made where they are read. */

import {
  insertOnly,
  parseOptions,
  type ConnectorDescriptor,
  type ConnectorTable,
  type OptionSchema,
} from '#catalog';
import { nexmarkOptionSpecs, nexmarkSettings } from './options.ts';
import { checkNexmarkTable } from './schema.ts';

const schema: OptionSchema = { owner: `connector 'nexmark'`, specs: nexmarkOptionSpecs };

export const nexmarkConnector: ConnectorDescriptor = {
  name: 'nexmark',
  options: () => schema,
  metadata: [],
  source: (table: ConnectorTable) => {
    checkNexmarkTable(table);
    const options = parseOptions(schema, table.options);
    nexmarkSettings(options);
    return { changelog: insertOnly, bounded: options.number('events.num') !== 0, ownWatermarks: false };
  },
  load: async () => (await import('./runtime.ts')).nexmarkRuntime,
};
