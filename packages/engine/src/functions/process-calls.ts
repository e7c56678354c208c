/* Calls of a process table function of the program: values to JavaScript and back, and what its context lets it do. */

import { MillraceError, UserError } from '#base';
import type { LogicalType, Value } from '#data';
import type { ProcessArgument, ProcessCalls, ProcessHost, ProcessStart, UserProcess } from '#expr';
import { fromJavaScript, toJavaScript } from './convert.ts';
import { contextOn } from './process-context.ts';
import type { ProcessContext, ProcessFunctionDefinition } from './process-definition.ts';
import type { Within } from './process-state.ts';

type Method = (ctx: ProcessContext, ...args: unknown[]) => unknown;

export class ProcessFunctionCalls implements ProcessCalls, Within {
  readonly #name: string;
  readonly #definition: ProcessFunctionDefinition;
  readonly #args: readonly ProcessArgument[];
  readonly #scalars: readonly unknown[];
  /** Of each argument that is a table. */
  readonly #rowTypes: readonly LogicalType[];
  readonly #context: ProcessContext;
  /** A call is under way: the context belongs to it alone. */
  #isCalled = false;
  #timer: string | undefined;
  /** Undefined for a timer. */
  #rowKind: number | undefined;

  constructor(
    name: string,
    definition: ProcessFunctionDefinition,
    { args, states, hasTimers }: UserProcess,
    returns: LogicalType,
    host: ProcessHost,
    { tables, scalars, changes }: ProcessStart,
  ) {
    this.#name = name;
    this.#definition = definition;
    this.#args = args;
    this.#scalars = args.map((a, i) =>
      a.kind === 'scalar' ? toJavaScript(scalars[i] ?? null, a.type) : undefined,
    );
    this.#rowTypes = tables.map(({ fields }) => ({ kind: 'ROW', nullable: false, fields }));
    const [first] = tables;
    const keyFields = first!.partition.map((c) => first!.fields[c]!);
    this.#context = contextOn(host, this, {
      states,
      hasTimers,
      returns,
      keyFields,
      changes,
      timer: () => this.#timer,
      rowKind: () => this.#rowKind,
    });
  }
  eval(table: number, row: readonly Value[], kind: number): void {
    let tables = 0;
    const args = this.#args.map((arg, i) => {
      if (arg.kind === 'scalar') return this.#scalars[i];
      return tables++ === table ? toJavaScript(row, this.#rowTypes[table]!) : null;
    });
    this.#timer = undefined;
    this.#rowKind = kind;
    this.#called('eval', () => (this.#definition.eval as Method)(this.#context, ...args));
  }
  onTimer(name: string | undefined): void {
    this.#timer = name;
    this.#rowKind = undefined;
    this.#called('onTimer', () => (this.#definition.onTimer as Method)(this.#context));
  }
  #called(method: string, call: () => unknown): void {
    this.#isCalled = true;
    let answer: unknown;
    try {
      answer = call();
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown;
      throw this.#error(`${method} of`, `failed: ${String(thrown)}`, thrown);
    } finally {
      this.#isCalled = false;
    }
    if (answer instanceof Promise) {
      answer.catch(() => {});
      throw this.#error(`${method} of`, 'returned a promise: it must be through when it returns');
    }
  }
  #error(what: string, how: string, cause?: unknown, hint?: string): UserError {
    return new UserError('LIB2001', {
      message: `${what}${what === '' ? '' : ' '}the process table function "${this.#name}" ${how}`,
      hint: cause === undefined ? hint : 'The error of the program is the cause of this one.',
      cause,
    });
  }

  check(): void {
    if (!this.#isCalled) throw this.failed('uses its context when its call is over');
  }
  convert(what: string, value: unknown, type: LogicalType): Value {
    this.check();
    try {
      return fromJavaScript(value, type);
    } catch (thrown) {
      throw this.#error('', `${what}: ${String((thrown as Error).message)}`, thrown);
    }
  }
  failed(how: string, hint?: string): UserError {
    return this.#error('', how, undefined, hint);
  }
}
