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
  readonly #rowType: LogicalType;
  readonly #context: ProcessContext;
  /** A call is under way: the context belongs to it alone. */
  #isCalled = false;
  #timer: string | undefined;

  constructor(
    name: string,
    definition: ProcessFunctionDefinition,
    { args, states, hasTimers }: UserProcess,
    returns: LogicalType,
    host: ProcessHost,
    { input, partition, scalars }: ProcessStart,
  ) {
    this.#name = name;
    this.#definition = definition;
    this.#args = args;
    this.#scalars = args.map((a, i) =>
      a.kind === 'scalar' ? toJavaScript(scalars[i] ?? null, a.type) : undefined,
    );
    this.#rowType = { kind: 'ROW', nullable: false, fields: input };
    const keyFields = partition.map((c) => input[c]!);
    this.#context = contextOn(host, this, {
      states,
      hasTimers,
      returns,
      keyFields,
      timer: () => this.#timer,
    });
  }
  eval(row: readonly Value[]): void {
    const given = toJavaScript(row, this.#rowType);
    const args = this.#args.map((a, i) => (a.kind === 'table' ? given : this.#scalars[i]));
    this.#timer = undefined;
    this.#called('eval', () => (this.#definition.eval as Method)(this.#context, ...args));
  }
  onTimer(name: string | undefined): void {
    this.#timer = name;
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
