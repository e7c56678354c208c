/* What the engine calls when a job that reads Nexmark events starts. */

import type { ConnectorRuntime } from '#dataflow';
import { NexmarkSource } from './source.ts';

export const nexmarkRuntime: ConnectorRuntime = {
  createSource: (context) => new NexmarkSource(context),
};
