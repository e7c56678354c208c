/* A table fed by a live value of the program: an array, an iterable or an async iterable of rows as objects. */

import { insertOnly, type ConnectorDescriptor } from '#catalog';
import { BatchBuilder } from '#data';
import { toMillraceError } from '#base';
import type { ConnectorRuntime, Polled, Source, SourceContext } from '#dataflow';
import { fromJavaScript } from './convert.ts';

export type Rows =
  | Iterable<Readonly<Record<string, unknown>>>
  | AsyncIterable<Readonly<Record<string, unknown>>>;

/** Rows read ahead while the job is busy. */
const aheadMax = 2048;

export function iterableConnector(name: string, rows: Rows): ConnectorDescriptor {
  return {
    name,
    metadata: [],
    options: () => ({ owner: 'a table of the program', specs: [] }),
    source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
    load: async (): Promise<ConnectorRuntime> => ({
      createSource: (context) => new IterableSource(rows, context),
    }),
  };
}

class IterableSource implements Source {
  readonly #rows: Rows;
  readonly #context: SourceContext;
  readonly #waiting: Readonly<Record<string, unknown>>[] = [];
  #ended = false;
  #failure: unknown;
  #room: (() => void) | undefined;

  constructor(rows: Rows, context: SourceContext) {
    this.#rows = rows;
    this.#context = context;
  }
  async open(): Promise<void> {
    if (this.#context.instance !== 0) this.#ended = true;
    else void this.#read();
  }
  async #read(): Promise<void> {
    try {
      for await (const row of this.#rows) {
        if (this.#context.signal.aborted) return;
        this.#waiting.push(row);
        this.#context.wake();
        if (this.#waiting.length >= aheadMax)
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
      }
    } catch (thrown) {
      this.#failure = thrown;
    }
    this.#ended = true;
    this.#context.wake();
  }
  poll(): Polled {
    if (this.#waiting.length === 0) {
      if (this.#failure !== undefined) throw toMillraceError(this.#failure);
      return this.#ended ? { kind: 'end' } : { kind: 'wait' };
    }
    const { fields } = this.#context;
    const builder = new BatchBuilder(fields.map((f) => f.type));
    for (const row of this.#waiting.splice(0))
      builder.appendRow(fields.map((f) => fromJavaScript(row[f.name], f.type)));
    const room = this.#room;
    this.#room = undefined;
    room?.();
    return { kind: 'batch', split: 0, batch: builder.build() };
  }
  snapshot(): Uint8Array {
    return new Uint8Array(0);
  }
  async close(): Promise<void> {
    this.#room?.();
  }
}
