/* Top-N: how a rank is kept up to date, which follows from how its input changes.
 *
 *   append    the input only inserts
 *   update    each row has a key, and its sort keys only ever move it up: COUNT and MAX descending, MIN ascending
 *   retract   anything else
 *
 * Flink: RankProcessStrategy, FlinkRelMdModifiedMonotonicity. */

import { isInsertOnly, type ChangelogMode } from '#catalog';
import type { SortKey } from '../logical/rel.ts';
import type { Phys, PhysRank } from './node.ts';

export interface RankAsked {
  readonly partition: readonly number[];
  readonly keys: readonly SortKey[];
  readonly from: number;
  readonly to: number;
  /** Whoever reads it needs -U rows where it gives +U. */
  readonly updateBefore: boolean;
  readonly ttlMs: number;
}

/** `inputWith` gives the input with or without -U rows. */
export function rankNode(inputWith: (updateBefore: boolean) => Phys, asked: RankAsked): PhysRank {
  const { from, to, ttlMs } = asked;
  const whole = inputWith(true);
  const rowKey = growingKey(whole, asked);
  const strategy = isInsertOnly(whole.traits.changelog) ? 'append' : rowKey ? 'update' : 'retract';
  // With an offset a change moves rows from one position to the next, and a single row is replaced by another.
  const byPosition = from > 1 || (to === 1 && strategy !== 'retract');
  const input = strategy === 'update' ? inputWith(false) : whole;
  const { fields, traits } = input;
  return {
    ...asked,
    kind: 'rank',
    input,
    strategy,
    byPosition,
    rowKey: strategy === 'update' ? rowKey! : [],
    fields,
    id: '',
    traits: {
      changelog: given(strategy, byPosition, asked.updateBefore),
      upsertKeys: byPosition ? [] : traits.upsertKeys,
      state:
        strategy !== 'retract' && asked.partition.length === 0 ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded',
    },
  };
}

function given(strategy: PhysRank['strategy'], byPosition: boolean, updateBefore: boolean): ChangelogMode {
  const updates = byPosition || strategy === 'update';
  return {
    insert: true,
    updateBefore: byPosition || (updates && updateBefore),
    updateAfter: updates,
    delete: !byPosition || strategy === 'retract',
    keyOnlyDelete: false,
  };
}

/** An upsert key of an input whose rows never move down in the order, nor go; undefined: there is none. */
function growingKey(input: Phys, { partition, keys }: RankAsked): readonly number[] | undefined {
  if (input.traits.changelog.delete || keys.length === 0) return undefined;
  const up = ({ column, descending, nullsLast }: SortKey): boolean => {
    const course = courseOf(input, column);
    // What begins as NULL and then gets a value must not move down with that.
    if (input.fields[column]!.type.nullable && course !== 'constant' && !nullsLast) return false;
    return course === 'constant' || course === (descending ? 'grows' : 'falls');
  };
  if (!keys.every(up)) return undefined;
  return input.traits.upsertKeys.find((key) => partition.every((c) => key.includes(c)));
}

/** How a column changes from one version of a row to the next. */
function courseOf(node: Phys, column: number): 'constant' | 'grows' | 'falls' | undefined {
  if (node.kind === 'calc' && node.condition === undefined) {
    const expr = node.exprs[column]!;
    return expr.kind === 'column' ? courseOf(node.input, expr.index) : undefined;
  }
  if (node.kind !== 'group-aggregate' || node.retract) return undefined;
  if (column < node.keys.length) return 'constant';
  switch (node.calls[column - node.keys.length]!.fn) {
    case 'COUNT':
    case 'MAX':
      return 'grows';
    case 'MIN':
      return 'falls';
    default:
      return undefined;
  }
}
