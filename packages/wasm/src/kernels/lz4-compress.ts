/* LZ4 frames, as plain/lz4-compress.ts writes them. */

import { i32, select } from '../instructions.ts';
import type { Expr, Local } from '../code.ts';
import type { FunctionBuilder, FunctionRef } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { lz4BlockBytes, lz4Bounds, lz4FrameHead } from '../plain/lz4-compress.ts';
import { wildCopy } from './copy.ts';
import { addMatches } from './matches.ts';

const one = i32.const(1);
const four = i32.const(4);
const fifteen = i32.const(15);

/** Adds `lz4Compress(source, length, to)`: the number of bytes written, `lz4FrameBytesMax` at most. */
export function addLz4Compress(m: ModuleBuilder, table: number): void {
  const block = addMatches(m, table, lz4Bounds, addSequence(m));
  m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'], name: 'lz4Compress' }, (f) => {
    const [p, start] = [f.param(0, 'i32'), f.param(2, 'i32')];
    const end = f.let(i32.add(p, f.param(1, 'i32')));
    lz4FrameHead.forEach((byte, i) => f.store8(start, i32.const(byte), i));
    const to = f.let(i32.add(start, i32.const(lz4FrameHead.length)));
    const [until, blockEnd, length] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.while(i32.ltU(p, end), () => {
      f.set(length, i32.sub(end, p));
      f.if(i32.gtU(length, i32.const(lz4BlockBytes)), () => f.set(length, i32.const(lz4BlockBytes)));
      f.set(until, i32.add(p, length));
      f.set(blockEnd, f.call(block, 'i32', p, until, i32.add(to, four)));
      const written = i32.sub(i32.sub(blockEnd, to), four);
      f.if(
        i32.ltU(written, length),
        () => {
          f.store(to, written);
          f.set(to, blockEnd);
        },
        () => {
          f.store(to, i32.or(length, i32.const(-0x80000000)));
          f.copy(i32.add(to, four), p, length);
          f.set(to, i32.add(i32.add(to, four), length));
        },
      );
      f.set(p, until);
    });
    f.store(to, i32.const(0));
    f.return(i32.sub(i32.add(to, four), start));
  });
}

/** (to, literals' start, their end, distance, length) → to; the last sequence has no match. */
function addSequence(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [to, from] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const [distance, length] = [f.param(3, 'i32'), f.param(4, 'i32')];
    const literals = f.let(i32.sub(f.param(2, 'i32'), from));
    const token = f.let(to);
    const more = f.let(i32.sub(length, four));
    f.set(to, i32.add(to, one));
    const match = select(least15(more), i32.const(0), length);
    f.store8(token, i32.or(i32.shl(least15(literals), four), match));
    f.if(i32.geU(literals, fifteen), () => writeExtra(f, to, i32.sub(literals, fifteen)));
    wildCopy(f, to, from, literals);
    f.set(to, i32.add(to, literals));
    f.if(i32.eqz(length), () => f.return(to));
    f.store16(to, distance);
    f.set(to, i32.add(to, i32.const(2)));
    f.if(i32.geU(more, fifteen), () => writeExtra(f, to, i32.sub(more, fifteen)));
    f.return(to);
  });
}

const least15 = (value: Expr<'i32'>): Expr<'i32'> => select(fifteen, value, i32.gtU(value, fifteen));

/** What a length has beyond 15: bytes of 255, and a last one below it. */
function writeExtra(f: FunctionBuilder, to: Local<'i32'>, length: Expr<'i32'>): void {
  const left = f.let(length);
  f.while(i32.geU(left, i32.const(255)), () => {
    f.store8(to, i32.const(255));
    f.set(to, i32.add(to, one));
    f.set(left, i32.sub(left, i32.const(255)));
  });
  f.store8(to, left);
  f.set(to, i32.add(to, one));
}
