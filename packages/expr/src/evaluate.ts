/* The interpreter: one expression, one row of values, one result. Slow and obvious: the oracle of generated code. */

import { assert } from '#base';
import type { Row, Value } from '#data';
import type { EvalContext } from './context.ts';
import type { CallExpr, Expr } from './expression.ts';
import { functionOf } from './functions/table.ts';
import type { BodyCall } from './functions/entry.ts';

const bodies = new WeakMap<EvalContext, WeakMap<CallExpr, BodyCall>>();

/** The function behind a call, made once per call and context. */
function bodyOf(call: CallExpr, context: EvalContext): BodyCall {
  let byCall = bodies.get(context);
  if (byCall === undefined) bodies.set(context, (byCall = new WeakMap()));
  let body = byCall.get(call);
  if (body === undefined) {
    const { body: make } = functionOf(call);
    assert(make !== undefined, `${call.fn} has a body`);
    byCall.set(call, (body = make(call, context) as BodyCall));
  }
  return body;
}

/** The value of `expr` for `row`. Throws UserError DATA3xxx where the data does not allow one. */
export function evaluate(expr: Expr, row: Row, context: EvalContext): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'column':
      return row[expr.index]!;
    case 'field': {
      const operand = evaluate(expr.operand, row, context);
      return operand === null ? null : (operand as readonly Value[])[expr.index]!;
    }
    case 'call': {
      const { lazy, strict } = functionOf(expr);
      if (lazy !== undefined)
        return lazy(
          expr.args.map((arg) => () => evaluate(arg, row, context)),
          expr,
        );
      const args = expr.args.map((arg) => evaluate(arg, row, context));
      if (strict !== false && args.includes(null)) return null;
      return bodyOf(expr, context)(...args);
    }
  }
}
