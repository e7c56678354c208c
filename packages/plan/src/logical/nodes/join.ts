/* A join of two relations, and EXISTS and IN as semi and anti joins. Fields: the left ones, then, but for semi and anti
 * joins, the right ones. A side that may be missing gives nullable columns. Time attributes end here, for rows of the two
 * sides come together in no order of time; but where an interval or windows bound the join (timed-join.ts). */

import { withNullable } from '#data';
import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { intervalOf } from '../interval.ts';
import {
  movedWindows,
  noWindow,
  partColumns,
  type Pruned,
  type RelKind,
  type WindowColumns,
  type WindowPart,
} from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { windowJoinRest } from '../window-join.ts';
import { without } from '../without-columns.ts';

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

export interface JoinRel {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: Rel;
  readonly right: Rel;
  /** Over the left fields and then the right ones; undefined: all meet all. */
  readonly condition: Expr | undefined;
  /** STATE_TTL hints of the sides, ms; undefined: as `table.exec.state.ttl` has it. */
  readonly leftTtlMs: number | undefined;
  readonly rightTtlMs: number | undefined;
  readonly fields: readonly RelField[];
}

export const givesLeftOnly = (type: JoinType): boolean => type === 'semi' || type === 'anti';
/** Whether a row may come out with nothing of that side. */
export const mayMiss = (type: JoinType, side: 'left' | 'right'): boolean =>
  type === 'full' || type === (side === 'left' ? 'right' : 'left');

export interface JoinTtl {
  readonly leftTtlMs?: number | undefined;
  readonly rightTtlMs?: number | undefined;
}
/** `keepsTimes`: the join is bounded in time. */
export function join(
  type: JoinType,
  left: Rel,
  right: Rel,
  condition: Expr | undefined,
  options: JoinTtl & { readonly keepsTimes?: boolean } = {},
): JoinRel {
  const { keepsTimes = false } = options;
  const side = (rel: Rel, missing: boolean): RelField[] =>
    rel.fields.map((f) => ({
      name: f.name,
      type: withNullable(f.type, f.type.nullable || missing),
      time: keepsTimes ? f.time : unordered(f.time),
    }));
  const fields = [
    ...side(left, mayMiss(type, 'left')),
    ...(givesLeftOnly(type) ? [] : side(right, mayMiss(type, 'right'))),
  ];
  const names = uniqueNames(fields.map((f) => f.name));
  return {
    kind: 'join',
    type,
    left,
    right,
    condition,
    leftTtlMs: options.leftTtlMs,
    rightTtlMs: options.rightTtlMs,
    fields: fields.map((f, i) => ({ ...f, name: names[i]! })),
  };
}

/** What is left of a time attribute of rows in no order of time. */
const unordered = (time: RelField['time']): RelField['time'] =>
  time === 'proctime' || time === 'fixed-proctime' ? 'fixed-proctime' : undefined;

/** Each name, with a number behind it where it came before. */
export function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 0; used.has(unique); n++) unique = `${name}${n}`;
    used.add(unique);
    return unique;
  });
}

/** A join by processing time is in no order of event time: a rowtime that a scan keeps for its watermark ends in front. */
function bareOfRowtimes(rel: JoinRel, side: Pruned, used: ReadonlySet<number>): Pruned {
  if (intervalOf(rel.left.fields, rel.right.fields, rel.condition)?.timeKind !== 'proctime') return side;
  return without(side, (old) => !used.has(old) && side.rel.fields[side.at.get(old)!]!.time === 'rowtime');
}

function withTwins(windows: WindowColumns, others: WindowColumns): WindowColumns {
  const more = (part: WindowPart): readonly number[] => [
    ...(windows.twins?.[part] ?? []),
    ...partColumns(others, part),
  ];
  return { ...windows, twins: { start: more('start'), end: more('end'), time: more('time') } };
}

export const joinKind: RelKind<JoinRel> = {
  inputs: (rel) => [rel.left, rel.right],
  withInputs: (rel, [left, right]) => ({ ...rel, left: left!, right: right! }),
  reads: (rel) => ({
    exprs:
      rel.condition === undefined
        ? []
        : [{ expr: rel.condition, over: [...rel.left.fields, ...rel.right.fields] }],
    columns: [],
  }),
  // The windows of both sides are equal; those of a side that may be missing are NULL then.
  windows(rel, [left, right]) {
    const width = rel.left.fields.length;
    if (windowJoinRest(left!, right!, rel.condition, width) === undefined) return noWindow;
    const ofRight = movedWindows(right!, (column) => [column + width]);
    if (mayMiss(rel.type, 'left')) return mayMiss(rel.type, 'right') ? noWindow : ofRight;
    return mayMiss(rel.type, 'right') || givesLeftOnly(rel.type) ? left! : withTwins(left!, ofRight);
  },
  text(rel) {
    const condition =
      rel.condition === undefined
        ? 'true'
        : exprText(rel.condition, [...rel.left.fields, ...rel.right.fields]);
    return `LogicalJoin(condition=[${condition}], joinType=[${rel.type}])`;
  },

  prune(rel, needed, prune): Pruned {
    const width = rel.left.fields.length;
    const used = unionOf(needed, rel.condition ? columnsOf(rel.condition) : []);
    const ofLeft = new Set([...used].filter((i) => i < width));
    const ofRight = new Set([...used].filter((i) => i >= width).map((i) => i - width));
    const left = bareOfRowtimes(rel, prune(rel.left, ofLeft), ofLeft);
    const right = bareOfRowtimes(rel, prune(rel.right, ofRight), ofRight);
    const shift = left.rel.fields.length;
    const both = new Map(left.at);
    for (const [old, to] of right.at) both.set(width + old, shift + to);
    const kept = [...both].sort(([, a], [, b]) => a - b).filter(([old]) => old < rel.fields.length);
    return {
      rel: {
        ...rel,
        left: left.rel,
        right: right.rel,
        condition: rel.condition && moved(rel.condition, both),
        fields: kept.map(([old]) => rel.fields[old]!),
      },
      at: new Map(kept),
    };
  },
};
