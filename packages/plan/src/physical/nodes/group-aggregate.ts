/* GROUP BY without a window: one result a key, kept up to date. */

import { insertOnly, isInsertOnly } from '#catalog';
import type { AggregateCall } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { callText, columnNames } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

/** Fields: keys, calls. */
export interface GroupAggregateNode {
  readonly kind: 'group-aggregate';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly ttlMs: number;
  /** Batch: results only at the end of input. */
  readonly finalOnly: boolean;
  readonly fields: readonly RelField[];
}

export const callColumns = (calls: readonly AggregateCall[]): number[] =>
  calls.flatMap((c) => [...c.args, ...(c.filter === undefined ? [] : [c.filter])]);
/** The calls with names for their state: over source columns, with a number where one comes again. */
export function namedCalls(
  calls: readonly AggregateCall[],
  nameOf: (input: number, column: number) => string,
): AggregateCall[] {
  const used = new Map<string, number>();
  return calls.map((call) => {
    const args = call.args.length === 0 ? '*' : call.args.map((a) => nameOf(0, a)).join(', ');
    const filter = call.filter === undefined ? '' : ` FILTER ${nameOf(0, call.filter)}`;
    const base = `${call.fn}(${call.distinct ? 'DISTINCT ' : ''}${args})${filter}`;
    const n = (used.get(base) ?? 0) + 1;
    used.set(base, n);
    return { ...call, name: n === 1 ? base : `${base}~${n}` };
  });
}
/** The keys and calls of an aggregation, for EXPLAIN. */
export function aggregateTexts({
  inputs: [input],
  keys,
  calls,
  fields,
}: Pick<GroupAggregateNode, 'inputs' | 'keys' | 'calls' | 'fields'>): string[] {
  return [
    ...keys.map((k) => input.fields[k]!.name),
    ...calls.map((c, i) => callText(c, input.fields, fields[keys.length + i]!.name)),
  ];
}

export const groupAggregateKind: NodeKind<GroupAggregateNode> = {
  ...inPlace,
  idKey: ({ keys }, nameOf) => `[${keys.map((k) => nameOf(0, k)).join(',')}]`,
  reads: (node) => readColumns(node, [...node.keys, ...callColumns(node.calls)]),
  title: (node) =>
    `GroupAggregate(groupBy=[${columnNames(node.keys, node.inputs[0].fields)}], select=[${aggregateTexts(node).join(', ')}])`,
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: () => true,
  gives({ calls, finalOnly }, [input], needed) {
    const retract = !isInsertOnly(input!);
    if (finalOnly || (calls.length === 0 && !retract)) return insertOnly;
    return {
      insert: true,
      updateBefore: needed && calls.length > 0,
      updateAfter: calls.length > 0,
      delete: retract,
      keyOnlyDelete: false,
    };
  },
  updatePairs: () => 'makes',
  keys({ keys }) {
    const key = [keys.map((_, i) => i)];
    return { unique: key, upsert: key };
  },
  state: ({ keys, ttlMs }) => (ttlMs > 0 ? 'ttl' : keys.length === 0 ? 'none' : 'unbounded'),
  grows: ({ finalOnly }) =>
    finalOnly
      ? undefined
      : "keeps one entry for every key that it ever saw. Bound it by a window, or set 'table.exec.state.ttl'.",
  course({ keys, calls }, column, _, input) {
    if (!isInsertOnly(input.changes)) return undefined;
    if (column < keys.length) return 'constant';
    switch (calls[column - keys.length]!.fn) {
      case 'COUNT':
      case 'MAX':
        return 'grows';
      case 'MIN':
        return 'falls';
      default: // any other aggregate may go either way
        return undefined;
    }
  },
  becomes: ({ keys, calls, ttlMs, finalOnly }, { inputs, needed, nameOf }) => ({
    kind: 'operator',
    ...operatorCall('group-aggregate', {
      keys,
      calls: namedCalls(calls, nameOf),
      retract: !isInsertOnly(inputs[0]!),
      updateBefore: needed,
      ttlMs,
      finalOnly,
    }),
  }),
};
