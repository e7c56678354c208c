/* Snappy in the framing of the xerial library, as plain/snappy-compress.ts writes it. */

import { i32 } from '../instructions.ts';
import type { Expr, Local } from '../code.ts';
import type { FunctionBuilder, FunctionRef } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { snappyBlockBytes, snappyBounds, xerialHead } from '../plain/snappy-compress.ts';
import { wildCopy } from './copy.ts';
import { addMatches } from './matches.ts';

const one = i32.const(1);
const four = i32.const(4);

/** Adds `snappyCompress(source, length, to)`: the number of bytes written, `snappyBytesMax` at most. */
export function addSnappyCompress(m: ModuleBuilder, table: number): void {
  const body = addMatches(m, table, snappyBounds, addSequence(m));
  m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'], name: 'snappyCompress' }, (f) => {
    const [p, start] = [f.param(0, 'i32'), f.param(2, 'i32')];
    const end = f.let(i32.add(p, f.param(1, 'i32')));
    xerialHead.forEach((byte, i) => f.store8(start, i32.const(byte), i));
    const to = f.let(i32.add(start, i32.const(xerialHead.length)));
    const [block, length, left] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.while(i32.ltU(p, end), () => {
      f.set(length, i32.sub(end, p));
      f.if(i32.gtU(length, i32.const(snappyBlockBytes)), () => f.set(length, i32.const(snappyBlockBytes)));
      f.set(block, to);
      f.set(to, i32.add(to, four));
      f.set(left, length);
      f.while(i32.geU(left, i32.const(128)), () => {
        put(f, to, i32.or(left, i32.const(128)));
        f.set(left, i32.shrU(left, i32.const(7)));
      });
      put(f, to, left);
      f.set(to, f.call(body, 'i32', p, i32.add(p, length), to));
      f.set(left, i32.sub(i32.sub(to, block), four));
      for (let i = 0; i < 4; i++) f.store8(block, i32.shrU(left, i32.const(24 - 8 * i)), i);
      f.set(p, i32.add(p, length));
    });
    f.return(i32.sub(to, start));
  });
}

function put(f: FunctionBuilder, to: Local<'i32'>, byte: Expr<'i32'>): void {
  f.store8(to, byte);
  f.set(to, i32.add(to, one));
}

/** (to, literals' start, their end, distance, length) → to; the last sequence has no match. */
function addSequence(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [to, from] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const [distance, left] = [f.param(3, 'i32'), f.param(4, 'i32')];
    const literals = f.let(i32.sub(f.param(2, 'i32'), from));
    const part = f.local('i32');
    f.if(literals, () => {
      f.if(
        i32.leU(literals, i32.const(60)),
        () => put(f, to, i32.shl(i32.sub(literals, one), i32.const(2))),
        () => {
          f.store8(to, i32.const(61 << 2)); // two bytes of length follow
          f.store16(to, i32.sub(literals, one), 1);
          f.set(to, i32.add(to, i32.const(3)));
        },
      );
      wildCopy(f, to, from, literals);
      f.set(to, i32.add(to, literals));
    });
    f.while(left, () => {
      f.set(part, left);
      f.if(i32.gtU(part, i32.const(64)), () => f.set(part, i32.const(64)));
      f.store8(to, i32.or(i32.shl(i32.sub(part, one), i32.const(2)), i32.const(2)));
      f.store16(to, distance, 1);
      f.set(to, i32.add(to, i32.const(3)));
      f.set(left, i32.sub(left, part));
    });
    f.return(to);
  });
}
