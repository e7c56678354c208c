/* The tables of the threads' benchmark: rows in memory in two splits, and a sink that looks at nothing. */

import { allChanges, insertOnly, type ConnectorDescriptor } from '#catalog';
import { BatchBuilder, type Batch, type Field } from '#data';
import type { Polled, Sink, Source, SourceContext } from '#dataflow';
import { Rng } from '#base';

const splits = 2;
const batchRows = 4096;
/** Rows of a split that lie in memory; they come again, later, until there are as many as the table says. */
const poolRows = 1 << 19;
const start = Date.UTC(2024, 0, 1);

const option = (context: SourceContext, key: string): number =>
  Number(context.table.options.find((o) => o.key === key)!.value);

/** The pool of one split as batches, made once. */
function pool(fields: readonly Field[], split: number, keys: number, stepMs: number): Batch[] {
  const rng = new Rng(split + 1);
  const builder = new BatchBuilder(fields.map((f) => f.type));
  const batches: Batch[] = [];
  for (let row = 0; row < poolRows; row++) {
    const [k, v] = [BigInt(rng.below(keys)), BigInt(rng.below(1_000_000))];
    const ts = { ms: start + Math.floor(row * stepMs), ns: 0 };
    const values = { k, v, ts };
    fields.forEach((f, i) => {
      builder.columns[i]!.append(values[f.name as keyof typeof values]);
    });
    builder.endRow();
    if (builder.rows === batchRows) batches.push(builder.build());
  }
  return batches;
}

class MemorySource implements Source {
  readonly #own: { readonly split: number; readonly batches: Batch[]; given: number }[] = [];
  readonly #rows: number;
  readonly #turnMs: number;
  #turn = 0;

  constructor(context: SourceContext) {
    const stepMs = option(context, 'step-us') / 1000;
    this.#rows = option(context, 'rows') / splits;
    this.#turnMs = Math.ceil(poolRows * stepMs);
    for (let split = context.instance; split < splits; split += context.instances)
      this.#own.push({
        split,
        batches: pool(context.fields, split, option(context, 'keys'), stepMs),
        given: 0,
      });
  }
  async open(): Promise<void> {}
  poll(): Polled {
    const from = this.#own[this.#turn++ % Math.max(1, this.#own.length)];
    if (from === undefined) return { kind: 'end' };
    if (from.given >= this.#rows) {
      this.#own.splice(this.#own.indexOf(from), 1);
      return { kind: 'split-end', split: from.split };
    }
    const batch = from.batches[(from.given / batchRows) % from.batches.length]!;
    const turn = Math.floor(from.given / poolRows);
    from.given += batch.rows;
    return {
      kind: 'batch',
      split: from.split,
      batch: turn === 0 ? batch : later(batch, turn * this.#turnMs),
    };
  }
  snapshot(): ReadonlyMap<string, Uint8Array> {
    return new Map();
  }
  async close(): Promise<void> {}
}
function later(batch: Batch, by: number): Batch {
  const columns = batch.columns.map((c) =>
    c.layout === 'time' ? { ...c, millis: c.millis.map((ms) => ms + by) } : c,
  );
  return { ...batch, columns };
}

export const memoryConnector: ConnectorDescriptor = {
  name: 'memory',
  metadata: [],
  options: () => ({
    owner: 'a table in memory',
    specs: ['rows', 'keys', 'step-us'].map((key) => ({ key, type: 'integer', doc: key })) as never,
  }),
  source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
  sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
  load: async () => ({
    createSource: (context: SourceContext): Source => new MemorySource(context),
    createSink: (): Sink => ({
      open: async () => {},
      write: (batch) => batch.rows,
      flush: async () => {},
      close: async () => {},
    }),
  }),
};
