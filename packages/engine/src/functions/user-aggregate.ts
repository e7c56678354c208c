/* Aggregates of the program in SQL: values to JavaScript and back, accumulators kept as what their definition says. */

import { MillraceError, UserError } from '#base';
import type { LogicalType, Value } from '#data';
import { types } from '#data';
import { addUserAggregate } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { fromJavaScript, toJavaScript } from './convert.ts';
import type { AggregateDefinition } from './user-function.ts';

type Method = (accumulator: unknown, ...args: unknown[]) => unknown;

/** Defines the aggregate and returns its name within. Throws UserError for a type that is wrong. */
export function defineAggregate(name: string, definition: AggregateDefinition): string {
  const args = definition.args.map((t) => bindType(parseDataType(t)));
  const returns: LogicalType = { ...bindType(parseDataType(definition.returns)), nullable: true };
  const kept =
    definition.accumulator === undefined ? undefined : bindType(parseDataType(definition.accumulator));
  const called = <T>(method: string, call: () => T): T => {
    try {
      return call();
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown;
      throw new UserError('LIB2001', {
        message: `${method} of the aggregate "${name}" failed: ${String(thrown)}`,
        hint: 'The error of the program is the cause of this one.',
        cause: thrown,
      });
    }
  };
  /** A method over rows, which changes the accumulator or returns another. */
  const step =
    (title: string, method: Method) =>
    (accumulator: unknown, values: readonly Value[]): unknown =>
      called(
        title,
        () => method(accumulator, ...values.map((v, i) => toJavaScript(v, args[i]!))) ?? accumulator,
      );
  const { retract, merge } = definition;
  return addUserAggregate(name, {
    title: name,
    args,
    returns,
    accumulator: kept ?? types.STRING,
    create: () => called('createAccumulator', () => definition.createAccumulator()),
    accumulate: step('accumulate', definition.accumulate as Method),
    retract: retract && step('retract', retract as Method),
    merge: merge && ((into, other) => called('merge', () => (merge as Method)(into, other) ?? into)),
    result: (accumulator) =>
      called('getValue', () => fromJavaScript((definition.getValue as Method)(accumulator), returns)),
    toState: (accumulator) =>
      called('the state', () =>
        kept === undefined ? JSON.stringify(accumulator) : fromJavaScript(accumulator, kept),
      ),
    fromState: (value) => (kept === undefined ? JSON.parse(value as string) : toJavaScript(value, kept)),
  });
}
