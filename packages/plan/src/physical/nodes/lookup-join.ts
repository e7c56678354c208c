/* Each row with what a table gives for its key at that moment. */

import { hasUpdates, type ConnectorTable } from '#catalog';
import type { Field } from '#data';
import type { Expr } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { badRowsText, type BadRowsOptions } from '../bad-rows-options.ts';
import { byKey, noKeys, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

/** Fields: the input's, then the looked-up ones. */
export interface LookupJoinNode {
  readonly kind: 'lookup-join';
  readonly inputs: readonly [PlanNode];
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  /** Physical columns of the looked-up table, in the order of the output behind the input's. */
  readonly lookedUp: readonly Field[];
  /** For each key an index into `lookedUp` and a column of the input. */
  readonly keys: readonly { readonly right: number; readonly left: number }[];
  readonly left: boolean;
  readonly condition: Expr | undefined;
  readonly async: boolean;
  /** Answers keep the order of the rows; with updates they do whatever is asked. */
  readonly ordered: boolean;
  readonly capacity: number;
  /** The looked-up table's primary key, as indexes into `lookedUp`; empty where there is none or not all of it is read. */
  readonly primaryKey: readonly number[];
  /** By which columns of the input it keeps what it gave, to give it again when the row is taken back; undefined: it looks
   *  up anew. */
  readonly keptBy?: readonly number[];
  readonly ttlMs: number;
  /** What becomes of the looked-up table's rows that cannot be read; undefined: the first one fails the job. */
  readonly badRows: BadRowsOptions | undefined;
  readonly fields: readonly RelField[];
}

export const lookupJoinKind: NodeKind<LookupJoinNode> = {
  ...stateless,
  reads: (node) => ({
    exprs: node.condition === undefined ? [] : [{ expr: node.condition, over: node.fields }],
    columns: node.keys.map((k) => ({ index: k.left, over: node.inputs[0].fields })),
  }),
  title(node) {
    const join = node.left ? 'LeftOuterJoin' : 'InnerJoin';
    const keys = node.keys.map(
      (k) => `${node.lookedUp[k.right]!.name}=${node.inputs[0].fields[k.left]!.name}`,
    );
    const async = node.async ? `, async=[${node.ordered ? 'ORDERED' : 'UNORDERED'}]` : '';
    const kept = node.keptBy === undefined ? '' : ', upsertMaterialize=[true]';
    return `LookupJoin(table=[${node.name}], joinType=[${join}], lookup=[${keys.join(', ')}]${async}${kept}${badRowsText(node.badRows)})`;
  },
  distribution: ({ keptBy }) => (keptBy === undefined ? { kind: 'forward' } : byKey(keptBy)),
  state: ({ keptBy, ttlMs }) => (keptBy === undefined ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded'),
  grows: ({ keptBy }) => keptBy && "keeps what it gave for each row. Set 'table.exec.state.ttl'.",
  needsUpdateBefore: ({ keptBy }, _input, needed) => needed || keptBy !== undefined,
  gives: (_, [input]) => input!,
  // What is looked up may be another row by the time of the +U, or none.
  updatePairs: (_, [below]) => (hasUpdates(below!.changes) ? 'parts' : 'passes'),
  keys: () => noKeys,
  becomes(node) {
    const { connector, table, lookedUp, keys, left, async, ordered, capacity, condition, ttlMs } = node;
    const spec = { connector, table, lookedUp, keys, left, async, ordered, capacity, condition };
    const call =
      node.keptBy === undefined
        ? operatorCall('lookup-join', spec)
        : operatorCall('kept-lookup-join', { ...spec, keptBy: node.keptBy, ttlMs });
    return { kind: 'operator', ...call };
  },
};
