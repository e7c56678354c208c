/* What the engine calls when a job that reads demo events starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PartedSource } from '../parted-source.ts';
import { DemoEventsReader } from './source.ts';

export const demoEventsRuntime: ConnectorRuntime = {
  createSource: (context) => new PartedSource(context, (share) => new DemoEventsReader(share)),
};
