/* Goes through the keys of a slice's table in the order in which they came: slots in memory, and rows on disk that are lent a
 * slot until the next step.
 *
 *   slots by arrival ────────────┐
 *   arrivals that are under way ─┼▶ the least arrival, again and again
 *   arrivals in the map ─────────┘
 *
 * A key that came back to memory has its arrival on disk still: of two that are equal, what is in memory counts. */

import type { DiskMapEntry } from '#base';
import type { KeyWalk } from '../contract.ts';
import { contentOf } from './disk-file.ts';
import { behind } from './keys.ts';
import type { RowDisk } from './row-disk.ts';
import type { SliceRowSpace } from './row-space.ts';

/** Arrivals read at a time. */
const pageEntries = 1024;
/** Bytes of rows on disk that are lent a slot at a time, about: those of one key may be more. */
const lentBytesMax = 1 << 20;

export interface WalkedTable {
  arrivalOf(slot: number): number;
  /** A slot with what lies on disk under this key; -1 where its arrival is another one. */
  lend(row: Uint8Array, arrival: number): number;
  /** Bytes of the row that was lent last. */
  readonly lentBytes: number;
  takeBack(slot: number): void;
  /** The walk is at its end. */
  done(): void;
}

export class LendingWalk implements KeyWalk {
  readonly #slots: Int32Array;
  readonly #table: WalkedTable;
  readonly #arrivals: DiskArrivals | undefined;
  #at = 0;
  readonly #lent: number[] = [];

  constructor(
    slots: Int32Array,
    onDisk: { readonly disk: RowDisk; readonly space: SliceRowSpace } | undefined,
    table: WalkedTable,
  ) {
    this.#slots = slots;
    this.#table = table;
    this.#arrivals = onDisk && new DiskArrivals(onDisk.disk, onDisk.space);
  }
  get lent(): number {
    return this.#lent.length;
  }
  next(into: Int32Array): number {
    const table = this.#table;
    for (const slot of this.#lent) table.takeBack(slot);
    this.#lent.length = 0;
    let count = 0;
    let bytes = 0;
    while (count < into.length && bytes < lentBytesMax) {
      const slot = this.#at < this.#slots.length ? this.#slots[this.#at]! : -1;
      const arrival = slot < 0 ? Infinity : table.arrivalOf(slot);
      const onDisk = this.#arrivals?.next ?? Infinity;
      if (arrival === Infinity && onDisk === Infinity) break;
      if (arrival <= onDisk) {
        into[count++] = slot;
        this.#at++;
        if (arrival === onDisk) this.#arrivals!.take();
        continue;
      }
      const lent = table.lend(this.#arrivals!.take(), onDisk);
      if (lent < 0) continue;
      bytes += table.lentBytes;
      this.#lent.push(lent);
      into[count++] = lent;
    }
    if (count === 0) table.done();
    return count;
  }
}

/** The arrivals of a table on disk, the least first, each once. */
class DiskArrivals {
  readonly #disk: RowDisk;
  readonly #space: SliceRowSpace;
  /** Those that were not in the map when the walk began: none is added in the meantime. */
  readonly #underWay: readonly DiskMapEntry[];
  #underWayAt = 0;
  #page: readonly DiskMapEntry[] = [];
  #pageAt = 0;
  #from: Uint8Array | undefined;

  constructor(disk: RowDisk, space: SliceRowSpace) {
    this.#disk = disk;
    this.#space = space;
    this.#underWay = [...disk.underWay(space.arrivals)].sort((a, b) => Buffer.compare(a.key, b.key));
    [this.#from] = space.arrivals;
    this.#read();
  }
  #read(): void {
    if (this.#from === undefined) return;
    this.#page = this.#disk.committed([this.#from, this.#space.arrivals[1]], pageEntries);
    this.#pageAt = 0;
    const last = this.#page.at(-1)?.key;
    this.#from = last && behind(last);
  }
  /** The least arrival that was not taken, or Infinity. */
  get next(): number {
    const least = this.#least;
    return least === undefined ? Infinity : this.#space.arrivalOf(least.key);
  }
  get #least(): DiskMapEntry | undefined {
    const inMap = this.#page[this.#pageAt];
    const underWay = this.#underWay[this.#underWayAt];
    if (inMap === undefined || underWay === undefined) return inMap ?? underWay;
    return Buffer.compare(inMap.key, underWay.key) < 0 ? inMap : underWay;
  }
  /** The key of the row that it points to. */
  take(): Uint8Array {
    const { key, value } = this.#least!;
    while (this.#isAt(this.#underWay[this.#underWayAt], key)) this.#underWayAt++;
    if (this.#isAt(this.#page[this.#pageAt], key) && ++this.#pageAt === this.#page.length) this.#read();
    return this.#space.rowOf(contentOf(value));
  }
  #isAt(entry: DiskMapEntry | undefined, key: Uint8Array): boolean {
    return entry !== undefined && Buffer.compare(entry.key, key) === 0;
  }
}
