/* Dates as text → days since the epoch. */

import {
  i32,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ModuleBuilder,
} from '#wasm';
import { byteAt, isNotByte } from './emit.ts';

/** What is no day. */
export const noDay = -0x80000000;
const one = i32.const(1);

/** (p at yyyy-MM-dd) → days since the epoch, or `noDay`: also for the year 0, and for days beyond their
 *  month. */
export function addDay(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32'], results: ['i32'] }, (f) => {
    const p = f.param(0, 'i32');
    const c = f.local('i32');
    const [year, month, day] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.block((bad) => {
      const digits = (into: Local<'i32'>, from: number, count: number): void => {
        for (let i = 0; i < count; i++) {
          f.set(c, i32.sub(byteAt(p, from + i), i32.const(48)));
          f.breakIf(bad, i32.gtU(c, i32.const(9)));
          f.set(into, i32.add(i32.mul(into, i32.const(10)), c));
        }
      };
      digits(year, 0, 4);
      digits(month, 5, 2);
      digits(day, 8, 2);
      f.breakIf(bad, i32.or(isNotByte(byteAt(p, 4), '-'), isNotByte(byteAt(p, 7), '-')));
      f.breakIf(bad, i32.eqz(year));
      f.breakIf(bad, i32.gtU(i32.sub(month, one), i32.const(11)));
      // The reference knows what becomes of a day beyond its month.
      f.breakIf(bad, i32.eqz(day));
      f.breakIf(bad, i32.gtU(day, monthLength(f, year, month)));
      f.if(i32.leU(month, i32.const(2)), () => {
        f.set(year, i32.sub(year, one));
        f.set(month, i32.add(month, i32.const(12)));
      });
      const by = (n: number): Expr<'i32'> => i32.divU(year, i32.const(n));
      const leaps = i32.add(i32.sub(by(4), by(100)), by(400));
      const months = i32.divU(
        i32.add(i32.mul(i32.const(153), i32.sub(month, i32.const(3))), i32.const(2)),
        i32.const(5),
      );
      const days = i32.add(i32.add(i32.mul(i32.const(365), year), leaps), i32.add(months, day));
      f.return(i32.sub(days, i32.const(719469)));
    });
    f.return(i32.const(noDay));
  });
}

function monthLength(f: FunctionBuilder, year: Local<'i32'>, month: Local<'i32'>): Local<'i32'> {
  const length = f.let(i32.const(31));
  const short = [4, 6, 9, 11].map((n) => i32.eq(month, i32.const(n))).reduce((x, y) => i32.or(x, y));
  f.if(short, () => f.set(length, i32.const(30)));
  f.if(i32.eq(month, i32.const(2)), () => {
    const divides = (n: number): Expr<'i32'> => i32.eqz(i32.remU(year, i32.const(n)));
    const leap = i32.and(divides(4), i32.or(i32.eqz(divides(100)), divides(400)));
    f.set(length, i32.add(i32.const(28), leap));
  });
  return length;
}
