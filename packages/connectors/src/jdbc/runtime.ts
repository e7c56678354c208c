/* What the engine calls when a job that reads, writes or looks up tables of PostgreSQL starts. */

import type { ConnectorRuntime } from '#dataflow';
import { JdbcLookup } from './lookup.ts';
import { JdbcSink } from './sink.ts';
import { JdbcSource } from './source.ts';

export const jdbcRuntime: ConnectorRuntime = {
  createSource: (context) => new JdbcSource(context),
  createSink: (context) => new JdbcSink(context),
  createLookup: (context) => new JdbcLookup(context),
};
