/* The rows of each owner in order of arrival: a list through their slots.
 *
 *   owner ─▶ first ⇄ … ⇄ last        a number of 0 means none: slots are kept plus one */

import type { StateReader, StateWriter } from '../bytes.ts';
import { I32Cells } from '../columns/cells.ts';
import type { Pages } from './pages.ts';
import type { RowOrder } from './row-order.ts';

export class Chain implements RowOrder {
  readonly #first = new I32Cells();
  readonly #last = new I32Cells();
  readonly #counts = new I32Cells();
  readonly #next = new I32Cells();
  readonly #previous = new I32Cells();
  readonly #pages: Pages;

  /** `pages`: of the arrays by slot. */
  constructor(pages: Pages) {
    this.#pages = pages;
  }
  ensure(owners: number, slots: number): void {
    this.#first.ensure(owners);
    this.#last.ensure(owners);
    this.#counts.ensure(owners);
    this.#next.ensure(slots);
    this.#previous.ensure(slots);
  }
  count(owner: number): number {
    return this.#counts.values[owner] ?? 0;
  }
  first(owner: number): number {
    return (this.#first.values[owner] ?? 0) - 1;
  }
  last(owner: number): number {
    return (this.#last.values[owner] ?? 0) - 1;
  }
  next(slot: number): number {
    return this.#next.values[slot]! - 1;
  }
  previous(slot: number): number {
    return this.#previous.values[slot]! - 1;
  }
  insert(owner: number, slot: number): void {
    const last = this.last(owner);
    this.#pages.touch(slot);
    if (last >= 0) this.#pages.touch(last);
    this.#previous.values[slot] = last + 1;
    this.#next.values[slot] = 0;
    if (last < 0) this.#first.values[owner] = slot + 1;
    else this.#next.values[last] = slot + 1;
    this.#last.values[owner] = slot + 1;
    this.#counts.values[owner]!++;
  }
  remove(owner: number, slot: number): void {
    const next = this.next(slot);
    const previous = this.previous(slot);
    if (next >= 0) this.#pages.touch(next);
    if (previous >= 0) this.#pages.touch(previous);
    if (previous < 0) this.#first.values[owner] = next + 1;
    else this.#next.values[previous] = next + 1;
    if (next < 0) this.#last.values[owner] = previous + 1;
    else this.#previous.values[next] = previous + 1;
    this.#counts.values[owner]!--;
  }
  clear(): void {
    this.#first.values.fill(0);
    this.#last.values.fill(0);
    this.#counts.values.fill(0);
  }
  get bytes(): number {
    return (
      this.#first.bytes + this.#last.bytes + this.#counts.bytes + this.#next.bytes + this.#previous.bytes
    );
  }
  snapshotOwners(to: StateWriter, owners: number): void {
    for (const cells of [this.#first, this.#last, this.#counts]) cells.snapshot(to, owners);
  }
  restoreOwners(from: StateReader): void {
    for (const cells of [this.#first, this.#last, this.#counts]) cells.restore(from);
  }
  snapshotSlots(to: StateWriter, slots: number): void {
    for (const cells of [this.#next, this.#previous]) cells.snapshot(to, slots);
  }
  restoreSlots(from: StateReader): void {
    for (const cells of [this.#next, this.#previous]) cells.restore(from);
  }
  snapshotApart(): void {}
  restoreApart(): void {}
}
