/* Functions that every scanner calls: checking what is skipped, undoing escapes, days, UTF-8. They are as
 * strict as the reference; where they are not sure they answer "malformed", and the reference decides. */

import {
  i32,
  i64,
  v128,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Label,
  type Local,
  type ModuleBuilder,
} from '#wasm';
import { depthMax } from '../cursor.ts';
import { byteAt, noDay, type Helpers } from './emit.ts';
import { head, type Frame } from './frame.ts';

const zero = i32.const(0);
const one = i32.const(1);
const is = (c: Expr<'i32'>, char: string): Expr<'i32'> => i32.eq(c, i32.const(char.charCodeAt(0)));
const isNot = (c: Expr<'i32'>, char: string): Expr<'i32'> => i32.ne(c, i32.const(char.charCodeAt(0)));
const isDigit = (c: Expr<'i32'>): Expr<'i32'> => i32.ltU(i32.sub(c, i32.const(48)), i32.const(10));
const step = (f: FunctionBuilder, p: Local<'i32'>, by = 1): void => f.set(p, i32.add(p, i32.const(by)));

export function addHelpers(m: ModuleBuilder, frame: Frame): Helpers {
  const space = addSpace(m);
  return {
    space,
    skip: addSkip(m, space, addSkipString(m, frame.head)),
    unescape: addUnescape(m, frame),
    day: addDay(m),
    utf8: addUtf8(m),
  };
}

/** (p) → the first byte that is not white space. */
function addSpace(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32'], results: ['i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const c = f.local('i32');
    f.loop((again) => {
      f.set(c, byteAt(p));
      f.if(i32.gtU(c, i32.const(32)), () => f.return(p));
      step(f, p);
      // Space, line feed, carriage return, tab.
      const blanks = i64.const((1n << 32n) | (1n << 10n) | (1n << 13n) | (1n << 9n));
      f.breakIf(again, i32.wrapI64(i64.and(i64.shrU(blanks, i64.extendI32U(c)), i64.const(1n))));
    });
    f.return(i32.sub(p, one));
  });
}

/** (p behind a backslash) → behind the escape, or 0. */
function skipEscape(f: FunctionBuilder, p: Local<'i32'>, c: Local<'i32'>, bad: Label): void {
  f.set(c, byteAt(p));
  f.if(
    is(c, 'u'),
    () => {
      for (let i = 1; i <= 4; i++) {
        f.set(c, i32.or(byteAt(p, i), i32.const(32)));
        const letter = i32.ltU(i32.sub(c, i32.const(97)), i32.const(6));
        // A digit has bit 32 already; what gains it by the "or" is checked in its own form.
        f.breakIf(
          bad,
          i32.eqz(i32.or(isDigit(byteAt(p, i)), i32.and(letter, i32.geU(byteAt(p, i), i32.const(65))))),
        );
      }
      step(f, p, 5);
    },
    () => {
      const known = [...'"\\/bfnrt'].map((char) => is(c, char)).reduce((x, y) => i32.or(x, y));
      f.breakIf(bad, i32.eqz(known));
      step(f, p);
    },
  );
}

/** (p behind the opening quote) → behind the closing one, or 0. Notes text that is not ASCII in the
 *  frame's head. */
function addSkipString(m: ModuleBuilder, headAddress: number): FunctionRef {
  return m.function({ params: ['i32'], results: ['i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const c = f.local('i32');
    const mask = f.local('i32');
    const vector = f.local('v128');
    const special = (char: number): Expr<'v128'> =>
      v128.eq8(vector, v128.const(new Uint8Array(16).fill(char)));
    f.block((bad) => {
      f.loop((again) => {
        f.set(vector, v128.load(p));
        f.if(v128.bitmask8(vector), () => f.store(i32.const(headAddress), one, head.wide));
        f.set(mask, v128.bitmask8(v128.or(special(34), special(92))));
        f.if(i32.eqz(mask), () => {
          step(f, p, 16);
          f.break(again);
        });
        f.set(p, i32.add(p, i32.ctz(mask)));
        f.if(is(byteAt(p), '"'), () => f.return(i32.add(p, one)));
        step(f, p);
        skipEscape(f, p, c, bad);
        f.break(again);
      });
    });
    f.return(zero);
  });
}

/** (p, depth) → behind the value, or 0 when it is malformed. */
function addSkip(m: ModuleBuilder, space: FunctionRef, skipString: FunctionRef): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const depth = f.param(1, 'i32');
    const c = f.local('i32');
    f.set(c, byteAt(p));
    f.if(is(c, '"'), () => f.return(f.call(skipString, 'i32', i32.add(p, one))));
    f.block((bad) => {
      f.if(i32.or(is(c, '{'), is(c, '[')), () => {
        // The record itself and the object that this value may lie in count too; the reference knows exactly.
        f.breakIf(bad, i32.gtU(depth, i32.const(depthMax - 100)));
        skipContainer(f, p, depth, { space, skipString }, is(c, '{'), bad);
      });
      f.if(is(c, 't'), () => skipWord(f, p, 'true', bad));
      f.if(is(c, 'n'), () => skipWord(f, p, 'null', bad));
      f.if(is(c, 'f'), () => {
        f.breakIf(bad, isNot(byteAt(p, 4), 'e'));
        step(f, p);
        skipWord(f, p, 'alse', bad);
      });
      skipNumber(f, p, c, bad);
      f.return(p);
    });
    f.return(zero);
  });
}

function skipWord(f: FunctionBuilder, p: Local<'i32'>, word: string, bad: Label): void {
  f.breakIf(bad, i32.ne(i32.load(p), i32.const(Buffer.from(word).readInt32LE())));
  f.return(i32.add(p, i32.const(4)));
}

function skipContainer(
  f: FunctionBuilder,
  p: Local<'i32'>,
  depth: Local<'i32'>,
  helpers: { readonly space: FunctionRef; readonly skipString: FunctionRef },
  object: Expr<'i32'>,
  bad: Label,
): void {
  const isObject = f.let(object);
  const c = f.local('i32');
  const close = f.let(i32.add(i32.const(93), i32.shl(isObject, i32.const(5)))); // ] or }
  const toNext = (): void => f.set(p, f.call(helpers.space, 'i32', p));
  step(f, p);
  toNext();
  f.if(i32.eq(byteAt(p), close), () => f.return(i32.add(p, one)));
  f.loop((again) => {
    f.if(isObject, () => {
      f.breakIf(bad, isNot(byteAt(p), '"'));
      f.set(p, f.call(helpers.skipString, 'i32', i32.add(p, one)));
      f.breakIf(bad, i32.eqz(p));
      toNext();
      f.breakIf(bad, isNot(byteAt(p), ':'));
      step(f, p);
      toNext();
    });
    f.set(p, f.call(f, 'i32', p, i32.add(depth, one)));
    f.breakIf(bad, i32.eqz(p));
    toNext();
    f.set(c, byteAt(p));
    step(f, p);
    f.if(i32.eq(c, close), () => f.return(p));
    f.breakIf(bad, isNot(c, ','));
    toNext();
    f.break(again);
  });
}

function skipNumber(f: FunctionBuilder, p: Local<'i32'>, c: Local<'i32'>, bad: Label): void {
  const digits = (): void => {
    f.breakIf(bad, i32.eqz(isDigit(byteAt(p))));
    f.while(isDigit(byteAt(p)), () => step(f, p));
  };
  f.if(is(c, '-'), () => step(f, p));
  f.if(is(byteAt(p), '0'), () => step(f, p), digits);
  f.if(is(byteAt(p), '.'), () => {
    step(f, p);
    digits();
  });
  f.if(is(i32.or(byteAt(p), i32.const(32)), 'e'), () => {
    step(f, p);
    f.if(i32.or(is(byteAt(p), '+'), is(byteAt(p), '-')), () => step(f, p));
    digits();
  });
}

/** (start of a string) → (behind its quote or 0, where its text lies, how long it is). The text goes to
 *  the frame's text area. Halves of surrogate pairs are left to the reference. */
function addUnescape(m: ModuleBuilder, frame: Frame): FunctionRef {
  return m.function({ params: ['i32'], results: ['i32', 'i32', 'i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const start = f.let(i32.load(i32.const(frame.head), head.text));
    const to = f.let(start);
    const c = f.local('i32');
    const put = (byte: Expr<'i32'>): void => {
      f.store8(to, byte);
      step(f, to);
    };
    f.block((bad) => {
      f.loop((again) => {
        f.breakIf(bad, i32.gtU(to, i32.const(frame.textEnd - 8)));
        f.set(c, byteAt(p));
        step(f, p);
        f.if(is(c, '"'), () => {
          f.store(i32.const(frame.head), to, head.text);
          f.return(p, start, i32.sub(to, start));
        });
        f.if(i32.geU(c, i32.const(128)), () => f.store(i32.const(frame.head), one, head.wide));
        f.if(isNot(c, '\\'), () => {
          put(c);
          f.break(again);
        });
        f.set(c, byteAt(p));
        f.if(isNot(c, 'u'), () => {
          step(f, p);
          f.block((done) => {
            for (const [letter, byte] of [
              ['b', 8],
              ['f', 12],
              ['n', 10],
              ['r', 13],
              ['t', 9],
            ] as const) {
              f.if(is(c, letter), () => {
                put(i32.const(byte));
                f.break(done);
              });
            }
            f.breakIf(bad, i32.eqz(i32.or(i32.or(is(c, '"'), is(c, '\\')), is(c, '/'))));
            put(c);
          });
          f.break(again);
        });
        unicodeEscape(f, p, put, bad);
        f.break(again);
      });
    });
    f.return(zero, zero, zero);
  });
}

function unicodeEscape(
  f: FunctionBuilder,
  p: Local<'i32'>,
  put: (byte: Expr<'i32'>) => void,
  bad: Label,
): void {
  const unit = f.local('i32');
  const c = f.local('i32');
  f.set(unit, zero);
  for (let i = 1; i <= 4; i++) {
    f.set(c, byteAt(p, i));
    f.if(
      isDigit(c),
      () => f.set(c, i32.sub(c, i32.const(48))),
      () => {
        f.set(c, i32.sub(i32.or(c, i32.const(32)), i32.const(87)));
        f.breakIf(bad, i32.gtU(i32.sub(c, i32.const(10)), i32.const(5)));
      },
    );
    f.set(unit, i32.or(i32.shl(unit, i32.const(4)), c));
  }
  step(f, p, 5);
  const bits = (shift: number, lead: number): Expr<'i32'> =>
    i32.or(i32.const(lead), i32.and(i32.shrU(unit, i32.const(shift)), i32.const(lead === 0x80 ? 63 : 31)));
  f.if(
    i32.ltU(unit, i32.const(0x80)),
    () => put(unit),
    () =>
      f.if(
        i32.ltU(unit, i32.const(0x800)),
        () => {
          put(bits(6, 0xc0));
          put(bits(0, 0x80));
        },
        () => {
          f.breakIf(bad, i32.eq(i32.and(unit, i32.const(0xf800)), i32.const(0xd800)));
          put(i32.or(i32.const(0xe0), i32.shrU(unit, i32.const(12))));
          put(bits(6, 0x80));
          put(bits(0, 0x80));
        },
      ),
  );
}

/** (p at yyyy-MM-dd) → days since the epoch, or `noDay`: also for the year 0, and for days beyond their
 *  month. */
function addDay(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32'], results: ['i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const c = f.local('i32');
    const [year, month, day] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.block((bad) => {
      const digits = (into: Local<'i32'>, from: number, count: number): void => {
        for (let i = 0; i < count; i++) {
          f.set(c, i32.sub(byteAt(p, from + i), i32.const(48)));
          f.breakIf(bad, i32.gtU(c, i32.const(9)));
          f.set(into, i32.add(i32.mul(into, i32.const(10)), c));
        }
      };
      digits(year, 0, 4);
      digits(month, 5, 2);
      digits(day, 8, 2);
      f.breakIf(bad, i32.or(isNot(byteAt(p, 4), '-'), isNot(byteAt(p, 7), '-')));
      f.breakIf(bad, i32.eqz(year));
      f.breakIf(bad, i32.gtU(i32.sub(month, one), i32.const(11)));
      // The reference knows what becomes of a day beyond its month.
      f.breakIf(bad, i32.eqz(day));
      f.breakIf(bad, i32.gtU(day, monthLength(f, year, month)));
      f.if(i32.leU(month, i32.const(2)), () => {
        f.set(year, i32.sub(year, one));
        f.set(month, i32.add(month, i32.const(12)));
      });
      const by = (n: number): Expr<'i32'> => i32.divU(year, i32.const(n));
      const leaps = i32.add(i32.sub(by(4), by(100)), by(400));
      const months = i32.divU(
        i32.add(i32.mul(i32.const(153), i32.sub(month, i32.const(3))), i32.const(2)),
        i32.const(5),
      );
      const days = i32.add(i32.add(i32.mul(i32.const(365), year), leaps), i32.add(months, day));
      f.return(i32.sub(days, i32.const(719469)));
    });
    f.return(i32.const(noDay));
  });
}

function monthLength(f: FunctionBuilder, year: Local<'i32'>, month: Local<'i32'>): Local<'i32'> {
  const length = f.let(i32.const(31));
  const short = [4, 6, 9, 11].map((n) => i32.eq(month, i32.const(n))).reduce((x, y) => i32.or(x, y));
  f.if(short, () => f.set(length, i32.const(30)));
  f.if(i32.eq(month, i32.const(2)), () => {
    const divides = (n: number): Expr<'i32'> => i32.eqz(i32.remU(year, i32.const(n)));
    const leap = i32.and(divides(4), i32.or(i32.eqz(divides(100)), divides(400)));
    f.set(length, i32.add(i32.const(28), leap));
  });
  return length;
}

/** (start, end) → 1 when the bytes are UTF-8 as Unicode defines it: no overlong forms, no surrogates. */
function addUtf8(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const [c, more, second] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.block((bad) => {
      f.loop((again) => {
        f.if(i32.geU(p, end), () => f.return(i32.eq(p, end)));
        f.if(i32.and(i32.leU(i32.add(p, i32.const(16)), end), i32.eqz(v128.bitmask8(v128.load(p)))), () => {
          step(f, p, 16);
          f.break(again);
        });
        f.set(c, byteAt(p));
        step(f, p);
        f.breakIf(again, i32.ltU(c, i32.const(0x80)));
        f.breakIf(bad, i32.ltU(c, i32.const(0xc2)));
        f.breakIf(bad, i32.gtU(c, i32.const(0xf4)));
        f.set(more, i32.add(i32.geU(c, i32.const(0xe0)), i32.geU(c, i32.const(0xf0))));
        f.set(second, byteAt(p));
        f.breakIf(bad, i32.and(i32.eq(c, i32.const(0xe0)), i32.ltU(second, i32.const(0xa0))));
        f.breakIf(bad, i32.and(i32.eq(c, i32.const(0xed)), i32.geU(second, i32.const(0xa0))));
        f.breakIf(bad, i32.and(i32.eq(c, i32.const(0xf0)), i32.ltU(second, i32.const(0x90))));
        f.breakIf(bad, i32.and(i32.eq(c, i32.const(0xf4)), i32.geU(second, i32.const(0x90))));
        f.loop((continuation) => {
          f.breakIf(bad, i32.ne(i32.and(byteAt(p), i32.const(0xc0)), i32.const(0x80)));
          step(f, p);
          f.set(more, i32.sub(more, one));
          f.breakIf(continuation, i32.geS(more, zero));
        });
        f.break(again);
      });
    });
    f.return(zero);
  });
}
