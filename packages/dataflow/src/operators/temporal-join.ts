/* Each left row with the version of the right row that held at its time, once the watermark of both inputs has passed that.
 *
 *   left row  ─▶ by key, waits ── watermark ≥ its time ──▶ the last version at or before its time ─▶ one row, of its own kind
 *   right row ─▶ by key, a version from its time on; -D: from its time on there is none; -U: nothing, for its +U says all
 *
 * Keeps: left rows that wait, and by key the versions that a row to come may ask for: the last one that the watermark has
 * passed, and all behind it; with a TTL, keys that were written within it.
 * Promises: of a key rows go out in their order of arrival; a left row that came late meets what is left. Of two versions of
 * one time the later one counts. An end without a time ends nothing. Flink: TemporalRowTimeJoinOperator. */

import { hashRows, isAdd, type Batch, type Column, type LogicalType } from '#data';
import type { TemporalJoinSpec } from '#job';
import type { KeyedTable, OwnedTable, SortedTable, TimeStateColumn, Timers, U8Cells } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { PairCondition } from './pair-condition.ts';
import { nullKeys } from './null-keys.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt } from './window-time.ts';

/** Rows of one call, and rows that go out at a time. */
const rowsMax = 1024;
const none = -1;
const updateBefore = 1;

class TemporalJoinOperator implements RunOperator {
  readonly #spec: TemporalJoinSpec;
  readonly #keys: KeyedTable;
  readonly #waiting: OwnedTable;
  readonly #kinds: U8Cells;
  readonly #versions: SortedTable;
  /** 1: from this version on there is no row. */
  readonly #ends: U8Cells;
  readonly #timers: Timers;
  readonly #condition: PairCondition | undefined;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** 1: the key meets nothing. */
  readonly #barred = new Uint8Array(rowsMax);
  /** Keys that are due, and how far they are. */
  readonly #due = new Int32Array(rowsMax);
  #dueCount = 0;
  #dueAt = 0;
  /** Left rows that are due, what goes out of them, and with which versions: -1 for none. */
  readonly #passed = new Int32Array(rowsMax);
  readonly #lefts = new Int32Array(rowsMax);
  readonly #rights = new Int32Array(rowsMax);
  readonly #outKinds = new Uint8Array(rowsMax);
  readonly #holds = new Uint8Array(rowsMax);

  constructor(spec: TemporalJoinSpec, { store, inputTypes, evaluation, context }: RunSetup) {
    this.#spec = spec;
    const [left, right] = [inputTypes[0]!, inputTypes[1]!];
    this.#keys = store.keyed({
      name: 'keys',
      key: spec.leftKeys.map((k): LogicalType => left[k]!),
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#waiting = store.owned(this.#keys, { name: 'left', row: left, cells: { kind: 'u8' } });
    this.#kinds = this.#waiting.u8('kind');
    this.#versions = store.sorted(this.#keys, {
      name: 'right',
      row: right,
      cells: { ends: 'u8' },
      order: [{ column: spec.rightTime }],
    });
    this.#ends = this.#versions.u8('ends');
    this.#timers = store.timers(this.#keys, { name: 'due', domain: 'event' });
    if (spec.condition !== undefined)
      this.#condition = new PairCondition(spec.condition, left, right, evaluation);
    context.metrics.gauge('stateKeys', () => this.#keys.size);
  }

  arms({ input, batch, from, to }: Run, times: Float64Array): void {
    const column = batch.columns[this.#timeColumn(input)]!;
    for (let row = from; row < to; row++)
      times[row - from] = endsAtNoTime(input, batch, row, column) ? Infinity : timeAt(column, row);
  }
  #timeColumn(input: number): number {
    return input === 0 ? this.#spec.leftTime : this.#spec.rightTime;
  }

  rows({ input, batch, from, to }: Run): number {
    const count = Math.min(to - from, rowsMax);
    const { leftKeys, rightKeys, filterNulls } = this.#spec;
    const keys = (input === 0 ? leftKeys : rightKeys).map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#keys.write(this.#slots, count);
    nullKeys(keys, filterNulls, from, count, this.#barred);
    const times = batch.columns[this.#timeColumn(input)]!;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const slot = this.#slots[i]!;
      const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
      // A NULL in the key meets nothing: such a row waits only where it goes out for that.
      if (this.#barred[i] === 1 && (input === 1 || this.#spec.type === 'inner')) continue;
      if (kind === updateBefore && input === 1) continue;
      if (endsAtNoTime(input, batch, row, times)) continue;
      const time = timeAt(times, row);
      if (input === 0) this.#wait(slot, batch.columns, row, kind);
      else this.#version(slot, batch.columns, row, time, isAdd(kind));
      if (!(this.#timers.timeOf(slot) <= time)) this.#timers.set(slot, time);
    }
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    return from + count;
  }
  #wait(key: number, columns: readonly Column[], row: number, kind: number): void {
    const slot = this.#waiting.append(key, columns, row);
    this.#kinds.values[slot] = kind;
  }
  /** A version; one of the same time is replaced. */
  #version(key: number, columns: readonly Column[], row: number, time: number, isThere: boolean): void {
    const found = this.#versions.seek(key, time);
    let slot = found;
    if (found >= 0 && this.#timeOf(found) === time) this.#versions.replace(found, columns, row, false);
    else slot = this.#versions.append(key, columns, row);
    this.#ends.values[slot] = isThere ? 0 : 1;
  }
  #timeOf(version: number): number {
    return keptTime(this.#versions.row[this.#spec.rightTime] as TimeStateColumn, version);
  }
  #leftTimeOf(slot: number): number {
    return keptTime(this.#waiting.row[this.#spec.leftTime] as TimeStateColumn, slot);
  }
  /** The last version at or before a time; or -1. */
  #versionAt(key: number, time: number): number {
    const later = this.#versions.seek(key, time + 1);
    return later >= 0 ? this.#versions.previous(later) : this.#versions.last(key);
  }
  #dropIfEmpty(key: number): void {
    if (!this.#keys.isLive(key)) return;
    if (this.#waiting.count(key) === 0 && this.#versions.count(key) === 0) this.#keys.remove(key);
  }

  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#timers.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      for (; this.#dueAt < this.#dueCount; this.#dueAt++)
        if (!this.#pass(this.#due[this.#dueAt]!, at, out)) return 'more';
      const { next } = this.#timers;
      if (next === Infinity || next > at) return 'done';
      this.#dueCount = this.#timers.due(next, this.#due);
      this.#dueAt = 0;
    }
  }
  /** Lets the rows of a key pass whose time the watermark has reached. False when the output filled. */
  #pass(key: number, at: number, out: RunOutput): boolean {
    for (;;) {
      const room = Math.min(out.room, rowsMax);
      const { count, next } = this.#gather(key, at, room);
      if (count === 0 && next < 0) break;
      this.#emit(count, out);
      for (let i = 0; i < count; i++) this.#waiting.remove(this.#passed[i]!);
      if (next >= 0 && out.room === 0) return false;
    }
    this.#forget(key, at);
    let least = Infinity;
    for (let slot = this.#waiting.first(key); slot >= 0; slot = this.#waiting.next(slot))
      least = Math.min(least, this.#leftTimeOf(slot));
    if (least < Infinity) this.#timers.set(key, least);
    this.#dropIfEmpty(key);
    return true;
  }
  /** Left rows that are due, in their order, with their versions; `next` is the first there was no room for. */
  #gather(key: number, at: number, room: number): { readonly count: number; readonly next: number } {
    let count = 0;
    for (let slot = this.#waiting.first(key); slot >= 0; slot = this.#waiting.next(slot)) {
      const time = this.#leftTimeOf(slot);
      if (time > at) continue;
      if (count === room) return { count, next: slot };
      const version = this.#versionAt(key, time);
      this.#passed[count] = slot;
      this.#rights[count++] = version >= 0 && this.#ends.values[version] === 0 ? version : none;
    }
    return { count, next: none };
  }
  #emit(count: number, out: RunOutput): void {
    this.#test(count, out.now);
    let n = 0;
    for (let i = 0; i < count; i++) {
      if (this.#rights[i] === none && this.#spec.type === 'inner') continue;
      const slot = this.#passed[i]!;
      this.#lefts[n] = slot;
      this.#rights[n] = this.#rights[i]!;
      this.#outKinds[n++] = this.#kinds.values[slot]!;
    }
    if (n === 0) return;
    const { row } = this.#waiting;
    row.forEach((column, c) => {
      column.appendSlots(out.columns[c]!, this.#lefts, n);
    });
    this.#versions.row.forEach((column, c) => {
      column.appendSlotsOrNulls(out.columns[row.length + c]!, this.#rights, n);
    });
    out.builder.endRows(n, this.#outKinds);
  }
  /** A version for which the condition does not hold is none. */
  #test(count: number, now: number): void {
    if (this.#condition === undefined) return;
    let n = 0;
    const [lefts, rights] = [new Int32Array(count), new Int32Array(count)];
    for (let i = 0; i < count; i++) {
      if (this.#rights[i] === none) continue;
      lefts[n] = this.#passed[i]!;
      rights[n++] = this.#rights[i]!;
    }
    this.#condition.testKept(this.#waiting, this.#versions, { lefts, rights, count: n }, this.#holds, now);
    for (let i = 0, pair = 0; i < count; i++) {
      if (this.#rights[i] === none) continue;
      if (this.#holds[pair++] === 0) this.#rights[i] = none;
    }
  }
  /** Versions go that a later one had replaced by `at`. */
  #forget(key: number, at: number): void {
    const last = this.#versionAt(key, at);
    if (last < 0) return;
    let first = this.#versions.first(key);
    for (; first >= 0 && first !== last; first = this.#versions.first(key)) this.#versions.remove(first);
  }
}

/** A -D of the right side that carries its key alone: nobody can say from when on there is no row. */
function endsAtNoTime(input: number, { kinds }: Batch, row: number, { valid }: Column): boolean {
  return input === 1 && valid?.[row] === 0 && kinds !== undefined && !isAdd(kinds[row]!);
}

/** A time that is NULL counts as `timeAt` has it. */
const keptTime = (column: TimeStateColumn, slot: number): number =>
  column.isNull(slot) ? 0 : column.millis[slot]!;

registerRunOperator('temporal-join', (spec, setup) => new TemporalJoinOperator(spec, setup));
