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
  | { readonly kind: 'row'; readonly row: PushedRow; readonly push: number }
  | { readonly kind: 'watermark'; readonly ms: number };

export interface WrittenRow {
  readonly kind: number;
  readonly row: Row;
}

export class TestTable {
  readonly log: Entry[] = [];
  ended = false;
  /** Wakes the sources that wait for more. */
  readonly waiting = new Set<() => void>();
  /** Rows written by jobs, in order. */
  readonly written: WrittenRow[] = [];

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
  cut: Cut = cutByPush;
  /** Batches that sources may still hand out: crash mode lets them through one at a time. */
  permits = Infinity;

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
    const table = this.table(path);
    const push = this.#pushes++;
    for (const row of rows) table.log.push({ kind: 'row', row, push });
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
