/* Each row once per grouping set. */

import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { leftOut, setsText, type ExpandSet } from '../../logical/nodes/expand.ts';
import { readColumns, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface ExpandNode {
  readonly kind: 'expand';
  readonly inputs: readonly [PlanNode];
  readonly sets: readonly ExpandSet[];
  readonly fields: readonly RelField[];
}

export const expandKind: NodeKind<ExpandNode> = {
  ...stateless,
  reads: (node) => readColumns(node, [...leftOut(node.sets)]),
  title: ({ inputs: [input], sets }) => `Expand(sets=[${setsText(sets, input.fields)}])`,
  gives: (_, [input]) => input!,
  /** A key that every set keeps tells the rows of one set apart. */
  keys({ inputs: [input], sets }, [below]) {
    const left = leftOut(sets);
    const perSet = (keys: readonly (readonly number[])[]): number[][] =>
      keys.filter((k) => !k.some((c) => left.has(c))).map((k) => [...k, input.fields.length]);
    return { unique: perSet(below!.keys.unique), upsert: perSet(below!.keys.upsert) };
  },
  origin: ({ inputs: [input] }, column) => (column < input.fields.length ? column : undefined),
  /** Groups of other sets are other groups. */
  names: ({ sets }) => `$e{${sets.map((s) => s.id).join(',')}}`,
  becomes: ({ sets }) => ({ kind: 'operator', ...operatorCall('expand', { sets }) }),
};
