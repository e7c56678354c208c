/* Scalar functions of the program in SQL: an entry of the function table under a name of its own. */

import { addFunctions, bindCall, castTo, canCastImplicitly, type Expr } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { MillraceError, UserError, type Span } from '#base';
import type { LogicalType, Value } from '#data';
import { fromJavaScript, toJavaScript } from './convert.ts';
import type { ProcessFunctionDefinition } from './process-definition.ts';

/** A function of SQL that is written in TypeScript: of values, of rows, over the rows of a group, or over those of a table. */
export type FunctionDefinition =
  | ScalarDefinition
  | TableFunctionDefinition
  | AggregateDefinition
  | ProcessFunctionDefinition;

interface Signature {
  /** SQL types of the arguments. */
  readonly args: readonly string[];
  readonly returns: string;
}
export interface ScalarDefinition extends Signature {
  /** Called with values as `query` gives them, never with null: a NULL argument makes the result NULL. */
  readonly call: (...args: never[]) => unknown;
  /** False for what gives different answers to equal arguments. */
  readonly deterministic?: boolean;
  /** `call` returns a promise. So many are under way at a time as `table.exec.async-lookup.buffer-capacity` says, and rows stay
   *  in their order. */
  readonly async?: boolean;
}
/** LATERAL TABLE(f(x)): `returns` is the type of a row, or of its only column. */
export interface TableFunctionDefinition extends Signature {
  /** The rows, each an object by the names of the ROW, or the value of the only column. Not called where an argument is NULL:
   *  then there are none. */
  readonly rows: (...args: never[]) => Iterable<unknown>;
  readonly deterministic?: boolean;
}
/** An aggregate, as Flink's AggregateFunction. Its methods change the accumulator, or return another. */
export interface AggregateDefinition extends Signature {
  readonly createAccumulator: () => unknown;
  /** Not called for rows with a NULL among the arguments. */
  readonly accumulate: (accumulator: never, ...args: never[]) => unknown;
  /** For queries that take rows back. */
  readonly retract?: (accumulator: never, ...args: never[]) => unknown;
  /** For HOP, CUMULATE and SESSION windows, which put parts together. */
  readonly merge?: (accumulator: never, other: never) => unknown;
  readonly getValue: (accumulator: never) => unknown;
  /** The SQL type that accumulators are kept as in state; without, they are kept as JSON. */
  readonly accumulator?: string;
}

let defined = 0;

/** A value as it stands in a message. */
function argumentText(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** Defines the function and returns its name within, and how a call of it binds. Throws UserError for a type that is wrong. */
export function userFunction(
  name: string,
  definition: ScalarDefinition,
): {
  readonly fn: string;
  readonly call: (args: readonly Expr[], at: Span) => Expr;
  readonly argTypes: readonly LogicalType[];
  readonly returnType: LogicalType;
} {
  const types = definition.args.map((t) => bindType(parseDataType(t)));
  const returns = bindType(parseDataType(definition.returns));
  const own = `USER$${++defined}$${name.toUpperCase()}`;
  const call = definition.call as (...args: unknown[]) => unknown;
  const failed = (args: readonly unknown[], what: string, cause: unknown): UserError =>
    new UserError('LIB2001', {
      message: `function "${name}" ${what}; it was called with (${args.map(argumentText).join(', ')})`,
      hint: 'The error of the program is the cause of this one.',
      cause,
    });
  const result = (args: readonly unknown[]): Value => {
    if (definition.async === true)
      throw new UserError('LIB2003', {
        message: `the asynchronous function "${name}" has no place here`,
        hint: 'It stands in SELECT, WHERE, GROUP BY and HAVING. Elsewhere, call it in a sub-query below.',
      });
    let value: unknown;
    try {
      value = call(...args);
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown;
      throw failed(args, `failed: ${String(thrown)}`, thrown);
    }
    try {
      return fromJavaScript(value, returns);
    } catch (thrown) {
      const promise = value instanceof Promise ? ' a promise: it must answer at once' : '';
      throw failed(
        args,
        `returned${promise === '' ? `: ${String((thrown as Error).message)}` : promise}`,
        thrown,
      );
    }
  };
  addFunctions([
    {
      name: own,
      family: 'user',
      takes: [`${name}(${definition.args.join(', ')})`],
      count: { min: types.length, max: types.length },
      // Whatever waits is called once a row, and where it stands.
      deterministic: definition.async !== true && (definition.deterministic ?? true),
      doc: 'A function of the program.',
      examples: [],
      bind: (args) =>
        args.every((a, i) => canCastImplicitly(a.type, types[i]!))
          ? {
              type: { ...returns, nullable: true },
              args: args.map((a, i) =>
                castTo(a, { ...types[i]!, nullable: a.type.nullable }, { implicit: true }),
              ),
            }
          : undefined,
      body:
        () =>
        (...values: never[]) =>
          result(values.map((v, i) => toJavaScript(v, types[i]!))),
    },
  ]);
  return {
    fn: own,
    call: (args, at) => bindCall(own, args, { at }),
    argTypes: types,
    returnType: { ...returns, nullable: true },
  };
}
