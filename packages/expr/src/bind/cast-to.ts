/* CAST as an expression. */

import { UserError, type Span } from '#base';
import { sameType, typeText, withNullable, type LogicalType } from '#data';
import { canCastExplicitly, canCastImplicitly } from '../types/cast-rules.ts';
import { castType } from '../values/cast.ts';
import { placeOf, type Expr } from '../expression.ts';

export interface CastOptions {
  /** TRY_CAST: NULL where the cast fails. */
  readonly safe?: boolean;
  /** Only what is safe without being asked for. */
  readonly implicit?: boolean;
  readonly at?: Span | undefined;
}

/** `expr` as `type`; the nullability of `type` does not matter, the result's follows from the operand.
 *  Throws SQL3004 if there is no such cast. A cast to the operand's own type is the operand. */
export function castTo(expr: Expr, type: LogicalType, options: CastOptions = {}): Expr {
  const from = expr.type;
  const castable = options.implicit === true ? canCastImplicitly(from, type) : canCastExplicitly(from, type);
  if (!castable) {
    throw new UserError('SQL3004', {
      at: options.at,
      message: `cannot cast ${typeText(withNullable(from, true))} to ${typeText(withNullable(type, true))}`,
      hint: castHint(from, type),
    });
  }
  const target = castType(from, type, options.safe === true);
  // The same value; what may be NULL, of elements and fields too, is as the cast says.
  if (sameType(from, type, false)) return sameType(from, target) ? expr : ({ ...expr, type: target } as Expr);
  if (expr.kind === 'literal' && expr.value === null) return { kind: 'literal', type: target, value: null };
  return {
    kind: 'call',
    fn: options.safe === true ? 'TRY_CAST' : 'CAST',
    args: [expr],
    type: target,
    flags: [],
    ...(options.at === undefined ? {} : { [placeOf]: options.at }),
  };
}

function castHint(from: LogicalType, to: LogicalType): string | undefined {
  const numbers = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'];
  const times = ['TIMESTAMP', 'TIMESTAMP_LTZ'];
  if (numbers.includes(from.kind) && times.includes(to.kind))
    return 'Use TO_TIMESTAMP_LTZ(number, 0 or 3), or TO_TIMESTAMP(FROM_UNIXTIME(seconds)).';
  if (times.includes(from.kind) && numbers.includes(to.kind))
    return 'Use UNIX_TIMESTAMP(CAST(ts AS STRING)) for seconds.';
  return undefined;
}
