/* Every bound of the engine, in one place; bounds that depend on each other are asserted below. */

import { assert } from './assert.ts';

export const limits = {
  /** Rows in one batch. Sizes are a matter of speed, never of meaning. */
  batchRowsMax: 4096,
  /** Bytes of string data in one batch; a single row may exceed it. */
  batchBytesMax: 1 << 20,
  /** Key groups of a job: Flink's default maximum parallelism. */
  keyGroups: 128,
  parallelismMax: 128,
  /** Nesting of an SQL expression or query. */
  sqlDepthMax: 400,
  /** Height of the tree of one SQL expression or query, where long chains of operators count too. */
  sqlHeightMax: 1000,
  /** Bytes of one SQL file. */
  sqlBytesMax: 16 << 20,
  /** Lookups in flight in one asynchronous operator (table.exec.async-lookup.buffer-capacity's default). */
  asyncRowsMax: 100,
} as const;

assert(limits.keyGroups >= limits.parallelismMax, 'every parallel instance owns at least one key group');
