/* What a change of a ranked partition gives those who see only the ranks from `from` to `to`.
 *
 *   rows        who fell out: -D · who came in: +I · one row that stays, changed: -U, +U
 *   positions   for each position that another row holds now: -U, +U; +I where there was none, -D where there is none
 *
 * Rows go out some at a time, column by column. Where they are numbered, the position stands behind the columns. The order of changes is Flink's: a row that moves up is taken back as soon as it is given at its new position. */

import type { RankRange } from '#job';
import type { BatchBuilder, Column } from '#data';
import type { SortedTable } from '#state';
import { identity } from '../kernels/aggregate-set.ts';

/** A row left its partition's order at position `out`, one stands in it at `into`; Infinity where there is none. */
export interface Move {
  readonly partition: number;
  readonly out: number;
  readonly into: number;
  /** The slot of the row that left, or -1. It is detached until all is emitted. */
  readonly old: number;
}
const none = -1;
/** Rows that are emitted together, about. */
const pendingMax = 32;
/** Those that one step or beginning adds, at most. */
const addedMax = 4;

export class RankOutput {
  readonly #range: RankRange;
  readonly #rows: SortedTable;
  readonly #builder: BatchBuilder;
  #move: Move | undefined;
  /** Positions yet to be emitted: from `#next` to before `#end`. */
  #next = 0;
  #end = 0;
  /** The old row went out ahead of its position. */
  #oldEmitted = false;
  /** Rows that go out together, column by column. */
  readonly #slots = new Int32Array(pendingMax + addedMax);
  readonly #kinds = new Uint8Array(pendingMax + addedMax);
  readonly #positions = new Float64Array(pendingMax + addedMax);
  #pending = 0;
  #changes = false;

  constructor(range: RankRange, rows: SortedTable, builder: BatchBuilder) {
    this.#range = range;
    this.#rows = rows;
    this.#builder = builder;
  }
  get done(): boolean {
    return this.#next >= this.#end;
  }
  /** Emits the first of it; the partition must stay as it is until `done`. */
  begin(move: Move): void {
    this.#move = move;
    this.#next = this.#end = 0;
    if (this.#range.byPosition) this.#beginPositions(move);
    else this.#emitRows(move);
    this.#flushIfDue();
  }
  /** Emits one position more. */
  step(): void {
    const at = this.#next++;
    const before = this.#before(at);
    const after = this.#after(at);
    const oldEmitted = this.#oldEmitted && at === this.#move!.out;
    if (before >= 0 && !oldEmitted) this.#take(before, at, after >= 0);
    if (after >= 0) this.#emit(after, at, before >= 0 ? 2 : 0);
    this.#flushIfDue();
  }
  #flushIfDue(): void {
    if (this.done || this.#pending >= pendingMax) this.#flush();
  }
  /** A row no longer stands at the position; `replaced`: another does. */
  #take(slot: number, at: number, replaced: boolean): void {
    if (!replaced) this.#emit(slot, at, 3);
    else if (this.#range.updateBefore) this.#emit(slot, at, 1);
  }

  #emitRows({ out, into, old, partition }: Move): void {
    const { to, updateBefore } = this.#range;
    if (out >= to && into >= to) return;
    const gone = out < to ? old : this.#before(to - 1);
    const came = into < to ? this.#rows.nth(partition, into) : this.#after(to - 1);
    const same = out < to && into < to;
    if (gone >= 0 && (updateBefore || !same)) this.#emit(gone, out, same ? 1 : 3);
    if (came >= 0) this.#emit(came, into, same ? 2 : 0);
  }

  #beginPositions({ out, into, old, partition }: Move): void {
    const { from, to } = this.#range;
    let first = Math.min(out, into);
    const size = Math.max(this.#rows.count(partition), this.#sizeBefore());
    this.#end = Math.min(Math.max(out, into) + 1, to, size);
    this.#oldEmitted = into < out && this.#seen(out);
    if (this.#oldEmitted) {
      if (this.#seen(into)) this.#take(this.#before(into), into, true);
      this.#take(old, out, true);
      if (this.#seen(into)) this.#emit(this.#after(into), into, 2);
      first++;
    }
    this.#next = Math.max(first, from - 1);
  }

  #seen(position: number): boolean {
    return position >= this.#range.from - 1 && position < this.#range.to;
  }
  #sizeBefore(): number {
    const { partition, out, into } = this.#move!;
    return this.#rows.count(partition) + (out < Infinity ? 1 : 0) - (into < Infinity ? 1 : 0);
  }
  #after(position: number): number {
    return this.#rows.nth(this.#move!.partition, position);
  }
  /** Who stood at the position: between `out` and `into` all moved by one. */
  #before(position: number): number {
    const { out, into, old } = this.#move!;
    if (position >= this.#sizeBefore()) return none;
    if (position === out) return old;
    if (position < Math.min(out, into) || position > Math.max(out, into)) return this.#after(position);
    return this.#after(into < out ? position + 1 : position - 1);
  }
  #emit(slot: number, position: number, kind: number): void {
    const at = this.#pending++;
    this.#slots[at] = slot;
    this.#kinds[at] = kind;
    this.#positions[at] = position + 1;
    if (kind !== 0) this.#changes = true;
  }
  #flush(): void {
    const count = this.#pending;
    if (count === 0) return;
    const { columns } = this.#builder;
    const { row } = this.#rows;
    for (let c = 0; c < row.length; c++) row[c]!.appendSlots(columns[c]!, this.#slots, count);
    if (this.#range.numbered) columns[row.length]!.appendRows(this.#numbers(), identity(count), count);
    this.#builder.endRows(count, this.#changes ? this.#kinds : undefined);
    this.#pending = 0;
    this.#changes = false;
  }
  #numbers(): Column {
    return { layout: 'exact', wide: false, valid: undefined, values: this.#positions };
  }
}
