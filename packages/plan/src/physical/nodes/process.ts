/* A call of a process table function of the program. */

import { insertOnly } from '#catalog';
import { userProcess } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { passesColumns, processScalars, processText, type ProcessCall } from '../../logical/nodes/process.ts';
import { byKey, inPlace, noKeys, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface ProcessNode extends ProcessCall {
  readonly kind: 'process';
  readonly inputs: readonly [PlanNode];
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

/** The rows of a partition belong together. */
export const takesSets = ({ fn }: ProcessCall): boolean =>
  userProcess(fn).args.some((a) => a.kind === 'table' && a.semantics === 'set');
const keepsState = ({ fn }: ProcessCall): boolean =>
  userProcess(fn).states.length > 0 || userProcess(fn).hasTimers;

export const processKind: NodeKind<ProcessNode> = {
  ...inPlace,
  idKey: ({ uid }) => `[${uid}]`,
  reads: (node) => ({
    exprs: processScalars(node).map((expr) => ({ expr, over: [] })),
    columns: node.partition.map((index) => ({ index, over: node.inputs[0].fields })),
  }),
  title: (node) =>
    `ProcessTableFunction(${processText(node, node.inputs[0].fields)}, select=[${node.fields.map((f) => f.name).join(', ')}])`,
  distribution: (node) => (takesSets(node) ? byKey(node.partition) : { kind: 'forward' }),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state(node) {
    if (!keepsState(node) || node.partition.length === 0) return 'none';
    const { states } = userProcess(node.fn);
    // Timers go when they fire.
    if (states.length === 0) return 'interval';
    return states.every((s) => (s.ttlMs ?? node.ttlMs) > 0) ? 'ttl' : 'unbounded';
  },
  grows: ({ fn }) =>
    `keeps the state of every partition for which "${userProcess(fn).title}" does not clear it. Give the state a ttl, or set 'table.exec.state.ttl'.`,
  origin: ({ fn, partition, inputs: [input] }, column) =>
    passesColumns(fn) ? (column < input.fields.length ? column : undefined) : partition[column],
  becomes: ({ fn, partition, time, scalars, ttlMs, inputs: [input] }) => ({
    kind: 'operator',
    ...operatorCall('process', {
      fn,
      partition,
      passes: passesColumns(fn) ? [...input.fields.keys()] : partition,
      time,
      scalars,
      input: input.fields.map(({ name, type }) => ({ name, type })),
      ttlMs,
    }),
  }),
};
