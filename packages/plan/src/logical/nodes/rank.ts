/* The rows of each partition that rank from one position to another: ROW_NUMBER and a filter on it. Fields: the input's, then
 * the number of the row where it is asked for. */

import { notNull, types } from '#data';
import { columnNames, orderText } from '../../text.ts';
import type { RelField, SortKey } from '../field.ts';
import { oneInput, type Pruned, type RelKind } from '../kind.ts';
import { groupKeys } from '../group-keys.ts';
import { unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { picked } from './project.ts';

export interface RankRel {
  readonly kind: 'rank';
  readonly input: Rel;
  /** Of which function the numbers are; streams know only ROW_NUMBER. */
  readonly by: 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK';
  readonly partition: readonly number[];
  readonly keys: readonly SortKey[];
  /** Both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  /** The name of the column with the number; undefined: nobody asks. */
  readonly number: string | undefined;
  readonly fields: readonly RelField[];
}
export type RankParts = Omit<RankRel, 'kind' | 'input' | 'fields'>;

export function rank(input: Rel, parts: RankParts): RankRel {
  const { number } = parts;
  const numbered: RelField[] =
    number === undefined ? [] : [{ name: number, type: notNull(types.BIGINT), time: undefined }];
  return { kind: 'rank', input, ...parts, fields: [...input.fields, ...numbered] };
}

export const rankKind: RelKind<RankRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [],
    columns: [...rel.partition, ...rel.keys.map((k) => k.column)].map((index) => ({
      index,
      over: rel.input.fields,
    })),
  }),
  windows: (_, [below]) => below!,
  text: ({ by, partition, keys, from, to, fields }) =>
    `LogicalRank(rankType=[${by}], rankRange=[rankStart=${from}, rankEnd=${to}], partitionBy=[${columnNames(partition, fields)}], orderBy=[${orderText(keys, fields)}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const own = [...needed].filter((i) => i < count);
    const sorted = rel.keys.map((k) => k.column);
    // Groups whose keys are known may replace their former selves: then not all of them are kept.
    const wanted = unionOf(own, rel.partition, sorted, groupKeys(rel.input) ?? []);
    const input = picked(prune(rel.input, wanted), wanted);
    const to = (old: number): number => input.at.get(old)!;
    const number = needed.has(count) ? rel.number : undefined;
    const at = new Map(input.at);
    if (number !== undefined) at.set(count, input.rel.fields.length);
    const { by, from, to: last } = rel;
    const keys = rel.keys.map((k) => ({ ...k, column: to(k.column) }));
    return {
      rel: rank(input.rel, { by, partition: rel.partition.map(to), keys, from, to: last, number }),
      at,
    };
  },
};
