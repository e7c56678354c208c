/* LAG over rows that come in their order: the value some rows before, else the default of the row at hand. Owns the values of
 * the last rows, as many as it looks back and one more; cells: the default of the last row. */

import type { OwnedTable, StateColumn } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { readableRows } from './readable.ts';

export class LagKernel implements Kernel {
  readonly images: ValueImages;
  readonly #back: number;
  readonly #values: OwnedTable;
  readonly #default: StateColumn | undefined;

  constructor({ call, scope, table, name }: KernelSetup) {
    const [type, fallback] = call.argTypes;
    this.images = new ValueImages(call.type);
    this.#back = call.parameter ?? 1;
    this.#values = scope.owned(table, { name, row: [type!] });
    if (fallback === undefined) return;
    table.addCells({ [`${name}.default`]: fallback });
    this.#default = table.values(`${name}.default`);
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if ((ops[i]! & op.opens) !== 0) this.#values.removeAll(slot);
      if (withImages) this.#image(slot);
      this.#values.append(slot, args, from + i);
      while (this.#values.count(slot) > this.#back + 1) this.#values.remove(this.#values.first(slot));
      this.#default?.set(slot, args[1]!, from + i);
      if (withImages) this.#image(slot);
    }
  }
  #image(slot: number): void {
    if (this.#values.count(slot) > this.#back)
      this.images.appendSlot(this.#values.row[0]!, this.#values.first(slot));
    else if (this.#default !== undefined) this.images.appendSlot(this.#default, slot);
    else this.images.appendNull();
  }
  /** Only into what is new. */
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as LagKernel;
    for (let i = 0; i < count; i++) {
      for (const { columns, row } of readableRows(this.#values, other.#values, from[i]!)) {
        this.#values.append(into[i]!, columns, row);
      }
      this.#default?.copySlot(into[i]!, other.#default!, from[i]!);
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#values.removeAll(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.#image(slots[i]!);
  }
}
