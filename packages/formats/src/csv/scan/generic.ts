/* The generic rung: cell by cell, with quotes and escapes undone, white space around values, and too few cells where
 * errors are ignored. */

import { i32, type FunctionRef, type Label, type Local, type ModuleBuilder } from '#wasm';
import { writeNull, writeText, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, isByte, isDigit, type Emit, type SharedFunctions } from '../../scan/emit.ts';
import { head, type Frame } from '../../scan/frame.ts';
import { addGeneric } from '../../scan/rungs.ts';
import { isNullable, type LeafSlot } from '../../scan/slots.ts';
import { addCell } from './cell.ts';
import type { CsvSyntax } from './syntax.ts';
import { isLiteral, isText, openRecord, readBare, readNull, storeBoolean } from './values.ts';

/** The cell at hand: where it goes on, and its text. */
interface CellText {
  readonly next: Local<'i32'>;
  readonly start: Local<'i32'>;
  readonly length: Local<'i32'>;
}

export function addCsvGeneric(
  m: ModuleBuilder,
  frame: Frame,
  shared: SharedFunctions,
  syntax: CsvSyntax,
): FunctionRef {
  const find = addCell(m, frame, syntax);
  return addGeneric(m, frame, shared, (e, bad) => {
    openRecord(e, syntax, bad);
    // Cells are looked at without noting what they hold: every record is checked to be UTF-8.
    e.f.store(i32.const(e.head), i32.const(1), head.wide);
    readCells(e, syntax, find, bad);
  });
}

function readCells(e: Emit, syntax: CsvSyntax, find: FunctionRef, bad: Label): void {
  const { f, p, end } = e;
  const { cells } = syntax;
  const text: CellText = { next: f.local('i32'), start: f.local('i32'), length: f.local('i32') };
  f.block((done) => {
    cells.forEach((slot, i) => {
      f.callInto([text.next, text.start, text.length], find, p, end);
      f.breakIf(bad, i32.eqz(text.next));
      if (slot !== undefined) readCell(e, slot, syntax, text, bad);
      f.set(p, text.next);
      if (i === cells.length - 1) return;
      f.if(i32.eq(p, end), () => {
        tooFew(e, syntax, cells.slice(i + 1), bad);
        f.break(done);
      });
      advance(e, 1);
    });
    // One delimiter at the end is no further cell; more cells are an error.
    f.if(i32.eq(i32.add(p, i32.const(1)), end), () => advance(e, 1));
  });
}

/** The cells that are not there. */
function tooFew(
  e: Emit,
  { ignoreErrors }: CsvSyntax,
  left: readonly (LeafSlot | undefined)[],
  bad: Label,
): void {
  const slots = left.filter((slot) => slot !== undefined);
  if (!ignoreErrors || !slots.every(isNullable)) return e.f.break(bad);
  for (const slot of slots) writeNull(e, slot);
}

function readCell(e: Emit, slot: LeafSlot, syntax: CsvSyntax, text: CellText, bad: Label): void {
  const { f } = e;
  const { nullLiteral } = syntax;
  const read = (): void => {
    if (isText(slot)) writeText(e, slot, text.start, text.length);
    else readValue(e, slot, text, bad);
    writeValid(e, slot);
  };
  if (nullLiteral === undefined) return read();
  const isNull = i32.and(
    i32.eq(text.length, i32.const(nullLiteral.length)),
    isLiteral(text.start, nullLiteral),
  );
  f.if(isNull, () => readNull(e, slot, bad), read);
}

/** Types around whose values white space may stand, as in Flink. */
const trimmed = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
]);
const signed = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL']);

function readValue(e: Emit, slot: LeafSlot, text: CellText, bad: Label): void {
  const { f, p } = e;
  const { kind } = slot.type;
  const stop = f.let(i32.add(text.start, text.length));
  f.set(p, text.start);
  if (trimmed.has(kind)) trim(e, stop);
  if (kind === 'BOOLEAN') {
    // All that is not true is false.
    const isTrue = i32.eq(i32.or(i32.load(p), i32.const(0x20202020)), i32.const(0x65757274));
    return storeBoolean(e, slot, i32.and(i32.eq(i32.sub(stop, p), i32.const(4)), isTrue));
  }
  if (signed.has(kind)) f.if(i32.and(isByte(byteAt(p), '+'), isDigit(byteAt(p, 1))), () => advance(e, 1));
  readBare(e, slot, bad);
  f.breakIf(bad, i32.ne(p, stop));
}

/** The cursor past white space, `stop` before it: everything up to a space, as Java's String.trim. */
function trim(e: Emit, stop: Local<'i32'>): void {
  const { f, p } = e;
  const blank = i32.const(32);
  f.loop((again) => {
    f.if(i32.and(i32.ltU(p, stop), i32.leU(byteAt(p), blank)), () => {
      advance(e, 1);
      f.break(again);
    });
  });
  f.loop((again) => {
    const before = i32.sub(stop, i32.const(1));
    f.if(i32.and(i32.ltU(p, stop), i32.leU(byteAt(before), blank)), () => {
      f.set(stop, before);
      f.break(again);
    });
  });
}
