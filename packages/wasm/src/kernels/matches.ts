/* Finds repeats as plain/match-finder.ts does: the same sequences for the same bytes. */

import { i32, i64 } from '../instructions.ts';
import type { Expr } from '../code.ts';
import type { FunctionBuilder, FunctionRef } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { firstMisses, hashBits, hashFactor, missesShift } from '../plain/match-finder.ts';

const one = i32.const(1);
/** Bytes of the table of positions: two hold one of a block. */
export const matchTableBytes = 2 << hashBits;

/** Where matches may start and end: so many bytes before the end at least. */
export interface MatchBounds {
  readonly headroom: number;
  readonly tail: number;
}

/** Adds (start, end, to) → to: cuts the bytes into sequences and appends each by `sequence`, which is (to, literals'
 *  start, literals' end, distance, length) → to. `table`: where the table of positions lies. */
export function addMatches(
  m: ModuleBuilder,
  table: number,
  bounds: MatchBounds,
  sequence: FunctionRef,
): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [start, end, to] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    f.fill(i32.const(table), i32.const(0), i32.const(matchTableBytes));
    const anchor = f.let(start);
    const at = f.let(i32.add(start, one));
    const misses = f.let(i32.const(firstMisses));
    const [here, slot, candidate, length] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const last = f.let(i32.sub(end, i32.const(bounds.headroom)));
    const stop = f.let(i32.sub(end, i32.const(bounds.tail)));
    f.while(i32.leS(at, last), () => {
      f.set(here, i32.load(at));
      const hash = i32.shrU(i32.mul(here, i32.const(hashFactor)), i32.const(32 - hashBits));
      f.set(slot, i32.shl(hash, one));
      f.set(candidate, i32.add(i32.load16U(slot, table), start));
      f.store16(slot, i32.sub(at, start), table);
      f.if(
        i32.ne(i32.load(candidate), here),
        () => {
          f.set(at, i32.add(at, i32.shrU(misses, i32.const(missesShift))));
          f.set(misses, i32.add(misses, one));
        },
        () => {
          f.set(misses, i32.const(firstMisses));
          matchLength(f, at, candidate, stop, length);
          f.set(to, f.call(sequence, 'i32', to, anchor, at, i32.sub(at, candidate), length));
          f.set(at, i32.add(at, length));
          f.set(anchor, at);
        },
      );
    });
    f.return(f.call(sequence, 'i32', to, anchor, end, i32.const(0), i32.const(0)));
  });
}

/** How far the bytes at `at` and `candidate`, of which four are equal, are equal in front of `stop`. */
function matchLength(
  f: FunctionBuilder,
  at: Expr<'i32'>,
  candidate: Expr<'i32'>,
  stop: Expr<'i32'>,
  length: ReturnType<typeof f.local<'i32'>>,
): void {
  const [a, b] = [i32.add(at, length), i32.add(candidate, length)];
  const word = f.local('i64');
  f.set(length, i32.const(4));
  f.block((done) => {
    f.while(i32.leS(i32.add(a, i32.const(8)), stop), () => {
      f.set(word, i64.xor(i64.load(a), i64.load(b)));
      f.if(i64.ne(word, i64.const(0n)), () => {
        f.set(length, i32.add(length, i32.wrapI64(i64.shrU(i64.ctz(word), i64.const(3n)))));
        f.break(done);
      });
      f.set(length, i32.add(length, i32.const(8)));
    });
    f.while(i32.and(i32.ltS(a, stop), i32.eq(i32.load8U(a), i32.load8U(b))), () =>
      f.set(length, i32.add(length, one)),
    );
  });
}
