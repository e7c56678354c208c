/* Timers by slot of a table whose rows may leave memory: those of rows that left stand on disk in the order of time. One that
 * is due brings its row back. */

import type { Timers } from '../contract.ts';
import type { MemoryOwnedTable } from '../memory/owned-table.ts';
import type { MemoryTimers } from '../memory/timers.ts';
import type { EvictedTimers, EvictingTable } from './evicting-table.ts';
import { rowOfTimer, timeOfTimer, timersOf } from './keys.ts';
import type { RowDisk } from './row-disk.ts';

export class EvictingTimers implements Timers, EvictedTimers {
  readonly number: number;
  readonly timers: MemoryTimers;
  /** Whose rows leave memory. */
  readonly #table: EvictingTable;
  /** Whose slots have the timers: that table, or one whose rows belong to it. */
  readonly #of: MemoryOwnedTable | undefined;
  readonly #disk: RowDisk;
  /** The least time on disk; undefined: to be looked up. */
  #nextOnDisk: number | undefined;

  constructor(
    number: number,
    parts: {
      readonly timers: MemoryTimers;
      readonly table: EvictingTable;
      readonly of: MemoryOwnedTable | undefined;
      readonly disk: RowDisk;
    },
  ) {
    this.number = number;
    this.timers = parts.timers;
    this.#table = parts.table;
    this.#of = parts.of;
    this.#disk = parts.disk;
  }
  timesOf(slot: number): readonly number[] {
    const times: number[] = [];
    const take = (of: number): void => {
      const at = this.timers.timeOf(of);
      if (!Number.isNaN(at)) times.push(at);
    };
    if (this.#of === undefined) take(slot);
    else for (let row = this.#of.first(slot); row >= 0; row = this.#of.next(row)) take(row);
    return times;
  }
  changed(): void {
    this.#nextOnDisk = undefined;
  }
  get next(): number {
    return Math.min(this.timers.next, this.#onDisk());
  }
  #onDisk(): number {
    if (this.#table.elsewhere === 0) return Infinity;
    if (this.#nextOnDisk === undefined) {
      const key = this.#disk.firstKey(timersOf(this.number));
      this.#nextOnDisk = key === undefined ? Infinity : timeOfTimer(key);
    }
    return this.#nextOnDisk;
  }
  timeOf(slot: number): number {
    return this.timers.timeOf(slot);
  }
  set(slot: number, at: number): void {
    this.timers.set(slot, at);
  }
  clear(slot: number): void {
    this.timers.clear(slot);
  }
  due(at: number, into: Int32Array, from = 0): number {
    if (this.#onDisk() <= at) this.#bringBack(at, into.length - from);
    // What is still on disk comes first where it is earlier.
    return this.timers.due(Math.min(at, this.#onDisk()), into, from);
  }
  #bringBack(at: number, count: number): void {
    for (const { key } of this.#disk.range(timersOf(this.number), count)) {
      if (timeOfTimer(key) > at) return;
      this.#table.bringBack(rowOfTimer(key));
    }
  }
}
