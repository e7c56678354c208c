/* The arguments of a process table function: tables, descriptors and constants, by place or as name => value. */

import { UserError, type Span } from '#base';
import type { DescriptorExpression, Expression, FunctionCall, TableArgument } from '#sql';

/** What a function takes beside `uid` and `on_time`, which all take. */
export interface ProcessParameters {
  readonly name: string;
  /** In order; all but the first may be left out. */
  readonly parameters: readonly string[];
  /** How it is called, for hints. */
  readonly usage: string;
}

/** By parameter; one that is given as NULL or DEFAULT is not there. Throws SQL4001. */
export class ProcessArguments {
  readonly #of: ProcessParameters;
  readonly #found = new Map<string, Expression>();
  readonly #typedNulls = new Map<string, Expression>();
  readonly #call: Span;

  constructor(call: FunctionCall, of: ProcessParameters) {
    this.#of = of;
    this.#call = call.span;
    const known = [...of.parameters, 'uid', 'on_time'];
    call.args.forEach((arg, i) => {
      const key = arg.kind === 'named' ? arg.name.text : of.parameters[i];
      const value = arg.kind === 'named' ? arg.value : arg;
      if (key === undefined || !known.includes(key))
        throw this.wrong(
          arg.span,
          key === undefined
            ? `${of.name} takes at most ${of.parameters.length} arguments`
            : `${of.name} has no parameter "${key}"`,
        );
      if (this.#found.has(key)) throw this.wrong(arg.span, `${of.name}: "${key}" is given twice`);
      if (!isNull(value)) this.#found.set(key, value);
      else if (value.kind === 'cast') this.#typedNulls.set(key, value);
    });
  }
  get(parameter: string): Expression | undefined {
    return this.#found.get(parameter);
  }
  /** A value, which may be a NULL with its type: that is given, and not left out. */
  scalar(parameter: string): Expression | undefined {
    return this.#found.get(parameter) ?? this.#typedNulls.get(parameter);
  }
  table(parameter: string): TableArgument {
    const value = this.#found.get(parameter);
    if (value?.kind === 'table-argument') return value;
    throw this.wrong(
      value?.span ?? this.#call,
      value === undefined
        ? `${this.#of.name} needs "${parameter}"`
        : `"${parameter}" of ${this.#of.name} must be a table`,
    );
  }
  /** The one column that a descriptor names. */
  descriptor(parameter: string): DescriptorExpression['columns'][number] | undefined {
    const value = this.#found.get(parameter);
    if (value === undefined) return undefined;
    if (value.kind === 'descriptor' && value.columns.length === 1) return value.columns[0]!;
    throw this.wrong(
      value.span,
      `the descriptor for argument "${parameter}" must contain exactly one column name`,
    );
  }
  /** The columns that a descriptor names; none where it is not given. */
  columns(parameter: string): DescriptorExpression['columns'] {
    const value = this.#found.get(parameter);
    if (value === undefined) return [];
    if (value.kind === 'descriptor' && value.columns.length > 0) return value.columns;
    throw this.wrong(value.span, `the argument "${parameter}" must be a descriptor: DESCRIPTOR(…)`);
  }
  /** The entries of a constant MAP of texts. */
  texts(parameter: string): readonly (readonly [string, string])[] | undefined {
    const value = this.#found.get(parameter);
    if (value === undefined) return undefined;
    const constant = (e: Expression | undefined): string => {
      if (e?.kind === 'string') return e.value;
      throw this.wrong(e?.span ?? value.span, `the "${parameter}" argument must be a constant MAP literal`);
    };
    if (value.kind !== 'map') return constant(undefined) as never;
    const { items } = value;
    return items.flatMap((key, i) => (i % 2 === 0 ? [[constant(key), constant(items[i + 1])] as const] : []));
  }
  wrong(at: Span, message: string): UserError {
    return new UserError('SQL4001', { at, message, hint: this.#of.usage });
  }
}

const isNull = (e: Expression): boolean =>
  e.kind === 'null' || (e.kind === 'cast' && e.operand.kind === 'null');
