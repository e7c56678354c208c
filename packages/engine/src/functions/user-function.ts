/* Scalar functions of the program in SQL: an entry of the function table under a name of its own. */

import { addFunctions, bindCall, castTo, canCastImplicitly, type Expr } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { MillraceError, UserError, type Span } from '#base';
import type { Value } from '#data';
import { fromJavaScript, toJavaScript } from './convert.ts';

export interface FunctionDefinition {
  /** SQL types of the arguments. */
  readonly args: readonly string[];
  readonly returns: string;
  /** Called with values as `query` gives them, never with null: a NULL argument makes the result NULL. */
  readonly call: (...args: never[]) => unknown;
  /** False for what gives different answers to equal arguments. */
  readonly deterministic?: boolean;
}

let defined = 0;

/** A value as it stands in a message. */
function argumentText(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** Defines the function and returns how a call of it binds. Throws UserError for a type that is wrong. */
export function userFunction(
  name: string,
  definition: FunctionDefinition,
): (args: readonly Expr[], at: Span) => Expr {
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
      deterministic: definition.deterministic ?? true,
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
  return (args, at) => bindCall(own, args, { at });
}
