/* What holds a watermark back: of several inputs the least, of a source's splits the least that is active. */

import { expect, test } from 'vitest';
import type { NodeMetrics } from '#dataflow';
import type { JobPlan } from '#job';
import { heldBackBy, watermarksOf } from '#engine';

const node = (kind: string, id: string, ...inputs: readonly number[]): unknown => ({
  kind,
  id,
  title: id,
  inputs: inputs.map((n, input) => ({ node: n, input, distribution: { kind: 'forward' } })),
});
const plan = {
  nodes: [
    node('source', 'fast'),
    node('source', 'slow'),
    node('operator', 'join', 0, 1),
    node('sink', 'out', 2),
  ],
} as unknown as JobPlan;
const split = (name: string, watermark: number, state: 'active' | 'idle' = 'active') => ({
  split: name,
  watermark,
  lastRowAt: 5,
  state,
});
const metrics = (id: string, watermark: number, more: Partial<NodeMetrics> = {}): NodeMetrics =>
  ({ id, title: id, instance: 0, watermark, idle: false, splits: undefined, ...more }) as NodeMetrics;

const rest = [metrics('join', 10), metrics('out', 10)];

test('from the sink to the split that is behind', () => {
  const nodes = watermarksOf(plan, [
    metrics('fast', 90, { splits: [split('0', 90)] }),
    metrics('slow', 10, { splits: [split('0', 70), split('1', 10), split('2', 5, 'idle')] }),
    ...rest,
  ]);
  expect(heldBackBy(nodes, 'out').map((n) => n.id)).toEqual(['out', 'join', 'slow']);
  expect(nodes[1]!.splits.map((s) => s.split)).toEqual(['1', '0', '2']);
});
test('an input that is idle holds nobody back; of several instances the least counts', () => {
  const nodes = watermarksOf(plan, [
    metrics('fast', 90, { splits: [split('0', 90)] }),
    metrics('fast', 80, { instance: 1, splits: [split('1', 80)] }),
    metrics('slow', 10, { idle: true, splits: [split('0', 10, 'idle')] }),
    ...rest,
  ]);
  expect(heldBackBy(nodes, 'out').map((n) => n.id)).toEqual(['out', 'join', 'fast']);
  expect(nodes[0]!.watermark).toBe(80);
  expect(nodes[0]!.splits.map((s) => s.split)).toEqual(['1', '0']);
});
test('before the first row there is none', () => {
  const nodes = watermarksOf(plan, [
    metrics('fast', 90),
    metrics('slow', -Infinity, { splits: [split('0', -Infinity)] }),
    metrics('join', -Infinity),
    metrics('out', -Infinity),
  ]);
  expect(nodes[3]!.watermark).toBeUndefined();
  expect(heldBackBy(nodes, 'out').at(-1)!.splits[0]!.watermark).toBeUndefined();
});
