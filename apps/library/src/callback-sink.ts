/* A table whose rows go to a function of the program, one after the other: the next one waits for its promise. */

import { MillraceError, UserError } from '#base';
import { allChanges, type ConnectorDescriptor } from '#catalog';
import { changeText, readRow, type Batch, type LogicalType, type Row } from '#data';
import type { Sink, SinkContext } from '#dataflow';
import { toJavaScript } from '#engine';

/** One change of a result; `row` has a property a column. */
export interface QueryChange<RowType = Readonly<Record<string, unknown>>> {
  readonly kind: '+I' | '-U' | '+U' | '-D';
  readonly row: RowType;
}
/** Called for every change in order; where it returns a promise, the next change waits for it. */
export type ChangeCallback = (change: QueryChange<never>) => unknown;

/** Changes taken ahead of the function. */
const waitingMax = 1024;

export function callbackSink(into: ChangeCallback): Pick<ConnectorDescriptor, 'sink'> & {
  readonly createSink: (context: SinkContext) => Sink;
} {
  return {
    sink: () => ({ accepts: () => allChanges, guarantee: 'at-least-once' }),
    createSink: (context) => new CallbackSink(context, into as (change: QueryChange) => unknown),
  };
}

class CallbackSink implements Sink {
  readonly #context: SinkContext;
  readonly #into: (change: QueryChange) => unknown;
  readonly #types: readonly LogicalType[];
  readonly #waiting: { readonly kind: QueryChange['kind']; readonly row: Row }[] = [];
  #running: Promise<void> | undefined;
  #failure: MillraceError | undefined;
  #count = 0;

  constructor(context: SinkContext, into: (change: QueryChange) => unknown) {
    this.#context = context;
    this.#into = into;
    this.#types = context.fields.map((f) => f.type);
  }
  async open(): Promise<void> {}
  write(batch: Batch, from: number): number {
    if (this.#failure !== undefined) throw this.#failure;
    let row = from;
    for (; row < batch.rows && this.#waiting.length < waitingMax; row++) {
      const kind = changeText[batch.kinds === undefined ? 0 : batch.kinds[row]!]!;
      this.#waiting.push({ kind, row: readRow(batch, this.#types, row) });
    }
    if (row > from) this.#running ??= this.#run();
    return row;
  }
  async #run(): Promise<void> {
    // Never done before `#running` is set, for `flush` waits until that is undefined again.
    await Promise.resolve();
    const { fields } = this.#context;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const { kind, row } = next;
        this.#count++;
        const object = Object.fromEntries(fields.map((f, i) => [f.name, toJavaScript(row[i]!, f.type)]));
        await this.#into({ kind, row: object });
        if (this.#waiting.length === waitingMax >> 1) this.#context.wake();
      }
    } catch (thrown) {
      this.#waiting.length = 0;
      this.#failure =
        thrown instanceof MillraceError
          ? thrown
          : new UserError('LIB2003', {
              message: `the function that takes table "${this.#context.table.path.object}" failed at change ${this.#count}: ${String(thrown)}`,
              hint: 'The error of the program is the cause of this one.',
              cause: thrown,
            });
    }
    this.#running = undefined;
    this.#context.wake();
  }
  async flush(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }
  async close(): Promise<void> {}
}
