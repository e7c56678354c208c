/* What SELECT and GROUP BY both need: the hooks that every expression gets, and a digest to find equal ones. */

import type { Expr } from '#expr';
import type { BindHooks } from './expressions.ts';
import type { Binder } from './binder.ts';

export const hooks = (binder: Binder): BindHooks =>
  binder.session.userFunction ? { userFunction: binder.session.userFunction } : {};

/** A digest by which equal expressions are found. */
export function digest(expr: Expr): string {
  return JSON.stringify(expr, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));
}
