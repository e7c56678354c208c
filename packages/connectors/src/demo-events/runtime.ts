/* What the engine calls when a job that reads demo events starts. */

import type { ConnectorRuntime } from '#dataflow';
import { DemoEventsSource } from './source.ts';

export const demoEventsRuntime: ConnectorRuntime = {
  createSource: (context) => new DemoEventsSource(context),
};
