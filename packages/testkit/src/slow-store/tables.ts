/* Tables of the slow store: rows in plain arrays, found by looking at each, kept in order by sorting. A slot is never used
 * twice, so whoever relied on the numbers of another store is found out. */

import { assert } from '#base';
import {
  columnBuilder,
  compareValues,
  hashCells,
  readValue,
  type Column,
  type ColumnBuilder,
  type LogicalType,
  type Row,
  type Value,
} from '#data';
import {
  cellText,
  F64Cells,
  I32Cells,
  roomy,
  sameKey,
  SlotWalk,
  stateColumn,
  U8Cells,
  type CellType,
  type KeyedSpec,
  type KeyedTable,
  type KeyWalk,
  type OrderKey,
  type OwnedSpec,
  type RowList,
  type SortedTable,
  type StateColumn,
  type Table,
  type Timers,
  type Ttl,
} from '#state';

type Cells = F64Cells | I32Cells | U8Cells | StateColumn;

export abstract class SlowTable implements Table {
  readonly name: string;
  readonly row: readonly StateColumn[];
  readonly rowTypes: readonly LogicalType[];
  readonly live: number[] = [];
  extent = 0;
  now = -Infinity;
  readonly ttl: Ttl | undefined;
  readonly renewed: number[] = [];
  readonly #cells = new Map<string, Cells>();
  readonly cellShapes: Record<string, string> = {};
  readonly zeros: string[] = [];
  readonly onRemove: ((slot: number) => void)[] = [];

  constructor(
    name: string,
    row: readonly LogicalType[],
    cells: Readonly<Record<string, CellType>>,
    ttl: Ttl | undefined,
  ) {
    this.name = name;
    this.rowTypes = row;
    this.row = row.map(stateColumn);
    this.ttl = ttl !== undefined && ttl.ms > 0 ? ttl : undefined;
    this.addCells(cells);
  }
  get size(): number {
    return this.live.length;
  }
  isLive(slot: number): boolean {
    return this.live.includes(slot);
  }
  addCells(cells: Readonly<Record<string, CellType>>, zeros: readonly string[] = []): void {
    this.zeros.push(...zeros);
    for (const [name, type] of Object.entries(cells)) {
      assert(!this.#cells.has(name), `the cells "${name}" are declared once`);
      this.cellShapes[name] = cellText(type);
      this.#cells.set(
        name,
        type === 'f64'
          ? new F64Cells()
          : type === 'i32'
            ? new I32Cells()
            : type === 'u8'
              ? new U8Cells()
              : stateColumn(type).startNull(),
      );
    }
  }
  f64(name: string): F64Cells {
    return this.#cells.get(name) as F64Cells;
  }
  i32(name: string): I32Cells {
    return this.#cells.get(name) as I32Cells;
  }
  u8(name: string): U8Cells {
    return this.#cells.get(name) as U8Cells;
  }
  values(name: string): StateColumn {
    return this.#cells.get(name) as StateColumn;
  }
  protected open(): number {
    const slot = this.extent++;
    for (const c of [...this.row, ...this.#cells.values()]) c.ensure(slot + 1);
    this.live.push(slot);
    this.renewed[slot] = this.now;
    return slot;
  }
  wipe(slot: number): void {
    for (const c of this.#cells.values()) {
      if ('compareSlot' in c) c.setValue(slot, null);
      else c.values[slot] = 0;
    }
    for (const told of this.onRemove) told(slot);
  }
  remove(slot: number): void {
    const at = this.live.indexOf(slot);
    assert(at >= 0, 'only a live slot is removed');
    this.wipe(slot);
    this.live.splice(at, 1);
  }
  setRows(
    slots: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    for (let n = 0; n < count; n++) this.setRow(slots[picks[n]!]!, columns, from + picks[n]!);
  }
  setRow(slot: number, columns: readonly Column[], row: number): void {
    this.row.forEach((c, i) => {
      c.set(slot, columns[i]!, row);
    });
  }
  write(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.writeOne(slots[i]!);
  }
  writeOne(slot: number): void {
    this.renewed[slot] = this.now;
  }
  touch(): void {}
  fresh(slot: number): boolean {
    return this.ttl === undefined || this.now - this.renewed[slot]! < this.ttl.ms;
  }
  protected found(slot: number): void {
    if (this.ttl?.renewedBy === 'read-write') this.renewed[slot] = this.now;
  }
  sweep(): void {
    for (const slot of [...this.live]) if (!this.fresh(slot)) this.remove(slot);
  }
  rowValues(slot: number): Row {
    return this.row.map((c) => c.get(slot));
  }
  cellValues(slot: number): Record<string, Value> {
    const out: Record<string, Value> = {};
    for (const [name, c] of this.#cells) out[name] = 'compareSlot' in c ? c.get(slot) : c.values[slot]!;
    if (this.ttl !== undefined) out['$renewed'] = this.renewed[slot]!;
    return out;
  }
  setCellValues(slot: number, values: Readonly<Record<string, Value>>): void {
    for (const [name, value] of Object.entries(values)) {
      const c = this.#cells.get(name);
      if (name === '$renewed') this.renewed[slot] = value as number;
      else if (c !== undefined && 'compareSlot' in c) c.setValue(slot, value);
      else if (c !== undefined) c.values[slot] = value as number;
    }
  }
  get bytes(): number {
    return 100 * this.live.length;
  }
}

export class SlowKeyedTable extends SlowTable implements KeyedTable {
  readonly keyTypes: readonly LogicalType[];
  readonly keys: readonly StateColumn[];
  created = false;
  #hashes = new Int32Array(16);

  constructor(spec: KeyedSpec) {
    super(spec.name, spec.row ?? [], spec.cells ?? {}, spec.ttl);
    this.keyTypes = spec.key;
    this.keys = spec.key.map(stateColumn);
  }
  get hashes(): Int32Array {
    return this.#hashes;
  }
  #find(columns: readonly Column[], row: number): number {
    return this.live.find((slot) => this.keys.every((k, i) => k.equals(slot, columns[i]!, row))) ?? -1;
  }
  findRow(columns: readonly Column[], row: number): number {
    const slot = this.#find(columns, row);
    if (slot < 0 || !this.fresh(slot)) return -1;
    this.found(slot);
    return slot;
  }
  upsertRow(columns: readonly Column[], row: number): number {
    const known = this.#find(columns, row);
    if (known >= 0) {
      this.created = !this.fresh(known);
      if (this.created) {
        this.wipe(known);
        this.writeOne(known);
      } else this.found(known);
      return known;
    }
    this.created = true;
    const slot = this.open();
    this.#hashes = roomy(this.#hashes, slot + 1);
    this.#hashes[slot] = hashCells(columns, row);
    this.keys.forEach((k, i) => {
      k.ensure(slot + 1);
      k.set(slot, columns[i]!, row);
    });
    return slot;
  }
  find(
    columns: readonly Column[],
    _hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
  ): void {
    for (let i = 0; i < count; i++) slots[i] = this.findRow(columns, from + i);
  }
  upsert(
    columns: readonly Column[],
    _hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    for (let i = 0; i < count; i++) {
      slots[i] = this.upsertRow(columns, from + i);
      created[i] = this.created ? 1 : 0;
    }
  }
  upsertFrom(
    other: KeyedTable,
    from: Int32Array,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    for (let i = 0; i < count; i++) {
      const cells = other.keys.map((k) => oneRow(k.type, k.get(from[i]!)));
      slots[i] = this.upsertRow(cells, 0);
      created[i] = this.created ? 1 : 0;
    }
  }
  appendKeys(builders: readonly ColumnBuilder[], slots: Int32Array, count: number): void {
    this.keys.forEach((k, i) => {
      for (let n = 0; n < count; n++) builders[i]!.append(k.get(slots[n]!));
    });
  }
  walk(): KeyWalk {
    return new SlotWalk(this);
  }
  scan(after: number, into: Int32Array): number {
    const found = this.live.filter((slot) => slot > after).slice(0, into.length);
    into.set(found);
    return found.length;
  }
  clear(): void {
    for (const slot of [...this.live]) this.remove(slot);
  }
  keyValues(slot: number): Row {
    return this.keys.map((k) => k.get(slot));
  }
}

export class SlowOwnedTable extends SlowTable implements SortedTable {
  created = false;
  readonly #owners: number[] = [];
  readonly #arrivals: number[] = [];
  #arrived = 0;
  /** All rows that belong to somebody, owners mixed, in order. */
  #rows: number[] = [];
  readonly #order: readonly OrderKey[] | undefined;
  readonly #findBy: readonly number[];
  readonly #unique: boolean;

  constructor(owner: SlowTable, spec: OwnedSpec) {
    super(spec.name, spec.row, spec.cells ?? {}, spec.ttl);
    this.#order = spec.order;
    this.#findBy = spec.find === 'row' || spec.find === undefined ? spec.row.map((_, i) => i) : spec.find;
    this.#unique = spec.find !== undefined && spec.find !== 'row';
    owner.onRemove.push((slot) => {
      this.removeAll(slot);
    });
  }
  #of(owner: number): number[] {
    return this.#rows.filter((slot) => this.#owners[slot] === owner);
  }
  ownerOf(slot: number): number {
    return this.#owners[slot]!;
  }
  count(owner: number): number {
    return this.#of(owner).length;
  }
  first(owner: number): number {
    return this.#of(owner)[0] ?? -1;
  }
  last(owner: number): number {
    return this.#of(owner).at(-1) ?? -1;
  }
  next(slot: number): number {
    const rows = this.#of(this.ownerOf(slot));
    return rows[rows.indexOf(slot) + 1] ?? -1;
  }
  previous(slot: number): number {
    const rows = this.#of(this.ownerOf(slot));
    return rows[rows.indexOf(slot) - 1] ?? -1;
  }
  rank(slot: number): number {
    return this.#of(this.ownerOf(slot)).indexOf(slot);
  }
  nth(owner: number, position: number): number {
    return this.#of(owner)[position] ?? -1;
  }
  seek(owner: number, bound: number): number {
    const [{ column }] = this.#order as [OrderKey];
    const value = (slot: number): number => {
      if (typeof column === 'string') return this.f64(column).values[slot]!;
      const v = this.row[column]!.get(slot);
      return typeof v === 'object' && v !== null && 'ms' in v ? v.ms : Number(v);
    };
    return this.#of(owner).find((slot) => value(slot) >= bound) ?? -1;
  }
  append(
    owner: number,
    columns: readonly Column[],
    row: number,
    cells?: Readonly<Record<string, number>>,
  ): number {
    const slot = this.open();
    this.#owners[slot] = owner;
    this.#arrivals[slot] = this.#arrived++;
    this.setRow(slot, columns, row);
    for (const [name, value] of Object.entries(cells ?? {})) this.f64(name).values[slot] = value;
    this.#place(slot);
    return slot;
  }
  appendRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
    slots: Int32Array,
  ): void {
    for (const i of picks.subarray(0, count)) slots[i] = this.append(owners[i]!, columns, from + i);
  }
  #place(slot: number): void {
    this.#rows.push(slot);
    if (this.#order !== undefined) this.#rows.sort((a, b) => this.#compare(a, b));
  }
  #compare(a: number, b: number): number {
    for (const key of this.#order!) {
      const of = (slot: number): Value =>
        typeof key.column === 'string' ? this.f64(key.column).values[slot]! : this.row[key.column]!.get(slot);
      const order = compareKeys(key, of(a), of(b));
      if (order !== 0) return order;
    }
    return this.#arrivals[a]! - this.#arrivals[b]!;
  }
  compareRow(slot: number, columns: readonly Column[], row: number): number {
    for (const key of this.#order!) {
      const column = key.column as number;
      const theirs = readValue(columns[column]!, this.rowTypes[column]!, row);
      const order = compareKeys(key, this.row[column]!.get(slot), theirs);
      if (order !== 0) return order;
    }
    return 0;
  }
  appendInPlaceOf(detached: number, columns: readonly Column[], row: number): number {
    const slot = this.append(this.ownerOf(detached), columns, row);
    this.#rows.splice(this.#rows.indexOf(slot), 1);
    this.#arrivals[slot] = this.#arrivals[detached]!;
    this.#place(slot);
    return slot;
  }
  prepare(): void {}
  findRow(owner: number, columns: readonly Column[], row: number): number {
    const equal = this.#of(owner).filter((slot) =>
      this.#findBy.every((c) =>
        sameKey(this.row[c]!.get(slot), readValue(columns[c]!, this.rowTypes[c]!, row)),
      ),
    );
    return equal.sort((a, b) => this.#arrivals[a]! - this.#arrivals[b]!)[0] ?? -1;
  }
  upsertRow(owner: number, columns: readonly Column[], row: number): number {
    assert(this.#unique, 'only rows that differ in columns are upserted');
    const known = this.findRow(owner, columns, row);
    this.created = known < 0;
    return known >= 0 ? known : this.append(owner, columns, row);
  }
  upsertRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    count: number,
    slots: Int32Array,
  ): void {
    for (let i = 0; i < count; i++)
      slots[i] = owners[i]! < 0 ? -1 : this.upsertRow(owners[i]!, columns, from + i);
  }
  replace(slot: number, columns: readonly Column[], row: number, moves: boolean): void {
    this.setRow(slot, columns, row);
    this.writeOne(slot);
    if (!moves) return;
    this.#arrivals[slot] = this.#arrived++;
    this.#rows.splice(this.#rows.indexOf(slot), 1);
    this.#place(slot);
  }
  reorder(slot: number, change: () => void): void {
    change();
    this.#rows.splice(this.#rows.indexOf(slot), 1);
    this.#place(slot);
  }
  moveAll(from: number, to: number): void {
    for (const slot of this.#of(from)) {
      this.#rows.splice(this.#rows.indexOf(slot), 1);
      this.#owners[slot] = to;
      this.#place(slot);
    }
  }
  detach(slot: number): void {
    this.#rows.splice(this.#rows.indexOf(slot), 1);
  }
  discard(slot: number): void {
    super.remove(slot);
  }
  override remove(slot: number): void {
    this.detach(slot);
    super.remove(slot);
  }
  removeAll(owner: number): void {
    for (const slot of this.#of(owner)) this.remove(slot);
  }
  importRow(owner: number, columns: readonly Column[], cells: Readonly<Record<string, Value>>): number {
    const sorting = (this.#order ?? []).flatMap((k) => (typeof k.column === 'string' ? [k.column] : []));
    return this.append(owner, columns, 0, Object.fromEntries(sorting.map((n) => [n, cells[n] as number])));
  }
}

export class SlowTimers implements Timers {
  readonly name: string;
  readonly #times = new Map<number, number>();
  constructor(name: string, of: SlowTable) {
    this.name = name;
    of.onRemove.push((slot) => {
      this.clear(slot);
    });
  }
  get next(): number {
    return Math.min(Infinity, ...this.#times.values());
  }
  timeOf(slot: number): number {
    return this.#times.get(slot) ?? Number.NaN;
  }
  set(slot: number, at: number): void {
    this.#times.set(slot, at);
  }
  clear(slot: number): void {
    this.#times.delete(slot);
  }
  due(at: number, into: Int32Array, from = 0): number {
    const due = [...this.#times]
      .filter(([, time]) => time <= at)
      .sort(([a, s], [b, t]) => s - t || a - b)
      .slice(0, into.length - from);
    due.forEach(([slot], i) => {
      into[from + i] = slot;
      this.#times.delete(slot);
    });
    return due.length;
  }
}

export class SlowRowList extends SlowTable implements RowList {
  append(columns: readonly Column[], row: number): number {
    const slot = this.open();
    this.setRow(slot, columns, row);
    return slot;
  }
  first(): number {
    return this.live[0] ?? -1;
  }
  next(slot: number): number {
    return this.live[this.live.indexOf(slot) + 1] ?? -1;
  }
}

function compareKeys(key: OrderKey, a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === (key.nullsLast ?? false) ? 1 : -1;
  const order = compareValues(a, b);
  return key.descending ? -order : order;
}
/** One value as a column. */
export function oneRow(type: LogicalType, value: Value): Column {
  const builder = columnBuilder(type);
  builder.append(value);
  return builder.build();
}
