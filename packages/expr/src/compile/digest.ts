/* A text that two expressions share exactly when they are the same computation. */

import { typeText, type Value } from '#data';
import type { Expr } from '../expression.ts';
import { functionOf } from '../functions/table.ts';
import { valueKey } from '../values/value-key.ts';

function valueText(value: Value): string {
  if (Object.is(value, -0)) return '-0';
  const key = valueKey(value);
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}

/** The digest, or undefined for what gives another value at each evaluation. */
export function digest(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'literal':
      return `${valueText(expr.value)}:${typeText(expr.type)}`;
    case 'column':
      return `$${expr.index}`;
    case 'field': {
      const operand = digest(expr.operand);
      return operand && `${operand}.${expr.index}`;
    }
    case 'call': {
      if (functionOf(expr).deterministic === false) return undefined;
      const args = expr.args.map(digest);
      if (args.includes(undefined)) return undefined;
      return `${expr.fn}[${expr.flags.join(',')}](${args.join(',')}):${typeText(expr.type)}`;
    }
  }
}

/** Whether each evaluation of the expression gives the same value for the same row. */
export function isDeterministic(expr: Expr): boolean {
  return digest(expr) !== undefined;
}

/** The first function in the expression that gives another value at each evaluation. */
export function variableCall(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return undefined;
    case 'field':
      return variableCall(expr.operand);
    case 'call': {
      const { constant, deterministic } = functionOf(expr);
      // Of one name in Flink, whatever its arguments.
      const byClock = (constant === false && expr.args.length === 0) || expr.fn === 'UNIX_TIMESTAMP';
      if (byClock || deterministic === false) return expr.fn;
      return firstOf(expr.args);
    }
  }
}
const firstOf = (exprs: readonly Expr[]): string | undefined => {
  for (const e of exprs) {
    const found = variableCall(e);
    if (found !== undefined) return found;
  }
  return undefined;
};
