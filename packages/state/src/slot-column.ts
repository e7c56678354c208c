/* Values kept by slot number, in flat arrays: how keys, accumulators and whole rows live in state.
 *
 *   i32, f64, time    typed arrays
 *   exact             narrow in a Float64Array; a value that outgrows it leaves NaN and lives in a side table by slot
 *   bytes             an arena that counts its garbage and is compacted at half
 *   row, list, map    the value itself (rare in state; written as bytes into snapshots)
 */

import { assert } from '#base';
import {
  compareValues,
  layoutOf,
  readValue,
  wideAt,
  type Column,
  type ColumnBuilder,
  type Instant,
  type LogicalType,
  type MapValue,
  type Value,
} from '#data';
import type { StateReader, StateWriter } from './bytes.ts';
import { heapBytes } from './heap-bytes.ts';
import { readValueBytes, writeValueBytes } from './value-bytes.ts';

export interface SlotColumn {
  /** Makes room for slots below `size`. */
  ensure(size: number): void;
  /** Takes the cell of a batch; nulls included. */
  set(slot: number, column: Column, row: number): void;
  setValue(slot: number, value: Value): void;
  get(slot: number): Value;
  isNull(slot: number): boolean;
  /** Not distinct from: NULL equals NULL. */
  equals(slot: number, column: Column, row: number): boolean;
  equalsSlot(slot: number, other: SlotColumn, otherSlot: number): boolean;
  /** SQL's order of two values, neither of them NULL; `other` holds the same type. */
  compareSlot(slot: number, other: SlotColumn, otherSlot: number): number;
  copySlot(slot: number, other: SlotColumn, otherSlot: number): void;
  appendTo(builder: ColumnBuilder, slot: number): void;
  /** Forgets what the slot held, so that its bytes may be reused. */
  clear(slot: number): void;
  /** Memory that it holds, in bytes; for parts on the heap an estimate. */
  readonly bytes: number;
  snapshot(to: StateWriter, size: number): void;
  restore(from: StateReader): void;
}

/** Null flags: 1 is null. Shared by all forms. */
abstract class Nullable {
  protected nulls = new Uint8Array(16);

  ensure(size: number): void {
    if (size <= this.nulls.length) return;
    const bigger = new Uint8Array(Math.max(size, this.nulls.length * 2));
    bigger.set(this.nulls);
    this.nulls = bigger;
    this.grow(bigger.length);
  }
  isNull(slot: number): boolean {
    return this.nulls[slot] === 1;
  }
  set(slot: number, column: Column, row: number): void {
    if (column.valid !== undefined && column.valid[row] === 0) this.nulls[slot] = 1;
    else {
      this.nulls[slot] = 0;
      this.take(slot, column, row);
    }
  }
  setValue(slot: number, value: Value): void {
    if (value === null) this.nulls[slot] = 1;
    else {
      this.nulls[slot] = 0;
      this.takeValue(slot, value);
    }
  }
  get(slot: number): Value {
    return this.nulls[slot] === 1 ? null : this.value(slot);
  }
  equals(slot: number, column: Column, row: number): boolean {
    const isNull = column.valid !== undefined && column.valid[row] === 0;
    if (isNull || this.nulls[slot] === 1) return isNull && this.nulls[slot] === 1;
    return this.same(slot, column, row);
  }
  equalsSlot(slot: number, other: SlotColumn, otherSlot: number): boolean {
    const a = this.get(slot);
    const b = other.get(otherSlot);
    if (a === null || b === null) return a === b;
    return sameKey(a, b);
  }
  compareSlot(slot: number, other: SlotColumn, otherSlot: number): number {
    return compareValues(this.get(slot), other.get(otherSlot));
  }
  copySlot(slot: number, other: SlotColumn, otherSlot: number): void {
    this.setValue(slot, other.get(otherSlot));
  }
  appendTo(builder: ColumnBuilder, slot: number): void {
    builder.append(this.get(slot));
  }
  clear(_slot: number): void {}

  abstract readonly bytes: number;
  protected abstract grow(size: number): void;
  protected abstract take(slot: number, column: Column, row: number): void;
  protected abstract takeValue(slot: number, value: Exclude<Value, null>): void;
  protected abstract value(slot: number): Exclude<Value, null>;
  protected abstract same(slot: number, column: Column, row: number): boolean;
}

class I32Slots extends Nullable implements SlotColumn {
  readonly #boolean: boolean;
  #values = new Int32Array(16);
  constructor(type: LogicalType) {
    super();
    this.#boolean = type.kind === 'BOOLEAN';
  }
  protected grow(size: number): void {
    const bigger = new Int32Array(size);
    bigger.set(this.#values);
    this.#values = bigger;
  }
  protected take(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column as { values: Int32Array }).values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.#values[slot] = Number(value);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.#boolean ? this.#values[slot] !== 0 : this.#values[slot]!;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return this.#values[slot] === (column as { values: Int32Array }).values[row];
  }
  override compareSlot(slot: number, other: SlotColumn, otherSlot: number): number {
    return this.#values[slot]! - (other as I32Slots).#values[otherSlot]!;
  }
  get bytes(): number {
    return this.nulls.length + this.#values.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    to.bytes(this.nulls.subarray(0, size));
    to.i32s(this.#values, size);
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#values = from.i32s();
  }
}

class F64Slots extends Nullable implements SlotColumn {
  #values = new Float64Array(16);
  protected grow(size: number): void {
    const bigger = new Float64Array(size);
    bigger.set(this.#values);
    this.#values = bigger;
  }
  protected take(slot: number, column: Column, row: number): void {
    this.#values[slot] = (column as { values: Float64Array }).values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.#values[slot] = value as number;
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.#values[slot]!;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return Object.is(this.#values[slot], (column as { values: Float64Array }).values[row]);
  }
  get bytes(): number {
    return this.nulls.length + this.#values.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    to.bytes(this.nulls.subarray(0, size));
    to.f64s(this.#values, size);
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#values = from.f64s();
  }
}

/** An entry of a Map from slot to bigint. */
const wideEntryBytes = 72;

class ExactSlots extends Nullable implements SlotColumn {
  #values = new Float64Array(16);
  readonly #wide = new Map<number, bigint>();
  protected grow(size: number): void {
    const bigger = new Float64Array(size);
    bigger.set(this.#values);
    this.#values = bigger;
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'exact', 'an exact column');
    if (column.wide) this.takeValue(slot, wideAt(column, row));
    else this.#values[slot] = column.values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const v = value as bigint;
    if (v >= -9007199254740991n && v <= 9007199254740991n) this.#values[slot] = Number(v);
    else {
      this.#values[slot] = Number.NaN;
      this.#wide.set(slot, v);
    }
  }
  protected value(slot: number): Exclude<Value, null> {
    const v = this.#values[slot]!;
    return Number.isNaN(v) ? this.#wide.get(slot)! : BigInt(v);
  }
  protected same(slot: number, column: Column, row: number): boolean {
    assert(column.layout === 'exact', 'an exact column');
    const v = this.#values[slot]!;
    if (!column.wide) return v === column.values[row];
    return (Number.isNaN(v) ? this.#wide.get(slot) : BigInt(v)) === wideAt(column, row);
  }
  override clear(slot: number): void {
    if (Number.isNaN(this.#values[slot]!)) this.#wide.delete(slot);
  }
  override compareSlot(slot: number, other: SlotColumn, otherSlot: number): number {
    // NaN where one of them is wide: then the values themselves are compared.
    const difference = this.#values[slot]! - (other as ExactSlots).#values[otherSlot]!;
    return Number.isNaN(difference) ? super.compareSlot(slot, other, otherSlot) : difference;
  }
  get bytes(): number {
    return this.nulls.length + this.#values.byteLength + this.#wide.size * wideEntryBytes;
  }
  snapshot(to: StateWriter, size: number): void {
    to.bytes(this.nulls.subarray(0, size));
    to.f64s(this.#values, size);
    const wide = [...this.#wide].filter(([slot]) => slot < size && Number.isNaN(this.#values[slot]!));
    to.i32(wide.length);
    for (const [slot, value] of wide) {
      to.i32(slot);
      to.bigint(value);
    }
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#values = from.f64s();
    this.#wide.clear();
    for (let n = from.i32(); n > 0; n--) this.#wide.set(from.i32(), from.bigint());
  }
}

class TimeSlots extends Nullable implements SlotColumn {
  #millis = new Float64Array(16);
  #nanos = new Int32Array(16);
  protected grow(size: number): void {
    const millis = new Float64Array(size);
    millis.set(this.#millis);
    this.#millis = millis;
    const nanos = new Int32Array(size);
    nanos.set(this.#nanos);
    this.#nanos = nanos;
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'time', 'a time column');
    this.#millis[slot] = column.millis[row]!;
    this.#nanos[slot] = column.nanos === undefined ? 0 : column.nanos[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const v = value as Instant;
    this.#millis[slot] = v.ms;
    this.#nanos[slot] = v.ns;
  }
  protected value(slot: number): Exclude<Value, null> {
    return { ms: this.#millis[slot]!, ns: this.#nanos[slot]! };
  }
  protected same(slot: number, column: Column, row: number): boolean {
    assert(column.layout === 'time', 'a time column');
    return (
      this.#millis[slot] === column.millis[row] &&
      this.#nanos[slot] === (column.nanos === undefined ? 0 : column.nanos[row])
    );
  }
  override compareSlot(slot: number, other: SlotColumn, otherSlot: number): number {
    const times = other as TimeSlots;
    return this.#millis[slot]! - times.#millis[otherSlot]! || this.#nanos[slot]! - times.#nanos[otherSlot]!;
  }
  get bytes(): number {
    return this.nulls.length + this.#millis.byteLength + this.#nanos.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    to.bytes(this.nulls.subarray(0, size));
    to.f64s(this.#millis, size);
    to.i32s(this.#nanos, size);
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#millis = from.f64s();
    this.#nanos = from.i32s();
  }
}

const text = new TextDecoder('utf-8', { ignoreBOM: true });

class BytesSlots extends Nullable implements SlotColumn {
  readonly #isText: boolean;
  #starts = new Int32Array(16);
  #lengths = new Int32Array(16);
  #data = Buffer.alloc(256);
  #used = 0;
  #live = 0;

  constructor(type: LogicalType) {
    super();
    this.#isText = type.kind === 'CHAR' || type.kind === 'VARCHAR';
  }
  protected grow(size: number): void {
    const starts = new Int32Array(size);
    starts.set(this.#starts);
    this.#starts = starts;
    const lengths = new Int32Array(size);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
  /** Room for `length` bytes for the slot; what it held before is garbage. */
  #place(slot: number, length: number): number {
    this.clear(slot);
    if (this.#used + length > this.#data.length) this.#compact(length);
    const at = this.#used;
    this.#starts[slot] = at;
    this.#lengths[slot] = length;
    this.#used += length;
    this.#live += length;
    return at;
  }
  #compact(more: number): void {
    const needed = this.#live + more;
    const next = Buffer.alloc(
      needed * 2 > this.#data.length ? Math.max(needed * 2, this.#data.length) : this.#data.length,
    );
    let used = 0;
    for (let slot = 0; slot < this.#starts.length; slot++) {
      const length = this.#lengths[slot]!;
      if (length === 0) continue;
      next.set(this.#data.subarray(this.#starts[slot]!, this.#starts[slot]! + length), used);
      this.#starts[slot] = used;
      used += length;
    }
    this.#data = next;
    this.#used = used;
  }
  override clear(slot: number): void {
    this.#live -= this.#lengths[slot]!;
    this.#lengths[slot] = 0;
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    const start = column.starts[row]!;
    const length = column.lengths[row]!;
    const at = this.#place(slot, length);
    this.#data.set(column.data.subarray(start, start + length), at);
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
    const at = this.#place(slot, bytes.length);
    this.#data.set(bytes, at);
  }
  #slice(slot: number): Uint8Array {
    return this.#data.subarray(this.#starts[slot]!, this.#starts[slot]! + this.#lengths[slot]!);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.#isText ? text.decode(this.#slice(slot)) : new Uint8Array(this.#slice(slot));
  }
  protected same(slot: number, column: Column, row: number): boolean {
    assert(column.layout === 'bytes', 'a bytes column');
    const length = this.#lengths[slot]!;
    if (length !== column.lengths[row]) return false;
    let a = this.#starts[slot]!;
    let b = column.starts[row]!;
    for (const end = a + length; a < end; a++, b++) if (this.#data[a] !== column.data[b]) return false;
    return true;
  }
  /** By bytes: for text that is the order of code points. */
  override compareSlot(slot: number, other: SlotColumn, otherSlot: number): number {
    return Buffer.compare(this.#slice(slot), (other as BytesSlots).#slice(otherSlot));
  }
  override appendTo(builder: ColumnBuilder, slot: number): void {
    if (this.nulls[slot] === 1) builder.appendNull();
    else
      builder.appendFrom(
        { layout: 'bytes', valid: undefined, starts: this.#starts, lengths: this.#lengths, data: this.#data },
        slot,
      );
  }
  get bytes(): number {
    return this.nulls.length + 2 * this.#starts.byteLength + this.#data.length;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#compact(0);
    to.bytes(this.nulls.subarray(0, size));
    to.i32s(this.#starts, size);
    to.i32s(this.#lengths, size);
    to.bytes(this.#data.subarray(0, this.#used));
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#starts = from.i32s();
    this.#lengths = from.i32s();
    this.#data = Buffer.from(from.bytes());
    this.#used = this.#data.length;
    this.#live = this.#used;
  }
}

class ValueSlots extends Nullable implements SlotColumn {
  readonly #type: LogicalType;
  readonly #values: (Exclude<Value, null> | undefined)[] = [];
  #heap = 0;
  constructor(type: LogicalType) {
    super();
    this.#type = type;
  }
  protected grow(_size: number): void {}
  protected take(slot: number, column: Column, row: number): void {
    this.takeValue(slot, readValue(column, this.#type, row) as Exclude<Value, null>);
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.clear(slot);
    this.#values[slot] = value;
    this.#heap += heapBytes(value);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.#values[slot]!;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return sameKey(this.#values[slot]!, readValue(column, this.#type, row));
  }
  override clear(slot: number): void {
    const value = this.#values[slot];
    if (value === undefined) return;
    this.#heap -= heapBytes(value);
    this.#values[slot] = undefined;
  }
  get bytes(): number {
    return this.nulls.length + 8 * this.#values.length + this.#heap;
  }
  snapshot(to: StateWriter, size: number): void {
    to.bytes(this.nulls.subarray(0, size));
    for (let slot = 0; slot < size; slot++)
      writeValueBytes(to, this.#type, this.nulls[slot] === 1 ? null : (this.#values[slot] ?? null));
  }
  restore(from: StateReader): void {
    this.nulls = from.bytes();
    this.#values.length = 0;
    this.#heap = 0;
    for (let slot = 0; slot < this.nulls.length; slot++) {
      const value = readValueBytes(from, this.#type);
      this.#values.push(value === null ? undefined : value);
      if (value !== null) this.#heap += heapBytes(value);
    }
  }
}

/** Equal as keys are, at any depth: as their hashes and bytes, NaN is NaN, and -0 is not 0 (Flink's BinaryRowData). */
function sameKey(a: Value, b: Value): boolean {
  if (typeof a === 'number') return Object.is(a, b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((v, i) => sameKey(v, (b as readonly Value[])[i]!));
  if (isMap(a) && isMap(b)) return a.entries.length === b.entries.length && sameKey(byKey(a), byKey(b));
  return a === null || b === null ? a === b : compareValues(a, b) === 0;
}
const isMap = (value: Value): value is MapValue =>
  typeof value === 'object' &&
  value !== null &&
  'entries' in value &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array);
const byKey = (map: MapValue): Value =>
  [...map.entries].sort((x, y) => compareValues(x[0], y[0])).map(([k, v]) => [k, v]);

/** Storage by slot for values of `type`. */
export function slotColumn(type: LogicalType): SlotColumn {
  switch (layoutOf(type)) {
    case 'i32':
      return new I32Slots(type);
    case 'f64':
      return new F64Slots();
    case 'exact':
      return new ExactSlots();
    case 'time':
      return new TimeSlots();
    case 'bytes':
      return new BytesSlots(type);
    default:
      return new ValueSlots(type);
  }
}
