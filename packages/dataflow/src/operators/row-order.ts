/* The order of ORDER BY over the rows of a bag; rows equal in all keys in the order in which they came. */

import type { SortKeySpec } from '#job';
import type { Column, LogicalType } from '#data';
import { slotColumn, type SlotColumn } from '#state';
import type { RowBag } from './row-bag.ts';

export class RowOrder {
  readonly #keys: readonly SortKeySpec[];
  readonly #bag: RowBag;
  readonly #columns: readonly SlotColumn[];
  /** The keys of a row that is not in the bag, in slot 0. */
  readonly #candidate: readonly SlotColumn[];

  constructor(keys: readonly SortKeySpec[], bag: RowBag, types: readonly LogicalType[]) {
    this.#keys = keys;
    this.#bag = bag;
    this.#columns = keys.map((k) => bag.columns[k.column]!);
    this.#candidate = keys.map((k) => slotColumn(types[k.column]!));
    for (const column of this.#candidate) column.ensure(1);
  }

  /** Never 0 for two occurrences that came apart. */
  compare(a: number, b: number): number {
    const order = this.#compareKeys(this.#columns, this.#bag.slotOf(a), this.#bag.slotOf(b));
    return order !== 0 ? order : this.#bag.arrivalOf(a) - this.#bag.arrivalOf(b);
  }
  /** Takes the keys of a row, to be compared before it is added. */
  setCandidate(columns: readonly Column[], row: number): void {
    for (let i = 0; i < this.#keys.length; i++)
      this.#candidate[i]!.set(0, columns[this.#keys[i]!.column]!, row);
  }
  /** By keys alone. */
  compareCandidate(occurrence: number): number {
    return this.#compareKeys(this.#candidate, 0, this.#bag.slotOf(occurrence));
  }

  #compareKeys(left: readonly SlotColumn[], slot: number, otherSlot: number): number {
    for (let i = 0; i < left.length; i++) {
      const { descending, nullsLast } = this.#keys[i]!;
      const a = left[i]!;
      const b = this.#columns[i]!;
      const aNull = a.isNull(slot);
      const bNull = b.isNull(otherSlot);
      if (aNull && bNull) continue;
      if (aNull || bNull) return aNull === nullsLast ? 1 : -1;
      const order = a.compareSlot(slot, b, otherSlot);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  }
}
