/* ROW, ARRAY, MAP and MULTISET by slot: the bytes of the whole value (value-bytes.ts). */

import { compareValues, readValue, type Column, type LogicalType, type MapValue, type Value } from '#data';
import { BytesReader, BytesWriter, type StateReader, type StateWriter } from '../bytes.ts';
import { readValueBytes, writeKeyBytes, writeValueBytes } from '../value-bytes.ts';
import { Arena } from './arena.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

export class NestedStateColumn extends StateColumnBase {
  readonly #arena = new Arena();
  readonly #writer = new BytesWriter();

  protected grow(size: number): void {
    this.#arena.ensure(size);
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return this.#arena.fetch(slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    this.takeValue(slot, readValue(column, this.type, row) as Exclude<Value, null>);
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.#writer.clear();
    writeValueBytes(this.#writer, this.type, value);
    const bytes = this.#writer.written;
    this.#arena.put(slot, bytes, 0, bytes.length);
  }
  protected value(slot: number): Exclude<Value, null> {
    return readValueBytes(new BytesReader(this.#arena.slice(slot)), this.type) as Exclude<Value, null>;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return sameKey(this.value(slot), readValue(column, this.type, row));
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    return sameKey(this.value(slot), other.get(otherSlot));
  }
  compareCell(slot: number, column: Column, row: number): number {
    return compareValues(this.value(slot), readValue(column, this.type, row));
  }
  override get keepsApart(): boolean {
    return true;
  }
  override clear(slot: number): void {
    this.#arena.clear(slot);
  }
  view(): undefined {
    return undefined;
  }
  get bytes(): number {
    return this.valid.byteLength + this.#arena.bytes;
  }
  protected write(to: StateWriter, size: number): void {
    this.#arena.write(to, size);
  }
  protected read(from: StateReader): void {
    this.#arena.read(from);
  }
  protected writeOne(to: StateWriter, slot: number): void {
    to.bytes(this.#arena.slice(slot));
  }
  override writeKey(to: StateWriter, slot: number): void {
    if (holdsMap(this.type)) writeKeyBytes(to, this.type, this.get(slot));
    else this.writeSlot(to, slot);
  }
  protected readOne(from: StateReader, slot: number): void {
    const bytes = from.bytes();
    this.#arena.put(slot, bytes, 0, bytes.length);
  }
}

/** Equal as keys are, at any depth: as their hashes, NaN is NaN, and -0 is not 0; the order of a MAP's entries is nothing. */
export function sameKey(a: Value, b: Value): boolean {
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

/** Whether equal values may differ in bytes: the entries of a MAP have no order. */
export const holdsMap = (type: LogicalType): boolean =>
  type.kind === 'MAP' ||
  type.kind === 'MULTISET' ||
  (type.kind === 'ARRAY' && holdsMap(type.element)) ||
  (type.kind === 'ROW' && type.fields.some((f) => holdsMap(f.type)));

/** Types whose values are kept whole. */
export const isNested = (type: LogicalType): boolean =>
  type.kind === 'ROW' || type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'MULTISET';
