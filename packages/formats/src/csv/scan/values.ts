/* What both rungs read alike: the start of a record, and a value of a cell by its type. */

import { i32, type Expr, type Label } from '#wasm';
import { cell, writeNull } from '../../scan/cells.ts';
import { byteAt, differs, isByte, type Emit } from '../../scan/emit.ts';
import { readNumber } from '../../scan/numbers.ts';
import { isNullable, type LeafSlot } from '../../scan/slots.ts';
import { readTemporal } from '../../scan/times.ts';
import type { CsvSyntax } from './syntax.ts';

const byteOrderMark = i32.const(0xbfbbef);

/** Records that begin with what is no cell (a comment, a byte order mark), and empty ones, are for the reference. */
export function openRecord(e: Emit, { comments }: CsvSyntax, bad: Label): void {
  const { f, p } = e;
  f.breakIf(bad, i32.geU(p, e.end));
  f.breakIf(bad, i32.eq(i32.and(i32.load(p), i32.const(0xffffff)), byteOrderMark));
  if (comments) f.breakIf(bad, i32.or(isByte(byteAt(p), ' '), isByte(byteAt(p), '#')));
}

/** The bytes at `at` are the null literal, whose length is another question. */
export const isLiteral = (at: Expr<'i32'>, literal: Uint8Array): Expr<'i32'> =>
  literal.length === 0 ? i32.const(1) : i32.eqz(differs(at, literal));

/** NULL, where the column may be. */
export function readNull(e: Emit, slot: LeafSlot, bad: Label): void {
  if (isNullable(slot)) writeNull(e, slot);
  else e.f.break(bad);
}

export const isText = ({ type }: LeafSlot): boolean => type.kind === 'CHAR' || type.kind === 'VARCHAR';

/** A number or a time, as bare text at the cursor. */
export function readBare(e: Emit, slot: LeafSlot, bad: Label): void {
  if (readNumber(e, slot, { leadingZeros: true }, bad)) return;
  readTemporal(e, slot, { timestamps: 'SQL', digitsAfterPoint: true }, bad);
}

export function storeBoolean(e: Emit, slot: LeafSlot, value: Expr<'i32'>): void {
  e.f.store(cell(e, 2), value, slot.values);
}
