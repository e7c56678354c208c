/* The jdbc connector: tables of PostgreSQL, read, written by append or by key, and looked up. */

import { insertOnly, upsertChanges, type ConnectorDescriptor, type Guarantee } from '#catalog';
import { jdbcOptions, jdbcSchema } from './options.ts';
import { scanRanges } from './ranges.ts';
import { checkTypes } from './schema.ts';

export const jdbcConnector: ConnectorDescriptor = {
  name: 'jdbc',
  options: () => jdbcSchema,
  metadata: [],
  source: (table) => {
    checkTypes(table.physical);
    scanRanges(jdbcOptions(table), table);
    return { changelog: insertOnly, bounded: true, ownWatermarks: false };
  },
  sink: (table) => {
    checkTypes(table.physical);
    const options = jdbcOptions(table);
    return {
      // Without a key there is no row to update or delete.
      accepts: () => (table.primaryKey.length === 0 ? insertOnly : upsertChanges),
      guarantee: options.enum('sink.delivery-guarantee') as Guarantee,
      takesColumns: true,
    };
  },
  lookup: (table) => {
    checkTypes(table.physical);
    jdbcOptions(table);
    return { async: true };
  },
  load: async () => (await import('./runtime.ts')).jdbcRuntime,
};
