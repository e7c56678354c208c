/* FOR SYSTEM_TIME AS OF a rowtime: each left row with the version of the right one that held at its time. Fields: the left
 * ones, which keep their time attributes, then the right ones, which are what they are and no time attributes. */

import { withNullable } from '#data';
import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { noWindow, type Pruned, type RelKind } from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { uniqueNames } from './join.ts';

export interface TemporalJoinRel {
  readonly kind: 'temporal-join';
  readonly type: 'inner' | 'left';
  readonly left: Rel;
  readonly right: Rel;
  /** Of the row that asks, over the left fields. */
  readonly leftTime: number;
  /** From when on a version holds, over the right fields. */
  readonly rightTime: number;
  /** Over the left fields and then the right ones. */
  readonly condition: Expr;
  /** What it is called that is asked. */
  readonly name: string;
  readonly fields: readonly RelField[];
}

export function temporalJoin(rel: Omit<TemporalJoinRel, 'kind' | 'fields'>): TemporalJoinRel {
  const right = rel.right.fields.map((f): RelField => {
    const type = withNullable(f.type, f.type.nullable || rel.type === 'left');
    return { ...f, type, time: undefined };
  });
  const fields = [...rel.left.fields, ...right];
  const names = uniqueNames(fields.map((f) => f.name));
  return { kind: 'temporal-join', ...rel, fields: fields.map((f, i) => ({ ...f, name: names[i]! })) };
}

export const temporalJoinKind: RelKind<TemporalJoinRel> = {
  inputs: (rel) => [rel.left, rel.right],
  withInputs: (rel, [left, right]) => ({ ...rel, left: left!, right: right! }),
  reads: (rel) => ({
    exprs: [{ expr: rel.condition, over: [...rel.left.fields, ...rel.right.fields] }],
    columns: [
      { index: rel.leftTime, over: rel.left.fields },
      { index: rel.rightTime, over: rel.right.fields },
    ],
  }),
  windows: () => noWindow,
  text: (rel) =>
    `LogicalJoin(condition=[${exprText(rel.condition, [...rel.left.fields, ...rel.right.fields])}], joinType=[${rel.type}], temporal=[${rel.name}])`,

  prune(rel, needed, prune): Pruned {
    const width = rel.left.fields.length;
    const used = unionOf(needed, columnsOf(rel.condition), [rel.leftTime, width + rel.rightTime]);
    const left = prune(rel.left, new Set([...used].filter((i) => i < width)));
    const right = prune(rel.right, new Set([...used].filter((i) => i >= width).map((i) => i - width)));
    const shift = left.rel.fields.length;
    const both = new Map(left.at);
    for (const [old, to] of right.at) both.set(width + old, shift + to);
    const kept = [...both].sort(([, a], [, b]) => a - b);
    return {
      rel: {
        ...rel,
        left: left.rel,
        right: right.rel,
        leftTime: left.at.get(rel.leftTime)!,
        rightTime: right.at.get(rel.rightTime)!,
        condition: moved(rel.condition, both),
        fields: kept.map(([old]) => rel.fields[old]!),
      },
      at: new Map(kept),
    };
  },
};
