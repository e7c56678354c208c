/* The instructions that kernels use, as functions from expressions to expressions. `U` and `S` tell
 * unsigned from signed. Loads take an address and a constant offset behind it; nothing need be aligned. */

import { expr, signed, unsigned, type Expr, type ValueType } from './code.ts';

type Int = 'i32' | 'i64';
type Unary<A extends ValueType, R extends ValueType> = (a: Expr<A>) => Expr<R>;
type Binary<A extends ValueType, R extends ValueType> = (a: Expr<A>, b: Expr<A>) => Expr<R>;
type Address = Expr<'i32'>;

const unary =
  <A extends ValueType, R extends ValueType>(result: R, ...op: number[]): Unary<A, R> =>
  (a) =>
    expr(result, a.code, op);
const binary =
  <A extends ValueType, R extends ValueType>(result: R, ...op: number[]): Binary<A, R> =>
  (a, b) =>
    expr(result, a.code, b.code, op);
const load =
  <R extends ValueType>(result: R, ...op: number[]) =>
  (address: Address, offset = 0): Expr<R> =>
    expr(result, address.code, op, 0, unsigned(offset));

/** Operations that integers of both widths have; `base` are the opcodes of each group in the
 *  specification's order. */
function integer<T extends Int>(type: T, compare: number, math: number) {
  return {
    eqz: unary<T, 'i32'>('i32', compare),
    eq: binary<T, 'i32'>('i32', compare + 1),
    ne: binary<T, 'i32'>('i32', compare + 2),
    ltS: binary<T, 'i32'>('i32', compare + 3),
    ltU: binary<T, 'i32'>('i32', compare + 4),
    gtS: binary<T, 'i32'>('i32', compare + 5),
    gtU: binary<T, 'i32'>('i32', compare + 6),
    leS: binary<T, 'i32'>('i32', compare + 7),
    leU: binary<T, 'i32'>('i32', compare + 8),
    geS: binary<T, 'i32'>('i32', compare + 9),
    geU: binary<T, 'i32'>('i32', compare + 10),
    clz: unary<T, T>(type, math),
    ctz: unary<T, T>(type, math + 1),
    popcnt: unary<T, T>(type, math + 2),
    add: binary<T, T>(type, math + 3),
    sub: binary<T, T>(type, math + 4),
    mul: binary<T, T>(type, math + 5),
    divS: binary<T, T>(type, math + 6),
    divU: binary<T, T>(type, math + 7),
    remU: binary<T, T>(type, math + 9),
    and: binary<T, T>(type, math + 10),
    or: binary<T, T>(type, math + 11),
    xor: binary<T, T>(type, math + 12),
    shl: binary<T, T>(type, math + 13),
    shrS: binary<T, T>(type, math + 14),
    shrU: binary<T, T>(type, math + 15),
    rotl: binary<T, T>(type, math + 16),
  };
}

export const i32 = {
  ...integer('i32', 0x45, 0x67),
  const: (value: number): Expr<'i32'> => expr('i32', 0x41, signed(BigInt(value | 0))),
  load: load('i32', 0x28),
  load8S: load('i32', 0x2c),
  load8U: load('i32', 0x2d),
  load16U: load('i32', 0x2f),
  wrapI64: unary<'i64', 'i32'>('i32', 0xa7),
};

export const i64 = {
  ...integer('i64', 0x50, 0x79),
  const: (value: bigint): Expr<'i64'> => expr('i64', 0x42, signed(BigInt.asIntN(64, value))),
  load: load('i64', 0x29),
  extendI32S: unary<'i32', 'i64'>('i64', 0xac),
  extendI32U: unary<'i32', 'i64'>('i64', 0xad),
  /** Cut towards zero; traps for what no 64-bit integer is. */
  truncF64S: unary<'f64', 'i64'>('i64', 0xb0),
};

function doubleBytes(value: number): number[] {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

export const f64 = {
  const: (value: number): Expr<'f64'> => expr('f64', 0x44, doubleBytes(value)),
  load: load('f64', 0x2b),
  add: binary<'f64', 'f64'>('f64', 0xa0),
  sub: binary<'f64', 'f64'>('f64', 0xa1),
  mul: binary<'f64', 'f64'>('f64', 0xa2),
  div: binary<'f64', 'f64'>('f64', 0xa3),
  neg: unary<'f64', 'f64'>('f64', 0x9a),
  eq: binary<'f64', 'i32'>('i32', 0x61),
  convertI32S: unary<'i32', 'f64'>('f64', 0xb7),
  convertI64S: unary<'i64', 'f64'>('f64', 0xb9),
  convertI64U: unary<'i64', 'f64'>('f64', 0xba),
  promoteF32: unary<'f32', 'f64'>('f64', 0xbb),
  reinterpretI64: unary<'i64', 'f64'>('f64', 0xbf),
  /** The bits of a double. */
  bits: unary<'f64', 'i64'>('i64', 0xbd),
};

export const f32 = {
  load: load('f32', 0x2a),
  demoteF64: unary<'f64', 'f32'>('f32', 0xb6),
};

const simd = (op: number): number[] => [0xfd, ...unsigned(op)];

export const v128 = {
  load: (address: Address, offset = 0): Expr<'v128'> =>
    expr('v128', address.code, simd(0x00), 0, unsigned(offset)),
  /** 16 bytes, the first at the lowest address. */
  const: (bytes: ArrayLike<number>): Expr<'v128'> =>
    expr(
      'v128',
      simd(0x0c),
      Array.from({ length: 16 }, (_, i) => bytes[i] ?? 0),
    ),
  splat8: unary<'i32', 'v128'>('v128', ...simd(0x0f)),
  and: binary<'v128', 'v128'>('v128', ...simd(0x4e)),
  or: binary<'v128', 'v128'>('v128', ...simd(0x50)),
  xor: binary<'v128', 'v128'>('v128', ...simd(0x51)),
  anyTrue: unary<'v128', 'i32'>('i32', ...simd(0x53)),
  /** Bytes that are equal become 255, others 0. */
  eq8: binary<'v128', 'v128'>('v128', ...simd(0x23)),
  ltU8: binary<'v128', 'v128'>('v128', ...simd(0x26)),
  gtU8: binary<'v128', 'v128'>('v128', ...simd(0x28)),
  /** The top bit of each byte, the first byte's lowest. */
  bitmask8: unary<'v128', 'i32'>('i32', ...simd(0x64)),
};

/** `condition` ≠ 0 ? a : b; both are evaluated. */
export function select<T extends 'i32' | 'i64' | 'f64'>(
  a: Expr<T>,
  b: Expr<T>,
  condition: Expr<'i32'>,
): Expr<T> {
  return expr(a.type, a.code, b.code, condition.code, 0x1b);
}
