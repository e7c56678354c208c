/* A call of a process table function of the program. Its tables may change where it says so, and so may what it gives. */

import { allChanges, insertOnly, isInsertOnly, upsertChanges, type ChangelogMode } from '#catalog';
import { processTables, userProcess, type ProcessTable } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { passesColumns, processScalars, processText, type ProcessCall } from '../../logical/nodes/process.ts';
import { byKey, inPlace, noKeys, type Below, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface ProcessNode extends ProcessCall {
  readonly kind: 'process';
  readonly inputs: readonly PlanNode[];
  readonly ttlMs: number;
  /** Whoever reads it without -U takes deletes that are keys alone. */
  readonly keyOnlyDeletes: boolean;
  readonly fields: readonly RelField[];
}

const tablesOf = ({ fn }: ProcessCall): readonly ProcessTable[] => processTables(userProcess(fn));
/** The rows of a partition belong together. */
export const takesSets = (call: ProcessCall): boolean =>
  tablesOf(call).some((table) => table.semantics === 'set');
const keepsState = ({ fn }: ProcessCall): boolean =>
  userProcess(fn).states.length > 0 || userProcess(fn).hasTimers;

/** Changes of a table are told by its partition: none of a key go to another one. */
export const isUpsertedByPartition = ({ tables }: ProcessCall, input: number, { keys }: Below): boolean => {
  const { partition } = tables[input]!;
  const columns = new Set(partition);
  return keys.upsert.some((key) => key.length === columns.size && key.every((c) => columns.has(c)));
};

/** The kinds of change that it gives, where its readers need -U or do not. */
const given = (node: ProcessNode, inputs: readonly ChangelogMode[], needed: boolean): ChangelogMode => {
  const required = needed ? allChanges : { ...upsertChanges, keyOnlyDelete: node.keyOnlyDeletes };
  return userProcess(node.fn).changes?.({ tables: inputs, required }) ?? insertOnly;
};

export const processKind: NodeKind<ProcessNode> = {
  ...inPlace,
  port: (_, input) => input,
  idKey: ({ uid }) => `[${uid}]`,
  reads: (node) => ({
    exprs: processScalars(node).map((expr) => ({ expr, over: [] })),
    columns: node.tables.flatMap(({ partition }, t) =>
      partition.map((index) => ({ index, over: node.inputs[t]!.fields })),
    ),
  }),
  title: (node) =>
    `ProcessTableFunction(${processText(node, node.inputs)}, select=[${node.fields.map((f) => f.name).join(', ')}])`,
  distribution: (node, input) =>
    takesSets(node) ? byKey(node.tables[input]!.partition) : { kind: 'forward' },
  takes: (node, input) => (tablesOf(node)[input]!.supportsUpdates ? allChanges : insertOnly),
  needsUpdateBefore(node, input, _, below) {
    const { supportsUpdates, requiresUpdateBefore, semantics } = tablesOf(node)[input]!;
    const asItComes = supportsUpdates && !requiresUpdateBefore && semantics === 'set';
    return !asItComes || !isUpsertedByPartition(node, input, below[input]!);
  },
  gives: (node, inputs, needed) => given(node, inputs, needed),
  updatePairs: () => 'makes',
  /** A function that gives +U alone tells its rows by the partition. */
  keys(node, below) {
    const tables = below.map(({ changes }) => changes);
    const mode = given(node, tables, false);
    const key = [...node.tables[0]!.partition.keys()];
    if (isInsertOnly(mode) || mode.updateBefore || !mode.updateAfter || passesColumns(node.fn)) return noKeys;
    return { unique: [], upsert: [key] };
  },
  state(node) {
    if (!keepsState(node) || node.tables[0]!.partition.length === 0) return 'none';
    const { states } = userProcess(node.fn);
    // Timers go when they fire.
    if (states.length === 0) return 'interval';
    return states.every((s) => (s.ttlMs ?? node.ttlMs) > 0) ? 'ttl' : 'unbounded';
  },
  grows: ({ fn }) =>
    `keeps the state of every partition for which "${userProcess(fn).title}" does not clear it. Give the state a ttl, or set 'table.exec.state.ttl'.`,
  origin({ fn, tables, inputs }, column) {
    if (passesColumns(fn)) return column < inputs[0]!.fields.length ? column : undefined;
    return tables[0]!.partition[column];
  },
  becomes: ({ fn, tables, scalars, ttlMs, inputs }, { changes }) => ({
    kind: 'operator',
    ...operatorCall('process', {
      fn,
      inputs: tables.map(({ partition, order, time }, t) => ({
        fields: inputs[t]!.fields.map(({ name, type }) => ({ name, type })),
        partition,
        // Without on_time the order says the time.
        time: time ?? order[0]?.column,
      })),
      passesColumns: passesColumns(fn),
      emitsTime: tables.some(({ time }) => time !== undefined),
      scalars,
      changes,
      ttlMs,
    }),
  }),
};
