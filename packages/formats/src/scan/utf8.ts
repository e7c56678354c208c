/* Whether bytes are UTF-8. */

import { i32, v128, type FunctionRef, type ModuleBuilder } from '#wasm';
import { byteAt, step } from './emit.ts';

const zero = i32.const(0);
const one = i32.const(1);

/** (start, end) → 1 when the bytes are UTF-8 as Unicode defines it: no overlong forms, no surrogates. */
export function addUtf8(m: ModuleBuilder): FunctionRef {
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
