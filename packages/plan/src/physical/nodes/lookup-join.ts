/* Each row with what a table gives for its key at that moment. */

import { hasUpdates, type ConnectorTable } from '#catalog';
import type { Field } from '#data';
import type { Expr } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { noKeys, stateless, type NodeKind } from '../kind.ts';
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
    return `LookupJoin(table=[${node.name}], joinType=[${join}], lookup=[${keys.join(', ')}]${async})`;
  },
  gives: (_, [input]) => input!,
  // What is looked up may be another row by the time of the +U, or none.
  updatePairs: (_, [below]) => (hasUpdates(below!.changes) ? 'parts' : 'passes'),
  keys: () => noKeys,
  becomes: ({ connector, table, lookedUp, keys, left, async, ordered, capacity, condition }) => ({
    kind: 'operator',
    ...operatorCall('lookup-join', {
      connector,
      table,
      lookedUp,
      keys,
      left,
      async,
      ordered,
      capacity,
      condition,
    }),
  }),
};
