/* A slot of a keyed table and all that belongs to it, as bytes: the form in which it leaves memory and comes back.
 *
 *   renewed at (with a TTL) · key (a long one) · row and cells · owned rows of each table, theirs behind each · timers */

import type { BytesReader, BytesWriter } from '../bytes.ts';
import type { MemoryOwnedTable } from '../memory/owned-table.ts';
import type { MemoryTable } from '../memory/table.ts';
import type { MemoryTimers } from '../memory/timers.ts';

/** What belongs to the slots of a table. */
export interface Belongings {
  ownedBy(table: MemoryTable): readonly MemoryOwnedTable[];
  timersBy(table: MemoryTable): readonly MemoryTimers[];
}

export class RowCodec {
  readonly #table: MemoryTable;
  readonly #belongings: Belongings;
  #owned: readonly OwnedCodec[] | undefined;

  constructor(table: MemoryTable, belongings: Belongings) {
    this.#table = table;
    this.#belongings = belongings;
  }
  /** Known once all is declared. */
  get #children(): readonly OwnedCodec[] {
    return (this.#owned ??= this.#belongings
      .ownedBy(this.#table)
      .map((table) => ({ table, codec: new RowCodec(table, this.#belongings) })));
  }
  write(to: BytesWriter, slot: number): void {
    this.#table.writeSlot(to, slot);
    this.#writeBelongings(to, slot);
  }
  read(from: BytesReader, slot: number): void {
    this.#table.readSlot(from, slot);
    this.#readBelongings(from, slot);
  }
  #writeBelongings(to: BytesWriter, slot: number): void {
    for (const { table, codec } of this.#children) {
      to.i32(table.count(slot));
      for (let row = table.first(slot); row >= 0; row = table.next(row)) codec.write(to, row);
    }
    for (const timers of this.#belongings.timersBy(this.#table)) to.f64(timers.timeOf(slot));
  }
  #readBelongings(from: BytesReader, slot: number): void {
    for (const { table, codec } of this.#children)
      for (let n = from.i32(); n > 0; n--) codec.#readBelongings(from, table.readRow(slot, from));
    for (const timers of this.#belongings.timersBy(this.#table)) {
      const at = from.f64();
      if (!Number.isNaN(at)) timers.set(slot, at);
    }
  }
}

interface OwnedCodec {
  readonly table: MemoryOwnedTable;
  readonly codec: RowCodec;
}
