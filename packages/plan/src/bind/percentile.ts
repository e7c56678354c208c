/* The arguments of PERCENTILE as its kernel takes them: DOUBLE, DOUBLE or ARRAY<DOUBLE>, BIGINT. */

import { UserError, type Span } from '#base';
import { types, withNullable } from '#data';
import { castTo, literal, type Expr } from '#expr';

/** Of arguments whose types are checked. Throws SQL3003 for a constant percentage that is not from 0 to 1. */
export function percentileArguments(
  [value, percentage, frequency]: readonly Expr[],
  distinct: boolean,
  at: Span,
): Expr[] {
  const share = percentage!;
  for (const p of share.kind === 'call' && share.fn === 'ARRAY' ? share.args : [share])
    if (isOutside(p))
      throw new UserError('SQL3003', {
        at,
        message: 'a percentage of PERCENTILE must be from 0 to 1',
        hint: 'The median is PERCENTILE(value, 0.5).',
      });
  const double = withNullable(types.DOUBLE, false);
  const { kind } = value!.type;
  return [
    castTo(value!, types.DOUBLE),
    castTo(share, share.type.kind === 'ARRAY' ? withNullable(types.array(double), false) : double),
    frequency === undefined
      ? literal(1n, withNullable(types.BIGINT, false))
      : castTo(frequency, types.BIGINT),
    // Values that differ may be one DOUBLE.
    ...(distinct && (kind === 'BIGINT' || kind === 'DECIMAL') ? [value!] : []),
  ];
}

function isOutside(e: Expr): boolean {
  if (e.kind === 'call' && e.fn === 'CAST') return isOutside(e.args[0]!);
  if (e.kind !== 'literal') return false;
  const one = e.type.kind === 'DECIMAL' ? 10n ** BigInt(e.type.scale) : 1n;
  if (typeof e.value === 'bigint') return e.value < 0n || e.value > one;
  return typeof e.value === 'number' && (e.value < 0 || e.value > 1);
}
