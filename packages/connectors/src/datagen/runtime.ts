/* What the engine calls when a job that reads generated rows starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PartedSource } from '../parted-source.ts';
import { DatagenReader } from './source.ts';

export const datagenRuntime: ConnectorRuntime = {
  createSource: (context) => new PartedSource(context, (share) => new DatagenReader(share)),
};
