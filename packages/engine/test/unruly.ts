/* A connector whose tables do as their options say: count up, fail at a row, take rows slowly. For jobs started by SQL. */

import { ExternalError, UserError } from '#base';
import { allChanges, insertOnly, type ConnectorDescriptor, type ConnectorTable } from '#catalog';
import { BatchBuilder, readRow, type Batch, type LogicalType, type Row } from '#data';
import type {
  ConnectorRuntime,
  Polled,
  Sink,
  SinkContext,
  Source,
  SourceContext,
  SplitPositions,
} from '#dataflow';
import { Executor, type JobOptions } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';

const keys = ['rows', 'fail-at', 'fail-as', 'fail-times', 'room'] as const;

/** What a test sees of one table, and turns while a job runs. */
export class Knob {
  polls = 0;
  readonly written: Row[] = [];
  /** Rows that the sink still takes. */
  room = Infinity;
  opened = 0;
  /** How often it failed: 'fail-times' bounds it. */
  failures = 0;
  closed = 0;
  wakes: (() => void)[] = [];
  more(rows: number): void {
    this.room += rows;
    for (const wake of this.wakes) wake();
  }
}

function failure(as: string): Error {
  if (as === 'user') return new UserError('TEST1', { message: 'this row does not fit' });
  if (as === 'external') return new ExternalError('TEST2', { message: 'the broker is gone' });
  return new RangeError('an index of ours');
}
const option = (table: ConnectorTable, key: (typeof keys)[number]): string | undefined =>
  table.options.find((o) => o.key === key)?.value;
const number = (table: ConnectorTable, key: (typeof keys)[number]): number =>
  Number(option(table, key) ?? Infinity);

/** Rows (1, 'k1'), (2, 'k2'), … two a batch; for ever unless `rows` says how many. */
class CountingSource implements Source {
  readonly #context: SourceContext;
  readonly #knob: Knob;
  #at = 0;
  constructor(context: SourceContext, knob: Knob) {
    this.#context = context;
    this.#knob = knob;
  }
  async open(positions: SplitPositions | undefined): Promise<void> {
    const position = positions?.get('rows');
    this.#knob.opened++;
    if (position !== undefined) this.#at = new DataView(position.buffer, position.byteOffset).getFloat64(0);
  }
  poll(): Polled {
    this.#knob.polls++;
    const { table, fields } = this.#context;
    if (this.#at >= number(table, 'rows')) return { kind: 'end' };
    const builder = new BatchBuilder(fields.map((f) => f.type));
    for (let n = 0; n < 2 && this.#at < number(table, 'rows'); n++) {
      if (this.#at >= number(table, 'fail-at')) throw failure(option(table, 'fail-as') ?? 'user');
      this.#at++;
      builder.appendRow(fields.map((f) => (f.name === 'id' ? this.#at : `k${this.#at % 3}`)));
    }
    return { kind: 'batch', split: 0, batch: builder.build() };
  }
  snapshot(): SplitPositions {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, this.#at);
    return new Map([['rows', bytes]]);
  }
  async close(): Promise<void> {
    this.#knob.closed++;
  }
}

class SlowSink implements Sink {
  readonly #context: SinkContext;
  readonly #knob: Knob;
  readonly #types: readonly LogicalType[];
  constructor(context: SinkContext, knob: Knob) {
    this.#context = context;
    this.#knob = knob;
    this.#types = context.fields.map((f) => f.type);
    knob.wakes.push(() => {
      context.wake();
    });
  }
  async open(): Promise<void> {
    this.#knob.opened++;
  }
  write(batch: Batch, from: number): number {
    for (let row = from; row < batch.rows; row++) {
      const { table } = this.#context;
      if (
        this.#knob.written.length >= number(table, 'fail-at') &&
        this.#knob.failures < number(table, 'fail-times')
      ) {
        this.#knob.failures++;
        throw failure(option(table, 'fail-as') ?? 'user');
      }
      if (this.#knob.room <= 0) return row;
      this.#knob.room--;
      this.#knob.written.push(readRow(batch, this.#types, row));
    }
    return batch.rows;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {
    this.#knob.closed++;
  }
}

/** An executor with the connector 'unruly', and a knob for each of its tables. */
export function unrulyExecutor(): {
  readonly executor: Executor;
  readonly knob: (table: string) => Knob;
  readonly run: (sql: string, options?: JobOptions) => ReturnType<Executor['execute']>;
} {
  const knobs = new Map<string, Knob>();
  const knob = (table: string): Knob => {
    const known = knobs.get(table) ?? new Knob();
    knobs.set(table, known);
    return known;
  };
  const descriptor: ConnectorDescriptor = {
    name: 'unruly',
    metadata: [],
    options: () => ({
      owner: `connector 'unruly'`,
      specs: keys.map((key) => ({ key, type: 'string', doc: key })),
    }),
    source: (table) => ({
      changelog: insertOnly,
      bounded: option(table, 'rows') !== undefined,
      ownWatermarks: false,
    }),
    sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
    load: async (): Promise<ConnectorRuntime> => ({
      createSource: (context) => new CountingSource(context, knob(context.table.path.object)),
      createSink: (context) => {
        const own = knob(context.table.path.object);
        if (own.opened === 0) own.room = number(context.table, 'room');
        return new SlowSink(context, own);
      },
    }),
  };
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map([['unruly', descriptor]]),
    throughPlan: (plan) => structuredClone(plan),
  });
  return {
    executor,
    knob,
    run: async (sql, options) => await executor.execute(parseScript(sql)[0]!.statement, options),
  };
}

/** Lets jobs run for a while. */
export const aWhile = async (): Promise<void> => {
  for (let n = 0; n < 20; n++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
};
