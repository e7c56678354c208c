/* Folds bytes into fewer of the same CRC-32C, sixteen at a time: what a checksum without a table look-up a byte rests on.
 *
 * Some multiple of the polynomial has four terms only, x^5275 + x^4508 + x^2751 + 1, and so has, squared three times, the
 * one with eightfold exponents. For bytes that says: one may be taken away where it stands when it is added (XOR) to those
 * 767, 2524 and 5275 further on. Going through the data, each place therefore holds what came there and what three places
 * behind it hold:
 *
 *   data      │ ………………………………………………………… p ………………… end      folded[p] = data[p] ^ folded[p - 767]
 *   folded    │ zeros 5275 │ …………………… p                           ^ folded[p - 2524] ^ folded[p - 5275]
 *
 * The last 5275 bytes take what is left and hand nothing on: they are the rest. A multiple with six terms has a shorter
 * reach, and folds what the first leaves. The idea: S. Russell, "Chorba: A novel CRC32 implementation", 2024; the terms are
 * the lowest of all multiples of this polynomial with so few. */

import { i32, v128 } from '../instructions.ts';
import type { Expr } from '../code.ts';
import type { FunctionRef } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';

/** How far behind a place stand those that it takes up, the farthest last. */
type Taps = readonly number[];
const far: Taps = [767, 2524, 5275];
/** Squared once more: nearer ones would be read while they are still being written. */
const near: Taps = [65, 155, 170, 195, 209].map((reach) => reach * 2);
const reachOf = (taps: Taps): number => taps.at(-1)!;

/** From this many bytes on a fold pays. */
const bytesMin = { far: 20 << 10, near: reachOf(near) + 256 } as const;
const step = 16;
/** Steps a round. */
const unrolled = 4;
/** Folded bytes that are written before the last ones move to the front again. */
const stretch = 48 << 10;

/** Zeros behind the folded bytes, while the rest is made. */
const zeros = reachOf(far) + 2 * step;
const foldedBytes = reachOf(far) + stretch + unrolled * step + zeros;
const restBytes = reachOf(far) + 2 * step;
/** Bytes that folding writes in. */
export const foldBytes = foldedBytes + 2 * restBytes;

export interface Fold {
  /** (register, address, length) → the length of the rest, whose register is 0. */
  readonly fold: FunctionRef;
  readonly rest: number;
  readonly bytesMin: number;
}

/** The folds to be tried one after the other, each on what the one before left. At `address` there are `foldBytes`. */
export function addFolds(m: ModuleBuilder, address: number): readonly Fold[] {
  const rest = address + foldedBytes;
  return [
    { fold: addFold(m, far, address, rest), rest, bytesMin: bytesMin.far },
    { fold: addFold(m, near, address, rest + restBytes), rest: rest + restBytes, bytesMin: bytesMin.near },
  ];
}

/** The data is not changed; up to 15 bytes behind it are read. */
function addFold(m: ModuleBuilder, taps: Taps, scratch: number, rest: number): FunctionRef {
  const reach = reachOf(taps);
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const p = f.param(1, 'i32');
    const end = f.let(i32.add(p, f.param(2, 'i32')));
    const wholeEnd = f.let(i32.sub(end, i32.const(reach)));
    /** `reach` before the next place to write. */
    const q = f.let(i32.const(scratch));
    const forward = (bytes: number): void => {
      f.set(p, i32.add(p, i32.const(bytes)));
      f.set(q, i32.add(q, i32.const(bytes)));
    };
    const folded = (at: number): Expr<'v128'> =>
      taps.reduce((sofar, tap) => v128.xor(sofar, v128.load(q, reach - tap + at)), v128.load(p, at));
    f.fill(q, i32.const(0), i32.const(reach));
    f.storeV128(q, v128.load(p), reach);
    // What came before is as if it were added to the first four bytes.
    f.store(q, i32.xor(i32.load(p), f.param(0, 'i32')), reach);
    forward(step);
    f.while(i32.leU(i32.add(p, i32.const(unrolled * step)), wholeEnd), () => {
      for (let at = 0; at < unrolled * step; at += step) f.storeV128(q, folded(at), reach + at);
      forward(unrolled * step);
      f.if(i32.geU(q, i32.const(scratch + stretch)), () => {
        f.copy(i32.const(scratch), q, i32.const(reach));
        f.set(q, i32.const(scratch));
      });
    });
    f.while(i32.leU(i32.add(p, i32.const(step)), wholeEnd), () => {
      f.storeV128(q, folded(0), reach);
      forward(step);
    });
    // The last bytes hand nothing on: those that come later find zeros in their places.
    f.fill(i32.add(q, i32.const(reach)), i32.const(0), i32.const(reach + 2 * step));
    const to = f.let(i32.const(rest));
    const left = f.let(i32.sub(end, p));
    f.while(i32.ltU(p, end), () => {
      f.storeV128(to, folded(0));
      f.set(to, i32.add(to, i32.const(step)));
      forward(step);
    });
    f.return(left);
  });
}
