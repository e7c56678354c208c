/* Process table functions of the program: what the planner is told of them, and what an operator calls for each row and timer.
 * Values go in and out as the engine has them. */

import type { Field, LogicalType, Value } from '#data';

export type ProcessArgument = ProcessTable | ProcessScalar;
export interface ProcessTable {
  readonly kind: 'table';
  readonly name: string;
  /** `set`: the rows of a partition belong together; `row`: each stands for itself. */
  readonly semantics: 'row' | 'set';
  readonly optionalPartition: boolean;
  readonly requiresTime: boolean;
  /** Rows that go out have all columns of the row in hand in front, not those of the partition alone. */
  readonly passesColumns: boolean;
  /** It may change. Where the partition is the key that its changes are told by, an update may come as +U alone, unless -U is
   *  required, and a delete as its key alone, unless all of it is. */
  readonly supportsUpdates: boolean;
  readonly requiresUpdateBefore: boolean;
  readonly requiresFullDelete: boolean;
}
export interface ProcessScalar {
  readonly kind: 'scalar';
  readonly name: string;
  readonly type: LogicalType;
  readonly optional: boolean;
}
/** What is kept of each partition. */
export type ProcessState = {
  readonly name: string;
  /** How long a value lives after it was last written, in a list or map each entry by itself; undefined: as
   *  `table.exec.state.ttl` says. 0: for ever. */
  readonly ttlMs: number | undefined;
} & (
  | { readonly kind: 'value'; readonly type: LogicalType }
  | { readonly kind: 'list'; readonly element: LogicalType }
  | { readonly kind: 'map'; readonly key: LogicalType; readonly value: LogicalType }
);

/** A list that a partition keeps, entry by entry. What is being gone through is as it was when that began. */
export interface ProcessList {
  /** In the order in which they were added. */
  values(): Iterable<Value>;
  add(value: Value): void;
  /** The first one that is equal; false where there is none. */
  remove(value: Value): boolean;
  clear(): void;
}
/** A map that a partition keeps, entry by entry. What is being gone through is as it was when that began. */
export interface ProcessMap {
  /** undefined where there is no such entry. */
  get(key: Value): Value | undefined;
  put(key: Value, value: Value): void;
  remove(key: Value): void;
  /** In the order in which their keys came. */
  entries(): Iterable<readonly [Value, Value]>;
  clear(): void;
}

/** The kinds of change that a table or a result may have. */
export interface ProcessChanges {
  readonly insert: boolean;
  readonly updateBefore: boolean;
  readonly updateAfter: boolean;
  readonly delete: boolean;
  /** A delete may be its key alone. */
  readonly keyOnlyDelete: boolean;
}
/** What a function that gives changes is asked: which its tables have, and which its readers want. */
export interface ProcessChangesAsked {
  readonly tables: readonly ProcessChanges[];
  readonly required: ProcessChanges;
}

/** What a function may ask for while it is called: of the partition, and of the row or timer in hand. Times are ms. */
export interface ProcessHost {
  readonly partitionKey: readonly Value[];
  /** Of the row by on_time, or of the timer; undefined without on_time. */
  readonly time: number | undefined;
  /** -Infinity before the first. */
  readonly watermark: number;
  /** `kind`: a changeKind. */
  emit(row: readonly Value[], kind: number): void;
  /** States by number. NULL where there is none. */
  read(state: number): Value;
  write(state: number, value: Value): void;
  list(state: number): ProcessList;
  map(state: number): ProcessMap;
  /** A named timer takes the place of the one of its name. */
  register(name: string | undefined, at: number): void;
  /** The one of a name, or the unnamed one of a time. */
  clearTimer(timer: string | number): void;
  clearTimers(): void;
}
export interface ProcessCalls {
  /** A row of one of the tables, by number among them; `kind`: a changeKind. */
  eval(table: number, row: readonly Value[], kind: number): void;
  /** `name`: of the timer; undefined for an unnamed one. */
  onTimer(name: string | undefined): void;
}
/** What a call of the function in a query gives it. */
export interface ProcessStart {
  readonly tables: readonly ProcessStartTable[];
  /** By argument; undefined for a table. */
  readonly scalars: readonly (Value | undefined)[];
  /** The kinds of change that go out. */
  readonly changes: ProcessChanges;
}
export interface ProcessStartTable {
  readonly fields: readonly Field[];
  readonly partition: readonly number[];
}
export interface UserProcess {
  /** What messages call it. */
  readonly title: string;
  /** One of them, or several, are tables. */
  readonly args: readonly ProcessArgument[];
  readonly columns: readonly Field[];
  readonly states: readonly ProcessState[];
  /** It takes timers. */
  readonly hasTimers: boolean;
  /** The kinds of change that it gives; absent: rows that only come. */
  readonly changes?: ((asked: ProcessChangesAsked) => ProcessChanges) | undefined;
  start(host: ProcessHost, call: ProcessStart): ProcessCalls;
}

/** The tables that a function takes, in order. */
export const processTables = ({ args }: Pick<UserProcess, 'args'>): readonly ProcessTable[] =>
  args.filter((arg) => arg.kind === 'table');

const byName = new Map<string, UserProcess>();

/** Makes the function known and returns its name within. State is found again by the uid of the call, not by this name. */
export function addUserProcess(process: UserProcess): string {
  const own = `PROCESS$${byName.size + 1}$${process.title.toUpperCase()}`;
  byName.set(own, process);
  return own;
}
/** The function of a name within. */
export function userProcess(fn: string): UserProcess {
  const found = byName.get(fn);
  if (found === undefined) throw new TypeError(`no process table function "${fn}" is known`);
  return found;
}
