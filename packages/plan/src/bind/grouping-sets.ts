/* GROUPING SETS, ROLLUP and CUBE, several of them and plain keys side by side: as one list of sets of keys.
 *
 *   a, ROLLUP (b, c)   keys a b c   sets {a, b, c} {a, b} {a}
 *
 * Each key has a bit, the last the lowest, and the number of a set has those of the keys that it leaves out: it is what
 * GROUPING_ID of all keys gives. A set that stands there again is another one, whose GROUP_ID is one more. */

import { UserError, type Span } from '#base';
import { notNull, types } from '#data';
import { bindCall, literal, type Expr } from '#expr';
import type { Expression, GroupItem, GroupingSets as SetsItem } from '#sql';

/** A set of keys, by their indexes. */
export type KeySet = readonly number[];

/** A grouping set: the keys that it keeps, its number, and which of those with the same keys it is, from 0. */
export interface GroupingSet {
  readonly keys: KeySet;
  readonly id: number;
  readonly again: number;
}

const keysMax = 32;
const setsMax = 4096;

/** The sets that the items of GROUP BY make together; `key` gives the index of an expression among the keys. */
export function keySets(items: readonly GroupItem[], key: (e: Expression) => number): readonly KeySet[] {
  return items.reduce<readonly KeySet[]>(
    (sets, item) => {
      const more = item.kind === 'sets' ? setsOf(item, key) : [[key(item.expression)]];
      checkCount(sets.length * more.length);
      return sets.flatMap((set) => more.map((m) => union(set, m)));
    },
    [[]],
  );
}

function setsOf({ form, sets }: SetsItem, key: (e: Expression) => number): readonly KeySet[] {
  const parts = sets.map((part): readonly KeySet[] =>
    'kind' in part ? setsOf(part, key) : [union(part.map(key))],
  );
  const units = parts.flat();
  switch (form) {
    case 'EMPTY':
      return [[]];
    case 'GROUPING SETS':
      return units;
    case 'ROLLUP':
      return distinctSets([...units, []].map((_, i) => union(...units.slice(0, units.length - i))));
    case 'CUBE':
      return subsets(units);
  }
}

/** The unions of any of the units, those with the first in front. */
function subsets(units: readonly KeySet[]): readonly KeySet[] {
  checkCount(2 ** units.length);
  let sets: readonly KeySet[] = [[]];
  for (const unit of units.toReversed()) sets = distinctSets([...sets.map((s) => union(unit, s)), ...sets]);
  return sets;
}

/** The sets in the order in which each row goes through them, larger ones in front. Throws what Flink cannot plan. */
export function orderedSets(
  sets: readonly KeySet[],
  keyCount: number,
  at: Span | undefined,
): readonly GroupingSet[] {
  if (keyCount > keysMax)
    throw new UserError('SQL4007', { at, message: `grouping sets take ${keysMax} keys, found ${keyCount}` });
  const times = new Map<string, number>();
  return [...sets].sort(largerFirst).map((keys): GroupingSet => {
    const again = times.get(keys.join()) ?? 0;
    times.set(keys.join(), again + 1);
    if (again > 0 && keys.length < keyCount)
      throw new UserError('SQL4007', {
        at,
        message: 'a grouping set that leaves out keys stands in GROUP BY more than once',
        hint: 'Write it once: Flink plans the second only where it holds all keys.',
      });
    return { keys, again, id: bits(complement(keys, keyCount), keyCount) + again * 2 ** keyCount };
  });
}

/** GROUPING of some keys: a bit for each, the last the lowest, which is 1 where the row's set leaves the key out. */
export function groupingValue(keys: readonly number[], sets: readonly GroupingSet[], id: Expr): Expr {
  return bySet(sets, id, (set) => keys.reduce((sum, k) => sum * 2n + (set.keys.includes(k) ? 0n : 1n), 0n));
}
/** GROUP_ID: which of the sets of the same keys it is. */
export const groupIdValue = (sets: readonly GroupingSet[], id: Expr): Expr =>
  bySet(sets, id, ({ again }) => BigInt(again));

/** A number for each set, by the column that says which it is. */
function bySet(sets: readonly GroupingSet[], id: Expr, value: (set: GroupingSet) => bigint): Expr {
  const number = (n: bigint): Expr => literal(n, notNull(types.BIGINT));
  const last = value(sets.at(-1)!);
  const others = sets.filter((s) => value(s) !== last);
  if (others.length === 0) return number(last);
  const branches = others.flatMap((s) => [bindCall('=', [id, number(BigInt(s.id))]), number(value(s))]);
  return bindCall('CASE', [...branches, number(last)]);
}

function checkCount(count: number): void {
  if (count > setsMax)
    throw new UserError('SQL4007', { message: `GROUP BY makes more than ${setsMax} grouping sets` });
}
const union = (...sets: readonly KeySet[]): KeySet => [...new Set(sets.flat())].sort((a, b) => a - b);
export const distinctSets = (sets: readonly KeySet[]): KeySet[] => [
  ...new Map(sets.map((s) => [s.join(), s])).values(),
];
const complement = (keys: KeySet, count: number): number[] =>
  Array.from({ length: count }, (_, k) => k).filter((k) => !keys.includes(k));
const bits = (keys: KeySet, count: number): number => keys.reduce((sum, k) => sum + 2 ** (count - 1 - k), 0);

/** A set in front of those that it holds; otherwise by the first keys that differ. */
function largerFirst(a: KeySet, b: KeySet): number {
  const at = a.findIndex((k, i) => k !== b[i]);
  if (at < 0) return b.length === a.length ? 0 : 1;
  return b[at] === undefined ? -1 : a[at]! - b[at];
}
