/* Finds a byte in the thread's memory, sixteen at a time. Reads up to 15 bytes past the end. */

import { i32, v128 } from '../instructions.ts';
import type { ModuleBuilder } from '../module-builder.ts';

/** Adds (at, end, byte, skip) → the address of the byte's occurrence behind `skip` others, or `end` where there is none. */
export function addFindByte(m: ModuleBuilder): void {
  m.function({ params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'findByte' }, (f) => {
    const at = f.param(0, 'i32');
    const end = f.param(1, 'i32');
    const skip = f.param(3, 'i32');
    const wanted = f.let(v128.splat8(f.param(2, 'i32')));
    const mask = f.local('i32');
    const found = f.local('i32');
    f.block((none) => {
      f.loop((again) => {
        f.breakIf(none, i32.geU(at, end));
        f.set(mask, v128.bitmask8(v128.eq8(v128.load(at), wanted)));
        f.set(found, i32.popcnt(mask));
        f.if(i32.leU(found, skip), () => {
          f.set(skip, i32.sub(skip, found));
          f.set(at, i32.add(at, i32.const(16)));
          f.break(again);
        });
      });
      f.while(skip, () => {
        f.set(mask, i32.and(mask, i32.sub(mask, i32.const(1))));
        f.set(skip, i32.sub(skip, i32.const(1)));
      });
      f.set(at, i32.add(at, i32.ctz(mask)));
      f.if(i32.ltU(at, end), () => f.return(at));
    });
    f.return(end);
  });
}
