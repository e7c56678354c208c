/* What a process table function of the program is: it takes the rows of a table, keeps values and timers of each partition, and
 * gives rows whenever it likes.
 *
 *   SELECT * FROM visits(input => TABLE clicks PARTITION BY page, on_time => DESCRIPTOR(ts), wait => 5)
 *
 *   eval(ctx, row, wait)   for each row: the arguments as they are declared     onTimer(ctx)   for each timer that falls due */

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
