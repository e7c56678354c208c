/* Dates and times at the cursor → their column, as bare text. */

import type { TemporalType } from '#data';
import { f64, i32, i64, v128, type Expr, type Label } from '#wasm';
import type { TimestampStyle } from '../text/time.ts';
import { cell } from './cells.ts';
import { noDay } from './day.ts';
import { integerPower, moreDigits } from './digits.ts';
import { advance, byteAt, expectBytes, isByte, isNotByte, type Emit } from './emit.ts';
import type { LeafSlot } from './slots.ts';

/** How a format writes times. */
export interface TimeStyle {
  readonly timestamps: TimestampStyle;
  /** 12:00:00. is no time. */
  readonly digitsAfterPoint: boolean;
}

/** False: the slot holds no date or time. */
export function readTemporal(e: Emit, slot: LeafSlot, style: TimeStyle, bad: Label): boolean {
  const { type } = slot;
  switch (type.kind) {
    case 'DATE':
      readDate(e, slot, bad);
      return true;
    case 'TIME':
      readTime(e, slot, type, style, bad);
      return true;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      readTimestamp(e, slot, type, style.timestamps, bad);
      return true;
    default:
      return false;
  }
}

function readDate(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, p, a } = e;
  f.set(a, f.call(e.shared.day, 'i32', p));
  f.breakIf(bad, i32.eq(a, i32.const(noDay)));
  advance(e, 10);
  f.store(cell(e, 2), a, slot.values);
}

/** Two digits at `offset` in [0, max], as a number. */
function twoDigits(e: Emit, offset: number, max: number, bad: Label): Expr<'i32'> {
  const { f, p } = e;
  const tens = f.let(i32.sub(byteAt(p, offset), i32.const(48)));
  const units = f.let(i32.sub(byteAt(p, offset + 1), i32.const(48)));
  f.breakIf(bad, i32.gtU(tens, i32.const(9)));
  f.breakIf(bad, i32.gtU(units, i32.const(9)));
  const value = f.let(i32.add(i32.mul(tens, i32.const(10)), units));
  f.breakIf(bad, i32.gtU(value, i32.const(max)));
  return value;
}

/** A fraction of a second, if there is one: nanoseconds, cut to `precision` digits, into `a`. */
function readNanos(e: Emit, precision: number, needsDigits: boolean, bad: Label): void {
  const { f, p, a, number, digits } = e;
  f.set(a, i32.const(0));
  f.if(isByte(byteAt(p), '.'), () => {
    advance(e, 1);
    f.set(number, i64.const(0n));
    f.set(digits, i32.const(0));
    moreDigits(e, bad);
    f.breakIf(bad, i32.gtU(digits, i32.const(9)));
    if (needsDigits) f.breakIf(bad, i32.eqz(digits));
    f.set(a, i32.wrapI64(i64.mul(number, integerPower(e, i32.sub(i32.const(9), digits)))));
    if (precision >= 9) return;
    const unit = i32.const(10 ** (9 - precision));
    f.set(a, i32.mul(i32.divU(a, unit), unit));
  });
}

function readTime(e: Emit, slot: LeafSlot, type: TemporalType, style: TimeStyle, bad: Label): void {
  const { f, p, a } = e;
  f.breakIf(bad, isNotByte(byteAt(p, 2), ':'));
  f.breakIf(bad, isNotByte(byteAt(p, 5), ':'));
  const hour = twoDigits(e, 0, 23, bad);
  const minute = twoDigits(e, 3, 59, bad);
  const second = twoDigits(e, 6, 59, bad);
  const seconds = f.let(
    i32.add(i32.mul(i32.add(i32.mul(hour, i32.const(60)), minute), i32.const(60)), second),
  );
  advance(e, 8);
  readNanos(e, Math.min(3, type.precision), style.digitsAfterPoint, bad);
  const millis = i32.divU(a, i32.const(1_000_000));
  f.store(cell(e, 2), i32.add(i32.mul(seconds, i32.const(1000)), millis), slot.values);
}

/** The date and minute at the cursor, 16 bytes, as milliseconds: kept while they repeat, as they do in
 *  streams. */
function minuteMillis(e: Emit, slot: LeafSlot, style: TimestampStyle, bad: Label): Expr<'i64'> {
  const { f, p, vector } = e;
  const cache = i32.const(slot.cache);
  f.set(vector, v128.load(p));
  f.if(v128.anyTrue(v128.xor(vector, v128.load(cache))), () => {
    f.breakIf(bad, isNotByte(byteAt(p, 10), style === 'SQL' ? ' ' : 'T'));
    f.breakIf(bad, isNotByte(byteAt(p, 13), ':'));
    const day = f.let(f.call(e.shared.day, 'i32', p));
    f.breakIf(bad, i32.eq(day, i32.const(noDay)));
    const hour = twoDigits(e, 11, 23, bad);
    const minute = twoDigits(e, 14, 59, bad);
    const minutes = i64.extendI32S(i32.add(i32.mul(hour, i32.const(60)), minute));
    f.store(
      cache,
      i64.mul(i64.add(i64.mul(i64.extendI32S(day), i64.const(1440n)), minutes), i64.const(60_000n)),
      16,
    );
    f.storeV128(cache, v128.load(p));
  });
  return i64.load(cache, 16);
}

function readTimestamp(e: Emit, slot: LeafSlot, type: TemporalType, style: TimestampStyle, bad: Label): void {
  const { f, p, a } = e;
  const minute = minuteMillis(e, slot, style, bad);
  f.breakIf(bad, isNotByte(byteAt(p, 16), ':'));
  const second = twoDigits(e, 17, 59, bad);
  advance(e, 19);
  readNanos(e, type.precision, false, bad);
  if (type.kind === 'TIMESTAMP_LTZ') expectBytes(e, Uint8Array.of(90), bad);
  const million = i32.const(1_000_000);
  const millis = f.let(i32.divU(a, million));
  if (slot.second !== 0) f.store(cell(e, 2), i32.sub(a, i32.mul(millis, million)), slot.second);
  const ofMinute = i64.extendI32U(i32.add(i32.mul(second, i32.const(1000)), millis));
  f.store(cell(e, 3), f64.convertI64S(i64.add(minute, ofMinute)), slot.values);
}
