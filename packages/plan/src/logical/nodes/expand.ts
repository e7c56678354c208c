/* GROUPING SETS: each row once per set, with the columns that the set leaves out as NULL. Fields: the input's, then the
 * number of the set, a bit for each key that it leaves out. */

import { notNull, types } from '#data';
import { columnNames } from '../../text.ts';
import type { RelField } from '../field.ts';
import { movedWindows, oneInput, type Pruned, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';

export interface ExpandSet {
  readonly id: number;
  /** The columns that are NULL. */
  readonly nulls: readonly number[];
}
export interface ExpandRel {
  readonly kind: 'expand';
  readonly input: Rel;
  readonly sets: readonly ExpandSet[];
  readonly fields: readonly RelField[];
}

export function expand(input: Rel, sets: readonly ExpandSet[]): ExpandRel {
  const left = leftOut(sets);
  const fields = input.fields.map(
    (f, i): RelField => (left.has(i) ? { ...f, type: { ...f.type, nullable: true }, time: undefined } : f),
  );
  const id: RelField = { name: '$e', type: notNull(types.BIGINT), time: undefined };
  return { kind: 'expand', input, sets, fields: [...fields, id] };
}

/** The columns that some set leaves out. */
export const leftOut = (sets: readonly ExpandSet[]): ReadonlySet<number> =>
  new Set(sets.flatMap((s) => s.nulls));

/** ({supplier, item}, {supplier}, {}): what each set keeps of the columns that some leave out. */
export function setsText(sets: readonly ExpandSet[], fields: readonly RelField[]): string {
  const left = [...leftOut(sets)].sort((a, b) => a - b);
  return sets
    .map(({ id, nulls }) => {
      const kept = left.filter((c) => !nulls.includes(c)).map((c) => columnNames([c], fields));
      return `${id}: {${kept.join(', ')}}`;
    })
    .join(', ');
}

export const expandKind: RelKind<ExpandRel> = {
  ...oneInput,
  reads: ({ sets, input }) => ({
    exprs: [],
    columns: [...leftOut(sets)].map((index) => ({ index, over: input.fields })),
  }),
  /** A window goes on where every set keeps its columns. */
  windows({ sets }, [below]) {
    const left = leftOut(sets);
    return movedWindows(below!, (column) => (left.has(column) ? [] : [column]));
  },
  text: (rel) => `LogicalExpand(sets=[${setsText(rel.sets, rel.input.fields)}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const input = prune(rel.input, new Set([...needed].filter((i) => i < count)));
    const sets = rel.sets.map(({ id, nulls }) => ({
      id,
      nulls: nulls.flatMap((c) => input.at.get(c) ?? []),
    }));
    return {
      rel: expand(input.rel, sets),
      at: new Map([...input.at, [count, input.rel.fields.length]]),
    };
  },
};
