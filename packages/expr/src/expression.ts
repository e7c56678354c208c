/* Typed, resolved expressions: what the binder makes of SQL's, what the planner rewrites and reads, and what both the
 * compiler and the interpreter run. Columns by index into one input row, no names, no catalog, every cast explicit.
 * Plain data (structured-cloneable, and JSON but for bigint and bytes). */

import type { Span } from '#base';
import type { LogicalType, Value } from '#data';

export const placeOf: unique symbol = Symbol('place');

export type Expr = LiteralExpr | ColumnExpr | FieldExpr | CallExpr;

/** A constant of `type`; see data/values.ts for the value's form. */
export interface LiteralExpr {
  readonly kind: 'literal';
  readonly type: LogicalType;
  readonly value: Value;
}
/** Column `index` of the input row. */
export interface ColumnExpr {
  readonly kind: 'column';
  readonly type: LogicalType;
  readonly index: number;
}
/** Field `index` of a ROW value; NULL when the row is. */
export interface FieldExpr {
  readonly kind: 'field';
  readonly type: LogicalType;
  readonly operand: Expr;
  readonly index: number;
}
/** A function of the table, operators and special forms included: '+', '=', 'AND', 'CASE', 'CAST', 'TRY_CAST', 'UPPER', ….
 *  Arguments are already cast to what the chosen overload takes. CASE: [when, then, when, then, …, else].
 *  CAST and TRY_CAST: one argument, the target is `type`. */
export interface CallExpr {
  readonly kind: 'call';
  readonly type: LogicalType;
  /** Canonical name: a key of the function table. */
  readonly fn: string;
  readonly args: readonly Expr[];
  /** Where it was written, for what fails while running. No part of what it computes: digests do not see a symbol, spreading
   *  keeps it, and a clone of a plan lets it go. */
  readonly [placeOf]?: Span;
  /** Symbols of special grammar: the unit of EXTRACT, FLOOR, TIMESTAMPADD; BOTH of TRIM; JSON clauses. */
  readonly flags: readonly string[];
}

/** Column indexes that an expression reads. */
export function columnsOf(expr: Expr, into: Set<number> = new Set()): Set<number> {
  if (expr.kind === 'column') into.add(expr.index);
  else if (expr.kind === 'field') columnsOf(expr.operand, into);
  else if (expr.kind === 'call') for (const arg of expr.args) columnsOf(arg, into);
  return into;
}

/** With parts replaced, from the outside in; `replace` gives undefined for what stays and is looked into. */
export function mapExpr(expr: Expr, replace: (part: Expr) => Expr | undefined): Expr {
  const replaced = replace(expr);
  if (replaced !== undefined) return replaced;
  if (expr.kind === 'field') return { ...expr, operand: mapExpr(expr.operand, replace) };
  if (expr.kind === 'call') return { ...expr, args: expr.args.map((arg) => mapExpr(arg, replace)) };
  return expr;
}
/** The expression with every column replaced: how projections merge and filters move. */
export function mapColumns(expr: Expr, replace: (column: ColumnExpr) => Expr): Expr {
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'column':
      return replace(expr);
    case 'field':
      return { ...expr, operand: mapColumns(expr.operand, replace) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => mapColumns(arg, replace)) };
  }
}
