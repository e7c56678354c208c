/* What the engine calls when a job that reads Nexmark events starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PartedSource } from '../parted-source.ts';
import { NexmarkReader } from './source.ts';

export const nexmarkRuntime: ConnectorRuntime = {
  createSource: (context) => new PartedSource(context, (share) => new NexmarkReader(share)),
};
