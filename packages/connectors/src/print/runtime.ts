/* What the engine calls when a job that prints starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PrintSink } from './sink.ts';

export const printRuntime: ConnectorRuntime = {
  createSink: (context) => new PrintSink(context),
};
