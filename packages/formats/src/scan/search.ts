/* Searching for bytes, sixteen at a time. */

import { i32, v128, type Expr, type FunctionBuilder, type Local } from '#wasm';
import { advance, step, type Emit } from './emit.ts';

const splat = (byte: number): Expr<'v128'> => v128.const(new Uint8Array(16).fill(byte));
/** The top bit of each byte of `vector` that is one of `bytes`, as `bitmask8` gives it. */
export function maskOf(vector: Expr<'v128'>, bytes: readonly number[]): Expr<'i32'> {
  return v128.bitmask8(bytes.map((b) => v128.eq8(vector, splat(b))).reduce((x, y) => v128.or(x, y)));
}

/** To the next of `bytes`, or somewhere behind the record's end when it has none. What it passes is noted in
 *  `seenText`. */
export function toByte(e: Emit, bytes: readonly number[]): void {
  const { f, p, end, vector, mask } = e;
  f.block((ended) => {
    f.loop((again) => {
      f.set(vector, v128.load(p));
      f.set(e.seenText, v128.or(e.seenText, vector));
      f.set(mask, maskOf(vector, bytes));
      f.if(i32.eqz(mask), () => {
        advance(e, 16);
        f.breakIf(again, i32.ltU(p, end));
        f.break(ended);
      });
    });
    advance(e, i32.ctz(mask));
  });
}

/** To the next of `bytes`, or to `end` or somewhere behind it when there is none before. */
export function toStop(
  f: FunctionBuilder,
  p: Local<'i32'>,
  end: Local<'i32'>,
  bytes: readonly number[],
): void {
  const mask = f.local('i32');
  f.block((found) => {
    f.loop((again) => {
      f.breakIf(found, i32.geU(p, end));
      f.set(mask, maskOf(v128.load(p), bytes));
      f.if(mask, () => {
        step(f, p, i32.ctz(mask));
        f.break(found);
      });
      step(f, p, 16);
      f.break(again);
    });
  });
}
