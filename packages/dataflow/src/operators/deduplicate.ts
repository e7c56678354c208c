/* The first or the last row of each key, by event time or in order of arrival.
 *
 *   first, arrival   the row that makes its key goes out: +I
 *   first, time      the earliest row waits until the watermark passes it: +I, and never another
 *   last             each row that is not earlier than the one before takes its place: -U, +U
 *
 * Keeps: of a key that is through nothing but itself, else one row; with `table.exec.state.ttl` as long as that. Promises:
 * 'first' only inserts. A row that says the same as the one before, in order of arrival, says nothing unless a TTL is set.
 * Flink: ProcTimeDeduplicateKeepFirstRowFunction, RowTimeDeduplicateKeepFirstRowFunction, DeduplicateFunctionHelper. */

import { hashRows, type Batch, type Column, type ColumnBuilder } from '#data';
import type { DeduplicateSpec } from '#job';
import type { KeyedTable, Timers } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { freshSlots } from './fresh-slots.ts';
import { SlotSet } from './slot-set.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt } from './window-time.ts';

const rowsMax = 2048;

/** Keys of a run and the slots that they have in a table. */
class RunKeys {
  readonly slots = new Int32Array(rowsMax);
  readonly created = new Uint8Array(rowsMax);
  readonly #columns: readonly number[];
  readonly #hashes = new Int32Array(rowsMax);

  constructor(columns: readonly number[]) {
    this.#columns = columns;
  }
  upsert(table: KeyedTable, { columns }: Batch, from: number, count: number): void {
    const keys = this.#columns.map((c) => columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    table.upsert(keys, this.#hashes, from, count, this.slots, this.created);
  }
}

/** In order of arrival. */
class KeepFirstOperator implements RunOperator {
  readonly #seen: KeyedTable;
  readonly #keys: RunKeys;
  readonly #picks = new Int32Array(rowsMax);

  constructor(spec: DeduplicateSpec, setup: RunSetup) {
    this.#seen = seenTable(spec, setup);
    this.#keys = new RunKeys(spec.keys);
    setup.context.metrics.gauge('stateKeys', () => this.#seen.size);
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const count = Math.min(to - from, rowsMax, out.room);
    this.#keys.upsert(this.#seen, batch, from, count);
    const base = out.builder.rows;
    let n = 0;
    for (let i = 0; i < count; i++) {
      if (this.#keys.created[i] === 1) this.#picks[n++] = from + i;
      out.ends[i] = base + n;
    }
    out.endKnown = count;
    batch.columns.forEach((column, c) => {
      out.columns[c]!.shareRows(column, this.#picks, n);
    });
    out.builder.endRows(n);
    return from + count;
  }
}

/** By event time: nothing is known to be the first until the watermark passes it. */
class KeepEarliestOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #time: number;
  readonly #context: OperatorContext;
  /** Keys whose row went out. */
  readonly #seen: KeyedTable;
  /** Keys whose row waits. */
  readonly #waiting: KeyedTable;
  readonly #timers: Timers;
  readonly #keys: readonly number[];
  readonly #slots = new Int32Array(rowsMax);
  readonly #into = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);

  constructor(spec: DeduplicateSpec & { readonly time: number }, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#time = spec.time;
    this.#context = setup.context;
    this.#keys = spec.keys;
    this.#seen = seenTable(spec, setup);
    // A row that waits must not outlive its time to live before its time comes.
    this.#waiting = setup.store.keyed({
      name: 'waiting',
      key: spec.keys.map((k) => types![k]!),
      row: types!,
    });
    this.#timers = setup.store.timers(this.#waiting, { name: 'times', domain: 'event' });
    setup.context.metrics.gauge('stateKeys', () => this.#seen.size + this.#waiting.size);
  }
  arms({ batch, from, to, watermarks }: Run, times: Float64Array): void {
    for (let row = from; row < to; row++) {
      const time = timeAt(batch.columns[this.#time]!, row);
      times[row - from] = time < watermarks[row]! ? Infinity : time;
    }
  }
  rows({ batch, from, to, watermarks }: Run): number {
    const keys = this.#keys.map((k) => batch.columns[k]!);
    for (let row = from; row < to; row++) {
      const time = timeAt(batch.columns[this.#time]!, row);
      if (time < watermarks[row]!) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
        continue;
      }
      const seen = this.#seen.findRow(keys, row);
      if (seen >= 0 && this.#seen.fresh(seen)) continue;
      const slot = this.#waiting.upsertRow(keys, row);
      if (!this.#waiting.created && time >= this.#timers.timeOf(slot)) continue;
      this.#waiting.setRow(slot, batch.columns, row);
      this.#timers.set(slot, time);
    }
    return to;
  }
  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#timers.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    while (!out.full) {
      const room = Math.min(out.room, rowsMax);
      const slots = this.#slots.subarray(0, room);
      const count = this.#timers.due(at, slots);
      if (count === 0) return 'done';
      this.#waiting.row.forEach((column, c) => {
        column.appendSlots(out.columns[c]!, slots, count);
      });
      out.builder.endRows(count);
      freshSlots(this.#seen, this.#waiting, slots, count, this.#into, this.#created);
      for (let i = 0; i < count; i++) this.#waiting.remove(slots[i]!);
    }
    return 'more';
  }
}

class KeepLastOperator implements RunOperator {
  readonly #spec: DeduplicateSpec;
  readonly #last: KeyedTable;
  readonly #keys: RunKeys;
  readonly #met = new SlotSet(rowsMax);
  /** Of what goes out at a time: rows of the run and of the batch, and the kinds. */
  readonly #picks = new Int32Array(rowsMax);
  readonly #rows = new Int32Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax * 2);

  constructor(spec: DeduplicateSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#last = setup.store.keyed({
      name: 'last',
      key: spec.keys.map((k) => types![k]!),
      row: types!,
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#keys = new RunKeys(spec.keys);
    setup.context.metrics.gauge('stateKeys', () => this.#last.size);
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const count = Math.min(to - from, rowsMax, out.room >> 1);
    this.#keys.upsert(this.#last, batch, from, count);
    this.#last.write(this.#keys.slots, count);
    for (let done = 0; done < count; ) done = this.#take(batch, from, done, count, out);
    return from + count;
  }
  /** Takes rows from the `first` on, up to one whose key came already: together, column by column. Returns that one. */
  #take(batch: Batch, from: number, first: number, count: number, out: RunOutput): number {
    const { slots, created } = this.#keys;
    const base = out.builder.rows;
    this.#met.clear();
    let n = 0;
    let given = 0;
    let i = first;
    for (; i < count && this.#met.add(slots[i]!); i++) {
      const isFirst = created[i] === 1;
      if (isFirst || this.#replaces(slots[i]!, batch, from + i)) {
        if (!isFirst && this.#spec.updateBefore) this.#kinds[given++] = 1;
        this.#kinds[given++] = isFirst ? 0 : 2;
        this.#rows[n] = from + i;
        this.#picks[n++] = i;
      }
      out.ends[i] = base + given;
    }
    out.endKnown = i;
    const { columns } = batch;
    if (given === n)
      for (let c = 0; c < columns.length; c++) out.columns[c]!.shareRows(columns[c]!, this.#rows, n);
    else for (let c = 0; c < columns.length; c++) this.#appendPairs(columns[c]!, c, from, n, out.columns[c]!);
    out.builder.endRows(given, this.#kinds);
    this.#last.setRows(slots, columns, from, this.#picks, n);
    return i;
  }
  /** What each row takes the place of, where it does, and the row. */
  #appendPairs(column: Column, c: number, from: number, count: number, builder: ColumnBuilder): void {
    const { slots, created } = this.#keys;
    const kept = this.#last.row[c]!;
    for (let n = 0; n < count; n++) {
      const i = this.#picks[n]!;
      if (created[i] === 0) kept.appendTo(builder, slots[i]!);
      builder.appendFrom(column, from + i);
    }
  }
  #replaces(slot: number, { columns }: Batch, row: number): boolean {
    const { time, compared, ttlMs } = this.#spec;
    const { row: kept } = this.#last;
    if (time !== undefined) return kept[time]!.compareCell(slot, columns[time]!, row) <= 0;
    return ttlMs > 0 || !compared.every((c) => kept[c]!.equals(slot, columns[c]!, row));
  }
}

const seenTable = ({ keys, ttlMs }: DeduplicateSpec, { store, inputTypes }: RunSetup): KeyedTable =>
  store.keyed({
    name: 'seen',
    key: keys.map((k) => inputTypes[0]![k]!),
    ttl: { ms: ttlMs, renewedBy: 'create-write' },
  });

registerRunOperator('deduplicate', (spec, setup) => {
  if (spec.keep === 'last') return new KeepLastOperator(spec, setup);
  const { time } = spec;
  return time === undefined
    ? new KeepFirstOperator(spec, setup)
    : new KeepEarliestOperator({ ...spec, time }, setup);
});
