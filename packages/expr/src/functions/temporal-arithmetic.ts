/* What + - * / mean for dates, times, timestamps and intervals. */

import type { Expr } from '../expression.ts';
import type { Binding } from './entry.ts';

/** The call as functions of the temporal family, or undefined when the types do not fit. */
export function temporalArithmetic(_operator: string, _args: readonly Expr[]): Binding | undefined {
  return undefined;
}
