/* What the engine calls when a job that reads or writes embedded tables starts. */

import type { ConnectorRuntime } from '#dataflow';
import type { EmbeddedPlace } from './place.ts';
import { EmbeddedSink } from './sink.ts';
import { EmbeddedSource } from './source.ts';

export const embeddedRuntime = ({ folder, disk }: EmbeddedPlace): ConnectorRuntime => ({
  createSource: (context) => new EmbeddedSource(context, disk ?? context.world.disk, folder()),
  createSink: (context) => new EmbeddedSink(context, disk ?? context.world.disk, folder()),
});
