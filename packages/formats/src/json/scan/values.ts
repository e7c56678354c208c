/* Reading one value into its column, by type. The cursor is at the value's first byte; afterwards it is
 * behind the value. What a scanner does not take (numbers in quotes, exponents, escapes in the fused one,
 * …) leaves for `bad`. */

import type { DecimalType, TemporalType } from '#data';
import { f32, f64, i32, i64, v128, type Expr, type Label } from '#wasm';
import type { TimestampStyle } from '../../text/time.ts';
import {
  advance,
  byteAt,
  doublePower,
  expectBytes,
  integerPower,
  moreDigits,
  noDay,
  nullWord,
  readDigits,
  signedNumber,
  toQuote,
  type Emit,
} from './emit.ts';
import type { LeafSlot, RowSlot, Slot } from './frame.ts';

const narrowMax = 2n ** 53n - 1n;
const utf8 = new TextEncoder();
const quote = i32.const(34);

/** Where this row's cell of `width` bytes is, before the column's address. */
const cell = (e: Emit, width: 1 | 2 | 3): Expr<'i32'> => i32.shl(e.row, i32.const(width));

/** Reads null or a value of the leaf's type. */
export function readLeaf(e: Emit, slot: LeafSlot, style: TimestampStyle, bad: Label): void {
  const { f } = e;
  const read = (): void => {
    readValue(e, slot, style, bad);
    f.store8(e.row, i32.const(1), slot.valid);
  };
  if (!slot.type.nullable) return read();
  f.if(
    i32.eq(i32.load(e.p), nullWord),
    () => {
      advance(e, 4);
      writeNull(e, slot);
    },
    read,
  );
}

/** Marks a slot, and everything in it, as null. */
export function writeNull(e: Emit, slot: Slot): void {
  e.f.store8(e.row, i32.const(0), slot.valid);
  if (slot.kind === 'row') for (const field of slot.fields) writeNull(e, field.slot);
}

/** The valid bytes of all nullable slots of a row, set to null: for scanners that find fields in any
 *  order. */
export function writeAllNull(e: Emit, row: RowSlot): void {
  for (const field of row.fields) writeNull(e, field.slot);
}

function readValue(e: Emit, slot: LeafSlot, style: TimestampStyle, bad: Label): void {
  const { type } = slot;
  switch (type.kind) {
    case 'BOOLEAN':
      return readBoolean(e, slot, bad);
    case 'TINYINT':
      return readInteger(e, slot, 127n, bad);
    case 'SMALLINT':
      return readInteger(e, slot, 32767n, bad);
    case 'INT':
      return readInteger(e, slot, 2147483647n, bad);
    case 'BIGINT':
      return readInteger(e, slot, narrowMax, bad);
    case 'DECIMAL':
      return readDecimal(e, slot, type, bad);
    case 'FLOAT':
    case 'DOUBLE':
      return readDouble(e, slot, bad);
    case 'DATE':
      return readDate(e, slot, bad);
    case 'TIME':
      return readTime(e, slot, type, bad);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return readTimestamp(e, slot, type, style, bad);
    default:
      return readText(e, slot, bad);
  }
}

function readBoolean(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, p, a } = e;
  f.set(a, i32.eq(byteAt(p), i32.const(116)));
  f.if(
    a,
    () => expectBytes(e, utf8.encode('true'), bad),
    () => expectBytes(e, utf8.encode('false'), bad),
  );
  f.store(cell(e, 2), a, slot.values);
}

/** Bounds are symmetric here; the one value more below zero is left to the reference. */
function checkMagnitude(e: Emit, max: bigint, bad: Label): void {
  e.f.breakIf(bad, i64.gtU(e.number, i64.const(max)));
}

function readInteger(e: Emit, slot: LeafSlot, max: bigint, bad: Label): void {
  readDigits(e, bad);
  checkMagnitude(e, max, bad);
  if (slot.layout === 'i32') e.f.store(cell(e, 2), i32.wrapI64(signedNumber(e)), slot.values);
  else e.f.store(cell(e, 3), f64.convertI64S(signedNumber(e)), slot.values);
}

/** A fraction, if there is one: its digits join `number`, and `b` is how many there are. */
function readFraction(e: Emit, bad: Label): void {
  const { f, p, b, digits } = e;
  f.set(b, i32.const(0));
  f.if(i32.eq(byteAt(p), i32.const(46)), () => {
    advance(e, 1);
    const before = f.let(digits);
    moreDigits(e, bad);
    f.set(b, i32.sub(digits, before));
    f.breakIf(bad, i32.eqz(b));
  });
  // An exponent is not for scanners.
  f.breakIf(bad, i32.eq(i32.or(byteAt(p), i32.const(32)), i32.const(101)));
}

function readDecimal(e: Emit, slot: LeafSlot, type: DecimalType, bad: Label): void {
  const { f, b, number, digits } = e;
  readDigits(e, bad);
  readFraction(e, bad);
  f.breakIf(bad, i32.gtU(b, i32.const(type.scale)));
  const missing = f.let(i32.sub(i32.const(type.scale), b));
  f.breakIf(bad, i32.gtU(i32.add(digits, missing), i32.const(18)));
  f.set(number, i64.mul(number, integerPower(e, missing)));
  const most = 10n ** BigInt(type.precision) - 1n;
  checkMagnitude(e, most < narrowMax ? most : narrowMax, bad);
  f.store(cell(e, 3), f64.convertI64S(signedNumber(e)), slot.values);
}

/** Digits below 2^53 over a power of ten up to 10^22: both are exact doubles, so their quotient is rounded
 *  once (W. Clinger, "How to Read Floating Point Numbers Accurately"). */
function readDouble(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, b, number } = e;
  readDigits(e, bad);
  readFraction(e, bad);
  checkMagnitude(e, narrowMax, bad);
  const value = f.let(f64.div(f64.convertI64U(number), doublePower(e, b)));
  if (slot.type.kind === 'FLOAT') {
    // Halfway between two floats: maybe only because of the rounding to a double.
    const tail = i64.and(f64.bits(value), i64.const(0x1fffffffn));
    f.breakIf(bad, i64.eq(tail, i64.const(0x10000000n)));
    f.set(value, f64.promoteF32(f32.demoteF64(value)));
  }
  f.if(e.negative, () => f.set(value, f64.neg(value)));
  f.store(cell(e, 3), value, slot.values);
}

function openQuote(e: Emit, bad: Label): void {
  e.f.breakIf(bad, i32.ne(byteAt(e.p), quote));
  advance(e, 1);
}
function closeQuote(e: Emit, bad: Label, before = ''): void {
  expectBytes(e, utf8.encode(`${before}"`), bad);
}

function readText(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, p, a, b } = e;
  openQuote(e, bad);
  f.set(a, p);
  toQuote(e);
  f.set(b, i32.sub(p, a));
  f.if(
    i32.eq(byteAt(p), quote),
    () => advance(e, 1),
    () => {
      if (!e.escapes) return f.break(bad);
      f.callInto([p, a, b], e.helpers.unescape, a);
      f.breakIf(bad, i32.eqz(p));
    },
  );
  f.store(cell(e, 2), a, slot.values);
  f.store(cell(e, 2), b, slot.second);
}

function readDate(e: Emit, slot: LeafSlot, bad: Label): void {
  const { f, p, a } = e;
  openQuote(e, bad);
  f.set(a, f.call(e.helpers.day, 'i32', p));
  f.breakIf(bad, i32.eq(a, i32.const(noDay)));
  advance(e, 10);
  closeQuote(e, bad);
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
function readNanos(e: Emit, precision: number, bad: Label): void {
  const { f, p, a, number, digits } = e;
  f.set(a, i32.const(0));
  f.if(i32.eq(byteAt(p), i32.const(46)), () => {
    advance(e, 1);
    f.set(number, i64.const(0n));
    f.set(digits, i32.const(0));
    moreDigits(e, bad);
    f.breakIf(bad, i32.gtU(digits, i32.const(9)));
    f.set(a, i32.wrapI64(i64.mul(number, integerPower(e, i32.sub(i32.const(9), digits)))));
    if (precision >= 9) return;
    const unit = i32.const(10 ** (9 - precision));
    f.set(a, i32.mul(i32.divU(a, unit), unit));
  });
}

function readTime(e: Emit, slot: LeafSlot, type: TemporalType, bad: Label): void {
  const { f, p, a } = e;
  openQuote(e, bad);
  f.breakIf(bad, i32.ne(byteAt(p, 2), i32.const(58)));
  f.breakIf(bad, i32.ne(byteAt(p, 5), i32.const(58)));
  const hour = twoDigits(e, 0, 23, bad);
  const minute = twoDigits(e, 3, 59, bad);
  const second = twoDigits(e, 6, 59, bad);
  const seconds = f.let(
    i32.add(i32.mul(i32.add(i32.mul(hour, i32.const(60)), minute), i32.const(60)), second),
  );
  advance(e, 8);
  readNanos(e, Math.min(3, type.precision), bad);
  closeQuote(e, bad);
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
    f.breakIf(bad, i32.ne(byteAt(p, 10), i32.const(style === 'SQL' ? 32 : 84)));
    f.breakIf(bad, i32.ne(byteAt(p, 13), i32.const(58)));
    const day = f.let(f.call(e.helpers.day, 'i32', p));
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
  openQuote(e, bad);
  const minute = minuteMillis(e, slot, style, bad);
  f.breakIf(bad, i32.ne(byteAt(p, 16), i32.const(58)));
  const second = twoDigits(e, 17, 59, bad);
  advance(e, 19);
  readNanos(e, type.precision, bad);
  closeQuote(e, bad, type.kind === 'TIMESTAMP_LTZ' ? 'Z' : '');
  const million = i32.const(1_000_000);
  const millis = f.let(i32.divU(a, million));
  if (slot.second !== 0) f.store(cell(e, 2), i32.sub(a, i32.mul(millis, million)), slot.second);
  const ofMinute = i64.extendI32U(i32.add(i32.mul(second, i32.const(1000)), millis));
  f.store(cell(e, 3), f64.convertI64S(i64.add(minute, ofMinute)), slot.values);
}
