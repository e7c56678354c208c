/* What the scanners are written with: small stretches of code over a cursor that fail by leaving for
 * `bad`. A failed stretch leaves the cursor anywhere. Loads may reach past the record's end, into other
 * records and the quotes that stand behind all of them; whoever reads on checks at last that the record
 * ended where it should. */

import {
  f64,
  i32,
  i64,
  v128,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Label,
  type Local,
} from '#wasm';
import { head } from './frame.ts';

/** Functions that scanners call. */
export interface Helpers {
  /** (p, depth) → behind the value, or 0 when it is malformed. */
  readonly skip: FunctionRef;
  /** (p) → behind white space. */
  readonly space: FunctionRef;
  /** (start of a string) → (behind its quote or 0, where its text lies, how long it is). */
  readonly unescape: FunctionRef;
  /** (p at yyyy-MM-dd) → the day, or `noDay`. */
  readonly day: FunctionRef;
  /** (start, end) → 1 when the bytes are UTF-8. */
  readonly utf8: FunctionRef;
}
export const noDay = -0x80000000;

/** A scanner being written. */
export interface Emit {
  readonly f: FunctionBuilder;
  readonly helpers: Helpers;
  /** The frame's head. */
  readonly head: number;
  readonly p: Local<'i32'>;
  readonly row: Local<'i32'>;
  /** Everything that text vectors held: a top bit means that the record is not ASCII. */
  readonly seenText: Local<'v128'>;
  /** Scratch, shared by all values. */
  readonly number: Local<'i64'>;
  readonly negative: Local<'i32'>;
  readonly digits: Local<'i32'>;
  readonly mask: Local<'i32'>;
  readonly word: Local<'i64'>;
  readonly vector: Local<'v128'>;
  readonly a: Local<'i32'>;
  readonly b: Local<'i32'>;
  /** Escapes in strings that are read are undone here; else they fail. */
  readonly escapes: boolean;
}

export function newEmit(
  f: FunctionBuilder,
  helpers: Helpers,
  headAddress: number,
  p: Local<'i32'>,
  row: Local<'i32'>,
  escapes: boolean,
): Emit {
  return {
    f,
    helpers,
    head: headAddress,
    p,
    row,
    escapes,
    seenText: f.local('v128'),
    number: f.local('i64'),
    negative: f.local('i32'),
    digits: f.local('i32'),
    mask: f.local('i32'),
    word: f.local('i64'),
    vector: f.local('v128'),
    a: f.local('i32'),
    b: f.local('i32'),
  };
}

export const byteAt = (p: Expr<'i32'>, offset = 0): Expr<'i32'> => i32.load8U(p, offset);
export const nullWord = i32.const(0x6c6c756e);

export function advance(e: Emit, by: number | Expr<'i32'>): void {
  e.f.set(e.p, i32.add(e.p, typeof by === 'number' ? i32.const(by) : by));
}

function littleEndian(bytes: Uint8Array, from: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from + i]!);
  return value;
}

/** Not 0 when the bytes at `p` are others: two overlapping words, or as many vectors as it takes. */
export function differs(p: Expr<'i32'>, bytes: Uint8Array): Expr<'i32'> {
  const n = bytes.length;
  if (n >= 16) {
    const offsets = Array.from({ length: Math.ceil(n / 16) }, (_, i) => Math.min(i * 16, n - 16));
    const parts = offsets.map((o) => v128.xor(v128.load(p, o), v128.const(bytes.subarray(o, o + 16))));
    return v128.anyTrue(parts.reduce((x, y) => v128.or(x, y)));
  }
  if (n >= 8) {
    const part = (o: number): Expr<'i64'> => i64.xor(i64.load(p, o), i64.const(littleEndian(bytes, o, 8)));
    return i64.ne(n === 8 ? part(0) : i64.or(part(0), part(n - 8)), i64.const(0n));
  }
  if (n >= 4) {
    const part = (o: number): Expr<'i32'> =>
      i32.xor(i32.load(p, o), i32.const(Number(littleEndian(bytes, o, 4))));
    return n === 4 ? part(0) : i32.or(part(0), part(n - 4));
  }
  const part = (o: number): Expr<'i32'> => i32.xor(i32.load8U(p, o), i32.const(bytes[o]!));
  return Array.from(bytes, (_, o) => part(o)).reduce((x, y) => i32.or(x, y), i32.const(0));
}

/** Past these bytes, or to `bad`. */
export function expectBytes(e: Emit, bytes: Uint8Array, bad: Label): void {
  if (bytes.length === 0) return;
  e.f.breakIf(bad, differs(e.p, bytes));
  advance(e, bytes.length);
}

const quotes = v128.const(new Uint8Array(16).fill(34));
const backslashes = v128.const(new Uint8Array(16).fill(92));

/** To the next quote or backslash. Ends for certain: quotes stand behind all records. */
export function toQuote(e: Emit): void {
  const { f, p, vector, mask } = e;
  f.loop((again) => {
    f.set(vector, v128.load(p));
    f.set(e.seenText, v128.or(e.seenText, vector));
    f.set(mask, v128.bitmask8(v128.or(v128.eq8(vector, quotes), v128.eq8(vector, backslashes))));
    f.if(i32.eqz(mask), () => {
      advance(e, 16);
      f.break(again);
    });
  });
  advance(e, i32.ctz(mask));
}

/** Past a value that is not read. A string without escapes is skipped in place. */
export function skipValue(e: Emit, bad: Label): void {
  const { f, p, a } = e;
  const whole = (from: Expr<'i32'>): void => {
    f.set(p, f.call(e.helpers.skip, 'i32', from, i32.const(0)));
    f.breakIf(bad, i32.eqz(p));
  };
  f.if(
    i32.eq(byteAt(p), i32.const(34)),
    () => {
      f.set(a, p);
      advance(e, 1);
      toQuote(e);
      f.if(
        i32.eq(byteAt(p), i32.const(34)),
        () => advance(e, 1),
        () => whole(a),
      );
    },
    () =>
      f.if(
        i32.eq(i32.load(p), nullWord),
        () => advance(e, 4),
        () => whole(p),
      ),
  );
}

/** Eight digits in the bytes of a word, the first lowest, each 0 … 9, to their number. */
function eightDigits(word: Expr<'i64'>): Expr<'i64'> {
  const pairs = (w: Expr<'i64'>): Expr<'i64'> => i64.and(w, i64.const(0x000000ff000000ffn));
  const left = i64.mul(pairs(word), i64.const(0x000f424000000064n));
  const right = i64.mul(pairs(i64.shrU(word, i64.const(16n))), i64.const(0x0000271000000001n));
  return i64.shrU(i64.add(left, right), i64.const(32n));
}

/** Digits, with a minus before them maybe, into `number` (not yet negative), `negative` and `digits` (how
 *  many). At most 18, without a leading zero. Eight at a time: D. Lemire, "Quickly parsing eight digits". */
export function readDigits(e: Emit, bad: Label): void {
  const { f, p, word, number, digits } = e;
  f.set(e.negative, i32.eq(byteAt(p), i32.const(45)));
  advance(e, e.negative);
  f.set(word, i64.xor(i64.load(p), i64.const(0x3030303030303030n)));
  const notDigits = i64.and(
    i64.or(i64.add(word, i64.const(0x7676767676767676n)), word),
    i64.const(-0x7f7f7f7f7f7f7f80n),
  );
  const stop = f.let(notDigits);
  const joined = (w: Expr<'i64'>): void => {
    f.set(number, w);
    f.set(number, i64.add(i64.mul(number, i64.const(10n)), i64.shrU(number, i64.const(8n))));
    f.set(number, eightDigits(number));
  };
  f.if(
    i64.eqz(stop),
    () => {
      f.breakIf(bad, i64.eqz(i64.and(word, i64.const(255n))));
      joined(word);
      f.set(digits, i32.const(8));
      advance(e, 8);
      moreDigits(e, bad);
    },
    () => {
      f.set(digits, i32.wrapI64(i64.shrU(i64.ctz(stop), i64.const(3n))));
      f.breakIf(bad, i32.eqz(digits));
      f.breakIf(bad, i32.and(i64.eqz(i64.and(word, i64.const(255n))), i32.gtU(digits, i32.const(1))));
      joined(i64.shl(word, i64.extendI32U(i32.sub(i32.const(64), i32.shl(digits, i32.const(3))))));
      advance(e, digits);
    },
  );
}

/** Appends the digits at the cursor to `number`; at most 18 in all. */
export function moreDigits(e: Emit, bad: Label): void {
  const { f, p, a, number, digits } = e;
  f.block((done) => {
    f.loop((again) => {
      f.set(a, i32.sub(byteAt(p), i32.const(48)));
      f.breakIf(done, i32.gtU(a, i32.const(9)));
      f.set(number, i64.add(i64.mul(number, i64.const(10n)), i64.extendI32U(a)));
      f.set(digits, i32.add(digits, i32.const(1)));
      advance(e, 1);
      f.breakIf(bad, i32.gtU(digits, i32.const(18)));
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
