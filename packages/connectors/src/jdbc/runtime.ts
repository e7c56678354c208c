/* What the engine calls when a job that reads, writes or looks up tables of PostgreSQL starts. */

import type { ConnectorRuntime } from '#dataflow';
import { PartedSource } from '../parted-source.ts';
import { addColumns } from './add-columns.ts';
import { JdbcEpochSink } from './epoch-sink.ts';
import { JdbcLookup } from './lookup.ts';
import { jdbcOptions } from './options.ts';
import { JdbcSink } from './sink.ts';
import { JdbcReader } from './source.ts';

export const jdbcRuntime: ConnectorRuntime = {
  createSource: (context) => new PartedSource(context, (share) => new JdbcReader(share)),
  createSink: (context) =>
    jdbcOptions(context.table).enum('sink.delivery-guarantee') === 'exactly-once'
      ? new JdbcEpochSink(context)
      : new JdbcSink(context),
  createLookup: (context) => new JdbcLookup(context),
  addColumns,
};
