/* Process table functions of the program in SQL: they take the rows of a table, keep values and timers of each partition, and
 * give rows whenever they like.
 *
 *   SELECT * FROM visits(input => TABLE clicks PARTITION BY page, on_time => DESCRIPTOR(ts), wait => 5)
 *
 *   eval(ctx, row, wait)   for each row: the arguments as they are declared     onTimer(ctx)   for each timer that falls due */

import { MillraceError, UserError } from '#base';
import { parseDurationMs } from '#catalog';
import type { Field, LogicalType, Value } from '#data';
import {
  addUserProcess,
  type ProcessArgument,
  type ProcessCalls,
  type ProcessHost,
  type ProcessStart,
  type ProcessState,
  type UserProcess,
} from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { fromJavaScript, toJavaScript } from './convert.ts';

/** A process table function, as Flink's ProcessTableFunction. */
export interface ProcessFunctionDefinition {
  /** One of them is a table. `uid` and `on_time` are always there beside them. */
  readonly args: readonly ProcessArgumentDefinition[];
  /** The type of a row, or of its only column. */
  readonly returns: string;
  /** What is kept of each partition: SQL types by name, of tables by `set` alone. */
  readonly state?: Readonly<Record<string, string | { readonly type: string; readonly ttl?: string }>>;
  /** For each row: the context, then the arguments as declared. */
  readonly eval: (ctx: never, ...args: never[]) => void;
  /** For each timer that falls due; without, there are no timers. */
  readonly onTimer?: (ctx: never) => void;
}
export type ProcessArgumentDefinition =
  | {
      readonly name: string;
      /** `set`: the rows of a partition belong together; `row`: each row stands for itself, without state and timers. */
      readonly table: 'set' | 'row';
      /** PARTITION BY may be left out: then all rows are one partition. */
      readonly optionalPartitionBy?: boolean;
      /** All columns of the row go out in front of the function's, not those of PARTITION BY alone; there are no timers then. */
      readonly passColumnsThrough?: boolean;
      /** The call must have on_time. */
      readonly requireOnTime?: boolean;
    }
  | {
      readonly name: string;
      /** An SQL type. */
      readonly type: string;
      /** It may be left out, and is null then. */
      readonly optional?: boolean;
    };

/** What `eval` and `onTimer` may ask for; of the row or timer in hand, and its partition. */
export interface ProcessContext<State = Record<string, unknown>> {
  /** A row: an object by the names of the ROW, or the value of the only column. */
  emit(row: unknown): void;
  readonly state: { readonly [Name in keyof State]: StateEntry<State[Name]> };
  /** By column. */
  readonly partitionKey: Readonly<Record<string, unknown>>;
  readonly timeContext: TimeContext;
  /** The name of the timer that fires; null for an unnamed one, and for a row. */
  currentTimer(): string | null;
  clearAllState(): void;
  clearAllTimers(): void;
  /** State and timers. */
  clearAll(): void;
}
export interface StateEntry<T> {
  /** null where it was never set, or was cleared. */
  get(): T | null;
  set(value: T): void;
  clear(): void;
}
/** Times are ms since the epoch. */
export interface TimeContext {
  /** Of the row by on_time, or of the timer; null without on_time. */
  time(): number | null;
  /** null before the first; Infinity at the end of the input. */
  currentWatermark(): number | null;
  registerOnTime(time: number): void;
  /** In place of the one of that name. */
  registerOnTime(name: string, time: number): void;
  clearTimer(timer: string | number): void;
}

/** Defines the function and returns its name within. Throws UserError for what is wrong with it. */
export function defineProcess(name: string, definition: ProcessFunctionDefinition): string {
  const wrong = (message: string): UserError =>
    new UserError('LIB2005', {
      message: `the process table function "${name}" ${message}`,
      hint: "It has args: [{ name: 'input', table: 'set' }, { name: 'bound', type: 'INT' }], returns, eval, and for partitions state and onTimer.",
    });
  const args = definition.args.map(argumentOf);
  const tables = args.filter((a) => a.kind === 'table');
  const [table] = tables;
  if (table === undefined) throw wrong('has no table among its args');
  if (tables.length > 1) throw wrong('has several tables among its args: one is supported so far');
  const names = args.map((a) => a.name);
  const reserved = names.find((n, i) => ['uid', 'on_time'].includes(n) || names.indexOf(n) !== i);
  if (reserved !== undefined)
    throw wrong(
      `declares "${reserved}" ${names.filter((n) => n === reserved).length > 1 ? 'twice' : 'itself, which every such function has'}`,
    );
  const states = Object.entries(definition.state ?? {}).map(([state, declared]): ProcessState => {
    const { type, ttl } = typeof declared === 'string' ? { type: declared, ttl: undefined } : declared;
    const ttlMs = ttl === undefined ? undefined : parseDurationMs(ttl);
    if (ttl !== undefined && ttlMs === undefined)
      throw wrong(`keeps "${state}" for '${ttl}', which is no duration`);
    return { name: state, type: { ...bindType(parseDataType(type)), nullable: true }, ttlMs };
  });
  const hasTimers = definition.onTimer !== undefined;
  if (table.semantics === 'row' && (hasTimers || states.length > 0))
    throw wrong(
      `takes each row by itself, so it has no ${hasTimers ? 'timers' : 'state'}: declare table: 'set'`,
    );
  if (hasTimers && table.passesColumns)
    throw wrong('passes columns through, so it has no timers: leave onTimer or passColumnsThrough out');
  const returns = bindType(parseDataType(definition.returns));
  const columns: readonly Field[] =
    returns.kind === 'ROW' ? returns.fields : [{ name: 'EXPR$0', type: returns }];
  const process: UserProcess = {
    title: name,
    args,
    columns,
    states,
    hasTimers,
    start: (host, call) => new Calls(name, definition, process, returns, host, call),
  };
  return addUserProcess(process);
}

function argumentOf(arg: ProcessArgumentDefinition): ProcessArgument {
  const { name } = arg;
  if ('table' in arg) {
    const {
      table: semantics,
      optionalPartitionBy = false,
      requireOnTime = false,
      passColumnsThrough = false,
    } = arg;
    return {
      kind: 'table',
      name,
      semantics,
      optionalPartition: optionalPartitionBy,
      requiresTime: requireOnTime,
      passesColumns: passColumnsThrough,
    };
  }
  const type: LogicalType = { ...bindType(parseDataType(arg.type)), nullable: true };
  return { kind: 'scalar', name, type, optional: arg.optional === true };
}

type Method = (ctx: ProcessContext, ...args: unknown[]) => unknown;

class Calls implements ProcessCalls {
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
  #failed(what: string, how: string, cause?: unknown): UserError {
    return new UserError('LIB2001', {
      message: `${what}${what === '' ? '' : ' '}the process table function "${this.#name}" ${how}`,
      hint: cause === undefined ? undefined : 'The error of the program is the cause of this one.',
      cause,
    });
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
        host.emit(
          returns.kind !== 'ROW'
            ? [value]
            : value === null
              ? returns.fields.map(() => null)
              : (value as Value[]),
        );
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
