/* The cases of the operators' benchmark, and how one is measured: nanoseconds of the thread's CPU time a row.
 *
 *   batches made beforehand ─▶ source ─▶ the operator ─▶ a sink that looks at nothing
 *
 * Only what the engine had from its first day is used here, so that the same file measures an earlier checkout: see
 * bench/operators.ts. */

import { insertOnly, allChanges, type ConnectorDescriptor } from '#catalog';
import { BatchBuilder, types, type Batch, type LogicalType } from '#data';
import { Job } from '#dataflow';
import { Rng } from '#base';
import { realWorld } from '#host';

const { BIGINT, STRING, DOUBLE } = types;
const TIME = types.timestamp(3);
const MONEY = types.decimal(10, 2);
/** key, text key, value, amount, time, double */
const columns: readonly LogicalType[] = [BIGINT, STRING, BIGINT, MONEY, TIME, DOUBLE];
const names = ['k', 's', 'v', 'm', 'ts', 'd'];

export interface Data {
  readonly keys: number;
  /** Milliseconds of event time from one row to the next. */
  readonly stepMs?: number;
  /** Rows between two marks. */
  readonly markEvery?: number;
  readonly batchRows?: number;
  /** Every row is followed, `retractAfter` rows later, by its retraction. */
  readonly retractAfter?: number;
  /** Distinct values of v. */
  readonly values?: number;
}
export interface Case {
  readonly name: string;
  readonly data: Data;
  readonly operator: string;
  readonly spec: unknown;
  readonly output: readonly LogicalType[];
}

const call = (
  fn: string,
  arg?: number,
  type: LogicalType = BIGINT,
  more: { readonly distinct?: boolean } = {},
): unknown => ({
  fn,
  args: arg === undefined ? [] : [arg],
  argTypes: arg === undefined ? [] : [columns[arg]!],
  distinct: more.distinct ?? false,
  filter: undefined,
  type,
});
const group = (keys: readonly number[], calls: readonly unknown[], retract = false): unknown => ({
  keys,
  calls,
  retract,
  updateBefore: true,
  ttlMs: 0,
  finalOnly: false,
});
const window = (shape: unknown, calls: readonly unknown[]): unknown => ({
  keys: [0],
  calls,
  retract: false,
  window: { kind: 'rowtime', shape, column: 4 },
  properties: ['start', 'end'],
  zone: undefined,
});
const tumble = { kind: 'tumble', sizeMs: 10_000, offsetMs: 0 };
const hop = { kind: 'hop', sizeMs: 10_000, slideMs: 2000, offsetMs: 0, newestFirst: false };
const count = call('COUNT');
const sumV = call('SUM', 2);
const three = [count, sumV, call('MAX', 2)];
const four = [count, sumV, call('MIN', 2), call('MAX', 2)];
const ends = [TIME, TIME];
const session = (calls: readonly unknown[]): unknown => ({
  keys: [0],
  calls,
  retract: false,
  gapMs: 2000,
  time: 4,
  properties: ['start', 'end'],
  zone: undefined,
});
const materialize = { keys: [0], inputKey: undefined, ttlMs: 0 };
const sumM = call('SUM', 3, types.decimal(38, 2));

function casesFor(keys: number, suffix: string): Case[] {
  const data: Data = { keys };
  // A hundred rows a key and ten seconds; twenty a key and slice of two seconds.
  const timed: Data = { keys, stepMs: 10_000 / (keys * 100), markEvery: 100 };
  // About three rows a session, and then a pause of more than the gap: a key comes every 4/3 s or so.
  const sessions: Data = { keys, stepMs: 4000 / (keys * 3), markEvery: 100 };
  const grouped = [BIGINT, BIGINT];
  return [
    { name: `none${suffix}`, data, operator: 'union', spec: { updateBefore: 'keep' }, output: columns },
    { name: `COUNT${suffix}`, data, operator: 'group-aggregate', spec: group([0], [count]), output: grouped },
    {
      name: `COUNT + SUM + MAX${suffix}`,
      data,
      operator: 'group-aggregate',
      spec: group([0], three),
      output: [BIGINT, BIGINT, BIGINT, BIGINT],
    },
    {
      name: `COUNT(DISTINCT)${suffix}`,
      data: { ...data, values: 100 },
      operator: 'group-aggregate',
      spec: group([0], [call('COUNT', 2, BIGINT, { distinct: true })]),
      output: grouped,
    },
    {
      name: `COUNT, key text${suffix}`,
      data,
      operator: 'group-aggregate',
      spec: group([1], [count]),
      output: [STRING, BIGINT],
    },
    {
      name: `SUM of DECIMAL${suffix}`,
      data,
      operator: 'group-aggregate',
      spec: group([0], [count, sumM]),
      output: [BIGINT, BIGINT, types.decimal(38, 2)],
    },
    {
      name: `COUNT + SUM, retractions${suffix}`,
      data: { ...data, retractAfter: Math.min(keys * 5, 1_000_000) },
      operator: 'group-aggregate',
      spec: group([0], [count, sumV], true),
      output: [BIGINT, BIGINT, BIGINT],
    },
    {
      name: `TUMBLE${suffix}`,
      data: timed,
      operator: 'window-aggregate',
      spec: window(tumble, [count]),
      output: [...grouped, ...ends],
    },
    {
      name: `TUMBLE, four${suffix}`,
      data: timed,
      operator: 'window-aggregate',
      spec: window(tumble, four),
      output: [BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, ...ends],
    },
    {
      name: `HOP 2 s/10 s${suffix}`,
      data: timed,
      operator: 'window-aggregate',
      spec: window(hop, [count]),
      output: [...grouped, ...ends],
    },
    {
      name: `SESSION${suffix}`,
      data: sessions,
      operator: 'session-aggregate',
      spec: session([count]),
      output: [...grouped, ...ends],
    },
    {
      name: `materializer${suffix}`,
      data: { ...data, retractAfter: Math.min(keys * 2, 1_000_000) },
      operator: 'materialize',
      spec: materialize,
      output: columns,
    },
  ];
}
export const cases: readonly Case[] = [
  ...casesFor(10_000, ''),
  {
    name: 'materializer, 2,000 rows a key',
    data: { keys: 50, retractAfter: 100_000 },
    operator: 'materialize',
    spec: materialize,
    output: columns,
  },
  ...casesFor(1_000_000, ', 1 M keys'),
];

/** Batches of the whole run, made before the clock starts. */
export function batchesOf(data: Data, rows: number): Batch[] {
  const rng = new Rng(7);
  const batchRows = data.batchRows ?? 4096;
  const builder = new BatchBuilder(columns);
  const batches: Batch[] = [];
  const open: (readonly [number, number])[] = [];
  const append = (key: number, value: number, ms: number, kind: number): void => {
    builder.columns[0]!.append(BigInt(key));
    builder.columns[1]!.append(`key-${key}`);
    builder.columns[2]!.append(BigInt(value));
    builder.columns[3]!.append(BigInt(value * 7));
    builder.columns[4]!.append({ ms: Math.floor(ms), ns: 0 });
    builder.columns[5]!.append(value / 4);
    builder.endRow(kind);
  };
  for (let row = 0; row < rows; row++) {
    const ms = 1_700_000_000_000 + row * (data.stepMs ?? 1);
    const due = data.retractAfter === undefined ? undefined : open[row - data.retractAfter];
    if (due !== undefined && row % 2 === 1) append(due[0], due[1], ms, 3);
    else {
      const key = Math.floor(rng.double() * data.keys);
      const value = Math.floor(rng.double() * (data.values ?? 1_000_000));
      open[row] = [key, value];
      append(key, value, ms, 0);
    }
    if (data.markEvery !== undefined && row % data.markEvery === 0) builder.mark(Math.floor(ms) - 1);
    if (builder.rows === batchRows) batches.push(builder.build());
  }
  if (builder.rows > 0) batches.push(builder.build());
  return batches;
}

/** A pool of rows, several times: each time as much later as the pool is long, so that a run is longer than what of it
 *  lies in memory. What is retracted was added in the same turn. */
export class Rows {
  readonly #batches: readonly Batch[];
  readonly #turnMs: number;
  #turn = 0;
  #at = 0;
  readonly #turns: number;
  /** Rows given so far. */
  given = 0;

  constructor(data: Data, batches: readonly Batch[], turns: number) {
    this.#batches = batches;
    this.#turns = turns;
    const rows = batches.reduce((n, b) => n + b.rows, 0);
    this.#turnMs = Math.ceil(rows * (data.stepMs ?? 1));
  }
  next(): Batch | undefined {
    if (this.#at === this.#batches.length) {
      this.#at = 0;
      this.#turn++;
    }
    if (this.#turn === this.#turns) return undefined;
    const batch = this.#batches[this.#at++]!;
    this.given += batch.rows;
    return this.#turn === 0 ? batch : later(batch, this.#turn * this.#turnMs);
  }
}
function later(batch: Batch, by: number): Batch {
  const at = batch.columns.findIndex((c) => c.layout === 'time');
  const time = batch.columns[at] as { millis: Float64Array };
  const columns = batch.columns.slice();
  columns[at] = { ...time, millis: time.millis.map((ms) => ms + by) } as never;
  const watermark = Array.from(batch.marks.watermark, (ms) => ms + by);
  const marks = {
    ...batch.marks,
    watermark: Array.isArray(batch.marks.watermark) ? watermark : Float64Array.from(watermark),
  };
  return { ...batch, columns, marks } as never;
}

/** CPU time of this thread: others on the machine disturb it least. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
export async function measure(plan: Case, rows: Rows): Promise<number> {
  const job = jobOf(plan, rows);
  const before = cpuMs();
  await job.start();
  await job.done;
  return cpuMs() - before;
}
/** A job of source, operator and sink that is not yet started; `changes` to its settings. */
export function jobOf(plan: Case, rows: Rows, changes: object = {}): Job {
  const world = realWorld();
  const table = {
    path: { catalog: '', database: '', object: 'x' },
    physical: [],
    primaryKey: [],
    partitionedBy: [],
    options: [],
  };
  const connector: ConnectorDescriptor = {
    name: 'x',
    metadata: [],
    options: () => ({ owner: 'x', specs: [] }),
    source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: true }),
    sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
    load: async () => {
      return {
        createSource: () => ({
          open: async () => {},
          poll: () => {
            const batch = rows.next();
            return batch === undefined ? { kind: 'end' } : { kind: 'batch', split: 0, batch };
          },
          snapshot: () => new Uint8Array(0),
          close: async () => {},
        }),
        createSink: () => ({
          open: async () => {},
          write: (batch: Batch) => batch.rows,
          flush: async () => {},
          close: async () => {},
        }),
      };
    },
  };
  const fields = columns.map((type, i) => ({ name: names[i]!, type }));
  return new Job(
    {
      nodes: [
        {
          kind: 'source',
          id: 'source',
          title: 'source',
          connector: 'x',
          table,
          fields,
          metadata: [],
          limit: undefined,
          calc: undefined,
          watermark: { rowtime: 4, rowtimeName: 'ts', keyOnlyDelete: false, expression: 'source' },
          idleTimeoutMs: 0,
          quietTimeoutMs: 0,
          finalWatermarkOnly: false,
          alignment: undefined,
          outputTypes: columns,
        },
        {
          kind: 'operator',
          id: 'operator',
          title: plan.operator,
          operator: plan.operator,
          spec: plan.spec,
          inputs: [{ node: 0, input: 0, distribution: { kind: 'forward' } }],
          inputNames: [names],
          inputTypes: [columns],
          single: false,
          outputTypes: plan.output,
        },
        {
          kind: 'sink',
          id: 'sink',
          title: 'sink',
          connector: 'x',
          table,
          fields: plan.output.map((type, i) => ({ name: `c${i}`, type })),
          metadata: [],
          accepts: allChanges,
          key: [],
          notNull: [],
          places: [],
          dropNulls: false,
          single: false,
          inputs: [{ node: 1, input: 0, distribution: { kind: 'forward' } }],
          outputTypes: plan.output,
        },
      ],
    } as never,
    {
      world,
      connectors: new Map([['x', connector]]),
      evaluation: {
        timeZone: 'UTC',
        now: () => 0,
        queryStart: 0,
        batchMode: false,
        rng: new Rng(1),
        legacyCast: false,
        seed: 1,
        watermark: () => -Infinity,
      },
      parallelism: 1,
      memoryBytesMax: Infinity,
      restore: undefined,
      warn: () => {},
      print: () => {},
      lateRows: undefined,
      name: 'bench',
      incarnation: '1',
      ...changes,
    } as never,
  );
}
