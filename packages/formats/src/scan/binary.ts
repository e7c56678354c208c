/* What scanners of binary formats are written with: numbers in groups of seven bits, and text behind its length. As in emit.ts,
 * a stretch that fails leaves for `bad`; the cursor never gets further than 16 bytes behind the record. */

import { i32, i64, v128, type Expr, type FunctionRef, type Label, type ModuleBuilder } from '#wasm';
import { writeText } from './cells.ts';
import { advance, byteAt, step, type Emit } from './emit.ts';
import type { LeafSlot } from './slots.ts';

export const zero = i32.const(0);
export const one = i32.const(1);

/** A scanner of a binary format being written. */
export interface BinaryEmit extends Emit {
  readonly varint: FunctionRef;
}

const bit7 = 0x8080_8080_8080_8080n;
const low7 = 0x7f7f_7f7f_7f7f_7f7fn;

/** Adds (p) → (the number at p, behind it): 64 bits; 0 behind one of more. One of eight bytes at most is taken as a word: its
 *  groups of seven bits are pushed together by twos. */
export function addVarint(m: ModuleBuilder): FunctionRef {
  const long = addLongVarint(m);
  return m.function({ params: ['i32'], results: ['i64', 'i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const word = f.let(i64.load(p));
    // The top bits of bytes behind which a number may end; the lowest is where it does.
    const ends = f.let(i64.and(i64.xor(word, i64.const(-1n)), i64.const(bit7)));
    const value = f.local('i64');
    f.if(i64.eqz(ends), () => {
      f.callInto([value, p], long, p);
      f.return(value, p);
    });
    const own = i64.xor(ends, i64.sub(ends, i64.const(1n)));
    f.set(value, i64.and(i64.and(word, own), i64.const(low7)));
    for (const [low, high, by] of [
      [0x007f_007f_007f_007fn, 0x7f00_7f00_7f00_7f00n, 1n],
      [0x0000_3fff_0000_3fffn, 0x3fff_0000_3fff_0000n, 2n],
      [0x0000_0000_0fff_ffffn, 0x0fff_ffff_0000_0000n, 4n],
    ] as const) {
      const pushed = i64.shrU(i64.and(value, i64.const(high)), i64.const(by));
      f.set(value, i64.or(i64.and(value, i64.const(low)), pushed));
    }
    const bytes = i32.shrU(i32.add(i32.wrapI64(i64.ctz(ends)), one), i32.const(3));
    f.return(value, i32.add(p, bytes));
  });
}
function addLongVarint(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32'], results: ['i64', 'i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const [value, shift] = [f.local('i64'), f.local('i64')];
    const b = f.local('i32');
    f.loop((again) => {
      f.set(b, byteAt(p));
      step(f, p);
      const bits = i64.extendI32U(i32.and(b, i32.const(0x7f)));
      f.set(value, i64.or(value, i64.shl(bits, shift)));
      f.if(i32.ltU(b, i32.const(0x80)), () => {
        f.if(i32.and(i64.eq(shift, i64.const(63n)), i32.gtU(b, one)), () => f.return(value, zero));
        f.return(value, p);
      });
      f.set(shift, i64.add(shift, i64.const(7n)));
      f.breakIf(again, i64.leU(shift, i64.const(63n)));
    });
    f.return(value, zero);
  });
}

/** The number at the cursor into `number`. */
export function readVarint(e: BinaryEmit, bad: Label): void {
  const { f, p, a, number } = e;
  f.set(a, byteAt(p));
  f.if(
    i32.ltU(a, i32.const(0x80)),
    () => {
      f.set(number, i64.extendI32U(a));
      advance(e, 1);
    },
    () => {
      f.callInto([number, p], e.varint, p);
      f.breakIf(bad, i32.eqz(p));
    },
  );
  checkEnd(e, bad);
}
/** The same, of a number that is written zigzag. */
export function readZigzag(e: BinaryEmit, bad: Label): void {
  const { f, number } = e;
  readVarint(e, bad);
  const sign = i64.sub(i64.const(0n), i64.and(number, i64.const(1n)));
  f.set(number, i64.xor(i64.shrU(number, i64.const(1n)), sign));
}
export function checkEnd({ f, p, end }: BinaryEmit, bad: Label): void {
  f.breakIf(bad, i32.gtU(p, end));
}
/** Past so many bytes, which are there. */
export function skipBytes(e: BinaryEmit, count: number | Expr<'i32'>, bad: Label): void {
  advance(e, count);
  checkEnd(e, bad);
}
/** A length in `number` into `a`: as many bytes are there. */
export function takeLength(e: BinaryEmit, bad: Label): void {
  const { f, p, end, a, number } = e;
  f.breakIf(bad, i64.gtU(number, i64.extendI32U(i32.sub(end, p))));
  f.set(a, i32.wrapI64(number));
}
/** Text of `a` bytes at the cursor into its column: of vectors that lie in it, and for short text of those bytes of one that
 *  do. */
export function readText(e: BinaryEmit, slot: LeafSlot, bad: Label): void {
  const { f, p, a, b, vector } = e;
  const sixteen = i32.const(16);
  f.if(
    i32.ltU(a, sixteen),
    () => {
      const used = i32.sub(i32.shl(one, a), one);
      f.set(b, i32.and(v128.bitmask8(v128.load(p)), used));
    },
    () => {
      f.set(b, p);
      const last = f.let(i32.sub(i32.add(p, a), sixteen));
      f.set(vector, v128.load(last));
      f.while(i32.ltU(b, last), () => {
        f.set(vector, v128.or(vector, v128.load(b)));
        step(f, b, 16);
      });
      f.set(b, v128.bitmask8(vector));
    },
  );
  f.if(b, () => f.breakIf(bad, i32.eqz(f.call(e.shared.utf8, 'i32', p, i32.add(p, a)))));
  writeText(e, slot, p, a);
  advance(e, a);
}

/** A number in `number` as one of 32 bits; others are not for scanners. */
export function checkInt(e: BinaryEmit, min: number, max: number, bad: Label): void {
  const off = i64.sub(e.number, i64.const(BigInt(min)));
  e.f.breakIf(bad, i64.gtU(off, i64.const(BigInt(max - min))));
}
/** `number` fits a narrow column. */
export function checkExact(e: BinaryEmit, most: bigint, bad: Label): void {
  const off = i64.add(e.number, i64.const(most));
  e.f.breakIf(bad, i64.gtU(off, i64.const(most * 2n)));
}
