/* COUNT(*), COUNT(x). Cells: the number. */

import type { ColumnBuilder } from '#data';
import type { F64Cells } from '#state';
import { ExactImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { addCounts, appendCounts, type PartialKernel, type PartialRows } from './partials.ts';

/** By what is to be done with a row: 1 where its slot's count stays, and what the row adds to it. */
const keptBy = Float64Array.from({ length: 16 }, (_, what) => ((what & op.opens) !== 0 ? 0 : 1));
const addedBy = Float64Array.from({ length: 16 }, (_, what) =>
  (what & op.skip) !== 0 ? 0 : (what & op.retract) !== 0 ? -1 : 1,
);

export class CountKernel implements PartialKernel {
  readonly images = new ExactImages();
  readonly #counts: F64Cells;

  constructor({ table, name }: KernelSetup) {
    table.addCells({ [name]: 'f64' });
    this.#counts = table.f64(name);
  }
  add(rows: KernelRows, withImages: boolean): void {
    if (!withImages) this.#add(rows);
    else this.#addWithImages(rows);
  }
  #add({ slots, ops, args, from, count }: KernelRows): void {
    const counts = this.#counts.values;
    const valid = args[0]?.valid;
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) counts[slot] = 0;
      if ((what & op.skip) !== 0 || (valid !== undefined && valid[from + i] === 0)) continue;
      counts[slot]! += (what & op.retract) !== 0 ? -1 : 1;
    }
  }
  #addWithImages({ slots, ops, args, from, count }: KernelRows): void {
    const counts = this.#counts.values;
    const valid = args[0]?.valid;
    this.images.begin(count * 2);
    const out = this.images.values;
    // Without a branch: which rows a FILTER leaves out nobody can foresee.
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      const before = counts[slot]! * keptBy[what]!;
      const step = addedBy[what]!;
      const after = before + (valid === undefined ? step : step * valid[from + i]!);
      counts[slot] = after;
      out[i * 2] = before;
      out[i * 2 + 1] = after;
    }
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const counts = this.#counts.values;
    const theirs = (source as CountKernel).#counts.values;
    for (let i = 0; i < count; i++) counts[into[i]!]! += theirs[from[i]!]!;
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#counts.values[slots[i]!] = 0;
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.images.values[i] = this.#counts.values[slots[i]!]!;
  }
  appendPartials(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void {
    appendCounts(builders[first]!, this.#counts.values, slots, count);
  }
  addPartials(rows: PartialRows): void {
    addCounts(this.#counts.values, rows.columns[0]!, rows);
  }
}
