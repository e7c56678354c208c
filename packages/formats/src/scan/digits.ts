/* Decimal digits at the cursor → a 64-bit number. */

import { f64, i32, i64, type Expr, type Label } from '#wasm';
import { advance, byteAt, isByte, type Emit } from './emit.ts';
import { head } from './frame.ts';

/** Eight digits in the bytes of a word, the first lowest, each 0 … 9, to their number. */
function eightDigits(word: Expr<'i64'>): Expr<'i64'> {
  const pairs = (w: Expr<'i64'>): Expr<'i64'> => i64.and(w, i64.const(0x000000ff000000ffn));
  const left = i64.mul(pairs(word), i64.const(0x000f424000000064n));
  const right = i64.mul(pairs(i64.shrU(word, i64.const(16n))), i64.const(0x0000271000000001n));
  return i64.shrU(i64.add(left, right), i64.const(32n));
}

/** Digits, with a minus before them maybe, into `number` (not yet negative), `negative` and `digits` (how
 *  many). At most 18 behind leading zeros, with a leading zero only where the format has `leadingZeros`. Eight at a time: D. Lemire,
 *  "Quickly parsing eight digits". */
export function readDigits(e: Emit, leadingZeros: boolean, bad: Label): void {
  const { f, p, word, number, digits } = e;
  f.set(e.negative, isByte(byteAt(p), '-'));
  advance(e, e.negative);
  f.set(word, i64.xor(i64.load(p), i64.const(0x3030303030303030n)));
  const notDigits = i64.and(
    i64.or(i64.add(word, i64.const(0x7676767676767676n)), word),
    i64.const(-0x7f7f7f7f7f7f7f80n),
  );
  const stop = f.let(notDigits);
  const startsWithZero = i64.eqz(i64.and(word, i64.const(255n)));
  const joined = (w: Expr<'i64'>): void => {
    f.set(number, w);
    f.set(number, i64.add(i64.mul(number, i64.const(10n)), i64.shrU(number, i64.const(8n))));
    f.set(number, eightDigits(number));
  };
  f.if(
    i64.eqz(stop),
    () => {
      if (!leadingZeros) f.breakIf(bad, startsWithZero);
      joined(word);
      f.set(digits, i32.const(8));
      advance(e, 8);
      moreDigits(e, bad);
    },
    () => {
      f.set(digits, i32.wrapI64(i64.shrU(i64.ctz(stop), i64.const(3n))));
      f.breakIf(bad, i32.eqz(digits));
      if (!leadingZeros) f.breakIf(bad, i32.and(startsWithZero, i32.gtU(digits, i32.const(1))));
      joined(i64.shl(word, i64.extendI32U(i32.sub(i32.const(64), i32.shl(digits, i32.const(3))))));
      advance(e, digits);
    },
  );
}

/** 10^18: a digit more still fits 64 bits. */
const numberEnd = 10n ** 18n;

/** Appends the digits at the cursor to `number`; at most 18 in all, leading zeros aside. */
export function moreDigits(e: Emit, bad: Label): void {
  const { f, p, a, number, digits } = e;
  f.block((done) => {
    f.loop((again) => {
      f.set(a, i32.sub(byteAt(p), i32.const(48)));
      f.breakIf(done, i32.gtU(a, i32.const(9)));
      f.set(number, i64.add(i64.mul(number, i64.const(10n)), i64.extendI32U(a)));
      f.set(digits, i32.add(digits, i32.const(1)));
      advance(e, 1);
      f.breakIf(bad, i64.geU(number, i64.const(numberEnd)));
      f.break(again);
    });
  });
}

/** `number` with its sign. */
export function signedNumber(e: Emit): Expr<'i64'> {
  const sign = i64.sub(i64.const(0n), i64.extendI32U(e.negative));
  return i64.sub(i64.xor(e.number, sign), sign);
}

/** 10^`exponent` as a double (up to 22) or an integer (up to 18). */
export const doublePower = (e: Emit, exponent: Expr<'i32'>): Expr<'f64'> =>
  f64.load(i32.shl(exponent, i32.const(3)), e.head + head.doublePowers);
export const integerPower = (e: Emit, exponent: Expr<'i32'>): Expr<'i64'> =>
  i64.load(i32.shl(exponent, i32.const(3)), e.head + head.integerPowers);
