/* LZ4 blocks and frames, as plain/lz4.ts reads them. Every length is checked against its buffer before it
 * is used. */

import { i32 } from '../instructions.ts';
import type { Expr, Local } from '../code.ts';
import type { FunctionBuilder, FunctionRef, Label } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { copyMatch, wildCopy } from './copy.ts';

const one = i32.const(1);
const fifteen = i32.const(15);
const corrupt = i32.const(-1);

/** Adds the bytes that continue a length of 15 to it. */
function longLength(
  f: FunctionBuilder,
  length: Local<'i32'>,
  ip: Local<'i32'>,
  end: Expr<'i32'>,
  bad: Label,
): void {
  const more = f.local('i32');
  f.if(i32.eq(length, fifteen), () => {
    f.loop((again) => {
      f.breakIf(bad, i32.geU(ip, end));
      f.set(more, i32.load8U(ip));
      f.set(ip, i32.add(ip, one));
      f.set(length, i32.add(length, more));
      // No length of a buffer in this memory is that long: the sum cannot overflow.
      f.breakIf(bad, i32.gtU(length, i32.const(1 << 30)));
      f.breakIf(again, i32.eq(more, i32.const(255)));
    });
  });
}

/** block(source, length, to, room, floor): the end of the output, or -1 when the block is corrupt or does
 *  not fit. Matches may reach back to `floor`. */
function addBlock(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const ip = f.param(0, 'i32');
    const end = f.let(i32.add(ip, f.param(1, 'i32')));
    const op = f.param(2, 'i32');
    const outEnd = f.let(i32.add(op, f.param(3, 'i32')));
    const floor = f.param(4, 'i32');
    const token = f.local('i32');
    const length = f.local('i32');
    const distance = f.local('i32');
    f.block((bad) => {
      f.loop((again) => {
        f.if(i32.geU(ip, end), () => f.return(op));
        f.set(token, i32.load8U(ip));
        f.set(ip, i32.add(ip, one));
        f.set(length, i32.shrU(token, i32.const(4)));
        longLength(f, length, ip, end, bad);
        f.breakIf(bad, i32.gtU(length, i32.sub(end, ip)));
        f.breakIf(bad, i32.gtU(length, i32.sub(outEnd, op)));
        wildCopy(f, op, ip, length);
        f.set(op, i32.add(op, length));
        f.set(ip, i32.add(ip, length));
        f.if(i32.geU(ip, end), () => f.return(op));
        f.breakIf(bad, i32.gtU(i32.add(ip, i32.const(2)), end));
        f.set(distance, i32.load16U(ip));
        f.set(ip, i32.add(ip, i32.const(2)));
        f.set(length, i32.and(token, fifteen));
        longLength(f, length, ip, end, bad);
        f.set(length, i32.add(length, i32.const(4)));
        f.breakIf(bad, i32.eqz(distance));
        f.breakIf(bad, i32.gtU(distance, i32.sub(op, floor)));
        f.breakIf(bad, i32.gtU(length, i32.sub(outEnd, op)));
        copyMatch(f, op, distance, length);
        f.set(op, i32.add(op, length));
        f.break(again);
      });
    });
    f.return(corrupt);
  });
}

/** Adds `lz4Frame(source, length, to, room)`: the number of bytes written, or -1 when the frame is corrupt
 *  or larger than the room. */
export function addLz4(m: ModuleBuilder): void {
  const block = addBlock(m);
  m.function({ params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'lz4Frame' }, (f) => {
    const p = f.param(0, 'i32');
    const size = f.param(1, 'i32');
    const end = f.let(i32.add(p, size));
    const start = f.param(2, 'i32');
    const op = f.let(start);
    const outEnd = f.let(i32.add(start, f.param(3, 'i32')));
    const flags = f.local('i32');
    const length = f.local('i32');
    const four = i32.const(4);
    f.block((bad) => {
      f.breakIf(bad, i32.ltU(size, i32.const(7)));
      f.breakIf(bad, i32.ne(i32.load(p), i32.const(0x184d2204)));
      f.set(flags, i32.load8U(p, 4));
      // Block sizes have the codes 4 to 7.
      f.breakIf(bad, i32.eqz(i32.and(i32.load8U(p, 5), i32.const(0x40))));
      // A size of the content takes 8 bytes more, a dictionary's number 4.
      const extra = i32.add(i32.and(flags, i32.const(8)), i32.shl(i32.and(flags, one), i32.const(2)));
      f.set(p, i32.add(i32.add(p, i32.const(7)), extra));
      f.loop((again) => {
        f.breakIf(bad, i32.gtU(i32.add(p, four), end));
        f.set(length, i32.load(p));
        f.set(p, i32.add(p, four));
        f.if(i32.eqz(length), () => f.return(i32.sub(op, start)));
        const bytes = i32.and(length, i32.const(0x7fffffff));
        f.breakIf(bad, i32.gtU(bytes, i32.sub(end, p)));
        f.if(
          i32.ltS(length, i32.const(0)),
          () => {
            f.breakIf(bad, i32.gtU(bytes, i32.sub(outEnd, op)));
            f.copy(op, p, bytes);
            f.set(op, i32.add(op, bytes));
          },
          () => {
            f.set(op, f.call(block, 'i32', p, length, op, i32.sub(outEnd, op), start));
            f.breakIf(bad, i32.ltS(op, i32.const(0)));
          },
        );
        f.set(p, i32.add(p, i32.add(bytes, i32.shrU(i32.and(flags, i32.const(16)), i32.const(2)))));
        f.break(again);
      });
    });
    f.return(corrupt);
  });
}
