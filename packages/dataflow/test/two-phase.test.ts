/* Which aggregates over windows are taken apart into two phases, and what becomes of the plan around them. */

import { describe, expect, test } from 'vitest';
import { types, type LogicalType } from '#data';
import type { AggregateCall } from '#expr';
import type {
  Distribution,
  InputPlan,
  JobPlan,
  NodePlan,
  OperatorPlan,
  WindowAggregateSpec,
  WindowShape,
} from '#job';
import { inTwoPhases } from '../src/runtime/two-phase.ts';
import { call } from './harness.ts';

const { BIGINT, DOUBLE, STRING } = types;
const TIME = types.timestamp(3);
/** Key, value, time. */
const row: readonly LogicalType[] = [STRING, BIGINT, TIME];

const source = (id: string): NodePlan =>
  ({ kind: 'source', id, title: id, outputTypes: row }) as unknown as NodePlan;
const input = (node: number, distribution: Distribution, more: Partial<InputPlan> = {}): InputPlan => ({
  node,
  distribution,
  input: 0,
  ...more,
});
const byKey: Distribution = { kind: 'hash', columns: [0] };

function windows(
  changes: { readonly spec?: Partial<WindowAggregateSpec>; readonly node?: Partial<OperatorPlan> } = {},
): OperatorPlan {
  const spec: WindowAggregateSpec = {
    keys: [0],
    calls: [call('COUNT'), call('SUM', [1], [BIGINT])],
    retract: false,
    window: { kind: 'rowtime', column: 2, shape: { kind: 'tumble', sizeMs: 10, offsetMs: 0 } },
    properties: ['end'],
    zone: undefined,
    ...changes.spec,
  };
  return {
    kind: 'operator',
    operator: 'window-aggregate',
    spec,
    id: 'windows',
    title: 'WindowAggregate',
    inputs: [input(0, byKey)],
    inputNames: [['k', 'v', 't']],
    inputTypes: [row],
    outputTypes: [STRING, BIGINT, BIGINT, TIME],
    single: false,
    ...changes.node,
  };
}
const sink = (of: number, more: readonly InputPlan[] = []): NodePlan =>
  ({
    kind: 'sink',
    id: 'sink',
    title: 'sink',
    inputs: [input(of, { kind: 'forward' }), ...more],
    single: false,
  }) as unknown as NodePlan;
const rewritten = (plan: JobPlan, parallelism = 2, showsLate = false): readonly NodePlan[] =>
  inTwoPhases(plan, { parallelism, showsLate }).nodes;
const ids = (nodes: readonly NodePlan[]): string[] => nodes.map((n) => n.id);
const inputsOf = (node: NodePlan): readonly InputPlan[] => (node.kind === 'source' ? [] : node.inputs);

test('a first phase stands in front of the exchange, and the second keeps id, key and calls', () => {
  const nodes = rewritten({ nodes: [source('rows'), windows(), sink(1)] });
  expect(ids(nodes)).toEqual(['rows', 'windows/local', 'windows', 'sink']);
  const [, first, second, last] = nodes as [NodePlan, OperatorPlan, OperatorPlan, NodePlan];
  expect(first).toMatchObject({ operator: 'local-window-aggregate', transient: true, single: false });
  expect(inputsOf(first)).toEqual([input(0, { kind: 'forward' })]);
  expect(inputsOf(second)).toEqual([input(1, byKey)]);
  expect(inputsOf(last)).toEqual([input(2, { kind: 'forward' })]);
  // Key, end of the slice, rows; a count; a sum and how many it is of.
  expect(first.outputTypes.map((t) => t.kind)).toEqual([
    'VARCHAR',
    'TIMESTAMP',
    'BIGINT',
    'BIGINT',
    'BIGINT',
    'BIGINT',
  ]);
  expect(second.inputTypes).toEqual([first.outputTypes]);
  expect(second.outputTypes).toEqual(windows().outputTypes);
  expect((second.spec as WindowAggregateSpec).calls).toEqual((windows().spec as WindowAggregateSpec).calls);
});

test('each input of an aggregate over a union has a first phase of its own', () => {
  const union = windows({ node: { inputs: [input(0, byKey), input(1, byKey)] } });
  const nodes = rewritten({ nodes: [source('a'), source('b'), union, sink(2)] });
  expect(ids(nodes)).toEqual(['a', 'b', 'windows/local', 'windows/local1', 'windows', 'sink']);
  expect(inputsOf(nodes[3]!)[0]!.node).toBe(1);
  expect(inputsOf(nodes[4]!).map((i) => i.node)).toEqual([2, 3]);
});

test('inputs of later nodes, side outputs too, name the nodes that they named', () => {
  const letters = input(0, { kind: 'single' }, { side: 'dead-letters' });
  const nodes = rewritten({
    nodes: [source('rows'), windows(), windows({ node: { id: 'more' } }), sink(2, [letters])],
  });
  expect(ids(nodes)).toEqual(['rows', 'windows/local', 'windows', 'more/local', 'more', 'sink']);
  expect(inputsOf(nodes[5]!)).toEqual([input(4, { kind: 'forward' }), letters]);
});

test('an aggregate over everything is one instance behind a first phase a source instance', () => {
  const all = windows({
    spec: { keys: [] },
    node: { single: true, inputs: [input(0, { kind: 'single' })] },
  });
  const nodes = rewritten({ nodes: [source('rows'), all, sink(1)] });
  expect(nodes[1]).toMatchObject({ id: 'windows/local', single: false });
  expect(nodes[2]).toMatchObject({ id: 'windows', single: true });
});

describe('one phase does all', () => {
  const one = (of: OperatorPlan, before: NodePlan = source('rows')): void => {
    const plan: JobPlan = { nodes: [before, of, sink(1)] };
    expect(ids(rewritten(plan))).toEqual(['rows', 'windows', 'sink']);
  };
  const calling = (...calls: readonly AggregateCall[]): OperatorPlan => windows({ spec: { calls } });

  test('at parallelism 1, and where somebody takes late rows', () => {
    const plan: JobPlan = { nodes: [source('rows'), windows(), sink(1)] };
    expect(rewritten(plan, 1)).toEqual(plan.nodes);
    expect(rewritten(plan, 2, true)).toEqual(plan.nodes);
    one(windows({ node: { badRows: {} as NonNullable<OperatorPlan['badRows']> } }));
  });
  test('where rows are taken back, or no exchange is in front', () => {
    one(windows({ spec: { retract: true } }));
    one(windows({ node: { inputs: [input(0, { kind: 'forward' })] } }));
  });
  test('where both sides are one instance', () => {
    const before = { ...windows(), id: 'rows', single: true, inputs: [] };
    one(
      windows({ spec: { keys: [] }, node: { single: true, inputs: [input(0, { kind: 'single' })] } }),
      before,
    );
  });
  test('where time is the clock, or rows carry their window', () => {
    const shape = { kind: 'tumble', sizeMs: 10, offsetMs: 0 } as const;
    one(windows({ spec: { window: { kind: 'proctime', shape } } }));
    one(windows({ spec: { window: { kind: 'attached', start: 2, end: 2 } } }));
  });
  test('where windows share slices', () => {
    const of = (shape: WindowShape): OperatorPlan =>
      windows({ spec: { window: { kind: 'rowtime', column: 2, shape } } });
    one(of({ kind: 'hop', sizeMs: 20, slideMs: 10, offsetMs: 0, newestFirst: true }));
    one(of({ kind: 'cumulate', sizeMs: 20, stepMs: 10, offsetMs: 0 }));
    const apart = of({ kind: 'hop', sizeMs: 20, slideMs: 20, offsetMs: 0, newestFirst: true });
    expect(ids(rewritten({ nodes: [source('rows'), apart, sink(1)] }))).toContain('windows/local');
  });
  test('of calls to which the order of rows matters, or distinct values', () => {
    one(calling({ ...call('COUNT', [1], [BIGINT]), distinct: true }));
    one(calling(call('SUM', [1], [DOUBLE], DOUBLE)));
    one(calling(call('MAX', [1], [DOUBLE], DOUBLE)));
    one(calling(call('LAST_VALUE', [1], [BIGINT])));
    one(calling(call('COUNT'), call('LISTAGG', [0], [STRING], STRING)));
    one(calling(call('SUM', [1], [types.decimal(38, 2)], types.decimal(38, 2))));
  });
});
