/* What a process table function keeps of its partitions: values by name, each in a table of its own, for each may have a time
 * to live of its own; and timers, in the order in which they fall due, those without a name apart from those with one.
 *
 *   partition ─▶ 'named timers': (due, time, name) …  ─ the first ─▶ one timer of the partition in the store
 *
 * A timer that is set for a time which the watermark has passed falls due with the next watermark. What one watermark reaches
 * fires by time: first all without a name, of all partitions, then all with one (Flink keeps two timer services and lets one
 * after the other catch up). Equal times of a partition fire in the order of their names. */

import { columnBuilder, types, type Column, type LogicalType, type Value } from '#data';
import type { ProcessState } from '#expr';
import type { F64Cells, KeyedTable, SortedTable, StateStore, Timers } from '#state';

/** A partition: where its key stands. */
export interface PartitionKey {
  readonly columns: readonly Column[];
  readonly row: number;
}

/** One value of each partition. */
export class ProcessValue {
  readonly #table: KeyedTable;

  constructor(
    { name, type, ttlMs }: Extract<ProcessState, { readonly kind: 'value' }>,
    store: StateStore,
    key: readonly LogicalType[],
    jobTtlMs: number,
  ) {
    const ms = ttlMs ?? jobTtlMs;
    this.#table = store.keyed({
      name: `state ${name}`,
      key,
      cells: { value: type },
      ttl: ms > 0 ? { ms, renewedBy: 'create-write' } : undefined,
    });
  }
  get size(): number {
    return this.#table.size;
  }
  read({ columns, row }: PartitionKey): Value {
    const slot = this.#table.findRow(columns, row);
    return slot < 0 || !this.#table.fresh(slot) ? null : this.#table.values('value').get(slot);
  }
  write({ columns, row }: PartitionKey, value: Value): void {
    if (value !== null) {
      const slot = this.#table.upsertRow(columns, row);
      this.#table.writeOne(slot);
      this.#table.values('value').setValue(slot, value);
      return;
    }
    const slot = this.#table.findRow(columns, row);
    if (slot >= 0) this.#table.remove(slot);
  }
}

export interface DueTimer {
  readonly key: PartitionKey;
  readonly name: string | undefined;
  readonly time: number;
}

export class ProcessTimers {
  readonly #unnamed: TimerQueue;
  readonly #named: TimerQueue;

  constructor(store: StateStore, key: readonly LogicalType[]) {
    this.#unnamed = new TimerQueue(store, key, 'unnamed');
    this.#named = new TimerQueue(store, key, 'named');
  }
  /** The least time at which one falls due, or Infinity. */
  get next(): number {
    return Math.min(this.#unnamed.next, this.#named.next);
  }
  /** `watermark`: where it stands; `within`: what is under way, a row or a timer. */
  register(
    key: PartitionKey,
    name: string | undefined,
    time: number,
    watermark: number,
    within: 'row' | 'named' | 'unnamed',
  ): void {
    // The unnamed ones have been through when those with a name fire.
    const waits = within === 'row' || (within === 'named' && name === undefined);
    const due = time > watermark || !waits ? time : watermark + 1;
    (name === undefined ? this.#unnamed : this.#named).register(key, name, time, due);
  }
  /** The timer of a name, or the unnamed one of a time. */
  clear(key: PartitionKey, timer: string | number): void {
    (typeof timer === 'string' ? this.#named : this.#unnamed).clear(key, timer);
  }
  clearAll(key: PartitionKey): void {
    this.#unnamed.clearAll(key);
    this.#named.clearAll(key);
  }
  /** Takes out the first one that is due at `at`. */
  take(at: number): DueTimer | undefined {
    return this.#unnamed.take(at) ?? this.#named.take(at);
  }
}

class TimerQueue {
  readonly #keys: KeyedTable;
  readonly #rows: SortedTable;
  readonly #times: F64Cells;
  readonly #dues: F64Cells;
  readonly #next: Timers;
  readonly #slot = new Int32Array(1);

  constructor(store: StateStore, key: readonly LogicalType[], kind: string) {
    this.#keys = store.keyed({ name: `${kind} partitions`, key });
    this.#rows = store.sorted(this.#keys, {
      name: `${kind} timers`,
      row: [types.STRING],
      cells: { due: 'f64', time: 'f64' },
      order: [{ column: 'due' }, { column: 'time' }, { column: 0 }],
    });
    this.#dues = this.#rows.f64('due');
    this.#times = this.#rows.f64('time');
    this.#next = store.timers(this.#keys, { name: `${kind} due`, domain: 'event' });
  }
  get next(): number {
    return this.#next.next;
  }
  register(key: PartitionKey, name: string | undefined, time: number, due: number): void {
    if (name === undefined) this.#remove(key, (n, t) => n === null && t === time);
    else this.#remove(key, (n) => n === name);
    const owner = this.#keys.upsertRow(key.columns, key.row);
    this.#rows.append(owner, [nameColumn(name)], 0, { due, time });
    this.#settle(owner);
  }
  clear(key: PartitionKey, timer: string | number): void {
    this.#remove(key, (name, time) =>
      typeof timer === 'string' ? name === timer : name === null && time === timer,
    );
    this.#settleKey(key);
  }
  clearAll(key: PartitionKey): void {
    this.#remove(key, () => true);
    this.#settleKey(key);
  }
  #remove(key: PartitionKey, goes: (name: Value, time: number) => boolean): void {
    const owner = this.#keys.findRow(key.columns, key.row);
    if (owner < 0) return;
    for (let slot = this.#rows.first(owner); slot >= 0; ) {
      const next = this.#rows.next(slot);
      if (goes(this.#rows.row[0]!.get(slot), this.#times.values[slot]!)) this.#rows.remove(slot);
      slot = next;
    }
  }
  #settleKey({ columns, row }: PartitionKey): void {
    const owner = this.#keys.findRow(columns, row);
    if (owner >= 0) this.#settle(owner);
  }
  /** The partition's first timer is that of the store. */
  #settle(owner: number): void {
    const first = this.#rows.first(owner);
    if (first < 0) this.#keys.remove(owner);
    else this.#next.set(owner, this.#dues.values[first]!);
  }
  take(at: number): DueTimer | undefined {
    if (this.#next.next > at || this.#next.next === Infinity) return undefined;
    this.#next.due(this.#next.next, this.#slot);
    const owner = this.#slot[0]!;
    const builders = this.#keys.keyTypes.map((type) => columnBuilder(type));
    this.#keys.appendKeys(builders, this.#slot, 1);
    const key = { columns: builders.map((b) => b.build()), row: 0 };
    const first = this.#rows.first(owner);
    const name = this.#rows.row[0]!.get(first) as string | null;
    const time = this.#times.values[first]!;
    this.#rows.remove(first);
    this.#settle(owner);
    return { key, name: name ?? undefined, time };
  }
}

function nameColumn(name: string | undefined): Column {
  const builder = columnBuilder(types.STRING);
  builder.append(name ?? null);
  return builder.build();
}
