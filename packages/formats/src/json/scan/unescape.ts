/* Strings with escapes → their text, in the frame. */

import {
  i32,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Label,
  type Local,
  type ModuleBuilder,
} from '#wasm';
import { byteAt, isByte, isDigit, isNotByte, step } from '../../scan/emit.ts';
import { head, type Frame } from '../../scan/frame.ts';

const zero = i32.const(0);
const one = i32.const(1);

/** (start of a string, end of the record) → (behind its quote or 0, where its text lies, how long it is). The text
 *  goes to the frame's text area. Halves of surrogate pairs are left to the reference. */
export function addUnescape(m: ModuleBuilder, frame: Frame): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32', 'i32', 'i32'] }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const start = f.let(i32.load(i32.const(frame.head), head.text));
    const to = f.let(start);
    const c = f.local('i32');
    const put = (byte: Expr<'i32'>): void => {
      f.store8(to, byte);
      step(f, to);
    };
    f.block((bad) => {
      f.loop((again) => {
        f.breakIf(bad, i32.or(i32.geU(p, end), i32.gtU(to, i32.const(frame.textEnd - 8))));
        f.set(c, byteAt(p));
        step(f, p);
        f.if(isByte(c, '"'), () => {
          f.store(i32.const(frame.head), to, head.text);
          f.return(p, start, i32.sub(to, start));
        });
        f.if(i32.geU(c, i32.const(128)), () => f.store(i32.const(frame.head), one, head.wide));
        f.if(isNotByte(c, '\\'), () => {
          put(c);
          f.break(again);
        });
        f.set(c, byteAt(p));
        f.if(isNotByte(c, 'u'), () => {
          step(f, p);
          f.block((done) => {
            for (const [letter, byte] of [
              ['b', 8],
              ['f', 12],
              ['n', 10],
              ['r', 13],
              ['t', 9],
            ] as const) {
              f.if(isByte(c, letter), () => {
                put(i32.const(byte));
                f.break(done);
              });
            }
            f.breakIf(bad, i32.eqz(i32.or(i32.or(isByte(c, '"'), isByte(c, '\\')), isByte(c, '/'))));
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
