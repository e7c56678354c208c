/* RANK and DENSE_RANK of rows that come in their order. The arguments are the sort keys. Cells: rows so far, the rank of the
 * last one, and its sort keys. */

import type { Column } from '#data';
import type { F64Cells, StateColumn } from '#state';
import { ExactImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';

export class RankKernel implements Kernel {
  readonly images = new ExactImages();
  readonly #dense: boolean;
  readonly #rows: F64Cells;
  readonly #ranks: F64Cells;
  readonly #last: readonly StateColumn[];

  constructor({ call, table, name }: KernelSetup, dense: boolean) {
    this.#dense = dense;
    const keyName = (i: number): string => `${name}.key${i}`;
    table.addCells({
      [name]: 'f64',
      [`${name}.rows`]: 'f64',
      ...Object.fromEntries(call.argTypes.map((type, i) => [keyName(i), type])),
    });
    this.#ranks = table.f64(name);
    this.#rows = table.f64(`${name}.rows`);
    this.#last = call.argTypes.map((_, i) => table.values(keyName(i)));
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    if (withImages) this.images.begin(count * 2);
    const out = this.images.values;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const opens = (ops[i]! & op.opens) !== 0;
      const before = opens ? 0 : this.#ranks.values[slot]!;
      const after = this.#ranked(slot, args, from + i, opens);
      if (!withImages) continue;
      out[i * 2] = before;
      out[i * 2 + 1] = after;
    }
  }
  #ranked(slot: number, args: readonly Column[], row: number, opens: boolean): number {
    const rows = (opens ? 0 : this.#rows.values[slot]!) + 1;
    this.#rows.values[slot] = rows;
    const before = opens ? 0 : this.#ranks.values[slot]!;
    if (rows > 1 && this.#last.every((column, k) => column.equals(slot, args[k]!, row))) return before;
    this.#last.forEach((column, k) => {
      column.set(slot, args[k]!, row);
    });
    const rank = this.#dense ? before + 1 : rows;
    this.#ranks.values[slot] = rank;
    return rank;
  }
  /** Only into what is new: an order has one beginning. */
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as RankKernel;
    for (let i = 0; i < count; i++) {
      const [to, theirs] = [into[i]!, from[i]!];
      this.#rows.values[to] = other.#rows.values[theirs]!;
      this.#ranks.values[to] = other.#ranks.values[theirs]!;
      this.#last.forEach((column, k) => {
        column.copySlot(to, other.#last[k]!, theirs);
      });
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      this.#rows.values[slot] = this.#ranks.values[slot] = 0;
      for (const column of this.#last) column.setValue(slot, null);
    }
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.images.values[i] = this.#ranks.values[slots[i]!]!;
  }
}
