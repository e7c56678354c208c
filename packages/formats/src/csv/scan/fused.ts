/* The fused rung: the right number of cells, each a plain value, or one in quotes that needs no undoing. A text is a
 * slice of its record. */

import { i32, type Expr, type Label, type Local } from '#wasm';
import { writeText, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, expectBytes, isByte, isNotByte, type Emit } from '../../scan/emit.ts';
import { toByte } from '../../scan/search.ts';
import type { LeafSlot } from '../../scan/slots.ts';
import { bareStops, type CsvSyntax } from './syntax.ts';
import { isLiteral, isText, openRecord, readBare, readNull, storeBoolean } from './values.ts';

const utf8 = new TextEncoder();

/** Reads a record; the cursor is at its start, and afterwards at its end if it was one. */
export function readRecord(e: Emit, syntax: CsvSyntax, bad: Label): void {
  const { cells, delimiter } = syntax;
  openRecord(e, syntax, bad);
  cells.forEach((slot, i) => {
    const last = i === cells.length - 1;
    if (slot === undefined || isText(slot)) readTextCell(e, slot, syntax, last, bad);
    else readValueCell(e, slot, syntax, last, bad);
    if (!last) expectBytes(e, Uint8Array.of(delimiter), bad);
  });
}

/** A text, or a cell that nobody reads. */
function readTextCell(
  e: Emit,
  slot: LeafSlot | undefined,
  syntax: CsvSyntax,
  last: boolean,
  bad: Label,
): void {
  const { f, p, a, b } = e;
  const { quote, escape, nullLiteral } = syntax;
  const bare = (): void => {
    f.set(a, p);
    toByte(e, bareStops(syntax));
    if (last) {
      f.breakIf(bad, i32.or(i32.ltU(p, e.end), i32.gtU(a, e.end)));
      f.set(p, e.end);
    }
    f.set(b, i32.sub(p, a));
  };
  if (quote === undefined) bare();
  else {
    f.if(
      isByte(byteAt(p), quote),
      () => {
        advance(e, 1);
        f.set(a, p);
        toByte(e, escape === undefined ? [quote] : [quote, escape]);
        f.breakIf(bad, isNotByte(byteAt(p), quote));
        f.set(b, i32.sub(p, a));
        advance(e, 1);
      },
      bare,
    );
  }
  if (slot === undefined) return;
  const store = (): void => {
    writeText(e, slot, a, b);
    writeValid(e, slot);
  };
  if (nullLiteral === undefined) return store();
  const isNull = i32.and(i32.eq(b, i32.const(nullLiteral.length)), isLiteral(a, nullLiteral));
  f.if(isNull, () => readNull(e, slot, bad), store);
}

/** A number, a time, true or false; maybe in quotes. */
function readValueCell(e: Emit, slot: LeafSlot, syntax: CsvSyntax, last: boolean, bad: Label): void {
  const { f, p } = e;
  const { quote, nullLiteral } = syntax;
  const quoted = quote === undefined ? undefined : f.let(isByte(byteAt(p), quote));
  if (quoted !== undefined) advance(e, quoted);
  const read = (): void => {
    if (slot.type.kind === 'BOOLEAN') readBoolean(e, slot, bad);
    else readBare(e, slot, bad);
    writeValid(e, slot);
  };
  if (nullLiteral === undefined) read();
  else {
    const { length } = nullLiteral;
    const ends = endsAt(e, length, syntax, quoted, last);
    f.if(
      i32.and(isLiteral(p, nullLiteral), ends),
      () => {
        advance(e, length);
        readNull(e, slot, bad);
      },
      read,
    );
  }
  if (quoted !== undefined) f.if(quoted, () => expectBytes(e, Uint8Array.of(quote!), bad));
}

/** The cell ends `offset` bytes behind the cursor. */
function endsAt(
  e: Emit,
  offset: number,
  { delimiter, quote }: CsvSyntax,
  quoted: Local<'i32'> | undefined,
  last: boolean,
): Expr<'i32'> {
  const at = i32.add(e.p, i32.const(offset));
  const bare = last ? i32.eq(at, e.end) : isByte(byteAt(e.p, offset), delimiter);
  if (quoted === undefined) return bare;
  const closed = i32.and(quoted, isByte(byteAt(e.p, offset), quote!));
  return i32.or(closed, i32.and(i32.eqz(quoted), bare));
}

function readBoolean(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, p, a } = e;
  f.set(a, isByte(byteAt(p), 't'));
  f.if(
    a,
    () => expectBytes(e, utf8.encode('true'), bad),
    () => expectBytes(e, utf8.encode('false'), bad),
  );
  storeBoolean(e, slot, a);
}
