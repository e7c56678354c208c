/* The generic scanner: fields in any order, white space, nulls, escapes, fields that nobody reads. */

import { i32, i64, type Expr, type FunctionRef, type Label, type Local, type ModuleBuilder } from '#wasm';
import type { TimestampStyle } from '../../text/time.ts';
import {
  advance,
  byteAt,
  differs,
  newEmit,
  nullWord,
  skipValue,
  toQuote,
  type Emit,
  type Helpers,
} from './emit.ts';
import type { Frame, RowSlot, Slot } from './frame.ts';
import { readLeaf, writeAllNull, writeNull } from './values.ts';
import { endRecord } from './record-end.ts';

export interface ScanSettings {
  readonly style: TimestampStyle;
  readonly failOnMissing: boolean;
}

/** Adds (start, end, row) → 1 when the record was read into the row. */
export function addGeneric(
  m: ModuleBuilder,
  frame: Frame,
  helpers: Helpers,
  settings: ScanSettings,
): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const start = f.param(0, 'i32');
    const end = f.param(1, 'i32');
    const e = newEmit(f, helpers, frame.head, f.let(start), f.param(2, 'i32'), true);
    f.block((bad) => {
      writeAllNull(e, frame.root);
      space(e);
      f.breakIf(bad, i32.ne(byteAt(e.p), i32.const(123)));
      readObject(e, frame.root, settings, bad);
      space(e);
      f.breakIf(bad, i32.ne(e.p, end));
      endRecord(e, start, end, bad);
      f.return(i32.const(1));
    });
    f.return(i32.const(0));
  });
}

function space(e: Emit): void {
  const { f, p } = e;
  f.if(i32.leU(byteAt(p), i32.const(32)), () => f.set(p, f.call(e.helpers.space, 'i32', p)));
}

/** From the opening brace to behind the closing one. */
function readObject(e: Emit, row: RowSlot, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  const seen = f.let(i64.const(0n));
  advance(e, 1);
  space(e);
  f.block((done) => {
    f.if(i32.eq(byteAt(p), i32.const(125)), () => {
      advance(e, 1);
      f.break(done);
    });
    f.loop((again) => {
      readField(e, row, settings, seen, bad);
      space(e);
      const c = f.let(byteAt(p));
      advance(e, 1);
      f.breakIf(done, i32.eq(c, i32.const(125)));
      f.breakIf(bad, i32.ne(c, i32.const(44)));
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

const isNullable = (slot: Slot): boolean => (slot.kind === 'row' ? slot.nullable : slot.type.nullable);

/** A key and its value. A key with an escape, and a known key that comes again, are for the reference. */
function readField(e: Emit, row: RowSlot, settings: ScanSettings, seen: Local<'i64'>, bad: Label): void {
  const { f, p } = e;
  f.breakIf(bad, i32.ne(byteAt(p), i32.const(34)));
  advance(e, 1);
  const key = f.let(p);
  toQuote(e);
  f.breakIf(bad, i32.ne(byteAt(p), i32.const(34)));
  const length = f.let(i32.sub(p, key));
  advance(e, 1);
  space(e);
  f.breakIf(bad, i32.ne(byteAt(p), i32.const(58)));
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

function readSlot(e: Emit, slot: Slot, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  if (slot.kind === 'leaf') return readLeaf(e, slot, settings.style, bad);
  const read = (): void => {
    f.breakIf(bad, i32.ne(byteAt(p), i32.const(123)));
    f.store8(e.row, i32.const(1), slot.valid);
    readObject(e, slot, settings, bad);
  };
  if (!slot.nullable) return read();
  f.if(
    i32.eq(i32.load(p), nullWord),
    () => {
      advance(e, 4);
      writeNull(e, slot);
    },
    read,
  );
}
