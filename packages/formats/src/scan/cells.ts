/* Writing into the columns of a frame: values, and what is null. */

import { i32, type Expr } from '#wasm';
import type { Emit } from './emit.ts';
import type { LeafSlot, RowSlot, Slot } from './slots.ts';

/** Where this row's cell of 2^`width` bytes is, before the column's address. */
export const cell = (e: Emit, width: 2 | 3): Expr<'i32'> => i32.shl(e.row, i32.const(width));

export function writeValid(e: Emit, slot: Slot): void {
  e.f.store8(e.row, i32.const(1), slot.valid);
}

/** Marks a slot, and everything in it, as null. */
export function writeNull(e: Emit, slot: Slot): void {
  e.f.store8(e.row, i32.const(0), slot.valid);
  if (slot.kind === 'row') for (const field of slot.fields) writeNull(e, field.slot);
}

/** All slots of a row set to null: for scanners that find fields in any order. */
export function writeAllNull(e: Emit, row: RowSlot): void {
  for (const field of row.fields) writeNull(e, field.slot);
}

/** A string as a slice of the memory. */
export function writeText(e: Emit, slot: LeafSlot, start: Expr<'i32'>, length: Expr<'i32'>): void {
  e.f.store(cell(e, 2), start, slot.values);
  e.f.store(cell(e, 2), length, slot.second);
}
