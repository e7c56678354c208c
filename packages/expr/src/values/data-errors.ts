/* Errors of data met while a query runs. They stop the job: the query or its data must change.
 *
 *   DATA3001 division by zero   DATA3002 CAST failed   DATA3003 number out of range   DATA3004 bad argument
 *   DATA3005 unknown time zone  DATA3006 JSON          DATA3007 array or map        DATA3010 sub-query of several rows
 */

import { UserError } from '#base';
import { typeText, withNullable, type LogicalType, type Value } from '#data';
import { showValue } from './format-value.ts';

export function divisionByZero(fn: string, dividend: string): never {
  throw new UserError('DATA3001', {
    message: `division by zero: ${dividend} ${fn} 0`,
    hint: 'Guard the divisor, for example with NULLIF(x, 0), which makes the result NULL.',
  });
}

export function castFailed(value: Value, from: LogicalType, to: LogicalType, reason?: string): never {
  const target = typeText(withNullable(to, true));
  throw new UserError('DATA3002', {
    message: `cannot cast ${showValue(value, from)} to ${target}${reason === undefined ? '' : `: ${reason}`}`,
    hint: 'TRY_CAST gives NULL instead of an error.',
  });
}

export function outOfRange(fn: string, value: string): never {
  throw new UserError('DATA3003', { message: `${fn}: ${value} is out of range` });
}

/** What a text that no string can hold is thrown as, as an error of the data; every other error as it is. */
export function textTooLong(error: unknown): unknown {
  if (!(error instanceof RangeError) || error.message !== 'Invalid string length') return error;
  return new UserError('DATA3004', {
    message: 'a text would be longer than 536,870,888 characters, the most that a text can have here',
    cause: error,
  });
}

/** A value that a function cannot take. */
export function badArgument(fn: string, message: string): never {
  throw new UserError('DATA3004', { message: `${fn}: ${message}` });
}
