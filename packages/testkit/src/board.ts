/* The data of a test: what was pushed into each 'test' table, in order, and what was written into each 'test' sink.
 * Sources read it from a position of their own, so a query that starts later sees it all. */

import { pathText, type ObjectPath } from '#catalog';
import type { Row, Value } from '#data';

export interface PushedRow {
  readonly kind: number;
  readonly physical: ReadonlyMap<string, Value>;
  readonly metadata: ReadonlyMap<string, Value>;
}
export type Entry =
  | {
      readonly kind: 'row';
      readonly row: PushedRow;
      readonly push: number;
      /** By a job, not by the test. */
      readonly isWritten: boolean;
    }
  | { readonly kind: 'watermark'; readonly ms: number };

export interface WrittenRow {
  readonly kind: number;
  readonly row: Row;
}

/** Names of a written row's cells: physical columns, then writable metadata by key. */
export interface WrittenNames {
  readonly physical: readonly string[];
  readonly metadata: readonly string[];
}

export class TestTable {
  readonly log: Entry[] = [];
  ended = false;
  /** Wakes the sources that wait for more. */
  readonly waiting = new Set<() => void>();
  /** Rows written by jobs, in order. */
  readonly written: WrittenRow[] = [];
  /** Of the cells of what is written; undefined: nothing writes into it. */
  names: WrittenNames | undefined;
  /** Jobs that write into it, by the signal of their end. */
  readonly writers = new Set<AbortSignal>();

  /** Holds what was written up to a checkpoint, when its log ended at `logEnd`. What the test itself pushed stays. */
  rollBack(logEnd: number, written: readonly WrittenRow[]): void {
    const pushed = this.log.slice(logEnd).filter((entry) => entry.kind === 'watermark' || !entry.isWritten);
    this.log.length = Math.min(this.log.length, logEnd);
    for (const entry of pushed) this.log.push(entry);
    this.written.length = 0;
    for (const row of written) this.written.push(row);
  }
  wake(): void {
    for (const wake of this.waiting) wake();
  }
}

/** How a source cuts the log into batches: the end of the batch that starts at `from`. */
export type Cut = (log: readonly Entry[], from: number) => number;

/** One batch per push. */
export const cutByPush: Cut = (log, from) => {
  const first = log[from]!;
  if (first.kind === 'watermark') return from + 1;
  let to = from + 1;
  for (; to < log.length; to++) {
    const next = log[to]!;
    if (next.kind === 'watermark' || next.push !== first.push) break;
  }
  return to;
};
export const cutByRow: Cut = (_log, from) => from + 1;

export class TestBoard {
  readonly #tables = new Map<string, TestTable>();
  #pushes = 0;
  /** Batches that jobs wrote for other jobs so far. */
  writes = 0;
  cut: Cut = cutByPush;
  /** Batches that sources may still hand out: crash mode lets them through one at a time. */
  permits = Infinity;
  /** Jobs are being restored. */
  isPaused = false;

  table(path: ObjectPath): TestTable {
    const key = pathText(path);
    const table = this.#tables.get(key) ?? new TestTable();
    this.#tables.set(key, table);
    return table;
  }
  get tables(): Iterable<TestTable> {
    return this.#tables.values();
  }
  push(path: ObjectPath, rows: readonly PushedRow[]): void {
    this.#append(this.table(path), rows, false);
  }
  /** Rows that a job wrote, for those who read the table. */
  readBack(table: TestTable, rows: readonly PushedRow[]): void {
    this.writes++;
    this.#append(table, rows, true);
  }
  #append(table: TestTable, rows: readonly PushedRow[], isWritten: boolean): void {
    const push = this.#pushes++;
    for (const row of rows) table.log.push({ kind: 'row', row, push, isWritten });
    table.wake();
  }
  watermark(path: ObjectPath, ms: number): void {
    const table = this.table(path);
    table.log.push({ kind: 'watermark', ms });
    table.wake();
  }
  end(path: ObjectPath): void {
    const table = this.table(path);
    table.ended = true;
    table.wake();
  }
  /** Lets waiting sources look again. */
  wakeAll(): void {
    for (const table of this.#tables.values()) table.wake();
  }
}
