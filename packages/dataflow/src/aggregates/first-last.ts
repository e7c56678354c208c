/* FIRST_VALUE and LAST_VALUE, by order of arrival; NULLs are passed over. */

import { readValue, type Column, type LogicalType, type Value } from '#data';
import {
  heapBytes,
  readValueBytes,
  slotColumn,
  writeValueBytes,
  type SlotColumn,
  type StateReader,
  type StateWriter,
} from '#state';
import { isNullAt, type Accumulator, type AccumulatorSpec } from './accumulator.ts';
import { valueKey } from './value-key.ts';

export class FirstLastAccumulator implements Accumulator {
  readonly #column: number;
  readonly #last: boolean;
  readonly #kept: SlotColumn;

  constructor({ call }: AccumulatorSpec, last: boolean) {
    this.#column = call.args[0]!;
    this.#last = last;
    this.#kept = slotColumn(call.argTypes[0]!);
  }
  ensure(size: number): void {
    this.#kept.ensure(size);
  }
  reset(slot: number): void {
    this.#kept.clear(slot);
    this.#kept.setValue(slot, null);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.#column]!;
    if (isNullAt(column, row)) return;
    if (this.#last || this.#kept.isNull(slot)) this.#kept.set(slot, column, row);
  }
  retract(): void {
    throw new TypeError('FIRST_VALUE over inserts alone is never asked to take a row back');
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    const other = (from as FirstLastAccumulator).#kept.get(fromSlot);
    if (other !== null && (this.#last || this.#kept.isNull(slot))) this.#kept.setValue(slot, other);
  }
  value(slot: number): Value {
    return this.#kept.get(slot);
  }
  get bytes(): number {
    return this.#kept.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#kept.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#kept.restore(from);
  }
}

/** A place in a list. */
const itemBytes = 8;

/** Every value of a slot in order of arrival, where rows can be taken back: one occurrence, the earliest, goes. */
export class ArrivalList {
  readonly #type: LogicalType;
  readonly #slots: (Value[] | undefined)[] = [];
  #bytes = 0;

  constructor(type: LogicalType) {
    this.#type = type;
  }
  reset(slot: number): void {
    for (const value of this.list(slot)) this.#bytes -= itemBytes + heapBytes(value);
    this.#slots[slot] = undefined;
  }
  add(slot: number, value: Value): void {
    (this.#slots[slot] ??= []).push(value);
    this.#bytes += itemBytes + heapBytes(value);
  }
  remove(slot: number, value: Value): void {
    const list = this.#slots[slot] ?? [];
    const key = valueKey(value);
    const at = list.findIndex((v) => valueKey(v) === key);
    if (at < 0) return;
    list.splice(at, 1);
    this.#bytes -= itemBytes + heapBytes(value);
  }
  list(slot: number): readonly Value[] {
    return this.#slots[slot] ?? [];
  }
  get bytes(): number {
    return this.#bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    to.i32(size);
    for (let slot = 0; slot < size; slot++) {
      const list = this.#slots[slot] ?? [];
      to.i32(list.length);
      for (const value of list) writeValueBytes(to, this.#type, value);
    }
  }
  restore(from: StateReader): void {
    const size = from.i32();
    this.#slots.length = 0;
    this.#bytes = 0;
    for (let slot = 0; slot < size; slot++) {
      this.#slots[slot] = undefined;
      for (let n = from.i32(); n > 0; n--) this.add(slot, readValueBytes(from, this.#type));
    }
  }
}

export class RetractableFirstLastAccumulator implements Accumulator {
  readonly #column: number;
  readonly #type: LogicalType;
  readonly #last: boolean;
  readonly #arrivals: ArrivalList;

  constructor({ call }: AccumulatorSpec, last: boolean) {
    this.#column = call.args[0]!;
    this.#type = call.argTypes[0]!;
    this.#last = last;
    this.#arrivals = new ArrivalList(this.#type);
  }
  ensure(_size: number): void {}
  reset(slot: number): void {
    this.#arrivals.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.#column]!;
    if (!isNullAt(column, row)) this.#arrivals.add(slot, readValue(column, this.#type, row));
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.#column]!;
    if (!isNullAt(column, row)) this.#arrivals.remove(slot, readValue(column, this.#type, row));
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    for (const value of (from as RetractableFirstLastAccumulator).#arrivals.list(fromSlot))
      this.#arrivals.add(slot, value);
  }
  value(slot: number): Value {
    const list = this.#arrivals.list(slot);
    return list.length === 0 ? null : list[this.#last ? list.length - 1 : 0]!;
  }
  get bytes(): number {
    return this.#arrivals.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#arrivals.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#arrivals.restore(from);
  }
}
