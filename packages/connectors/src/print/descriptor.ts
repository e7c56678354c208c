/* The print connector: every change as one line of text. */

import type { ConnectorDescriptor } from '#catalog';
import { printOptions } from './options.ts';

export const printConnector: ConnectorDescriptor = {
  name: 'print',
  options: () => printOptions,
  metadata: [],
  // It prints to the standard output of the program.
  pinned: true,
  sink: () => ({ accepts: (query) => query, guarantee: 'at-least-once', takesColumns: true }),
  load: async () => (await import('./runtime.ts')).printRuntime,
};
