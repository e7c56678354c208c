/* What the scanners of all formats are written with: small stretches of code over a cursor that fail by leaving for
 * `bad`. A failed stretch leaves the cursor anywhere. Loads may reach past the record's end, into what lies behind it;
 * no stretch searches further than that, the cursor only goes forward, and whoever reads on checks at last that the
 * record ended where it should. */

import {
  i32,
  i64,
  v128,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Label,
  type Local,
} from '#wasm';

/** Functions that scanners of all formats call. */
export interface SharedFunctions {
  /** (p at yyyy-MM-dd) → the day, or `noDay`. */
  readonly day: FunctionRef;
  /** (start, end) → 1 when the bytes are UTF-8. */
  readonly utf8: FunctionRef;
  /** (digits, power of ten) → the bits of the nearest double, or -1. */
  readonly nearest: FunctionRef;
}

/** A scanner being written. */
export interface Emit {
  readonly f: FunctionBuilder;
  readonly shared: SharedFunctions;
  /** The frame's head. */
  readonly head: number;
  readonly p: Local<'i32'>;
  /** Behind the record. */
  readonly end: Local<'i32'>;
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
}

export function newEmit(
  f: FunctionBuilder,
  shared: SharedFunctions,
  headAddress: number,
  cursor: { readonly p: Local<'i32'>; readonly end: Local<'i32'>; readonly row: Local<'i32'> },
): Emit {
  return {
    f,
    shared,
    head: headAddress,
    ...cursor,
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
export const isByte = (c: Expr<'i32'>, char: number | string): Expr<'i32'> =>
  i32.eq(c, i32.const(typeof char === 'string' ? char.charCodeAt(0) : char));
export const isNotByte = (c: Expr<'i32'>, char: number | string): Expr<'i32'> =>
  i32.ne(c, i32.const(typeof char === 'string' ? char.charCodeAt(0) : char));
export const isDigit = (c: Expr<'i32'>): Expr<'i32'> => i32.ltU(i32.sub(c, i32.const(48)), i32.const(10));

export function advance(e: Emit, by: number | Expr<'i32'>): void {
  step(e.f, e.p, by);
}
export function step(f: FunctionBuilder, p: Local<'i32'>, by: number | Expr<'i32'> = 1): void {
  f.set(p, i32.add(p, typeof by === 'number' ? i32.const(by) : by));
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
