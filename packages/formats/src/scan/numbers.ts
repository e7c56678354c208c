/* Numbers at the cursor → their column: whole numbers, decimals, doubles and floats, as bare text. */

import { narrowMax, type DecimalType } from '#data';
import { f32, f64, i32, i64, type Expr, type Label, type Local } from '#wasm';
import { cell } from './cells.ts';
import { doublePower, integerPower, moreDigits, readDigits, signedNumber } from './digits.ts';
import { powerMax } from './doubles.ts';
import { advance, byteAt, isByte, isDigit, type Emit } from './emit.ts';
import type { LeafSlot } from './slots.ts';

const exactMax = BigInt(narrowMax);
const integerMax = { TINYINT: 127n, SMALLINT: 32767n, INT: 2147483647n, BIGINT: exactMax } as const;

/** How a format writes numbers. */
export interface NumberStyle {
  /** 007 is 7. */
  readonly leadingZeros: boolean;
  /** Not 0: 1.9 as an INT or BIGINT is 1. */
  readonly cutsFractions?: Expr<'i32'>;
}

/** False: the slot holds no number. Numbers that need more than 18 digits, or an exponent that a double does not hold,
 *  are not for scanners. */
export function readNumber(e: Emit, slot: LeafSlot, style: NumberStyle, bad: Label): boolean {
  const { type } = slot;
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      readInteger(e, slot, integerMax[type.kind], style, bad);
      return true;
    case 'DECIMAL':
      readDecimal(e, slot, type, style, bad);
      return true;
    case 'FLOAT':
    case 'DOUBLE':
      readDouble(e, slot, style, bad);
      return true;
    default:
      return false;
  }
}

/** Bounds are symmetric here; the one value more below zero is left to the reference. */
function checkMagnitude(e: Emit, max: bigint, bad: Label): void {
  e.f.breakIf(bad, i64.gtU(e.number, i64.const(max)));
}

function readInteger(e: Emit, slot: LeafSlot, max: bigint, style: NumberStyle, bad: Label): void {
  readDigits(e, style.leadingZeros, bad);
  checkMagnitude(e, max, bad);
  const { kind } = slot.type;
  if (style.cutsFractions !== undefined && (kind === 'INT' || kind === 'BIGINT'))
    skipFraction(e, max, style.cutsFractions, bad);
  if (slot.layout === 'i32') e.f.store(cell(e, 2), i32.wrapI64(signedNumber(e)), slot.values);
  else e.f.store(cell(e, 3), f64.convertI64S(signedNumber(e)), slot.values);
}

/** The greatest number with a fraction is out of range: the range is looked at before the cut. */
function skipFraction(e: Emit, max: bigint, allowed: Expr<'i32'>, bad: Label): void {
  const { f, p, b } = e;
  f.if(isByte(byteAt(p), '.'), () => {
    f.breakIf(bad, i32.eqz(allowed));
    f.breakIf(bad, i64.eq(e.number, i64.const(max)));
    advance(e, 1);
    f.set(b, p);
    f.while(isDigit(byteAt(p)), () => advance(e, 1));
    f.breakIf(bad, i32.eq(b, p));
  });
}

/** A fraction, if there is one: its digits join `number`, and `b` is how many there are. */
function readFraction(e: Emit, bad: Label): void {
  const { f, p, b, digits } = e;
  f.set(b, i32.const(0));
  f.if(isByte(byteAt(p), '.'), () => {
    advance(e, 1);
    const before = f.let(digits);
    moreDigits(e, bad);
    f.set(b, i32.sub(digits, before));
    f.breakIf(bad, i32.eqz(b));
  });
}
const atExponent = (e: Emit): Expr<'i32'> => isByte(i32.or(byteAt(e.p), i32.const(32)), 'e');

function readDecimal(e: Emit, slot: LeafSlot, type: DecimalType, style: NumberStyle, bad: Label): void {
  const { f, b, number, digits } = e;
  readDigits(e, style.leadingZeros, bad);
  readFraction(e, bad);
  f.breakIf(bad, atExponent(e));
  f.breakIf(bad, i32.gtU(b, i32.const(type.scale)));
  const missing = f.let(i32.sub(i32.const(type.scale), b));
  f.breakIf(bad, i32.gtU(i32.add(digits, missing), i32.const(18)));
  f.set(number, i64.mul(number, integerPower(e, missing)));
  const most = 10n ** BigInt(type.precision) - 1n;
  checkMagnitude(e, most < exactMax ? most : exactMax, bad);
  f.store(cell(e, 3), f64.convertI64S(signedNumber(e)), slot.values);
}

/** The exponent at the cursor, two digits at most, taken off `b`: the value is number / 10^b. */
function readExponent(e: Emit, bad: Label): void {
  const { f, p, a, b } = e;
  advance(e, 1);
  const minus = f.let(isByte(byteAt(p), '-'));
  advance(e, i32.or(minus, isByte(byteAt(p), '+')));
  const exponent = f.let(i32.const(0));
  const from = f.let(p);
  f.block((done) => {
    f.loop((again) => {
      f.set(a, i32.sub(byteAt(p), i32.const(48)));
      f.breakIf(done, i32.gtU(a, i32.const(9)));
      f.set(exponent, i32.add(i32.mul(exponent, i32.const(10)), a));
      advance(e, 1);
      f.breakIf(bad, i32.gtU(i32.sub(p, from), i32.const(2)));
      f.break(again);
    });
  });
  f.breakIf(bad, i32.eq(p, from));
  f.if(
    minus,
    () => f.set(b, i32.add(b, exponent)),
    () => f.set(b, i32.sub(b, exponent)),
  );
}

/** Digits below 2^53 over or times a power of ten up to 10^22: both are exact doubles, so what comes of them is rounded
 *  once (W. Clinger, "How to Read Floating Point Numbers Accurately"). Others take `nearest`. */
function readDouble(e: Emit, slot: LeafSlot, style: NumberStyle, bad: Label): void {
  const { f, b, number } = e;
  readDigits(e, style.leadingZeros, bad);
  readFraction(e, bad);
  f.if(atExponent(e), () => readExponent(e, bad));
  const value = f.local('f64');
  f.if(
    i32.and(i64.leU(number, i64.const(exactMax)), i32.leU(b, i32.const(22))),
    () => f.set(value, f64.div(f64.convertI64U(number), doublePower(e, b))),
    () => {
      const inTable = i32.leU(i32.add(b, i32.const(powerMax)), i32.const(2 * powerMax));
      f.breakIf(bad, i32.eqz(inTable));
      const bits = f.let(f.call(e.shared.nearest, 'i64', number, i32.sub(i32.const(0), b)));
      f.breakIf(bad, i64.eq(bits, i64.const(-1n)));
      f.set(value, f64.reinterpretI64(bits));
    },
  );
  if (slot.type.kind === 'FLOAT') toFloat(e, value, bad);
  f.if(e.negative, () => f.set(value, f64.neg(value)));
  f.store(cell(e, 3), value, slot.values);
}

/** Rounds to a float. Halfway between two floats, maybe only because of the rounding to a double, and where floats have
 *  fewer bits, the reference decides. */
function toFloat(e: Emit, value: Local<'f64'>, bad: Label): void {
  const { f } = e;
  const bits = f.let(f64.bits(value));
  f.breakIf(bad, i64.eq(i64.and(bits, i64.const(0x1fffffffn)), i64.const(0x10000000n)));
  const leastNormal = 0x3810000000000000n;
  f.breakIf(bad, i64.ltU(i64.sub(bits, i64.const(1n)), i64.const(leastNormal - 1n)));
  f.set(value, f64.promoteF32(f32.demoteF64(value)));
}
