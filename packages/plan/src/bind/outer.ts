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

/** The expression with its own columns through `inner`, and references to queries around through `outer`. */
export function withOuter(
  expr: Expr,
  inner: (column: ColumnExpr) => Expr,
  outer: (level: number, column: ColumnExpr) => Expr,
): Expr {
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'column':
      return inner(expr);
    case 'field':
      return { ...expr, operand: withOuter(expr.operand, inner, outer) };
    case 'call': {
      if (expr.fn !== name) return { ...expr, args: expr.args.map((a) => withOuter(a, inner, outer)) };
      const { level, column } = outerColumn(expr);
      return outer(level, column);
    }
  }
}
function outerColumn({ flags, type }: CallExpr): { readonly level: number; readonly column: ColumnExpr } {
  const [level, index] = flags.map(Number);
  assert(level !== undefined && index !== undefined, 'a reference outwards has level and column');
  return { level, column: { kind: 'column', index, type } };
}
/** The expression as the query around sees it: its own columns through `inner`, references to it as its columns, and
 *  references further out one level nearer. */
export const asSeenAround = (expr: Expr, inner: (column: ColumnExpr) => Expr): Expr =>
  withOuter(expr, inner, (level, column) => (level === 1 ? column : outerReference(column, level - 1)));

/** The other way round: what the query around sees, as a sub-query in it says it. */
export function asSeenWithin(expr: Expr): Expr {
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'column':
      return outerReference(expr, 1);
    case 'field':
      return { ...expr, operand: asSeenWithin(expr.operand) };
    case 'call': {
      if (expr.fn !== name) return { ...expr, args: expr.args.map(asSeenWithin) };
      const { level, column } = outerColumn(expr);
      return outerReference(column, level + 1);
    }
  }
}

/** All references outwards in the expressions. */
export function outerColumns(
  exprs: readonly Expr[],
): { readonly level: number; readonly column: ColumnExpr }[] {
  return exprs.flatMap((expr) => {
    if (expr.kind === 'field') return outerColumns([expr.operand]);
    if (expr.kind !== 'call') return [];
    return expr.fn === name ? [outerColumn(expr)] : outerColumns(expr.args);
  });
}
