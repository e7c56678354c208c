/* The datagen connector: rows made up from the table's types. */

import { insertOnly, type ConnectorDescriptor } from '#catalog';
import { datagenOptionSpecs } from './options.ts';

export const datagenConnector: ConnectorDescriptor = {
  name: 'datagen',
  options: (table) => ({ owner: `connector 'datagen'`, specs: datagenOptionSpecs(table) }),
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
