/* Snappy blocks, as plain/snappy.ts reads them. */

import { i32, i64 } from '../instructions.ts';
import type { Expr, Local } from '../code.ts';
import type { FunctionBuilder, Label } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { copyMatch, wildCopy } from './copy.ts';

const one = i32.const(1);
const corrupt = i32.const(-1);

/** The variables of the function. */
interface State {
  readonly f: FunctionBuilder;
  readonly ip: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly start: Local<'i32'>;
  readonly op: Local<'i32'>;
  readonly outEnd: Local<'i32'>;
  readonly tag: Local<'i32'>;
  readonly length: Local<'i32'>;
  readonly distance: Local<'i32'>;
  /** Bytes of a number behind the tag. */
  readonly count: Local<'i32'>;
}

/** Adds `snappyBlock(source, length, to, room)`: the number of bytes written, or -1 when the block is
 *  corrupt or larger than the room. */
export function addSnappy(m: ModuleBuilder): void {
  m.function({ params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'snappyBlock' }, (f) => {
    const ip = f.param(0, 'i32');
    const start = f.param(2, 'i32');
    const [tag, length, distance, count] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const end = f.let(i32.add(ip, f.param(1, 'i32')));
    const s: State = {
      f,
      ip,
      end,
      start,
      op: f.let(start),
      outEnd: f.local('i32'),
      tag,
      length,
      distance,
      count,
    };
    const size = f.local('i32');
    f.block((bad) => {
      readSize(s, size, bad);
      f.breakIf(bad, i32.gtU(size, f.param(3, 'i32')));
      f.set(s.outEnd, i32.add(start, size));
      f.loop((again) => {
        f.if(i32.geU(ip, end), () => {
          f.breakIf(bad, i32.ne(s.op, s.outEnd));
          f.return(size);
        });
        f.set(tag, i32.load8U(ip));
        f.set(ip, i32.add(ip, one));
        const literal = i32.eqz(i32.and(tag, i32.const(3)));
        f.if(
          literal,
          () => copyLiteral(s, bad),
          () => copyBack(s, bad),
        );
        f.set(s.op, i32.add(s.op, length));
        f.break(again);
      });
    });
    f.return(corrupt);
  });
}

function readSize(s: State, size: Local<'i32'>, bad: Label): void {
  const { f, ip } = s;
  const shift = f.local('i32');
  const byte = f.local('i32');
  f.loop((again) => {
    f.breakIf(bad, i32.geU(ip, s.end));
    f.breakIf(bad, i32.gtU(shift, i32.const(28)));
    f.set(byte, i32.load8U(ip));
    f.set(ip, i32.add(ip, one));
    f.set(size, i32.or(size, i32.shl(i32.and(byte, i32.const(127)), shift)));
    f.set(shift, i32.add(shift, i32.const(7)));
    f.breakIf(again, i32.geU(byte, i32.const(128)));
  });
}

/** The low `count` bytes at ip, and past them. Buffers have slack, so eight can be read. */
function takeNumber(s: State, into: Local<'i32'>, also: Expr<'i32'>, bad: Label): void {
  const { f, ip, count } = s;
  f.breakIf(bad, i32.gtU(count, i32.sub(s.end, ip)));
  const bits = i64.extendI32U(i32.shl(count, i32.const(3)));
  const mask = i64.sub(i64.shl(i64.const(1n), bits), i64.const(1n));
  f.set(into, i32.or(also, i32.wrapI64(i64.and(i64.load(ip), mask))));
  f.set(ip, i32.add(ip, count));
}

function copyLiteral(s: State, bad: Label): void {
  const { f, ip, op, length, count } = s;
  f.set(length, i32.shrU(s.tag, i32.const(2)));
  f.if(i32.geU(length, i32.const(60)), () => {
    f.set(count, i32.sub(length, i32.const(59)));
    takeNumber(s, length, i32.const(0), bad);
  });
  f.set(length, i32.add(length, one));
  f.breakIf(bad, i32.eqz(length));
  f.breakIf(bad, i32.gtU(length, i32.sub(s.end, ip)));
  f.breakIf(bad, i32.gtU(length, i32.sub(s.outEnd, op)));
  wildCopy(f, op, ip, length);
  f.set(ip, i32.add(ip, length));
}

function copyBack(s: State, bad: Label): void {
  const { f, op, tag, length, distance, count } = s;
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
  takeNumber(s, distance, distance, bad);
  f.breakIf(bad, i32.eqz(distance));
  f.breakIf(bad, i32.gtU(distance, i32.sub(op, s.start)));
  f.breakIf(bad, i32.gtU(length, i32.sub(s.outEnd, op)));
  copyMatch(f, op, distance, length);
}
