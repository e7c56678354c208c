/* The lists and maps that a process table function keeps of its partitions, entry by entry: one is read or written without
 * the others.
 *
 *   partition ─▶ entries in the order in which they came, those of a map found by their key
 *
 * Each entry lives for its own time; a partition without entries is none. Whoever goes through a list or map sees it as it was when
 * that began: in front of a change, what is left of each walk is read. */

import { columnBuilder, type Column, type LogicalType, type Value } from '#data';
import type { ProcessList, ProcessMap, ProcessState } from '#expr';
import type { KeyedTable, OwnedSpec, OwnedTable, StateStore } from '#state';
import type { PartitionKey } from './process-state.ts';

type OfKind<K extends ProcessState['kind']> = Extract<ProcessState, { readonly kind: K }>;

export class ProcessListView implements ProcessList {
  readonly #entries: Entries<Value>;
  readonly #type: LogicalType;

  constructor(state: OfKind<'list'>, store: StateStore, key: readonly LogicalType[], jobTtlMs: number) {
    this.#type = state.element;
    this.#entries = new Entries(state, { row: [state.element] }, { store, key, jobTtlMs });
  }
  get size(): number {
    return this.#entries.partitions.size;
  }
  /** The list of this partition is meant. */
  of(key: PartitionKey): this {
    this.#entries.of(key);
    return this;
  }
  values(): Iterable<Value> {
    return this.#entries.walk((rows, slot) => rows.row[0]!.get(slot));
  }
  add(value: Value): void {
    this.#entries.change();
    this.#entries.append(columnOf(value, this.#type));
  }
  remove(value: Value): boolean {
    this.#entries.change();
    const columns = columnOf(value, this.#type);
    const { rows } = this.#entries;
    for (const slot of this.#entries.slots()) {
      if (!rows.row[0]!.equals(slot, columns[0]!, 0)) continue;
      this.#entries.remove(slot);
      this.#entries.renew();
      return true;
    }
    return false;
  }
  clear(): void {
    this.#entries.clear();
  }
}

export class ProcessMapView implements ProcessMap {
  readonly #entries: Entries<readonly [Value, Value]>;
  readonly #keyType: LogicalType;

  constructor(state: OfKind<'map'>, store: StateStore, key: readonly LogicalType[], jobTtlMs: number) {
    this.#keyType = state.key;
    const rows = { row: [state.key], cells: { value: state.value }, find: [0] };
    this.#entries = new Entries(state, rows, { store, key, jobTtlMs });
  }
  get size(): number {
    return this.#entries.partitions.size;
  }
  /** The map of this partition is meant. */
  of(key: PartitionKey): this {
    this.#entries.of(key);
    return this;
  }
  get(key: Value): Value | undefined {
    const slot = this.#find(key);
    return slot < 0 ? undefined : this.#entries.rows.values('value').get(slot);
  }
  put(key: Value, value: Value): void {
    this.#entries.change();
    const slot = this.#entries.upsert(columnOf(key, this.#keyType));
    this.#entries.rows.values('value').setValue(slot, value);
  }
  remove(key: Value): void {
    this.#entries.change();
    const slot = this.#find(key);
    if (slot >= 0) this.#entries.remove(slot);
  }
  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.walk((rows, slot) => [rows.row[0]!.get(slot), rows.values('value').get(slot)]);
  }
  clear(): void {
    this.#entries.clear();
  }
  #find(key: Value): number {
    return this.#entries.find(columnOf(key, this.#keyType));
  }
}

/** The entries of all partitions; what is asked is asked of the one in hand. */
class Entries<T> {
  readonly partitions: KeyedTable;
  readonly rows: OwnedTable;
  #key: PartitionKey = { columns: [], row: 0 };
  /** Of the partition in hand, those that are under way. */
  readonly #walks = new Set<Walk<T>>();

  constructor(
    { kind, name, ttlMs }: ProcessState,
    rows: Omit<OwnedSpec, 'name' | 'ttl'>,
    parts: { readonly store: StateStore; readonly key: readonly LogicalType[]; readonly jobTtlMs: number },
  ) {
    const { store, key, jobTtlMs } = parts;
    const ms = ttlMs ?? jobTtlMs;
    const ttl = ms > 0 ? ({ ms, renewedBy: 'create-write' } as const) : undefined;
    // A partition lives as long as the entry that was written last.
    this.partitions = store.keyed({ name: `${kind} ${name}`, key, ttl });
    this.rows = store.owned(this.partitions, { ...rows, name: `entries of ${name}`, ttl });
  }
  /** `key` is the same object for as long as one call of the function lasts. */
  of(key: PartitionKey): void {
    if (this.#key === key) return;
    this.#key = key;
    this.#walks.clear();
  }
  #owner(): number {
    const owner = this.partitions.findRow(this.#key.columns, this.#key.row);
    return owner < 0 || !this.partitions.fresh(owner) ? -1 : owner;
  }
  #owned(): number {
    const owner = this.partitions.upsertRow(this.#key.columns, this.#key.row);
    this.partitions.writeOne(owner);
    return owner;
  }
  *slots(): Iterable<number> {
    const owner = this.#owner();
    if (owner < 0) return;
    for (let slot = this.rows.first(owner); slot >= 0; ) {
      const next = this.rows.next(slot);
      if (this.rows.fresh(slot)) yield slot;
      slot = next;
    }
  }
  /** What the entries hold, read as it is asked for. */
  walk(read: (rows: OwnedTable, slot: number) => T): Iterable<T> {
    return {
      [Symbol.iterator]: () => {
        const walk = new Walk(this.slots()[Symbol.iterator](), (slot) => read(this.rows, slot));
        this.#walks.add(walk);
        return walk;
      },
    };
  }
  /** Entries are about to change. */
  change(): void {
    for (const walk of this.#walks) walk.readAll();
    this.#walks.clear();
  }
  find(columns: readonly Column[]): number {
    const owner = this.#owner();
    if (owner < 0) return -1;
    const slot = this.rows.findRow(owner, columns, 0);
    return slot < 0 || !this.rows.fresh(slot) ? -1 : slot;
  }
  append(columns: readonly Column[]): void {
    this.rows.append(this.#owned(), columns, 0);
  }
  upsert(columns: readonly Column[]): number {
    const owner = this.#owned();
    const old = this.rows.findRow(owner, columns, 0);
    // One that lived too long is no entry: the new one stands behind the others.
    if (old >= 0 && !this.rows.fresh(old)) this.rows.remove(old);
    const slot = this.rows.upsertRow(owner, columns, 0);
    this.rows.writeOne(slot);
    return slot;
  }
  remove(slot: number): void {
    const owner = this.rows.ownerOf(slot);
    this.rows.remove(slot);
    if (this.rows.first(owner) < 0) this.partitions.remove(owner);
  }
  /** All live on from now: what is left of a list that an entry is taken out of (Flink writes it anew). */
  renew(): void {
    for (const slot of this.slots()) this.rows.writeOne(slot);
    const owner = this.#owner();
    if (owner >= 0) this.partitions.writeOne(owner);
  }
  clear(): void {
    this.change();
    const owner = this.partitions.findRow(this.#key.columns, this.#key.row);
    if (owner >= 0) this.partitions.remove(owner);
  }
}

/** One who goes through entries. */
class Walk<T> implements Iterator<T> {
  readonly #slots: Iterator<number>;
  readonly #read: (slot: number) => T;
  /** What was read ahead. */
  #rest: Iterator<T> | undefined;

  constructor(slots: Iterator<number>, read: (slot: number) => T) {
    this.#slots = slots;
    this.#read = read;
  }
  next(): IteratorResult<T> {
    if (this.#rest !== undefined) return this.#rest.next();
    const { done, value } = this.#slots.next();
    return done === true ? { done: true, value: undefined } : { value: this.#read(value) };
  }
  readAll(): void {
    if (this.#rest !== undefined) return;
    const rest: T[] = [];
    for (let next = this.next(); next.done !== true; next = this.next()) rest.push(next.value);
    this.#rest = rest[Symbol.iterator]();
  }
}

function columnOf(value: Value, type: LogicalType): readonly Column[] {
  const builder = columnBuilder(type);
  builder.append(value);
  return [builder.build()];
}
