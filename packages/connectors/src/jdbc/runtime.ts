/* What the engine calls when a job that reads, writes or looks up tables of PostgreSQL starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PartedSource } from '../parted-source.ts';
import { JdbcLookup } from './lookup.ts';
import { JdbcSink } from './sink.ts';
import { JdbcReader } from './source.ts';

export const jdbcRuntime: ConnectorRuntime = {
  createSource: (context) => new PartedSource(context, (share) => new JdbcReader(share)),
  createSink: (context) => new JdbcSink(context),
  createLookup: (context) => new JdbcLookup(context),
};
