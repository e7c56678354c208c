/* Whether the rows of a relation differ in some of its columns: by primary keys, which are believed, and by GROUP BY. It sees as
 * far as Flink does when it plans, and no further: not through a watermark, and not below UNION. */

import type { Expr } from '#expr';
import { conjuncts } from './conditions.ts';
import type { AggregateRel } from './nodes/aggregate.ts';
import { givesLeftOnly, mayMiss, type JoinRel } from './nodes/join.ts';
import type { Rel } from './rel.ts';

type Columns = ReadonlySet<number>;

/** True when no two rows that hold at a time are alike in all of `columns`. */
export function differIn(rel: Rel, columns: Columns): boolean {
  switch (rel.kind) {
    case 'scan': {
      const { primaryKey, watermark } = rel.table;
      const read = new Set([...columns].map((c) => rel.columns[c]!));
      return watermark === undefined && primaryKey.length > 0 && primaryKey.every((c) => read.has(c));
    }
    case 'filter':
    case 'check':
      return differIn(rel.input, columns);
    case 'sort':
      return rel.limit === 1 || differIn(rel.input, columns);
    case 'rank':
    case 'over':
      return differIn(rel.input, below(columns, rel.input.fields.length));
    case 'project':
      return differIn(rel.input, carried(rel.exprs, columns));
    case 'aggregate':
      return groupsDiffer(rel, columns);
    case 'join':
      return joinedDiffer(rel, columns);
    default:
      return false;
  }
}

const below = (columns: Columns, width: number): Columns => new Set([...columns].filter((c) => c < width));
/** The columns of the input that are shown as they are. */
const carried = (exprs: readonly Expr[], columns: Columns): Columns =>
  new Set(
    [...columns].flatMap((c) => {
      const expr = exprs[c]!;
      return expr.kind === 'column' ? [expr.index] : [];
    }),
  );

function groupsDiffer({ keys, calls, window, properties }: AggregateRel, columns: Columns): boolean {
  if (!keys.every((_, i) => columns.has(i))) return false;
  if (window === undefined) return true;
  return properties.some(
    (p, i) => (p === 'start' || p === 'end') && columns.has(keys.length + calls.length + i),
  );
}

function joinedDiffer(rel: JoinRel, columns: Columns): boolean {
  const width = rel.left.fields.length;
  const left = below(columns, width);
  if (givesLeftOnly(rel.type)) return differIn(rel.left, left);
  const right = new Set([...columns].filter((c) => c >= width).map((c) => c - width));
  if (left.size > 0 && right.size > 0) return differIn(rel.left, left) && differIn(rel.right, right);
  // Columns of one side alone: each of its rows must meet one row of the other at most.
  const keys = equalColumns(rel);
  const meetsOne = (side: Rel, at: 0 | 1): boolean => differIn(side, new Set(keys.map((pair) => pair[at])));
  return left.size > 0
    ? !mayMiss(rel.type, 'left') && differIn(rel.left, left) && meetsOne(rel.right, 1)
    : !mayMiss(rel.type, 'right') && differIn(rel.right, right) && meetsOne(rel.left, 0);
}
/** Columns of the two sides that the join compares. */
function equalColumns({ left, condition }: JoinRel): (readonly [left: number, right: number])[] {
  const width = left.fields.length;
  return conjuncts(condition).flatMap((part) => {
    if (part.kind !== 'call' || part.fn !== '=') return [];
    const [a, b] = part.args.map((e) => (e.kind === 'column' ? e.index : undefined));
    if (a === undefined || b === undefined || a < width === b < width) return [];
    return [a < width ? ([a, b - width] as const) : ([b, a - width] as const)];
  });
}
