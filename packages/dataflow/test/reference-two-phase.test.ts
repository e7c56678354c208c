/* Aggregates over windows in two phases against the slow reference of one: the first phase feeds the second, and is empty
 * behind every barrier. */

import { expect, test } from 'vitest';
import type { JobPlan, OperatorPlan, WindowAggregateSpec, WindowShape } from '#job';
import type { Batch } from '#data';
import { WindowAggregateReference } from '#testkit';
import type { StateReader, StateWriter } from '#state';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { plainCalls } from './calls.ts';
import type { Operator, Output, Progress } from '../src/contracts/index.ts';
import { partialTypes } from '../src/kernels/partials.ts';
import { inTwoPhases } from '../src/runtime/two-phase.ts';
import { ID, K, T, wide } from './feed.ts';
import { batchOf, bench, call, pushAll, said, TestOutput, type Bench } from './harness.ts';
import { types } from '#data';

const TIME = types.timestamp(3);
const calls = plainCalls.filter((call) => partialTypes(call) !== undefined);

/** Two operators as one: what the first emits waits until the second took it. */
class Chain implements Operator {
  readonly pending = 0;
  readonly #first: Operator;
  readonly #second: Operator;
  readonly #between: { readonly batch: Batch; taken: number }[] = [];

  constructor(first: Operator, second: Operator) {
    this.#first = first;
    this.#second = second;
  }
  get busy(): boolean {
    return this.#between.length > 0 || this.#second.busy;
  }
  get nextTimer(): number {
    return Infinity;
  }
  push(input: number, batch: Batch, from: number, out: Output): number {
    const through = new TestOutput();
    if (from === 0) pushAll(this.#first, batch, through, input);
    this.#queue(through);
    this.resume(out);
    return batch.rows;
  }
  #queue({ emitted }: TestOutput): void {
    for (const batch of emitted) this.#between.push({ batch, taken: 0 });
  }
  resume(out: Output): Progress {
    while (!out.full) {
      if (this.#second.busy) {
        if (this.#second.resume(out) === 'more') return 'more';
        continue;
      }
      const [next] = this.#between;
      if (next === undefined) return 'done';
      next.taken = this.#second.push(0, next.batch, next.taken, out);
      if (next.taken === next.batch.rows && !this.#second.busy) this.#between.shift();
    }
    return this.busy ? 'more' : 'done';
  }
  end(): void {}
  fire(): Progress {
    return 'done';
  }
  get stateBytes(): number {
    return this.#second.stateBytes;
  }
  /** The first phase holds nothing behind it. */
  beforeBarrier(): Progress {
    const through = new TestOutput();
    while (this.#first.beforeBarrier!(through) === 'more') through.drain();
    for (const batch of through.emitted) pushAll(this.#second, batch, new TestOutput());
    return 'done';
  }
  snapshot(to: StateWriter): void {
    this.beforeBarrier();
    this.#second.snapshot(to);
  }
  restore(from: StateReader): void {
    this.#second.restore(from);
  }
  get store(): NonNullable<Operator['store']> {
    this.beforeBarrier();
    return this.#second.store!;
  }
  restored(): void {
    this.#second.restored!();
  }
}

function phases(spec: WindowAggregateSpec): readonly OperatorPlan[] {
  const plan: JobPlan = {
    nodes: [
      { kind: 'source', id: 'rows', title: 'rows', outputTypes: wide } as unknown as JobPlan['nodes'][number],
      {
        kind: 'operator',
        operator: 'window-aggregate',
        spec,
        id: 'windows',
        title: 'windows',
        inputs: [{ node: 0, distribution: { kind: 'hash', columns: spec.keys }, input: 0 }],
        inputNames: [wide.map((_, i) => `c${i}`)],
        inputTypes: [wide],
        outputTypes: [
          ...spec.keys.map((k) => wide[k]!),
          ...spec.calls.map((c) => c.type),
          ...spec.properties.map(() => TIME),
        ],
        single: false,
      },
    ],
  };
  return inTwoPhases(plan, { parallelism: 2, showsLate: false }).nodes.slice(1) as OperatorPlan[];
}
function chained(spec: WindowAggregateSpec): Bench {
  const [first, second] = phases(spec).map((p) => bench(p.operator, p.spec, p.inputTypes[0]!, p.outputTypes));
  return { ...second!, inputTypes: wide, operator: new Chain(first!.operator, second!.operator) };
}

function windowCase(shape: WindowShape, keys: readonly number[]): Case {
  const spec: WindowAggregateSpec = {
    keys,
    calls,
    retract: false,
    properties: ['start', 'end', 'rowtime'],
    zone: undefined,
    window: { kind: 'rowtime', column: T, shape },
  };
  return {
    name: `two phases, ${shape.kind}, ${keys.length} keys`,
    courses: ['insert'],
    make: () => chained(spec),
    reference: () => new WindowAggregateReference(spec),
    freed: { time: keys.length + calls.length + 1, ordered: [] },
    shape: { keys: 40, pace: 5 },
    mergesMarks: true,
    runs: 3,
  };
}
const shapes: readonly WindowShape[] = [
  { kind: 'tumble', sizeMs: 10, offsetMs: 3 },
  { kind: 'tumble', sizeMs: 25, offsetMs: 0 },
  { kind: 'hop', sizeMs: 20, slideMs: 20, offsetMs: 2, newestFirst: false },
  { kind: 'hop', sizeMs: 5, slideMs: 20, offsetMs: 0, newestFirst: true },
];
holdAgainstReference(
  shapes.flatMap((shape) => [[K, ID], [K], []].map((keys) => windowCase(shape, keys))),
  900,
);

test('what the first phase holds goes out in front of a mark that its input is idle', () => {
  const [first] = phases({
    keys: [K],
    calls: [call('COUNT')],
    retract: false,
    properties: ['end'],
    zone: undefined,
    window: { kind: 'rowtime', column: T, shape: { kind: 'tumble', sizeMs: 10, offsetMs: 0 } },
  });
  const types = first!.inputTypes[0]!;
  const { operator } = bench(first!.operator, first!.spec, types, first!.outputTypes);
  const out = new TestOutput();
  const row = (key: string, at: number): string =>
    ['+', key, 1, at, 1, 1, 1, 'x', true, 1, 1, 'NULL', 'NULL'].join(' ');
  pushAll(operator, batchOf(types, [row('a', 1), row('b', 12), row('a', 2), '@ 3']), out);
  // The clock fires nothing.
  expect(operator.nextTimer).toBe(Infinity);
  pushAll(operator, batchOf(types, ['@ idle']), out);
  expect(said(out, first!.outputTypes)).toEqual(['@ 3', '+ a 10 2 2', '+ b 20 1 1', '@ idle']);
});
