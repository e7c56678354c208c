/* Aggregates over inserts alone that keep one value a slot: MIN, MAX, FIRST_VALUE, LAST_VALUE. Cell: the value, NULL at
 * first. NULLs are passed over. */

import { assert } from '#base';
import type { Column, ColumnBuilder } from '#data';
import type { StateColumn } from '#state';
import { ExactStateColumn, F64StateColumn } from '#state';
import { ExactImages, ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import type { PartialKernel, PartialRows } from './partials.ts';

/** Whether a new value takes the place of the one that is kept. */
export type Rule = 'least' | 'greatest' | 'first' | 'last';

export class KeptValueKernel implements PartialKernel {
  readonly images: ExactImages | ValueImages;
  readonly #rule: Rule;
  readonly #kept: StateColumn;

  constructor({ call, table, name }: KernelSetup, rule: Rule) {
    const [type] = call.argTypes;
    this.#rule = rule;
    table.addCells({ [name]: type! });
    this.#kept = table.values(name);
    this.images = this.#kept instanceof ExactStateColumn ? new ExactImages() : new ValueImages(type!);
  }
  add(rows: KernelRows, withImages: boolean): void {
    const column = rows.args[0]!;
    const kept = this.#kept;
    if (kept instanceof ExactStateColumn && column.layout === 'exact' && !column.wide)
      return this.#addNarrow(rows, kept, column, withImages);
    this.#addAny(rows, column, withImages);
  }
  #addNarrow(
    { slots, ops, from, count }: KernelRows,
    kept: ExactStateColumn,
    { values, valid }: { readonly values: Float64Array; readonly valid: Uint8Array | undefined },
    withImages: boolean,
  ): void {
    const images = this.images as ExactImages;
    if (withImages) images.begin(count * 2);
    const cells = kept.values;
    const out = images.values;
    const takesLess = this.#rule === 'least';
    const takesMore = this.#rule === 'greatest';
    const takesAll = this.#rule === 'last';
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) kept.setValue(slot, null);
      const before = cells[slot]!;
      const empty = kept.isNull(slot);
      if (!empty && !Number.isNaN(before)) {
        const value = values[from + i]!;
        const isBetter = takesAll || (takesLess && value < before) || (takesMore && value > before);
        const passes = (what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1);
        const after = isBetter && passes ? value : before;
        if (after !== before) kept.setNumber(slot, after);
        if (!withImages) continue;
        out[i * 2] = before;
        out[i * 2 + 1] = after;
        continue;
      }
      // Nothing is kept yet, or a wide value.
      if (withImages) this.#exactImage(images, i * 2, kept, slot, before, empty);
      const value = values[from + i]!;
      const takes =
        (what & op.skip) === 0 &&
        (valid === undefined || valid[from + i] === 1) &&
        (empty || this.#isBetter(kept, slot, value));
      if (takes) kept.setNumber(slot, value);
      if (withImages) this.#exactImage(images, i * 2 + 1, kept, slot, cells[slot]!, empty && !takes);
    }
  }
  #exactImage(
    images: ExactImages,
    at: number,
    kept: ExactStateColumn,
    slot: number,
    value: number,
    isNull: boolean,
  ): void {
    if (isNull) images.setNull(at);
    else if (Number.isNaN(value)) images.setBig(at, kept.big(slot));
    else images.values[at] = value;
  }
  /** Against a wide value. */
  #isBetter(kept: ExactStateColumn, slot: number, value: number): boolean {
    const big = kept.big(slot);
    switch (this.#rule) {
      case 'least':
        return BigInt(value) < big;
      case 'greatest':
        return BigInt(value) > big;
      case 'first':
        return false;
      case 'last':
        return true;
    }
  }
  #addAny({ slots, ops, from, count }: KernelRows, column: Column, withImages: boolean): void {
    const { valid } = column;
    if (withImages) this.images.begin(count * 2);
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#kept.setValue(slot, null);
      if (withImages) this.#image(i * 2, slot);
      let takes = false;
      if ((what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1)) {
        assert((what & op.retract) === 0, 'over inserts alone no row is taken back');
        takes = this.#takes(slot, column, from + i);
        if (takes) this.#kept.set(slot, column, from + i);
      }
      if (!withImages) continue;
      if (takes || !(this.images instanceof ValueImages)) this.#image(i * 2 + 1, slot);
      else this.images.again();
    }
  }
  #takes(slot: number, column: Column, row: number): boolean {
    if (this.#kept.isNull(slot)) return true;
    switch (this.#rule) {
      case 'first':
        return false;
      case 'last':
        return !this.#kept.equals(slot, column, row);
      case 'least':
        return this.#order(slot, column, row) > 0;
      case 'greatest':
        return this.#order(slot, column, row) < 0;
    }
  }
  /** Doubles are compared with < and >, as Flink does: NaN takes nobody's place, and nobody takes its. */
  #order(slot: number, column: Column, row: number): number {
    if (this.#kept instanceof F64StateColumn && column.layout === 'f64') {
      const [kept, value] = [this.#kept.values[slot]!, column.values[row]!];
      return kept > value ? 1 : kept < value ? -1 : 0;
    }
    return this.#kept.compareCell(slot, column, row);
  }
  #image(at: number, slot: number): void {
    if (this.images instanceof ValueImages) this.images.appendSlot(this.#kept, slot);
    else if (this.#kept.isNull(slot)) this.images.setNull(at);
    else this.images.setBig(at, (this.#kept as ExactStateColumn).big(slot));
  }
  appendPartials(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void {
    this.#kept.appendSlots(builders[first]!, slots, count);
  }
  addPartials({ slots, columns, from, count }: PartialRows): void {
    const [column] = columns;
    const { valid } = column!;
    for (let i = 0; i < count; i++) {
      if (valid !== undefined && valid[from + i] === 0) continue;
      if (this.#takes(slots[i]!, column!, from + i)) this.#kept.set(slots[i]!, column!, from + i);
    }
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = (source as KeptValueKernel).#kept;
    for (let i = 0; i < count; i++) {
      const slot = into[i]!;
      const theirs = from[i]!;
      if (other.isNull(theirs)) continue;
      if (this.#kept.isNull(slot) || this.#takesSlot(slot, other, theirs))
        this.#kept.copySlot(slot, other, theirs);
    }
  }
  #takesSlot(slot: number, other: StateColumn, theirs: number): boolean {
    switch (this.#rule) {
      case 'first':
        return false;
      case 'last':
        return true;
      case 'least':
        return this.#kept.compareSlot(slot, other, theirs) > 0;
      case 'greatest':
        return this.#kept.compareSlot(slot, other, theirs) < 0;
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#kept.setValue(slots[i]!, null);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.#image(i, slots[i]!);
  }
}
