/* $WELFORD_M2 over DOUBLE: the sum of squared distances from the mean, kept up to date value by value. Cells: how many
 * values, their mean, and the sum. NULL where there is none, and where what was taken back left a sum below 0, as in Flink:
 * rounding does that.
 * Welford, "Note on a method for calculating corrected sums of squares and products", 1962; merging: Chan et al., 1979. */

import type { F64Cells } from '#state';
import { NumberImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';

export class WelfordKernel implements Kernel {
  readonly images = new NumberImages(false);
  readonly #counts: F64Cells;
  readonly #means: F64Cells;
  readonly #squares: F64Cells;

  constructor({ table, name }: KernelSetup) {
    table.addCells({ [`${name}.count`]: 'f64', [`${name}.mean`]: 'f64', [name]: 'f64' });
    this.#counts = table.f64(`${name}.count`);
    this.#means = table.f64(`${name}.mean`);
    this.#squares = table.f64(name);
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const { values, valid } = args[0] as { values: Float64Array; valid: Uint8Array | undefined };
    if (withImages) this.images.begin(count * 2);
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      if (withImages) this.#image(i * 2, slot);
      if ((what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1)) {
        if ((what & op.retract) !== 0) this.#takeBack(slot, values[from + i]!);
        else this.#addOne(slot, values[from + i]!);
      }
      if (withImages) this.#image(i * 2 + 1, slot);
    }
  }
  #addOne(slot: number, value: number): void {
    const n = ++this.#counts.values[slot]!;
    // What was taken back before it came is made up for.
    if (n <= 0) return;
    const distance = value - this.#means.values[slot]!;
    const mean = this.#means.values[slot]! + distance / n;
    this.#means.values[slot] = mean;
    this.#squares.values[slot]! += distance * (value - mean);
  }
  #takeBack(slot: number, value: number): void {
    const n = --this.#counts.values[slot]!;
    if (n === 0) return this.#clear(slot);
    if (n < 0) return;
    const distance = value - this.#means.values[slot]!;
    const mean = this.#means.values[slot]! - distance / n;
    this.#means.values[slot] = mean;
    this.#squares.values[slot]! -= distance * (value - mean);
  }
  #clear(slot: number): void {
    this.#counts.values[slot] = 0;
    this.#forget(slot);
  }
  #forget(slot: number): void {
    this.#means.values[slot] = 0;
    this.#squares.values[slot] = 0;
  }
  #image(at: number, slot: number): void {
    if (this.#counts.values[slot]! <= 0 || this.#squares.values[slot]! < 0) this.images.setNull(at);
    else this.images.f64[at] = this.#squares.values[slot]!;
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as WelfordKernel;
    for (let i = 0; i < count; i++) {
      const slot = into[i]!;
      const there = from[i]!;
      const theirs = other.#counts.values[there]!;
      const ours = this.#counts.values[slot]!;
      const n = ours + theirs;
      this.#counts.values[slot] = n;
      if (theirs <= 0) {
        if (n <= 0) this.#forget(slot);
        continue;
      }
      // In the order in which Flink multiplies: an integer is cut of what comes out.
      const distance = other.#means.values[there]! - this.#means.values[slot]!;
      const between = ours <= 0 ? 0 : ((ours * theirs) / n) * distance * distance;
      this.#squares.values[slot] = this.#squares.values[slot]! + other.#squares.values[there]! + between;
      this.#means.values[slot]! += ours <= 0 ? distance : (theirs / n) * distance;
      if (n <= 0) this.#forget(slot);
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#clear(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.#image(i, slots[i]!);
  }
}
