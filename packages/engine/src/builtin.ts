/* Two connectors that every job may use: rows of VALUES as a source, and the reader of a query as a sink. */

import { insertOnly, allChanges, type ConnectorDescriptor } from '#catalog';
import {
  BatchBuilder,
  readRow,
  type Batch,
  type ChangeText,
  type LogicalType,
  type Row,
  type Value,
  changeText,
} from '#data';
import type {
  ConnectorRuntime,
  Polled,
  Sink,
  SinkContext,
  Source,
  SourceContext,
  SplitPositions,
} from '#dataflow';
import { valuesConnector } from '#plan';
import { BytesReader, BytesWriter, readValueBytes, writeValueBytes } from '#state';

/** Rows of VALUES as text, for they travel in a plan. */
export function encodeRows(rows: readonly (readonly Value[])[], types: readonly LogicalType[]): string {
  const writer = new BytesWriter();
  writer.i32(rows.length);
  for (const row of rows)
    row.forEach((value, i) => {
      writeValueBytes(writer, types[i]!, value);
    });
  return Buffer.from(writer.finish()).toString('base64');
}

class ValuesSource implements Source {
  readonly #context: SourceContext;
  #done: boolean;

  constructor(context: SourceContext) {
    this.#context = context;
    this.#done = context.instance !== 0;
  }
  async open(positions: SplitPositions | undefined): Promise<void> {
    const position = positions?.get('rows');
    if (position !== undefined && this.#context.instance === 0) this.#done = position[0] === 1;
  }
  poll(): Polled {
    if (this.#done) return { kind: 'end' };
    this.#done = true;
    const types = this.#context.fields.map((f) => f.type);
    const reader = new BytesReader(Buffer.from(this.#context.table.options[0]!.value, 'base64'));
    const builder = new BatchBuilder(types);
    for (let n = reader.i32(); n > 0; n--) builder.appendRow(types.map((t) => readValueBytes(reader, t)));
    return { kind: 'batch', split: 0, batch: builder.build() };
  }
  snapshot(): SplitPositions {
    return new Map(this.#context.instance === 0 ? [['rows', Uint8Array.of(this.#done ? 1 : 0)]] : []);
  }
  async close(): Promise<void> {}
}

export const valuesDescriptor: ConnectorDescriptor = {
  name: valuesConnector,
  pinned: true,
  metadata: [],
  options: () => ({ owner: 'VALUES', specs: [{ key: 'rows', type: 'string', doc: 'The rows.' }] }),
  source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
  load: async (): Promise<ConnectorRuntime> => ({ createSource: (context) => new ValuesSource(context) }),
};

export interface Change {
  readonly kind: ChangeText;
  readonly row: Row;
}
/** Rows that wait for a slow reader before the job is held back. */
const waitingMax = 10_000;

/** What a query's reader gets: changes in order, bounded in number. */
export class ChangeQueue {
  readonly #changes: Change[] = [];
  #reader: (() => void) | undefined;
  #writer: (() => void) | undefined;
  #ended = false;
  #error: unknown;
  readonly #bounded: boolean;

  constructor(bounded = true) {
    this.#bounded = bounded;
  }
  get full(): boolean {
    return this.#bounded && this.#changes.length >= waitingMax;
  }
  put(change: Change): void {
    this.#changes.push(change);
  }
  /** Tells the reader that something came. */
  ring(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.();
  }
  onRoom(callback: () => void): void {
    this.#writer = callback;
  }
  end(error?: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.ring();
  }
  /** Everything at hand; empty when there is nothing now. */
  take(): Change[] {
    const taken = this.#changes.splice(0);
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.();
    return taken;
  }
  /** The next changes, or undefined at the end. Throws what failed the job. */
  async next(): Promise<Change[] | undefined> {
    for (;;) {
      const taken = this.take();
      if (taken.length > 0) return taken;
      if (this.#ended) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#reader = resolve;
      });
    }
  }
}

class CollectSink implements Sink {
  readonly #queue: ChangeQueue;
  readonly #context: SinkContext;
  readonly #types: readonly LogicalType[];

  constructor(context: SinkContext, queue: ChangeQueue) {
    this.#context = context;
    this.#queue = queue;
    this.#types = context.fields.map((f) => f.type);
  }
  async open(): Promise<void> {}
  write(batch: Batch, from: number): number {
    for (let row = from; row < batch.rows; row++) {
      if (this.#queue.full) {
        this.#queue.onRoom(() => {
          this.#context.wake();
        });
        this.#queue.ring();
        return row;
      }
      this.#queue.put({
        kind: changeText[batch.kinds === undefined ? 0 : batch.kinds[row]!]!,
        row: readRow(batch, this.#types, row),
      });
    }
    this.#queue.ring();
    return batch.rows;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** A sink that hands changes to `queue`. */
export function collectDescriptor(name: string, queue: ChangeQueue): ConnectorDescriptor {
  return {
    name,
    metadata: [],
    options: () => ({ owner: 'a query', specs: [] }),
    sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
    pinned: true,
    load: async (): Promise<ConnectorRuntime> => ({
      createSink: (context) => new CollectSink(context, queue),
    }),
  };
}
