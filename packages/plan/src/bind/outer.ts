/* References of a sub-query to the query around it: placeholders that never leave the binder. `level` counts the queries
 * between: 1 is the one right around. */

import { assert } from '#base';
import type { CallExpr, ColumnExpr, Expr } from '#expr';

const name = '$OUTER';

export const outerReference = (column: ColumnExpr, level: number): CallExpr => ({
  kind: 'call',
  fn: name,
  args: [],
  flags: [String(level), String(column.index)],
  type: column.type,
});

export function refersOutwards(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return false;
    case 'field':
      return refersOutwards(expr.operand);
    case 'call':
      return expr.fn === name || expr.args.some(refersOutwards);
  }
}

/** The expression as the query around sees it: its own columns through `inner`, references to it as its columns, and
 *  references further out one level nearer. */
export function asSeenAround(expr: Expr, inner: (column: ColumnExpr) => Expr): Expr {
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'column':
      return inner(expr);
    case 'field':
      return { ...expr, operand: asSeenAround(expr.operand, inner) };
    case 'call': {
      if (expr.fn !== name) return { ...expr, args: expr.args.map((a) => asSeenAround(a, inner)) };
      const [level, index] = expr.flags.map(Number);
      assert(level !== undefined && index !== undefined, 'a reference outwards has level and column');
      const column: ColumnExpr = { kind: 'column', index, type: expr.type };
      return level === 1 ? column : outerReference(column, level - 1);
    }
  }
}
