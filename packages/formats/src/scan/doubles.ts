/* Digits and a power of ten → the nearest double, where both are not exact doubles: D. Lemire, "Number Parsing at a
 * Gigabyte per Second" (2021), with 128-bit powers of five. */

import {
  i32,
  i64,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ModuleBuilder,
} from '#wasm';

/** Powers of ten that there are: 10^-powerMax … 10^powerMax. */
export const powerMax = 120;
/** Bytes of the table: 128 bits a power. */
export const powersBytes = (2 * powerMax + 1) * 16;

const bits128 = 1n << 128n;

/** The most significant 128 bits of 5^q, rounded down; of a reciprocal, rounded up. */
function power128(q: number): bigint {
  const power = 5n ** BigInt(Math.abs(q));
  if (q >= 0) {
    const bits = BigInt(power.toString(2).length);
    return bits <= 128n ? power << (128n - bits) : power >> (bits - 128n);
  }
  let z = 0n;
  while (1n << z < power) z++;
  if (q >= -27) return (1n << (z + 127n)) / power + 1n;
  let c = (1n << (2n * z + 128n)) / power + 1n;
  while (c >= bits128) c >>= 1n;
  return c;
}

/** The table, for the frame's head: the upper half of each power, then the lower. */
export function powersTable(): BigUint64Array {
  const table = new BigUint64Array(powersBytes / 8);
  for (let q = -powerMax; q <= powerMax; q++) {
    const power = power128(q);
    table[(q + powerMax) * 2] = power >> 64n;
    table[(q + powerMax) * 2 + 1] = power & 0xffffffffffffffffn;
  }
  return table;
}

const zero = i64.const(0n);
const one = i64.const(1n);

/** (a, b) → (upper, lower half of a × b). */
function addMultiply(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i64', 'i64'], results: ['i64', 'i64'] }, (f) => {
    const [a, b] = [f.param(0, 'i64'), f.param(1, 'i64')];
    const low = (x: Expr<'i64'>): Expr<'i64'> => i64.and(x, i64.const(0xffffffffn));
    const high = (x: Expr<'i64'>): Expr<'i64'> => i64.shrU(x, i64.const(32n));
    const ll = f.let(i64.mul(low(a), low(b)));
    const hl = f.let(i64.mul(high(a), low(b)));
    const middle = f.let(i64.add(i64.mul(low(a), high(b)), high(ll)));
    f.set(middle, i64.add(middle, low(hl)));
    const upper = i64.add(i64.add(i64.mul(high(a), high(b)), high(hl)), high(middle));
    f.return(upper, i64.or(i64.shl(middle, i64.const(32n)), low(ll)));
  });
}

/** Adds (digits, power of ten in ±powerMax) → the bits of the double, or -1 when that is not certain here. */
export function addNearest(m: ModuleBuilder, tableAddress: number): FunctionRef {
  const multiply = addMultiply(m);
  return m.function({ params: ['i64', 'i32'], results: ['i64'] }, (f) => {
    const [w, q] = [f.param(0, 'i64'), f.param(1, 'i32')];
    f.if(i64.eqz(w), () => f.return(zero));
    const shift = f.let(i64.clz(w));
    f.set(w, i64.shl(w, shift));
    const entry = f.let(
      i32.add(i32.const(tableAddress), i32.shl(i32.add(q, i32.const(powerMax)), i32.const(4))),
    );
    const [upper, lower] = [f.local('i64'), f.local('i64')];
    f.callInto([upper, lower], multiply, w, i64.load(entry));
    refine(f, { w, entry, upper, lower }, multiply);
    round(f, q, { shift, upper, lower });
  });
}

interface Product {
  readonly upper: Local<'i64'>;
  readonly lower: Local<'i64'>;
}

/** Where the first product does not tell how to round, the power's lower half joins in. */
function refine(
  f: FunctionBuilder,
  { w, entry, upper, lower }: Product & { readonly w: Local<'i64'>; readonly entry: Local<'i32'> },
  multiply: FunctionRef,
): void {
  const [more, rest] = [f.local('i64'), f.local('i64')];
  f.if(i64.eq(i64.and(upper, i64.const(0x1ffn)), i64.const(0x1ffn)), () => {
    f.callInto([more, rest], multiply, w, i64.load(entry, 8));
    f.set(lower, i64.add(lower, more));
    f.if(i64.ltU(lower, more), () => f.set(upper, i64.add(upper, one)));
    f.if(i64.eq(lower, i64.const(-1n)), () => f.return(i64.const(-1n)));
  });
}

function round(
  f: FunctionBuilder,
  q: Local<'i32'>,
  { shift, upper, lower }: Product & { readonly shift: Local<'i64'> },
): void {
  const top = f.let(i64.shrU(upper, i64.const(63n)));
  const places = f.let(i64.add(top, i64.const(9n)));
  const mantissa = f.let(i64.shrU(upper, places));
  // floor(q × log2(10)) + 63 + 1023, for the q that there are.
  const exponent = i32.add(i32.shrS(i32.mul(q, i32.const(217706)), i32.const(16)), i32.const(63 + 1023));
  const power = f.let(i64.sub(i64.add(i64.extendI32S(exponent), top), shift));
  const exact = i32.and(i64.leU(lower, one), i32.and(i32.geS(q, i32.const(-4)), i32.leS(q, i32.const(23))));
  const half = i32.and(
    i64.eq(i64.and(mantissa, i64.const(3n)), one),
    i64.eq(i64.shl(mantissa, places), upper),
  );
  f.if(i32.and(exact, half), () => f.set(mantissa, i64.sub(mantissa, one)));
  f.set(mantissa, i64.shrU(i64.add(mantissa, i64.and(mantissa, one)), one));
  const over = i64.geU(mantissa, i64.const(1n << 53n));
  f.if(over, () => {
    f.set(mantissa, i64.const(1n << 52n));
    f.set(power, i64.add(power, one));
  });
  f.return(i64.or(i64.and(mantissa, i64.const((1n << 52n) - 1n)), i64.shl(power, i64.const(52n))));
}
