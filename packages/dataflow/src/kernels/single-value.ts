/* $SINGLE_VALUE: the value of the one row that there may be; NULL without one. A second row stops the job. Cells: the value, and
 * how many rows stand behind it.
 *
 * Taking a row back makes the value NULL, whichever row it was (Flink: SingleValueAggFunction). */

import { UserError } from '#base';
import type { F64Cells, StateColumn } from '#state';
import { ExactStateColumn } from '#state';
import { ExactImages, ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';

export class SingleValueKernel implements Kernel {
  readonly images: ExactImages | ValueImages;
  readonly #kept: StateColumn;
  readonly #counts: F64Cells;

  constructor({ call, table, name }: KernelSetup) {
    const [type] = call.argTypes;
    table.addCells({ [name]: type!, [`${name}.count`]: 'f64' });
    this.#kept = table.values(name);
    this.#counts = table.f64(`${name}.count`);
    this.images = this.#kept instanceof ExactStateColumn ? new ExactImages() : new ValueImages(type!);
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const column = args[0]!;
    if (withImages) this.images.begin(count * 2);
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#empty(slot);
      if (withImages) this.#image(i * 2, slot);
      if ((what & op.skip) === 0) {
        const counts = this.#counts.values;
        if ((what & op.retract) !== 0) {
          if (counts[slot]! > 1) throw severalRows();
          this.#kept.setValue(slot, null);
          counts[slot]!--;
        } else {
          if (counts[slot]! > 0) throw severalRows();
          this.#kept.set(slot, column, from + i);
          counts[slot]!++;
        }
      }
      if (withImages) this.#image(i * 2 + 1, slot);
    }
  }
  #empty(slot: number): void {
    this.#kept.setValue(slot, null);
    this.#counts.values[slot] = 0;
  }
  #image(at: number, slot: number): void {
    if (this.images instanceof ValueImages) this.images.appendSlot(this.#kept, slot);
    else if (this.#kept.isNull(slot)) this.images.setNull(at);
    else this.images.setBig(at, (this.#kept as ExactStateColumn).big(slot));
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as SingleValueKernel;
    for (let i = 0; i < count; i++) {
      const slot = into[i]!;
      const theirs = other.#counts.values[from[i]!]!;
      if (theirs === 0) continue;
      if (this.#counts.values[slot]! + theirs > 1) throw severalRows();
      this.#kept.copySlot(slot, other.#kept, from[i]!);
      this.#counts.values[slot]! += theirs;
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#empty(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    for (let i = 0; i < count; i++) this.#image(i, slots[i]!);
  }
}

const severalRows = (): UserError =>
  new UserError('DATA3010', {
    message: 'a sub-query that stands as a value has more than one row',
    hint: 'Let it choose one row: by an aggregate such as MAX(…), or ORDER BY … LIMIT 1 where it does not refer to the query around it.',
  });
