/* Constant folding: sub-expressions that read no column and no clock become literals. */

import { UserError } from '#base';
import type { EvalContext } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { columnsOf, type Expr } from '../expression.ts';
import { functionOf } from '../functions/table.ts';

/** Whether the expression has one value for the whole query. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal':
      return true;
    case 'column':
      return false;
    case 'field':
      return isConstant(expr.operand);
    case 'call': {
      const { deterministic, constant } = functionOf(expr);
      return deterministic !== false && constant !== false && expr.args.every(isConstant);
    }
  }
}

/** The expression with its constant parts evaluated. One that fails is left, to fail when a row needs it. */
export function foldConstants(expr: Expr, context: EvalContext): Expr {
  if (expr.kind === 'literal' || expr.kind === 'column') return expr;
  if (isConstant(expr) && columnsOf(expr).size === 0) {
    try {
      return { kind: 'literal', type: expr.type, value: evaluate(expr, [], context) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  if (expr.kind === 'field') return { ...expr, operand: foldConstants(expr.operand, context) };
  return { ...expr, args: expr.args.map((arg) => foldConstants(arg, context)) };
}
