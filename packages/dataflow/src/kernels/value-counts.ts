/* Aggregates that keep every value with its count, so that rows can be taken back: MIN and MAX, COLLECT.
 * The slots own a row per distinct value; a count may go below zero when a retraction comes first. */

import type { Column, MapValue } from '#data';
import type { OwnedTable, SortedTable } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { readableRows } from './readable.ts';

abstract class ValueCountsKernel implements Kernel {
  readonly images: ValueImages;
  protected readonly values: OwnedTable;
  #args: Column[] = [];

  constructor({ call }: KernelSetup, values: OwnedTable) {
    this.images = new ValueImages(call.type);
    this.values = values;
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    this.#args = [args[0]!];
    const { valid } = args[0]!;
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.values.removeAll(slot);
      if (withImages) this.image(slot);
      if ((what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1)) {
        this.#change(slot, this.#args, from + i, (what & op.retract) !== 0 ? -1 : 1);
      }
      if (withImages) this.image(slot);
    }
  }
  #change(slot: number, columns: readonly Column[], row: number, by: number): void {
    const at = this.values.upsertRow(slot, columns, row);
    const counts = this.values.f64('count').values;
    const after = (this.values.created ? 0 : counts[at]!) + by;
    if (after === 0) this.values.remove(at);
    else {
      counts[at] = after;
      this.values.writeOne(at);
    }
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = (source as ValueCountsKernel).values;
    for (let i = 0; i < count; i++) {
      for (const { slot: at, columns, row } of readableRows(this.values, other, from[i]!)) {
        this.#change(into[i]!, columns, row, other.f64('count').values[at]!);
      }
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.values.removeAll(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.image(slots[i]!);
  }
  protected abstract image(slot: number): void;
}

/** MIN and MAX that can take rows back: values in their order. */
export class RetractableExtremeKernel extends ValueCountsKernel {
  readonly #greatest: boolean;

  constructor(setup: KernelSetup, greatest: boolean) {
    const values: SortedTable = setup.scope.sorted(setup.table, {
      name: setup.name,
      row: [setup.call.argTypes[0]!],
      cells: { count: 'f64' },
      order: [{ column: 0 }],
      find: [0],
    });
    super(setup, values);
    this.#greatest = greatest;
  }
  protected image(slot: number): void {
    const { values } = this;
    const counts = values.f64('count').values;
    let at = this.#greatest ? values.last(slot) : values.first(slot);
    while (at >= 0 && counts[at]! <= 0) at = this.#greatest ? values.previous(at) : values.next(at);
    if (at < 0) this.images.appendNull();
    else this.images.appendSlot(values.row[0]!, at);
  }
}

/** COLLECT: the multiset of the values, in order of arrival. */
export class CollectKernel extends ValueCountsKernel {
  constructor(setup: KernelSetup) {
    super(
      setup,
      setup.scope.owned(setup.table, {
        name: setup.name,
        row: [setup.call.argTypes[0]!],
        cells: { count: 'f64' },
        find: [0],
      }),
    );
  }
  protected image(slot: number): void {
    const { values } = this;
    const counts = values.f64('count').values;
    const entries: (readonly [MapValue['entries'][number][0], number])[] = [];
    for (let at = values.first(slot); at >= 0; at = values.next(at))
      entries.push([values.row[0]!.get(at), counts[at]!]);
    this.images.append({ entries });
  }
}
