/* What the engine calls when a job that reads generated rows starts. */

import type { ConnectorRuntime } from '#dataflow';
import { DatagenSource } from './source.ts';

export const datagenRuntime: ConnectorRuntime = {
  createSource: (context) => new DatagenSource(context),
};
