/* Conditions as lists of what must hold together. */

import { bindCall, type Expr } from '#expr';

/** a AND b AND c as a list; what is always true is left out. */
export function conjuncts(expr: Expr | undefined): Expr[] {
  if (expr === undefined || (expr.kind === 'literal' && expr.value === true)) return [];
  return expr.kind === 'call' && expr.fn === 'AND' ? expr.args.flatMap(conjuncts) : [expr];
}

/** The list as one condition; undefined: nothing is asked. */
export function conjunction(list: readonly Expr[]): Expr | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : rest.reduce((a, b) => bindCall('AND', [a, b]), first);
}
