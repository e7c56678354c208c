/* A table fed by a live value of the program: an array, an iterable or an async iterable of rows as objects.
 *
 * What the program does wrong is its own error, with the table, the row and the column: an iterable that throws, a row that is
 * no object, a value of another type. */

import { didYouMean, MillraceError, UserError } from '#base';
import { insertOnly, type ConnectorDescriptor } from '#catalog';
import { BatchBuilder, type Row } from '#data';
import type { ConnectorRuntime, Polled, Source, SourceContext, SplitPositions } from '#dataflow';
import { fromJavaScript } from '#engine';

/** Rows as objects: a property a column; one that is missing is NULL. */
export type Rows = Iterable<object> | AsyncIterable<object>;

/** Rows read ahead while the job is busy. */
const aheadMax = 2048;
/** How long rows are read before timers and I/O have their turn: an iterable may never wait for anything. */
const sliceMs = 8;

export function iterableSource(rows: Rows): Pick<ConnectorDescriptor, 'source'> & {
  readonly createSource: (context: SourceContext) => Source;
} {
  return {
    source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
    createSource: (context) => new IterableSource(rows, context),
  };
}

/** What a connector of the program loads. */
export const runtimeOf = (parts: ConnectorRuntime): (() => Promise<ConnectorRuntime>) => {
  return async () => parts;
};

/** The one split of an iterable. */
const split = 'rows';

class IterableSource implements Source {
  readonly #rows: Rows;
  readonly #context: SourceContext;
  readonly #table: string;
  readonly #waiting: unknown[] = [];
  /** Rows handed out, those before a restart included. */
  #count = 0;
  #passed = 0;
  #ended = false;
  #failure: MillraceError | undefined;
  #room: (() => void) | undefined;

  constructor(rows: Rows, context: SourceContext) {
    this.#rows = rows;
    this.#context = context;
    this.#table = context.table.path.object;
  }
  /** A job that comes back passes over what it had read: an iterable gives its rows again. */
  async open(positions: SplitPositions | undefined): Promise<void> {
    const position = positions?.get(split);
    if (position !== undefined) this.#passed = Number(Buffer.from(position).toString());
    this.#count = this.#passed;
    if (this.#context.instance !== 0) this.#ended = true;
    else void this.#read();
  }
  async #read(): Promise<void> {
    const { world, signal } = this.#context;
    let read = 0;
    let breathedAt = world.monotonic();
    try {
      let passed = 0;
      for await (const row of this.#rows) {
        if (signal.aborted) return;
        if (passed++ < this.#passed) continue;
        this.#waiting.push(row);
        read++;
        this.#context.wake();
        if (this.#waiting.length >= aheadMax)
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
        if (world.monotonic() - breathedAt >= sliceMs) {
          await world.breathe();
          breathedAt = world.monotonic();
        }
      }
    } catch (thrown) {
      this.#failure =
        thrown instanceof MillraceError
          ? thrown
          : new UserError('LIB2002', {
              message: `the rows of table "${this.#table}" failed after ${read}: ${String(thrown)}`,
              hint: 'The error of the program is the cause of this one.',
              cause: thrown,
            });
    }
    this.#ended = true;
    this.#context.wake();
  }
  poll(): Polled {
    if (this.#waiting.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      return this.#ended ? { kind: 'end' } : { kind: 'wait' };
    }
    const builder = new BatchBuilder(this.#context.fields.map((f) => f.type));
    for (const row of this.#waiting.splice(0)) builder.appendRow(this.#row(row));
    const room = this.#room;
    this.#room = undefined;
    room?.();
    return { kind: 'batch', split: 0, batch: builder.build() };
  }

  #row(given: unknown): Row {
    this.#count++;
    if (typeof given !== 'object' || given === null)
      throw new UserError('DATA2001', {
        message: `row ${this.#count} of table "${this.#table}" is ${String(given)}, expected an object with a property a column`,
      });
    if (this.#count === 1) this.#warnOfNames(given);
    const row = given as Readonly<Record<string, unknown>>;
    return this.#context.fields.map((f) => {
      try {
        return fromJavaScript(row[f.name], f.type);
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        throw new UserError(thrown.code, {
          message: `column "${f.name}" of table "${this.#table}", row ${this.#count}: ${thrown.message}`,
          hint: thrown.hint,
          cause: thrown,
        });
      }
    });
  }
  /** A property that is no column, where a column has none, is likely meant for it. */
  #warnOfNames(row: object): void {
    const columns = this.#context.table.physical.map((f) => f.name);
    const missing = columns.filter((name) => !(name in row));
    for (const name of Object.keys(row)) {
      const hint = columns.includes(name) ? undefined : didYouMean(name, missing);
      if (hint?.startsWith('Did you mean') === true)
        this.#context.warn(`rows of table "${this.#table}" have "${name}", which is no column. ${hint}`);
    }
  }
  snapshot(): SplitPositions {
    if (this.#context.instance !== 0) return new Map();
    return new Map([[split, Buffer.from(String(this.#count))]]);
  }
  async close(): Promise<void> {
    this.#room?.();
  }
}
