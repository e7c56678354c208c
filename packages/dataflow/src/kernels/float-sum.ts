/* SUM, $SUM0 and AVG over DOUBLE and FLOAT. Cells: the sum, and how many values stand behind it.
 * AVG(FLOAT) adds in DOUBLE, SUM(FLOAT) in FLOAT, as Flink. */

import type { F64Cells } from '#state';
import type { SumForm } from './exact-sum.ts';
import { NumberImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';

export class FloatSumKernel implements Kernel {
  readonly images = new NumberImages(false);
  readonly #form: SumForm;
  readonly #sums: F64Cells;
  readonly #counts: F64Cells;
  readonly #float: boolean;

  constructor({ call, table, name }: KernelSetup, form: SumForm) {
    this.#form = form;
    this.#float = call.type.kind === 'FLOAT';
    table.addCells({ [name]: 'f64', [`${name}.count`]: 'f64' });
    this.#sums = table.f64(name);
    this.#counts = table.f64(`${name}.count`);
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const { values, valid } = args[0] as { values: Float64Array; valid: Uint8Array | undefined };
    const sums = this.#sums.values;
    const counts = this.#counts.values;
    const single = this.#float && this.#form !== 'average';
    if (withImages) this.images.begin(count * 2);
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) {
        sums[slot] = 0;
        counts[slot] = 0;
      }
      if (withImages) this.#image(i * 2, slot);
      if ((what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1)) {
        const back = (what & op.retract) !== 0;
        const value = back ? -values[from + i]! : values[from + i]!;
        // A sum begins with its first value, an average with 0: the sum of -0 alone is -0.
        const sum = counts[slot] === 0 && this.#form !== 'average' ? value : sums[slot]! + value;
        sums[slot] = single ? Math.fround(sum) : sum;
        counts[slot]! += back ? -1 : 1;
      }
      if (withImages) this.#image(i * 2 + 1, slot);
    }
  }
  #image(at: number, slot: number): void {
    const count = this.#counts.values[slot]!;
    if (count === 0 && this.#form !== 'sum0') return this.images.setNull(at);
    const sum = count === 0 ? 0 : this.#sums.values[slot]!;
    const value = this.#form === 'average' ? sum / count : sum;
    this.images.f64[at] = this.#float ? Math.fround(value) : value;
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as FloatSumKernel;
    const single = this.#float && this.#form !== 'average';
    for (let i = 0; i < count; i++) {
      const sum = this.#sums.values[into[i]!]! + other.#sums.values[from[i]!]!;
      this.#sums.values[into[i]!] = single ? Math.fround(sum) : sum;
      this.#counts.values[into[i]!]! += other.#counts.values[from[i]!]!;
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#sums.values[slots[i]!] = 0;
      this.#counts.values[slots[i]!] = 0;
    }
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.#image(i, slots[i]!);
  }
}
