/* Copying in steps of 16 bytes, past the end if need be: what decompressors do all the time. Buffers have
 * slack. */

import { i32, i64, v128 } from '../instructions.ts';
import type { Expr } from '../code.ts';
import type { FunctionBuilder } from '../function-builder.ts';

/** Copies at least `length` bytes; up to 15 more are written. The ranges must not overlap within 16 bytes. */
export function wildCopy(f: FunctionBuilder, to: Expr<'i32'>, from: Expr<'i32'>, length: Expr<'i32'>): void {
  const d = f.let(to);
  const s = f.let(from);
  const end = f.let(i32.add(d, length));
  f.loop((again) => {
    f.storeV128(d, v128.load(s));
    f.set(d, i32.add(d, i32.const(16)));
    f.set(s, i32.add(s, i32.const(16)));
    f.breakIf(again, i32.ltU(d, end));
  });
}

/** Copies `length` bytes from `distance` back, which may be nearer than the bytes are many: then they
 *  repeat. */
export function copyMatch(
  f: FunctionBuilder,
  to: Expr<'i32'>,
  distance: Expr<'i32'>,
  length: Expr<'i32'>,
): void {
  const d = f.let(to);
  const s = f.let(i32.sub(to, distance));
  const end = f.let(i32.add(d, length));
  f.if(
    i32.geU(distance, i32.const(16)),
    () => wildCopy(f, d, s, length),
    () =>
      f.if(
        i32.geU(distance, i32.const(8)),
        () =>
          f.loop((again) => {
            f.store(d, i64.load(s));
            f.set(d, i32.add(d, i32.const(8)));
            f.set(s, i32.add(s, i32.const(8)));
            f.breakIf(again, i32.ltU(d, end));
          }),
        () =>
          f.while(i32.ltU(d, end), () => {
            f.store8(d, i32.load8U(s));
            f.set(d, i32.add(d, i32.const(1)));
            f.set(s, i32.add(s, i32.const(1)));
          }),
      ),
  );
}
