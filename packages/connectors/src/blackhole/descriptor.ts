/* The blackhole connector: takes everything, keeps nothing. For measuring what lies before it. */

import type { ConnectorDescriptor, OptionSpec } from '#catalog';

export const blackholeOptionSpecs: readonly OptionSpec[] = [
  { key: 'property-version', type: 'int', default: '1', doc: 'Accepted for Flink; without effect.' },
];

export const blackholeConnector: ConnectorDescriptor = {
  name: 'blackhole',
  options: () => ({ owner: `connector 'blackhole'`, specs: blackholeOptionSpecs }),
  metadata: [],
  // As in Flink, the old row of an update is not asked for.
  sink: () => ({
    accepts: (query) => ({ ...query, updateBefore: false }),
    guarantee: 'at-least-once',
    takesColumns: true,
  }),
  load: async () => (await import('./runtime.ts')).blackholeRuntime,
};
