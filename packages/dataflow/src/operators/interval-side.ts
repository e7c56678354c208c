/* One input of an interval join: its rows by join key in the order of their time, and when those of a key are next looked at.
 *
 *   a row of time t:   partners in [t - before, t + after] ── watermark > t + after ──▶ it may go
 *
 * A key's rows are looked at once the first of them may go; until then they stay, and a late partner may still meet them. */

import type { Column, LogicalType } from '#data';
import type { F64Cells, KeyedTable, SortedTable, StateStore, TimeStateColumn, Timers, U8Cells } from '#state';

export interface IntervalSideSpec {
  readonly name: 'left' | 'right';
  readonly types: readonly LogicalType[];
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
  /** How much earlier and later than a row its partners may be, ms. */
  readonly before: number;
  readonly after: number;
  /** How long rows are kept beyond that, ms. */
  readonly lagMs: number;
  /** Rows without a partner go out as well. */
  readonly isOuter: boolean;
}

export class IntervalSide {
  readonly spec: IntervalSideSpec;
  readonly rows: SortedTable;
  readonly timers: Timers;
  /** 1: the row met another. Undefined where nobody asks. */
  readonly #met: U8Cells | undefined;
  /** Processing time, ms. */
  readonly #at: F64Cells | undefined;

  constructor(spec: IntervalSideSpec, keys: KeyedTable, store: StateStore) {
    this.spec = spec;
    const { name, types, time, isOuter } = spec;
    this.rows = store.sorted(keys, {
      name,
      row: types,
      cells: { ...(isOuter ? { met: 'u8' } : {}), ...(time === undefined ? { at: 'f64' } : {}) },
      order: [{ column: time ?? 'at' }],
    });
    this.timers = store.timers(keys, {
      name: `${name}Due`,
      domain: time === undefined ? 'processing' : 'event',
    });
    this.#met = isOuter ? this.rows.u8('met') : undefined;
    this.#at = time === undefined ? this.rows.f64('at') : undefined;
  }
  timeOf(slot: number): number {
    if (this.#at !== undefined) return this.#at.values[slot]!;
    const times = this.rows.row[this.spec.time!] as TimeStateColumn;
    return times.isNull(slot) ? 0 : times.millis[slot]!;
  }
  /** Rows up to this time meet nobody any more. */
  expiredAt(watermark: number): number {
    return watermark - this.spec.after - 1;
  }
  /** Whether a partner of a row may still come. */
  keeps(time: number, watermark: number): boolean {
    return watermark < time + this.spec.after;
  }
  timerOf(time: number): number {
    return time + this.spec.after + this.spec.lagMs + 1;
  }
  add(key: number, columns: readonly Column[], row: number, time: number, met: boolean): void {
    const slot = this.rows.append(key, columns, row, this.#at === undefined ? {} : { at: time });
    if (this.#met !== undefined) this.#met.values[slot] = met ? 1 : 0;
    if (Number.isNaN(this.timers.timeOf(key))) this.timers.set(key, this.timerOf(time));
  }
  meets(slot: number): void {
    if (this.#met === undefined) return;
    this.rows.touch(slot);
    this.#met.values[slot] = 1;
  }
  /** A row that goes, and goes out. */
  isAlone(slot: number): boolean {
    return this.#met !== undefined && this.#met.values[slot] === 0;
  }
  /** The first row of a key, where it is of that time or an earlier one; or -1. */
  firstUntil(key: number, time: number): number {
    const first = this.rows.first(key);
    return first >= 0 && this.timeOf(first) <= time ? first : -1;
  }
  /** The timer of a key after its rows were looked at. */
  rearm(key: number): void {
    const first = this.rows.first(key);
    if (first >= 0) this.timers.set(key, this.timerOf(this.timeOf(first)));
    else this.timers.clear(key);
  }
  isIdle(key: number): boolean {
    return this.rows.count(key) === 0 && Number.isNaN(this.timers.timeOf(key));
  }
}
