/* Aggregates that give a bitmap, or how many members it has: of integers, or of bitmaps by OR, AND or XOR.
 *
 *   rows ─▶ per slot: how many rows, and of each member how many of them hold it ─▶ members that 1, all, or an odd number hold
 *
 * Counts let rows be taken back. NULLs are passed over; without any other row the result is NULL. */

import { assert } from '#base';
import { bitmapMembers, bitmapOf, types, type Column, type I32Column } from '#data';
import type { F64Cells, I32StateColumn, SortedTable } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { readableRows } from './readable.ts';

/** Whether a member that so many of the rows hold is in the result. */
type Holds = (held: number, rows: number) => boolean;

export const bitmapResults = {
  OR: (held) => held > 0,
  AND: (held, rows) => held === rows,
  XOR: (held) => held % 2 !== 0,
} as const satisfies Record<string, Holds>;

export class BitmapKernel implements Kernel {
  readonly images: ValueImages;
  readonly #members: SortedTable;
  readonly #rows: F64Cells;
  readonly #holds: Holds;
  readonly #counts: boolean;

  /** `counts`: the result is the number of members. */
  constructor({ call, scope, table, name }: KernelSetup, holds: Holds, counts: boolean) {
    this.images = new ValueImages(call.type);
    this.#holds = holds;
    this.#counts = counts;
    const cell = `${name}:rows`;
    table.addCells({ [cell]: 'f64' });
    this.#rows = table.f64(cell);
    this.#members = scope.sorted(table, {
      name,
      row: [types.INT],
      cells: { count: 'f64' },
      order: [{ column: 0 }],
      find: [0],
    });
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const column = args[0]!;
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      if (withImages) this.#image(slot);
      if ((what & op.skip) === 0 && (column.valid === undefined || column.valid[from + i] === 1))
        this.#addRow(slot, column, from + i, (what & op.retract) === 0 ? 1 : -1);
      if (withImages) this.#image(slot);
    }
  }
  #addRow(slot: number, column: Column, row: number, by: number): void {
    this.#rows.values[slot]! += by;
    if (column.layout === 'i32') return this.#change(slot, [column], row, by);
    assert(column.layout === 'bytes', 'a column of bitmaps');
    const start = column.starts[row]!;
    const members = bitmapMembers(column.data.subarray(start, start + column.lengths[row]!));
    const values = new Int32Array(members.buffer, members.byteOffset, members.length);
    const asColumn: I32Column[] = [{ layout: 'i32', valid: undefined, values }];
    for (let i = 0; i < values.length; i++) this.#change(slot, asColumn, i, by);
  }
  #change(slot: number, columns: readonly Column[], row: number, by: number): void {
    const at = this.#members.upsertRow(slot, columns, row);
    const counts = this.#members.f64('count').values;
    const after = (this.#members.created ? 0 : counts[at]!) + by;
    if (after === 0) this.#members.remove(at);
    else {
      counts[at] = after;
      this.#members.writeOne(at);
    }
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as BitmapKernel;
    for (let i = 0; i < count; i++) {
      this.#rows.values[into[i]!]! += other.#rows.values[from[i]!]!;
      for (const { slot: at, columns, row } of readableRows(this.#members, other.#members, from[i]!)) {
        this.#change(into[i]!, columns, row, other.#members.f64('count').values[at]!);
      }
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#clear(slots[i]!);
  }
  #clear(slot: number): void {
    this.#members.removeAll(slot);
    this.#rows.values[slot] = 0;
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.#image(slots[i]!);
  }

  #image(slot: number): void {
    const rows = this.#rows.values[slot]!;
    if (rows <= 0) return this.images.appendNull();
    const held = this.#heldBy(slot, rows);
    this.images.append(this.#counts ? BigInt(held.length) : bitmapOf(held));
  }
  /** The members in the result, as unsigned integers in their order: those above 2^31 are the negative ones of the table. */
  #heldBy(slot: number, rows: number): Uint32Array {
    const { values } = this.#members.row[0] as I32StateColumn;
    const counts = this.#members.f64('count').values;
    const low: number[] = [];
    const high: number[] = [];
    for (let at = this.#members.first(slot); at >= 0; at = this.#members.next(at))
      if (this.#holds(counts[at]!, rows)) (values[at]! < 0 ? high : low).push(values[at]!);
    return Uint32Array.from([...low, ...high]);
  }
}
