/* What the engine calls when a job that reads or writes files starts. */

import type { ConnectorRuntime } from '#dataflow';
import { FilesystemSink } from './sink.ts';
import { FilesystemSource } from './source.ts';

export const filesystemRuntime: ConnectorRuntime = {
  createSource: (context) => new FilesystemSource(context),
  createSink: (context) => new FilesystemSink(context),
};
