/* Rows for the benchmark of checkpoints by size: first each key once, then keys of a part of them, for as long as it runs. */

import { allChanges, insertOnly, type ConnectorDescriptor } from '#catalog';
import { noMarks, type Batch, type Column } from '#data';
import type { Polled, Sink, Source } from '#dataflow';
import { Rng } from '#base';

const batchRows = 4096;

export interface RowsPlan {
  readonly keys: number;
  /** Keys that rows behind the load fall to. */
  readonly hot: number;
  /** When each key has come once. */
  loaded(): void;
}

const numbers = (values: Float64Array): Column => ({
  layout: 'exact',
  wide: false,
  valid: undefined,
  values,
});

/** Rows of a key and a number. */
class RowSource implements Source {
  readonly #plan: RowsPlan;
  readonly #rng = new Rng(1);
  #given = 0;

  constructor(plan: RowsPlan) {
    this.#plan = plan;
  }
  async open(): Promise<void> {}
  poll(): Polled {
    const { keys } = this.#plan;
    if (this.#given >= keys && this.#given < keys + batchRows) this.#plan.loaded();
    const batch = this.#batch();
    this.#given += batch.rows;
    return { kind: 'batch', split: 0, batch };
  }
  #batch(): Batch {
    const { keys, hot } = this.#plan;
    const k = new Float64Array(batchRows);
    const v = new Float64Array(batchRows);
    for (let row = 0; row < batchRows; row++) {
      const at = this.#given + row;
      k[row] = at < keys ? at : this.#rng.below(hot);
      v[row] = this.#rng.below(1_000_000);
    }
    return { rows: batchRows, columns: [numbers(k), numbers(v)], kinds: undefined, marks: noMarks };
  }
  snapshot(): ReadonlyMap<string, Uint8Array> {
    return new Map();
  }
  async close(): Promise<void> {}
}

export const rowsConnector = (plan: RowsPlan): ConnectorDescriptor => ({
  name: 'rows',
  metadata: [],
  options: () => ({ owner: 'a table of rows', specs: [] }),
  source: () => ({ changelog: insertOnly, bounded: false, ownWatermarks: false }),
  sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
  load: async () => ({
    createSource: (): Source => new RowSource(plan),
    createSink: (): Sink => ({
      open: async () => {},
      write: (batch) => batch.rows,
      flush: async () => {},
      close: async () => {},
    }),
  }),
});
