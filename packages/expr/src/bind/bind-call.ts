/* Calls by name: finds the function, checks and casts the arguments, types the result. */

import { UserError, didYouMean } from '#base';
import { typeText, withNullable, type LogicalType } from '#data';
import { aggregateNames } from '../aggregate-calls.ts';
import { functionNames, lookupFunction } from '../functions/table.ts';
import type { CallOptions, FunctionEntry } from '../functions/entry.ts';
import { placeOf, type Expr } from '../expression.ts';

/** The typed call of function, operator or special form `name` (any case, aliases too).
 *  `NOT x` for a predicate x (NOT LIKE, NOT IN) is its negation.
 *  Throws SQL3001 for a name that is not known, SQL3002 for a wrong number of arguments, SQL3003 for their types. */
export function bindCall(name: string, args: readonly Expr[], options: CallOptions = {}): Expr {
  if (/^NOT /i.test(name))
    return bindCall('NOT', [bindCall(name.slice(4), args, options)], { at: options.at });
  if (/^IS NOT JSON/i.test(name))
    return bindCall('NOT', [bindCall(`IS ${name.slice(7)}`, args, options)], { at: options.at });
  const entry = lookupFunction(name);
  if (entry === undefined) {
    throw new UserError('SQL3001', {
      at: options.at,
      message: `no function "${name.toUpperCase()}"`,
      hint: didYouMean(name, [...functionNames(), ...aggregateNames()]),
    });
  }
  if (args.length < entry.count.min || args.length > entry.count.max)
    throw wrongCount(entry, args.length, options);
  const binding = entry.bind(args, options);
  if (binding === undefined) throw wrongTypes(entry, args, options);
  if ('expr' in binding) return binding.expr;
  return {
    kind: 'call',
    fn: entry.name,
    args: binding.args,
    type: binding.type,
    flags: binding.flags ?? options.flags ?? [],
    ...(options.at === undefined ? {} : { [placeOf]: options.at }),
  };
}

function wrongCount(entry: FunctionEntry, given: number, options: CallOptions): UserError {
  const { min, max } = entry.count;
  const takes = max === Infinity ? `at least ${min}` : min === max ? String(min) : `${min} to ${max}`;
  return new UserError('SQL3002', {
    at: options.at,
    message: `${titleOf(entry.name)} takes ${takes} argument${takes === '1' ? '' : 's'}, not ${given}`,
    hint: `Use ${entry.takes.join(' or ')}.`,
  });
}

const shown = (type: LogicalType): string => typeText(withNullable(type, true));

function wrongTypes(entry: FunctionEntry, args: readonly Expr[], options: CallOptions): UserError {
  const flags =
    options.flags === undefined || options.flags.length === 0 ? '' : ` with ${options.flags.join(' ')}`;
  return new UserError('SQL3003', {
    at: options.at,
    message: `${titleOf(entry.name)} does not take (${args.map((a) => shown(a.type)).join(', ')})${flags}`,
    hint:
      entry.name === 'IN'
        ? `The list is of another type than ${shown(args[0]!.type)}: write its values as ${shown(args[0]!.type)}, or CAST.`
        : `Use ${entry.takes.join(' or ')}.`,
  });
}

/** A function of the program goes by a name of its own within. */
const titleOf = (name: string): string => name.replace(/^USER\$\d+\$/, '');
