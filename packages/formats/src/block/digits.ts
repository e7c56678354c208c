/* Numbers as digits. Each function takes where to write and returns where it ended; it may write up to 8 bytes beyond. */

import {
  i32,
  i64,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ModuleBuilder,
} from '#wasm';

const ten = i64.const(10n);
const eightDigits = i64.const(100_000_000n);
const ascii = i64.const(0x3030303030303030n);
const one = i32.const(1);

export interface DigitHelpers {
  /** (value, to) → to: a signed 64-bit number. */
  readonly integer: FunctionRef;
  /** (value, to) → to: an unsigned 64-bit number. */
  readonly unsigned: FunctionRef;
  /** (value, scale, to) → to: all digits of the scale, 1 at least. */
  readonly plain: FunctionRef;
  /** (value, scale, to) → to: without trailing zeros, as Java's BigDecimal writes it. */
  readonly scientific: FunctionRef;
}

/** A number below 10^8 as eight bytes, each a digit, the first digit lowest. Halves, quarters and eighths of it are
 *  divided side by side, by multiplication: P. Khuong, "How to print integers really fast", 2017. */
export function digitBytes(f: FunctionBuilder, number: Expr<'i64'>): Expr<'i64'> {
  const n = f.let(number);
  const high = f.let(i64.divU(n, i64.const(10_000n)));
  const halves = f.let(i64.add(i64.shl(i64.sub(n, i64.mul(high, i64.const(10_000n))), i64.const(32n)), high));
  const by100 = f.let(
    i64.and(i64.shrU(i64.mul(halves, i64.const(10_486n)), i64.const(20n)), i64.const(0x7f0000007fn)),
  );
  const quarters = f.let(
    i64.add(i64.shl(i64.sub(halves, i64.mul(by100, i64.const(100n))), i64.const(16n)), by100),
  );
  const by10 = f.let(
    i64.and(i64.shrU(i64.mul(quarters, i64.const(103n)), i64.const(10n)), i64.const(0x000f000f000f000fn)),
  );
  return f.let(i64.add(i64.shl(i64.sub(quarters, i64.mul(by10, ten)), i64.const(8n)), by10));
}

export function addDigits(m: ModuleBuilder): DigitHelpers {
  const short = addShort(m);
  const unsigned = addUnsigned(m, short);
  const plain = addPlain(m, unsigned, addPadded(m));
  return {
    unsigned,
    integer: addInteger(m, unsigned),
    plain,
    scientific: addScientific(m, unsigned, plain),
  };
}

/** (value below 10^8, to) → to. */
function addShort(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i64', 'i32'], results: ['i32'] }, (f) => {
    const to = f.param(1, 'i32');
    const digits = digitBytes(f, f.param(0, 'i64'));
    // The top bit stands for the last digit, which 0 has too.
    const zeros = f.let(i64.and(i64.ctz(i64.or(digits, i64.const(-(2n ** 63n)))), i64.const(0x38n)));
    f.store(to, i64.shrU(i64.or(digits, ascii), zeros));
    f.return(i32.sub(i32.add(to, i32.const(8)), i32.shrU(i32.wrapI64(zeros), i32.const(3))));
  });
}

function addUnsigned(m: ModuleBuilder, short: FunctionRef): FunctionRef {
  return m.function({ params: ['i64', 'i32'], results: ['i32'] }, (f) => {
    const n = f.param(0, 'i64');
    const to = f.param(1, 'i32');
    f.if(i64.ltU(n, eightDigits), () => f.return(f.call(short, 'i32', n, to)));
    const high = f.let(i64.divU(n, eightDigits));
    f.if(
      i64.ltU(high, eightDigits),
      () => f.set(to, f.call(short, 'i32', high, to)),
      () => f.set(to, f.call(f, 'i32', high, to)),
    );
    f.store(to, i64.or(digitBytes(f, i64.sub(n, i64.mul(high, eightDigits))), ascii));
    f.return(i32.add(to, i32.const(8)));
  });
}

function addInteger(m: ModuleBuilder, unsigned: FunctionRef): FunctionRef {
  return m.function({ params: ['i64', 'i32'], results: ['i32'] }, (f) => {
    const n = f.param(0, 'i64');
    const to = f.param(1, 'i32');
    takeSign(f, n, to);
    f.return(f.call(unsigned, 'i32', n, to));
  });
}

/** Writes a minus and turns the number around, where it is negative. */
function takeSign(f: FunctionBuilder, n: Local<'i64'>, to: Local<'i32'>): void {
  f.if(i64.ltS(n, i64.const(0n)), () => {
    f.store8(to, i32.const(45));
    f.set(to, i32.add(to, one));
    f.set(n, i64.sub(i64.const(0n), n));
  });
}

/** (value, digits, to) → to: so many digits, with leading zeros. */
function addPadded(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i64', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const n = f.param(0, 'i64');
    const left = f.param(1, 'i32');
    const to = f.param(2, 'i32');
    const end = f.let(i32.add(to, left));
    const rest = f.local('i64');
    f.while(i32.gtS(left, i32.const(0)), () => {
      f.set(left, i32.sub(left, one));
      f.set(rest, i64.divU(n, ten));
      f.store8(i32.add(to, left), i32.add(i32.wrapI64(i64.sub(n, i64.mul(rest, ten))), i32.const(48)));
      f.set(n, rest);
    });
    f.return(end);
  });
}

function addPlain(m: ModuleBuilder, unsigned: FunctionRef, padded: FunctionRef): FunctionRef {
  return m.function({ params: ['i64', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const n = f.param(0, 'i64');
    const scale = f.param(1, 'i32');
    const to = f.param(2, 'i32');
    takeSign(f, n, to);
    f.if(i32.eqz(scale), () => f.return(f.call(unsigned, 'i32', n, to)));
    const power = f.let(i64.const(1n));
    const left = f.let(scale);
    // A narrow number is below 10^16: beyond that all digits are behind the point.
    f.while(i32.and(i32.gtS(left, i32.const(0)), i64.leU(power, n)), () => {
      f.set(power, i64.mul(power, ten));
      f.set(left, i32.sub(left, one));
    });
    const whole = f.local('i64');
    f.if(i32.eqz(left), () => f.set(whole, i64.divU(n, power)));
    f.set(to, f.call(unsigned, 'i32', whole, to));
    f.store8(to, i32.const(46));
    f.return(f.call(padded, 'i32', i64.sub(n, i64.mul(whole, power)), scale, i32.add(to, one)));
  });
}

function addScientific(m: ModuleBuilder, unsigned: FunctionRef, plain: FunctionRef): FunctionRef {
  return m.function({ params: ['i64', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const n = f.param(0, 'i64');
    const scale = f.param(1, 'i32');
    const to = f.param(2, 'i32');
    f.if(i64.eqz(n), () => f.return(f.call(unsigned, 'i32', n, to)));
    takeSign(f, n, to);
    const rest = f.local('i64');
    f.loop((again) => {
      f.set(rest, i64.divU(n, ten));
      f.if(i64.eq(i64.mul(rest, ten), n), () => {
        f.set(n, rest);
        f.set(scale, i32.sub(scale, one));
        f.break(again);
      });
    });
    const digits = f.let(one);
    f.set(rest, n);
    f.while(i64.geU(rest, ten), () => {
      f.set(rest, i64.divU(rest, ten));
      f.set(digits, i32.add(digits, one));
    });
    const exponent = f.let(i32.sub(i32.sub(digits, one), scale));
    f.if(i32.and(i32.geS(scale, i32.const(0)), i32.geS(exponent, i32.const(-6))), () =>
      f.return(f.call(plain, 'i32', n, scale, to)),
    );
    // The digits one place to the right, then the first of them in front of the point.
    const end = f.let(f.call(unsigned, 'i32', n, i32.add(to, one)));
    f.store8(to, i32.load8U(to, 1));
    f.store8(to, i32.const(46), 1);
    f.if(i32.eq(digits, one), () => f.set(end, i32.add(to, one)));
    f.store8(end, i32.const(69));
    f.set(end, i32.add(end, one));
    f.if(
      i32.ltS(exponent, i32.const(0)),
      () => {
        f.store8(end, i32.const(45));
        f.set(exponent, i32.sub(i32.const(0), exponent));
      },
      () => f.store8(end, i32.const(43)),
    );
    f.return(f.call(unsigned, 'i32', i64.extendI32S(exponent), i32.add(end, one)));
  });
}
