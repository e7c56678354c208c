/* FLOOR and CEIL of dates and times to a unit. */

import type { Expr } from '../expression.ts';
import type { Binding, CallOptions } from './entry.ts';

/** FLOOR(time TO unit) or CEIL as the function of the temporal family that does it. */
export function temporalRounding(_name: 'FLOOR' | 'CEIL', _args: readonly Expr[], _options: CallOptions): Binding | undefined {
  return undefined;
}
