/* Finds the call that failed for a row: the generated loop says only that one did. The interpreter goes through the
 * expressions again, on that one row, and remembers the innermost call that throws. */

import { UserError, type Span } from '#base';
import { readRow, type Batch, type Row, type Value } from '#data';
import type { EvalContext } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { placeOf, type CallExpr, type Expr } from '../expression.ts';
import { textTooLong } from '../values/data-errors.ts';
import { functionOf } from '../functions/table.ts';
import type { CalcInput } from './plan.ts';
import { shownRow } from './shown-row.ts';

/** `error` with the place of the call that failed for row `at`, and what the row held; as it is where that is not known. */
export function located(
  thrown: unknown,
  input: CalcInput | undefined,
  batch: Batch,
  at: number,
  context: EvalContext,
): unknown {
  const error = textTooLong(thrown);
  if (!(error instanceof UserError) || error.at !== undefined || input === undefined) return error;
  const row = readRow(batch, input.inputTypes, at);
  for (const expr of [...(input.where === undefined ? [] : [input.where]), ...input.project]) {
    const failed = failing(expr, row, context);
    if (failed === undefined) continue;
    const place = failed[placeOf] ?? nearest(expr, failed);
    if (place === undefined) return error;
    const shown =
      row.length === 0 ? undefined : `The row was ${shownRow(batch, input.inputTypes, at, context)}.`;
    return new UserError(error.code, {
      at: place,
      message: error.message,
      hint: [error.hint, shown].filter((h) => h !== undefined).join(' '),
      cause: error.cause ?? error,
    });
  }
  return error;
}

/** The innermost call in `expr` that throws for the row. */
function failing(expr: Expr, row: Row, context: EvalContext): CallExpr | undefined {
  if (expr.kind === 'field') return failing(expr.operand, row, context);
  if (expr.kind !== 'call') return undefined;
  const { lazy } = functionOf(expr);
  if (lazy !== undefined) return failingBranch(expr, row, context);
  for (const arg of expr.args) {
    const inner = failing(arg, row, context);
    if (inner !== undefined) return inner;
  }
  return throws(expr, row, context) ? expr : undefined;
}
/** Of CASE and its like, only what is evaluated counts. */
function failingBranch(expr: CallExpr, row: Row, context: EvalContext): CallExpr | undefined {
  let thrower: Expr | undefined;
  const args = expr.args.map((arg) => (): Value => {
    try {
      return evaluate(arg, row, context);
    } catch (error) {
      thrower ??= arg;
      throw error;
    }
  });
  try {
    functionOf(expr).lazy!(args, expr);
    return undefined;
  } catch {
    return thrower === undefined ? expr : failing(thrower, row, context);
  }
}
function throws(expr: Expr, row: Row, context: EvalContext): boolean {
  try {
    evaluate(expr, row, context);
    return false;
  } catch {
    return true;
  }
}

/** The place of the closest call around `wanted` that has one: casts that nobody wrote have none. */
function nearest(expr: Expr, wanted: Expr): Span | undefined {
  if (expr.kind === 'field') return nearest(expr.operand, wanted);
  if (expr.kind !== 'call') return undefined;
  for (const arg of expr.args) {
    if (arg === wanted) return expr[placeOf];
    const found = nearest(arg, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
