/* What a change of a ranked list says to those who see only the ranks from `from` to `to`.
 *
 *   rows        who fell out: -D · who came in: +I · one row that stays, changed: -U, +U
 *   positions   for each position that another row holds now: -U, +U; +I where there was none, -D where there is none
 *
 * The order of changes is Flink's: a row that moves up is taken back as soon as it is given at its new position. */

import type { RankRange } from '#job';
import type { BatchBuilder } from '#data';
import type { RankedList } from './ranked-list.ts';
import type { RowBag } from './row-bag.ts';

/** A row left a list at `out`, one stands in it at `into`; Infinity where there is none. */
export interface Move {
  readonly list: RankedList;
  readonly out: number;
  readonly into: number;
  /** The row that left, or -1. The bag has it until all is said. */
  readonly old: number;
}
const none = -1;

export class RankOutput {
  readonly #range: RankRange;
  readonly #bag: RowBag;
  readonly #builder: BatchBuilder;
  #move: Move | undefined;
  /** Positions yet to be told: from `#next` to before `#end`. */
  #next = 0;
  #end = 0;
  /** The old row went out ahead of its position. */
  #oldSaid = false;

  constructor(range: RankRange, bag: RowBag, builder: BatchBuilder) {
    this.#range = range;
    this.#bag = bag;
    this.#builder = builder;
  }
  get done(): boolean {
    return this.#next >= this.#end;
  }
  /** Says the first of it; the list must stay as it is until `done`. */
  begin(move: Move): void {
    this.#move = move;
    this.#next = this.#end = 0;
    if (this.#range.byPosition) this.#beginPositions(move);
    else this.#rows(move);
  }
  /** Says one position more. */
  step(): void {
    const at = this.#next++;
    const before = this.#before(at);
    const after = this.#after(at);
    const oldSaid = this.#oldSaid && at === this.#move!.out;
    if (before >= 0 && !oldSaid) this.#say(before, after >= 0 ? 1 : 3);
    if (after >= 0) this.#say(after, before >= 0 ? 2 : 0);
  }

  #rows({ out, into, old, list }: Move): void {
    const { to, updateBefore } = this.#range;
    if (out >= to && into >= to) return;
    const gone = out < to ? old : this.#before(to - 1);
    const came = into < to ? list.at(into) : this.#after(to - 1);
    const same = out < to && into < to;
    if (gone >= 0 && (updateBefore || !same)) this.#say(gone, same ? 1 : 3);
    if (came >= 0) this.#say(came, same ? 2 : 0);
  }

  #beginPositions({ out, into, old, list }: Move): void {
    const { from, to } = this.#range;
    let first = Math.min(out, into);
    const size = Math.max(list.size, this.#sizeBefore());
    this.#end = Math.min(Math.max(out, into) + 1, to, size);
    this.#oldSaid = into < out && this.#seen(out);
    if (this.#oldSaid) {
      if (this.#seen(into)) this.#say(this.#before(into), 1);
      this.#say(old, 1);
      if (this.#seen(into)) this.#say(this.#after(into), 2);
      first++;
    }
    this.#next = Math.max(first, from - 1);
  }

  #seen(position: number): boolean {
    return position >= this.#range.from - 1 && position < this.#range.to;
  }
  #sizeBefore(): number {
    const { list, out, into } = this.#move!;
    return list.size + (out < Infinity ? 1 : 0) - (into < Infinity ? 1 : 0);
  }
  #after(position: number): number {
    const { list } = this.#move!;
    return position < list.size ? list.at(position) : none;
  }
  /** Who stood at the position: between `out` and `into` all moved by one. */
  #before(position: number): number {
    const { out, into, old } = this.#move!;
    if (position >= this.#sizeBefore()) return none;
    if (position === out) return old;
    if (position < Math.min(out, into) || position > Math.max(out, into)) return this.#after(position);
    return this.#after(into < out ? position + 1 : position - 1);
  }
  #say(occurrence: number, kind: number): void {
    this.#bag.appendTo(this.#builder.columns, occurrence);
    this.#builder.endRow(kind);
  }
}
