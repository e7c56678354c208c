/* Snappy blocks, as plain/snappy.ts reads them. */

import { i32, i64 } from '../instructions.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { copyMatch, wildCopy } from './copy.ts';

const one = i32.const(1);
const corrupt = i32.const(-1);

/** Adds `snappyBlock(source, length, to, room)`: the number of bytes written, or -1 when the block is
 *  corrupt or larger than the room. */
export function addSnappy(m: ModuleBuilder): void {
  m.function({ params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'snappyBlock' }, (f) => {
    const ip = f.param(0, 'i32');
    const end = f.let(i32.add(ip, f.param(1, 'i32')));
    const start = f.param(2, 'i32');
    const op = f.let(start);
    const room = f.param(3, 'i32');
    const size = f.local('i32');
    const shift = f.local('i32');
    const byte = f.local('i32');
    const tag = f.local('i32');
    const length = f.local('i32');
    const distance = f.local('i32');
    const count = f.local('i32');
    f.block((bad) => {
      f.loop((again) => {
        f.breakIf(bad, i32.geU(ip, end));
        f.breakIf(bad, i32.gtU(shift, i32.const(28)));
        f.set(byte, i32.load8U(ip));
        f.set(ip, i32.add(ip, one));
        f.set(size, i32.or(size, i32.shl(i32.and(byte, i32.const(127)), shift)));
        f.set(shift, i32.add(shift, i32.const(7)));
        f.breakIf(again, i32.geU(byte, i32.const(128)));
      });
      f.breakIf(bad, i32.gtU(size, room));
      const outEnd = f.let(i32.add(start, size));
      // The low `count` bytes at ip; buffers have slack, so eight can be read.
      const little = (): ReturnType<typeof i32.wrapI64> => {
        const mask = i64.sub(
          i64.shl(i64.const(1n), i64.extendI32U(i32.shl(count, i32.const(3)))),
          i64.const(1n),
        );
        return i32.wrapI64(i64.and(i64.load(ip), mask));
      };
      f.loop((again) => {
        f.if(i32.geU(ip, end), () => {
          f.breakIf(bad, i32.ne(op, outEnd));
          f.return(size);
        });
        f.set(tag, i32.load8U(ip));
        f.set(ip, i32.add(ip, one));
        f.if(
          i32.eqz(i32.and(tag, i32.const(3))),
          () => {
            f.set(length, i32.shrU(tag, i32.const(2)));
            f.if(i32.geU(length, i32.const(60)), () => {
              f.set(count, i32.sub(length, i32.const(59)));
              f.breakIf(bad, i32.gtU(count, i32.sub(end, ip)));
              f.set(length, little());
              f.set(ip, i32.add(ip, count));
            });
            f.set(length, i32.add(length, one));
            f.breakIf(bad, i32.eqz(length));
            f.breakIf(bad, i32.gtU(length, i32.sub(end, ip)));
            f.breakIf(bad, i32.gtU(length, i32.sub(outEnd, op)));
            wildCopy(f, op, ip, length);
            f.set(ip, i32.add(ip, length));
          },
          () => {
            const kind = i32.and(tag, i32.const(3));
            f.if(
              i32.eq(kind, one),
              () => {
                f.set(count, one);
                f.set(length, i32.add(i32.and(i32.shrU(tag, i32.const(2)), i32.const(7)), i32.const(4)));
                f.set(distance, i32.shl(i32.shrU(tag, i32.const(5)), i32.const(8)));
              },
              () => {
                f.set(count, i32.shl(i32.sub(kind, one), one));
                f.set(length, i32.add(i32.shrU(tag, i32.const(2)), one));
                f.set(distance, i32.const(0));
              },
            );
            f.breakIf(bad, i32.gtU(count, i32.sub(end, ip)));
            f.set(distance, i32.or(distance, little()));
            f.set(ip, i32.add(ip, count));
            f.breakIf(bad, i32.eqz(distance));
            f.breakIf(bad, i32.gtU(distance, i32.sub(op, start)));
            f.breakIf(bad, i32.gtU(length, i32.sub(outEnd, op)));
            copyMatch(f, op, distance, length);
          },
        );
        f.set(op, i32.add(op, length));
        f.break(again);
      });
    });
    f.return(corrupt);
  });
}
