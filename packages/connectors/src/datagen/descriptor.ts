/* The datagen connector: rows made up from the table's types. */

import { insertOnly, type ConnectorDescriptor } from '#catalog';
import { datagenOptions } from './options.ts';

export const datagenConnector: ConnectorDescriptor = {
  name: 'datagen',
  options: datagenOptions,
  metadata: [],
  source: (table) => ({
    changelog: insertOnly,
    bounded: table.options.some(
      (o) => o.key === 'number-of-rows' || (/^fields\..*\.kind$/.test(o.key) && o.value === 'sequence'),
    ),
    ownWatermarks: false,
  }),
  load: async () => (await import('./runtime.ts')).datagenRuntime,
};
