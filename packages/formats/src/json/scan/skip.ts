/* Functions that check what is skipped. They are as strict as the reference; where they are not sure they answer
 * "malformed", and the reference decides. */

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
import { byteAt, isByte, isDigit, isNotByte, step } from '../../scan/emit.ts';
import { maskOf } from '../../scan/search.ts';
import { head } from '../../scan/frame.ts';
import { depthMax } from '../cursor.ts';

const zero = i32.const(0);
const one = i32.const(1);

/** (p) → the first byte that is not white space. */
export function addSpace(m: ModuleBuilder): FunctionRef {
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
    isByte(c, 'u'),
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
      const known = [...'"\\/bfnrt'].map((char) => isByte(c, char)).reduce((x, y) => i32.or(x, y));
      f.breakIf(bad, i32.eqz(known));
      step(f, p);
    },
  );
}

/** (p behind the opening quote, end of the record) → behind the closing one, or 0. Notes text that is not ASCII in the
 *  frame's head. */
export function addSkipString(m: ModuleBuilder, headAddress: number): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const c = f.local('i32');
    const mask = f.local('i32');
    const vector = f.local('v128');
    f.block((bad) => {
      f.loop((again) => {
        f.breakIf(bad, i32.geU(p, end));
        f.set(vector, v128.load(p));
        f.if(v128.bitmask8(vector), () => f.store(i32.const(headAddress), one, head.wide));
        f.set(mask, maskOf(vector, [34, 92]));
        f.if(i32.eqz(mask), () => {
          step(f, p, 16);
          f.break(again);
        });
        step(f, p, i32.ctz(mask));
        f.if(isByte(byteAt(p), '"'), () => f.return(i32.add(p, one)));
        step(f, p);
        skipEscape(f, p, c, bad);
        f.break(again);
      });
    });
    f.return(zero);
  });
}

/** (p, depth, end of the record) → behind the value, or 0 when it is malformed. */
export function addSkip(m: ModuleBuilder, space: FunctionRef, skipString: FunctionRef): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [p, depth, end] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    const c = f.local('i32');
    f.set(c, byteAt(p));
    f.if(isByte(c, '"'), () => f.return(f.call(skipString, 'i32', i32.add(p, one), end)));
    f.block((bad) => {
      f.if(i32.or(isByte(c, '{'), isByte(c, '[')), () => {
        // The record itself and the object that this value may lie in count too; the reference knows exactly.
        f.breakIf(bad, i32.gtU(depth, i32.const(depthMax - 100)));
        skipContainer(f, { p, depth, end }, { space, skipString }, isByte(c, '{'), bad);
      });
      f.if(isByte(c, 't'), () => skipWord(f, p, 'true', bad));
      f.if(isByte(c, 'n'), () => skipWord(f, p, 'null', bad));
      f.if(isByte(c, 'f'), () => {
        f.breakIf(bad, isNotByte(byteAt(p, 4), 'e'));
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
  { p, depth, end }: Readonly<Record<'p' | 'depth' | 'end', Local<'i32'>>>,
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
      f.breakIf(bad, isNotByte(byteAt(p), '"'));
      f.set(p, f.call(helpers.skipString, 'i32', i32.add(p, one), end));
      f.breakIf(bad, i32.eqz(p));
      toNext();
      f.breakIf(bad, isNotByte(byteAt(p), ':'));
      step(f, p);
      toNext();
    });
    f.breakIf(bad, i32.geU(p, end));
    f.set(p, f.call(f, 'i32', p, i32.add(depth, one), end));
    f.breakIf(bad, i32.eqz(p));
    toNext();
    f.set(c, byteAt(p));
    step(f, p);
    f.if(i32.eq(c, close), () => f.return(p));
    f.breakIf(bad, isNotByte(c, ','));
    toNext();
    f.break(again);
  });
}

function skipNumber(f: FunctionBuilder, p: Local<'i32'>, c: Local<'i32'>, bad: Label): void {
  const digits = (): void => {
    f.breakIf(bad, i32.eqz(isDigit(byteAt(p))));
    f.while(isDigit(byteAt(p)), () => step(f, p));
  };
  f.if(isByte(c, '-'), () => step(f, p));
  f.if(isByte(byteAt(p), '0'), () => step(f, p), digits);
  f.if(isByte(byteAt(p), '.'), () => {
    step(f, p);
    digits();
  });
  f.if(isByte(i32.or(byteAt(p), i32.const(32)), 'e'), () => {
    step(f, p);
    f.if(i32.or(isByte(byteAt(p), '+'), isByte(byteAt(p), '-')), () => step(f, p));
    digits();
  });
}
