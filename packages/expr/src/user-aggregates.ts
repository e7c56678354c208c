/* Aggregates of the program: what the planner is told of them, and what counts. Values go in and out as the engine has them. */

import type { LogicalType, Value } from '#data';
import { addAggregate } from './aggregate-calls.ts';

export interface UserAggregate {
  /** What messages call it. */
  readonly title: string;
  readonly args: readonly LogicalType[];
  readonly returns: LogicalType;
  /** What an accumulator is kept as. */
  readonly accumulator: LogicalType;
  create(): unknown;
  /** Return the accumulator as it is afterwards: the same one, or another. */
  accumulate(accumulator: unknown, args: readonly Value[]): unknown;
  readonly retract?: ((accumulator: unknown, args: readonly Value[]) => unknown) | undefined;
  readonly merge?: ((accumulator: unknown, other: unknown) => unknown) | undefined;
  result(accumulator: unknown): Value;
  toState(accumulator: unknown): Value;
  fromState(value: Value): unknown;
}

const byName = new Map<string, UserAggregate>();

/** Makes the aggregate known and returns the name that calls of it have: the same for the same order of definitions, for
 *  state is found again by it. */
export function addUserAggregate(name: string, aggregate: UserAggregate): string {
  const plain = `USER$${name.toUpperCase()}`;
  let own = plain;
  for (let n = 2; byName.has(own); n++) own = `${plain}$${n}`;
  byName.set(own, aggregate);
  const { args, returns, title } = aggregate;
  addAggregate({
    name: own,
    title,
    arity: [args.length, args.length],
    args,
    result: () => returns,
    takes: 'what it was declared with',
    doc: 'An aggregate of the program.',
  });
  return own;
}
export const userAggregate = (fn: string): UserAggregate | undefined => byName.get(fn);
export const isUserAggregate = (fn: string): boolean => byName.has(fn);
