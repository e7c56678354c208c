/* The generic rung: fields in any order, white space, nulls, escapes, numbers in quotes, fields that nobody reads. */

import { i32, i64, type Expr, type FunctionRef, type Label, type Local, type ModuleBuilder } from '#wasm';
import { writeAllNull, writeNull, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, differs, isByte, isNotByte, type SharedFunctions } from '../../scan/emit.ts';
import type { Frame } from '../../scan/frame.ts';
import { addGeneric } from '../../scan/rungs.ts';
import { isNullable, type RowSlot, type Slot } from '../../scan/slots.ts';
import { nullOr, skipValue, toQuote, type JsonEmit, type JsonFunctions } from './emit.ts';
import { readLeaf, type ValueSettings } from './values.ts';

export interface ScanSettings extends ValueSettings {
  readonly failOnMissing: boolean;
}

export function addJsonGeneric(
  m: ModuleBuilder,
  frame: Frame,
  functions: { readonly shared: SharedFunctions; readonly json: JsonFunctions },
  settings: ScanSettings,
): FunctionRef {
  return addGeneric(m, frame, functions.shared, (emit, bad) => {
    const e: JsonEmit = { ...emit, json: functions.json, escapes: true };
    writeAllNull(e, frame.root);
    space(e);
    e.f.breakIf(bad, isNotByte(byteAt(e.p), '{'));
    readObject(e, frame.root, settings, bad);
    spaceToEnd(e, bad);
  });
}

/** Past white space behind the object. What follows the record may be white space too: a line feed, in files. */
function spaceToEnd(e: JsonEmit, bad: Label): void {
  const { f, p, end } = e;
  f.breakIf(bad, i32.gtU(p, end));
  space(e);
  f.if(i32.gtU(p, end), () => f.set(p, end));
}

function space(e: JsonEmit): void {
  const { f, p } = e;
  f.if(i32.leU(byteAt(p), i32.const(32)), () => f.set(p, f.call(e.json.space, 'i32', p)));
}

/** From the opening brace to behind the closing one. */
function readObject(e: JsonEmit, row: RowSlot, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  const seen = f.let(i64.const(0n));
  advance(e, 1);
  space(e);
  f.block((done) => {
    f.if(isByte(byteAt(p), '}'), () => {
      advance(e, 1);
      f.break(done);
    });
    f.loop((again) => {
      readField(e, row, settings, seen, bad);
      space(e);
      const c = f.let(byteAt(p));
      advance(e, 1);
      f.breakIf(done, isByte(c, '}'));
      f.breakIf(bad, isNotByte(c, ','));
      space(e);
      f.break(again);
    });
  });
  const required = row.fields.reduce(
    (mask, field, i) => (settings.failOnMissing || !isNullable(field.slot) ? mask | (1n << BigInt(i)) : mask),
    0n,
  );
  if (required !== 0n) f.breakIf(bad, i64.ne(i64.and(seen, i64.const(required)), i64.const(required)));
}

/** A key and its value. A key with an escape, and a known key that comes again, are for the reference. */
function readField(e: JsonEmit, row: RowSlot, settings: ScanSettings, seen: Local<'i64'>, bad: Label): void {
  const { f, p } = e;
  f.breakIf(bad, isNotByte(byteAt(p), '"'));
  advance(e, 1);
  const key = f.let(p);
  toQuote(e);
  f.breakIf(bad, isNotByte(byteAt(p), '"'));
  const length = f.let(i32.sub(p, key));
  advance(e, 1);
  space(e);
  f.breakIf(bad, isNotByte(byteAt(p), ':'));
  advance(e, 1);
  space(e);
  f.block((found) => {
    row.fields.forEach((field, i) => {
      f.if(isKey(key, length, field.name), () => {
        const bit = i64.const(1n << BigInt(i));
        f.breakIf(bad, i32.wrapI64(i64.shrU(i64.and(seen, bit), i64.const(BigInt(i)))));
        f.set(seen, i64.or(seen, bit));
        readSlot(e, field.slot, settings, bad);
        f.break(found);
      });
    });
    skipValue(e, bad);
  });
}

function isKey(key: Local<'i32'>, length: Local<'i32'>, name: string): Expr<'i32'> {
  const bytes = new TextEncoder().encode(name);
  return i32.and(i32.eq(length, i32.const(bytes.length)), i32.eqz(differs(key, bytes)));
}

function readSlot(e: JsonEmit, slot: Slot, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  if (slot.kind === 'leaf') return readLeaf(e, slot, settings, true, bad);
  const read = (): void => {
    f.breakIf(bad, isNotByte(byteAt(p), '{'));
    writeValid(e, slot);
    readObject(e, slot, settings, bad);
  };
  if (!slot.nullable) return read();
  nullOr(e, () => writeNull(e, slot), read);
}
