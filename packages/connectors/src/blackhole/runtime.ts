/* What the engine calls when a job that writes into a blackhole starts. */

import type { ConnectorRuntime } from '#dataflow';
import { BlackholeSink } from './sink.ts';

export const blackholeRuntime: ConnectorRuntime = {
  createSink: (context) => new BlackholeSink(context),
};
