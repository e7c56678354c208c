/* A filter on the number of a row in its partition → the rows that rank from one position to another, so that only those are
 * kept that may ever be seen.
 *
 *   filter(rn <= 3 AND v > 0) ─ over(ROW_NUMBER) ─ t   ⇒   filter(v > 0) ─ rank(1 … 3) ─ t
 *
 * A single position is no column of the state: its number is written above. Flink: FlinkLogicalRankRule, RankUtil. */

import { UserError } from '#base';
import { isInteger } from '#data';
import { columnsOf, literal, type Expr } from '#expr';
import { conjunction, conjuncts } from '../logical/conditions.ts';
import { identity } from '../logical/field.ts';
import { filter, type FilterRel } from '../logical/nodes/filter.ts';
import type { OverRel } from '../logical/nodes/over.ts';
import { project } from '../logical/nodes/project.ts';
import { rank } from '../logical/nodes/rank.ts';
import type { Rel } from '../logical/rel.ts';
import type { Rule } from './rule.ts';

const ranking = ['ROW_NUMBER', 'RANK', 'DENSE_RANK'] as const;
interface Bounds {
  readonly from: number;
  readonly to: number;
}

export const filterToRank: Rule = (rel, session) => {
  if (rel.kind !== 'filter' || rel.input.kind !== 'over') return rel;
  const { calls } = rel.input;
  const by = calls.length === 1 ? ranking.find((r) => r === calls[0]!.fn) : undefined;
  return by === undefined ? rel : ranked(rel, rel.input, by, session.settings.batch);
};

function ranked(rel: FilterRel, numbered: OverRel, by: (typeof ranking)[number], isBatch: boolean): Rel {
  const { window, input } = numbered;
  const number = input.fields.length;
  const parts = conjuncts(rel.condition);
  const written = parts.map((p) => boundsOf(p, number));
  // What lets no row pass is no bound where there is another: it may be asked of a view that has one.
  const isBounded = written.some((b) => b !== undefined && b.to >= 1 && b.to < Infinity);
  const bounds = written.map((b) => (isBounded && b !== undefined && b.to < 1 ? undefined : b));
  if (bounds.every((b) => b === undefined)) {
    const { keys } = window;
    // By one column, ascending, OVER itself numbers the rows.
    const numbers = isBatch || (keys.length === 1 && !keys[0]!.descending);
    if (!numbers && parts.some((p) => isBoundByColumn(p, number))) return upToColumn(rel, numbered, by);
    return rel;
  }
  const from = Math.max(1, ...bounds.map((b) => b?.from ?? 1));
  const to = Math.min(...bounds.map((b) => b?.to ?? Infinity));
  // Batch mode knows all rows, and any filter on their numbers.
  if (isBatch && (by !== 'ROW_NUMBER' || to === Infinity || to < 1)) return rel;
  checkEnd(to);
  const rest = conjunction(parts.filter((_, i) => bounds[i] === undefined));
  if (from > to) return { kind: 'values', rows: [], fields: rel.fields };
  const { partition, keys } = window;
  const name = numbered.fields[number]!.name;
  const one = from === to;
  const ranks = rank(input, { by, partition, keys, from, to, number: one ? undefined : name });
  const made = one
    ? project(
        ranks,
        [...identity(input.fields), literal(BigInt(from), numbered.fields[number]!.type)],
        numbered.fields.map((f) => f.name),
      )
    : ranks;
  return rest === undefined ? made : filter(made, rest);
}

/** Top-N up to a number that each row says itself: all rows of a partition are kept, for any may be seen. */
function upToColumn(rel: FilterRel, { input, window, fields }: OverRel, by: (typeof ranking)[number]): Rel {
  const { partition, keys } = window;
  const number = fields[input.fields.length]!.name;
  const ranks = rank(input, { by, partition, keys, from: 1, to: Number.MAX_SAFE_INTEGER, number });
  return filter(ranks, rel.condition);
}

function checkEnd(to: number): void {
  if (to === Infinity)
    throw new UserError('PLAN1007', {
      message:
        'Rank end is not specified: a stream can keep the first rows of a partition, not all but those.',
      hint: 'Add an upper bound: WHERE rn BETWEEN 3 AND 10.',
    });
  if (to < 1)
    throw new UserError('PLAN1007', { message: `Rank end should not be less than 1, but now is ${to}` });
}

/** The positions that a condition lets pass; undefined: it is none on the number alone. */
function boundsOf(condition: Expr, number: number): Bounds | undefined {
  if (condition.kind !== 'call') return undefined;
  const [first, second, third] = condition.args;
  if (condition.fn === 'BETWEEN') {
    const [low, high] = [constant(second!), constant(third!)];
    const plain = isNumber(first!, number) && condition.flags.length === 0;
    return plain && low !== undefined && high !== undefined ? { from: low, to: high } : undefined;
  }
  if (condition.args.length !== 2) return undefined;
  const left = isNumber(first!, number);
  if (left === isNumber(second!, number)) return undefined;
  const value = constant(left ? second! : first!);
  return value === undefined ? undefined : compared(left ? condition.fn : mirrored[condition.fn], value);
}
const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };

function compared(operator: string | undefined, value: number): Bounds | undefined {
  switch (operator) {
    case '<':
      return { from: 1, to: value - 1 };
    case '<=':
      return { from: 1, to: value };
    case '>':
      return { from: value + 1, to: Infinity };
    case '>=':
      return { from: value, to: Infinity };
    case '=':
      return { from: value, to: value };
    default:
      return undefined;
  }
}

/** The number is compared with something of the row. */
function isBoundByColumn(condition: Expr, number: number): boolean {
  if (condition.kind !== 'call' || mirrored[condition.fn] === undefined) return false;
  const [first, second] = condition.args;
  const others = isNumber(first!, number) ? second! : isNumber(second!, number) ? first! : undefined;
  return others !== undefined && columnsOf(others).size > 0;
}

/** The number itself, or cast to what it is compared with. */
function isNumber(expr: Expr, number: number): boolean {
  if (expr.kind === 'call' && expr.fn === 'CAST') return isNumber(expr.args[0]!, number);
  return expr.kind === 'column' && expr.index === number;
}
function constant(expr: Expr): number | undefined {
  if (expr.kind === 'call' && expr.fn === 'CAST') return constant(expr.args[0]!);
  if (expr.kind !== 'literal' || expr.value === null || !isInteger(expr.type)) return undefined;
  return Number(expr.value);
}
