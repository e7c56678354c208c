/* Dates and times as text. Each function takes where to write and returns where it ended, or 0 for what is left to the
 * reference: years before 1 and beyond 9999, times that are none. They may write up to 8 bytes beyond.
 *
 * Streams stay in a minute for many rows: the text of the last one is kept in memory. */

import { i32, i64, v128, type Expr, type FunctionBuilder, type FunctionRef, type ModuleBuilder } from '#wasm';
import { digitBytes } from './digits.ts';

const dayMs = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01. */
const marchOfYear0 = 719_468;
const firstDay = -719_162; // 0001-01-01
const lastDay = 2_932_896; // 9999-12-31
const days = i32.const(lastDay - firstDay + 1);
/** A date and a time to the minute, 16 bytes, and which minute it is, counted from year 1. */
export const minuteCacheBytes = 32;
const minuteAt = 16;

export interface TimeHelpers {
  /** (days since the epoch, to) → to. */
  readonly date: FunctionRef;
  /** (milliseconds of the day, to) → to: HH:mm:ss[.fraction]. */
  readonly clock: FunctionRef;
  /** (milliseconds since the epoch, nanoseconds, to) → to: date, `separator`, clock. */
  readonly timestamp: FunctionRef;
}

/** `cache`: where the text of a minute is kept, `minuteCacheBytes`, all 255 at first. */
export function addTime(m: ModuleBuilder, cache: number, separator: string): TimeHelpers {
  const date = addDate(m);
  const fraction = addFraction(m);
  const minute = addMinute(m, date, cache, separator.charCodeAt(0));
  return { date, clock: addClock(m, fraction), timestamp: addTimestamp(m, minute, fraction, cache) };
}

/** A number below 100 as two digits, at `to`. */
function pair(f: FunctionBuilder, to: Expr<'i32'>, number: Expr<'i32'>, offset = 0): void {
  const n = f.let(number);
  const tens = f.let(i32.shrU(i32.mul(n, i32.const(103)), i32.const(10)));
  const units = i32.sub(n, i32.mul(tens, i32.const(10)));
  f.store16(to, i32.or(i32.or(i32.shl(units, i32.const(8)), tens), i32.const(0x3030)), offset);
}

/** H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days. */
function addDate(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const day = f.param(0, 'i32');
    const to = f.param(1, 'i32');
    const by = (a: Expr<'i32'>, n: number): Expr<'i32'> => i32.divU(a, i32.const(n));
    const times = (a: Expr<'i32'>, n: number): Expr<'i32'> => i32.mul(a, i32.const(n));
    f.if(i32.geU(i32.sub(day, i32.const(firstDay)), days), () => f.return(i32.const(0)));
    const z = f.let(i32.add(day, i32.const(marchOfYear0)));
    const era = f.let(by(z, 146_097));
    const doe = f.let(i32.sub(z, times(era, 146_097)));
    const leaps = i32.sub(i32.add(by(doe, 1460), by(doe, 146_096)), by(doe, 36_524));
    const yoe = f.let(by(i32.sub(doe, leaps), 365));
    const yearDays = i32.sub(i32.add(times(yoe, 365), by(yoe, 4)), by(yoe, 100));
    const doy = f.let(i32.sub(doe, yearDays));
    const mp = f.let(by(i32.add(times(doy, 5), i32.const(2)), 153));
    const late = f.let(i32.geU(mp, i32.const(10)));
    const year = f.let(i32.add(i32.add(yoe, times(era, 400)), late));
    const century = f.let(by(year, 100));
    pair(f, to, century);
    pair(f, to, i32.sub(year, times(century, 100)), 2);
    f.store8(to, i32.const(45), 4);
    pair(f, to, i32.sub(i32.add(mp, i32.const(3)), times(late, 12)), 5);
    f.store8(to, i32.const(45), 7);
    pair(f, to, i32.sub(i32.add(doy, i32.const(1)), by(i32.add(times(mp, 153), i32.const(2)), 5)), 8);
    f.return(i32.add(to, i32.const(10)));
  });
}

/** (milliseconds, nanoseconds, to) → to: a point and nine digits at most, nothing for 0, no trailing zeros. */
function addFraction(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const to = f.param(2, 'i32');
    const nanos = f.let(i32.add(i32.mul(f.param(0, 'i32'), i32.const(1_000_000)), f.param(1, 'i32')));
    f.if(i32.eqz(nanos), () => f.return(to));
    const tens = f.let(i32.divU(nanos, i32.const(10)));
    const last = f.let(i32.sub(nanos, i32.mul(tens, i32.const(10))));
    const digits = digitBytes(f, i64.extendI32U(tens));
    f.store8(to, i32.const(46));
    f.store(to, i64.or(digits, i64.const(0x3030303030303030n)), 1);
    f.if(last, () => {
      f.store8(to, i32.add(last, i32.const(48)), 9);
      f.return(i32.add(to, i32.const(10)));
    });
    const zeros = i32.shrU(i32.wrapI64(i64.clz(digits)), i32.const(3));
    f.return(i32.sub(i32.add(to, i32.const(9)), zeros));
  });
}

/** Seconds and milliseconds of a minute behind HH:mm. */
function seconds(f: FunctionBuilder, to: Expr<'i32'>, ofMinute: Expr<'i32'>): Expr<'i32'> {
  const second = f.let(i32.divU(ofMinute, i32.const(1000)));
  f.store8(to, i32.const(58), 0);
  pair(f, to, second, 1);
  return i32.sub(ofMinute, i32.mul(second, i32.const(1000)));
}

function addClock(m: ModuleBuilder, fraction: FunctionRef): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const ms = f.param(0, 'i32');
    const to = f.param(1, 'i32');
    f.if(i32.geU(ms, i32.const(dayMs)), () => f.return(i32.const(0)));
    const minute = f.let(i32.divU(ms, i32.const(60_000)));
    const hour = f.let(i32.divU(minute, i32.const(60)));
    pair(f, to, hour);
    f.store8(to, i32.const(58), 2);
    pair(f, to, i32.sub(minute, i32.mul(hour, i32.const(60))), 3);
    const ofMinute = f.let(i32.sub(ms, i32.mul(minute, i32.const(60_000))));
    const millis = seconds(f, i32.add(to, i32.const(5)), ofMinute);
    f.return(f.call(fraction, 'i32', millis, i32.const(0), i32.add(to, i32.const(8))));
  });
}

/** (minute since year 1) fills the cache. */
function addMinute(m: ModuleBuilder, date: FunctionRef, cache: number, separator: number): FunctionRef {
  return m.function({ params: ['i64'], results: ['i32'] }, (f) => {
    const minute = f.param(0, 'i64');
    const to = i32.const(cache);
    const day = f.let(i64.divU(minute, i64.const(1440n)));
    const ofDay = f.let(i32.wrapI64(i64.sub(minute, i64.mul(day, i64.const(1440n)))));
    const hour = f.let(i32.divU(ofDay, i32.const(60)));
    const end = f.let(f.call(date, 'i32', i32.add(i32.wrapI64(day), i32.const(firstDay)), to));
    f.store8(to, i32.const(separator), 10);
    pair(f, to, hour, 11);
    f.store8(to, i32.const(58), 13);
    pair(f, to, i32.sub(ofDay, i32.mul(hour, i32.const(60))), 14);
    f.store(to, minute, minuteAt);
    f.return(end);
  });
}

function addTimestamp(
  m: ModuleBuilder,
  minute: FunctionRef,
  fraction: FunctionRef,
  cache: number,
): FunctionRef {
  return m.function({ params: ['i64', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const to = f.param(2, 'i32');
    const since = f.let(i64.sub(f.param(0, 'i64'), i64.const(BigInt(firstDay) * BigInt(dayMs))));
    const end = i64.const(BigInt(lastDay - firstDay + 1) * BigInt(dayMs));
    f.if(i64.geU(since, end), () => f.return(i32.const(0)));
    const at = f.let(i64.divU(since, i64.const(60_000n)));
    const ofMinute = f.let(i32.wrapI64(i64.sub(since, i64.mul(at, i64.const(60_000n)))));
    const made = f.local('i32');
    f.if(i64.ne(at, i64.load(i32.const(cache), minuteAt)), () => f.set(made, f.call(minute, 'i32', at)));
    f.storeV128(to, v128.load(i32.const(cache)));
    const millis = seconds(f, i32.add(to, i32.const(16)), ofMinute);
    f.return(f.call(fraction, 'i32', millis, f.param(1, 'i32'), i32.add(to, i32.const(19))));
  });
}
