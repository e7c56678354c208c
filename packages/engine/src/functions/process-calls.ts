/* Calls of a process table function of the program: values to JavaScript and back, and what its context lets it do. */

import { didYouMean, MillraceError, UserError } from '#base';
import type { LogicalType, Value } from '#data';
import type {
  ProcessArgument,
  ProcessCalls,
  ProcessHost,
  ProcessStart,
  ProcessState,
  UserProcess,
} from '#expr';
import { fromJavaScript, toJavaScript } from './convert.ts';
import type {
  ProcessContext,
  ProcessFunctionDefinition,
  StateEntry,
  TimeContext,
} from './process-definition.ts';

type Method = (ctx: ProcessContext, ...args: unknown[]) => unknown;

export class ProcessFunctionCalls implements ProcessCalls {
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
    const keyType: LogicalType = { kind: 'ROW', nullable: false, fields: partition.map((c) => input[c]!) };
    this.#context = this.#contextOn(host, { states, hasTimers, returns, keyType });
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
      throw this.#failed(`${method} of`, `failed: ${String(thrown)}`, thrown);
    } finally {
      this.#isCalled = false;
    }
    if (answer instanceof Promise) {
      answer.catch(() => {});
      throw this.#failed(`${method} of`, 'returned a promise: it must be through when it returns');
    }
  }
  #failed(what: string, how: string, cause?: unknown, hint?: string): UserError {
    return new UserError('LIB2001', {
      message: `${what}${what === '' ? '' : ' '}the process table function "${this.#name}" ${how}`,
      hint: cause === undefined ? hint : 'The error of the program is the cause of this one.',
      cause,
    });
  }

  /** A property that no column is for is a slip of the pen. */
  #checkNames(row: object, columns: ReadonlySet<string>): void {
    for (const name of Object.keys(row))
      if (!columns.has(name))
        throw this.#failed(
          '',
          `emitted "${name}", and there is no such column`,
          undefined,
          didYouMean(name, columns),
        );
  }
  #contextOn(
    host: ProcessHost,
    kept: {
      readonly states: readonly ProcessState[];
      readonly hasTimers: boolean;
      readonly returns: LogicalType;
      readonly keyType: LogicalType;
    },
  ): ProcessContext {
    const { states, hasTimers, returns, keyType } = kept;
    const columns = new Set(returns.kind === 'ROW' ? returns.fields.map((f) => f.name) : []);
    const within = (): void => {
      if (!this.#isCalled) throw this.#failed('', 'uses its context when its call is over');
    };
    const converted = (what: string, value: unknown, type: LogicalType): Value => {
      within();
      try {
        return fromJavaScript(value, type);
      } catch (thrown) {
        throw this.#failed('', `${what}: ${String((thrown as Error).message)}`, thrown);
      }
    };
    const state = Object.fromEntries(
      states.map(({ name, type }, i): [string, StateEntry<unknown>] => [
        name,
        {
          get: () => (within(), toJavaScript(host.read(i), type)),
          set: (value) => host.write(i, converted(`set "${name}"`, value, type)),
          clear: () => (within(), host.write(i, null)),
        },
      ]),
    );
    const timeContext: TimeContext = {
      time: () => (within(), host.time ?? null),
      currentWatermark: () => (within(), host.watermark === -Infinity ? null : host.watermark),
      registerOnTime: (first: string | number, second?: number) => {
        within();
        const [name, time] = typeof first === 'string' ? [first, second] : [undefined, first];
        if (!hasTimers) throw this.#failed('', 'registers a timer, but has no onTimer');
        if (host.time === undefined)
          throw this.#failed('', 'registers a timer, and timers need on_time => DESCRIPTOR(…) in the call');
        if (!Number.isSafeInteger(time))
          throw this.#failed('', `registers a timer at ${String(time)}, which is no time in milliseconds`);
        host.register(name, time!);
      },
      clearTimer: (timer) => (within(), host.clearTimer(timer)),
    };
    const clearAllState = (): void => {
      within();
      states.forEach((_, i) => {
        host.write(i, null);
      });
    };
    const clearAllTimers = (): void => (within(), host.clearTimers());
    return {
      emit: (row) => {
        const value = converted('emitted', row, returns);
        if (returns.kind !== 'ROW') return host.emit([value]);
        if (row !== null && row !== undefined) this.#checkNames(row, columns);
        const values = (value as Value[] | null) ?? returns.fields.map(() => null);
        const missing = returns.fields.find((f, i) => !f.type.nullable && values[i] === null);
        if (missing !== undefined)
          throw this.#failed('', `emitted NULL in "${missing.name}", which is NOT NULL`);
        host.emit(values);
      },
      state,
      get partitionKey() {
        within();
        return toJavaScript(host.partitionKey, keyType) as Record<string, unknown>;
      },
      timeContext,
      currentTimer: () => this.#timer ?? null,
      clearAllState,
      clearAllTimers,
      clearAll: () => {
        clearAllState();
        clearAllTimers();
      },
    };
  }
}
