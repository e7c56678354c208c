/* What a process table function of the program is: it takes the rows of a table, keeps values and timers of each partition, and
 * gives rows whenever it likes.
 *
 *   SELECT * FROM visits(input => TABLE clicks PARTITION BY page, on_time => DESCRIPTOR(ts), wait => 5)
 *
 *   eval(ctx, row, wait)   for each row: the arguments as they are declared     onTimer(ctx)   for each timer that falls due */

/** A process table function, as Flink's ProcessTableFunction. */
export interface ProcessFunctionDefinition {
  /** One of them, or several, are tables. `uid` and `on_time` are always there beside them. */
  readonly args: readonly ProcessArgumentDefinition[];
  /** The type of a row, or of its only column. */
  readonly returns: string;
  /** What is kept of each partition, by name: SQL types of values, lists and maps. Of tables by `set` alone. */
  readonly state?: Readonly<Record<string, string | ProcessStateDefinition>>;
  /** The kinds of change that it gives; without, rows that only come. */
  readonly changelogMode?: ProcessChangelogMode | ((asked: ProcessChangelogAsked) => ProcessChangelogMode);
  /** For each row: the context, then the arguments as declared; of several tables the others are null. */
  readonly eval: (ctx: never, ...args: never[]) => void;
  /** For each timer that falls due; without, there are no timers. */
  readonly onTimer?: (ctx: never) => void;
}
/** A value of a partition, which is read and written as a whole; or a list or map, entry by entry. `ttl`: how long a value, or an
 *  entry, lives after it was last written. */
export type ProcessStateDefinition = { readonly ttl?: string } & (
  | { readonly type: string }
  | { readonly view: 'list'; readonly type: string }
  | { readonly view: 'map'; readonly key: string; readonly value: string }
);
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
      /** The table may change: `rowKind()` says what a row is. Without -U where its changes are told by PARTITION BY. */
      readonly supportUpdates?: boolean;
      /** An update comes as -U and +U, always. */
      readonly requireUpdateBefore?: boolean;
      /** A row that is deleted comes with all its columns, always. */
      readonly requireFullDelete?: boolean;
    }
  | {
      readonly name: string;
      /** An SQL type. */
      readonly type: string;
      /** It may be left out, and is null then. */
      readonly optional?: boolean;
    };

export type ProcessRowKind = '+I' | '-U' | '+U' | '-D';
/** Kinds of change; `keyOnlyDeletes`: a row that is deleted may have the columns of its key alone, others null. */
export type ProcessChangelogMode =
  | readonly ProcessRowKind[]
  | { readonly kinds: readonly ProcessRowKind[]; readonly keyOnlyDeletes?: boolean };
export interface ProcessChanges {
  readonly kinds: readonly ProcessRowKind[];
  readonly keyOnlyDeletes: boolean;
}
/** What a function is told before it says which changes it gives. */
export interface ProcessChangelogAsked {
  /** What its tables have, by the names of its arguments. */
  readonly tables: Readonly<Record<string, ProcessChanges>>;
  /** What its readers want: where that is without -U, +U may stand for both. */
  readonly required: ProcessChanges;
}

/** What `eval` and `onTimer` may ask for; of the row or timer in hand, and its partition. */
export interface ProcessContext<State = Record<string, unknown>> {
  /** A row: an object by the names of the ROW, or the value of the only column. `kind`: one of its changelogMode. */
  emit(row: unknown, kind?: ProcessRowKind): void;
  /** Of the row in hand; null for a timer. */
  rowKind(): ProcessRowKind | null;
  /** The kinds of change that go out of this call in the query. */
  readonly changelogMode: ProcessChanges;
  readonly state: { readonly [Name in keyof State]: StateHandle<State[Name]> };
  /** By column of the first table. */
  readonly partitionKey: Readonly<Record<string, unknown>>;
  readonly timeContext: TimeContext;
  /** The name of the timer that fires; null for an unnamed one, and for a row. */
  currentTimer(): string | null;
  /** One of them. */
  clearState(name: keyof State & string): void;
  clearAllState(): void;
  clearAllTimers(): void;
  /** State and timers. */
  clearAll(): void;
}
/** How a state is read and written: a view as it is, any other as a value. In brackets, so that a value of several types is one. */
export type StateHandle<T> = [T] extends [ListView<infer E>]
  ? ListView<E>
  : [T] extends [MapView<infer K, infer V>]
    ? MapView<K, V>
    : StateEntry<T>;
export interface StateEntry<T> {
  /** null where it was never set, or was cleared. */
  get(): T | null;
  set(value: T): void;
  clear(): void;
}
/** A list of the partition. What is being gone through stays as it was when that began, whatever changes. */
export interface ListView<T> {
  /** In the order in which they were added. */
  get(): Iterable<T>;
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  /** Takes the first equal value out; false where there is none. */
  remove(value: T): boolean;
  clear(): void;
}
/** A map of the partition. What is being gone through stays as it was when that began, whatever changes. */
export interface MapView<K, V> {
  /** null where there is no such entry. */
  get(key: K): V | null;
  put(key: K, value: V | null): void;
  putAll(entries: Iterable<readonly [K, V | null]>): void;
  remove(key: K): void;
  contains(key: K): boolean;
  /** In the order in which the keys came. */
  entries(): Iterable<[K, V | null]>;
  keys(): Iterable<K>;
  values(): Iterable<V | null>;
  isEmpty(): boolean;
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
