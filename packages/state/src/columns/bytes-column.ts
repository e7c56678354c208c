/* Text and binary by slot. */

import { assert } from '#base';
import { viewOf, type BytesColumn, type Column, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { Arena } from './arena.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class BytesStateColumn extends StateColumnBase {
  #view: BytesColumn | undefined;
  readonly arena = new Arena();

  protected grow(size: number): void {
    this.arena.ensure(size);
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return this.arena.fetch(slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    this.arena.put(slot, column.data, column.starts[row]!, column.lengths[row]!);
  }
  protected override takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    assert(column.layout === 'bytes', 'a bytes column');
    this.markValid(slots, picks, count);
    const { data, starts, lengths } = column;
    const bytes = viewOf(data);
    for (let n = 0; n < count; n++) {
      const row = from + picks[n]!;
      this.arena.putFrom(slots[picks[n]!]!, bytes, starts[row]!, lengths[row]!);
    }
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const bytes = typeof value === 'string' ? encoder.encode(value) : (value as Uint8Array);
    this.arena.put(slot, bytes, 0, bytes.length);
  }
  protected value(slot: number): Exclude<Value, null> {
    const bytes = this.arena.slice(slot);
    return this.type.kind === 'CHAR' || this.type.kind === 'VARCHAR'
      ? decoder.decode(bytes)
      : new Uint8Array(bytes);
  }
  protected same(slot: number, column: Column, row: number): boolean {
    assert(column.layout === 'bytes', 'a bytes column');
    return this.arena.equals(slot, viewOf(column.data), column.starts[row]!, column.lengths[row]!);
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    const { data, starts, lengths } = (other as BytesStateColumn).arena;
    return this.arena.equals(slot, viewOf(data), starts[otherSlot]!, lengths[otherSlot]!);
  }
  override firstDifference(slots: Int32Array, column: Column, from: number, count: number): number {
    assert(column.layout === 'bytes', 'a bytes column');
    if (this.mayBeNull || column.valid !== undefined)
      return super.firstDifference(slots, column, from, count);
    const { data, starts, lengths } = column;
    const bytes = viewOf(data);
    for (let i = 0; i < count; i++)
      if (!this.arena.equals(slots[i]!, bytes, starts[from + i]!, lengths[from + i]!)) return i;
    return count;
  }
  /** By bytes: for text that is the order of code points. */
  override compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    const { data, starts, lengths } = (other as BytesStateColumn).arena;
    return this.arena.compare(slot, data, starts[otherSlot]!, lengths[otherSlot]!);
  }
  compareCell(slot: number, column: Column, row: number): number {
    assert(column.layout === 'bytes', 'a bytes column');
    return this.arena.compare(slot, column.data, column.starts[row]!, column.lengths[row]!);
  }
  override get keepsApart(): boolean {
    return true;
  }
  override clear(slot: number): void {
    this.arena.clear(slot);
  }
  view(): Column {
    const { starts, lengths, data } = this.arena;
    const { validity: valid } = this;
    const known = this.#view;
    if (known?.starts === starts && known.data === data && known.valid === valid) return known;
    return (this.#view = { layout: 'bytes', valid, starts, lengths, data });
  }
  get bytes(): number {
    return this.valid.byteLength + this.arena.bytes;
  }
  protected write(to: StateWriter, size: number): void {
    this.arena.write(to, size);
  }
  protected read(from: StateReader): void {
    this.arena.read(from);
  }
  protected writeOne(to: StateWriter, slot: number): void {
    to.bytes(this.arena.slice(slot));
  }
  protected readOne(from: StateReader, slot: number): void {
    const bytes = from.bytes();
    this.arena.put(slot, bytes, 0, bytes.length);
  }
}
