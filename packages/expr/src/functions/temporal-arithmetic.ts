/* What + - * mean for dates, times, timestamps and intervals: functions of their own, to which the operators bind. */

import { isInteger, isInterval, types, type Instant, type IntervalType, type LogicalType } from '#data';
import { anyNull, type CallCompiler, type Code, type Register } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import { literal } from '../bind/literal.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { computedInterval } from '../types/common-type.ts';
import { addMonthsToDays, addMonthsToMs, dayMs, floorMod } from '../values/civil.ts';
import type { Binding, Body, FunctionEntry } from './entry.ts';
import { at, date, day, int, time, ts } from './examples.ts';
import { implicitly, strictResult } from './parameters.ts';

const isDatetime = (t: LogicalType): boolean =>
  ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind);

/** An interval literal, NOT NULL: months as a number, or milliseconds. */
export function intervalOf(value: number | bigint): Expr {
  return typeof value === 'number'
    ? literal(value, types.yearMonth())
    : literal(value, types.dayTime('DAY TO SECOND', 2, 3));
}

/** The call as functions of this file, or undefined when the types do not fit. */
export function temporalArithmetic(operator: string, [a, b]: readonly Expr[]): Binding | undefined {
  const [x, y] = [a!.type, b!.type];
  if (operator === '*') {
    if (isInterval(x) && isInteger(y)) return times(a!, b!);
    return isInteger(x) && isInterval(y) ? times(b!, a!) : undefined;
  }
  if (operator !== '+' && operator !== '-') return undefined;
  if (isInterval(x) && isInterval(y)) {
    const type = x.kind === y.kind ? computedInterval(x) : undefined;
    return type && { expr: bound('INTERVAL PLUS', [a!, operator === '-' ? negated(b!) : b!], type) };
  }
  if (isDatetime(x) && isInterval(y))
    return { expr: bound('TIME PLUS', [a!, operator === '-' ? negated(b!) : b!], x) };
  if (isInterval(x) && isDatetime(y) && operator === '+') return { expr: bound('TIME PLUS', [b!, a!], y) };
  return undefined;
}

function bound(fn: string, args: readonly Expr[], type: LogicalType): CallExpr {
  return { kind: 'call', fn, args, type: strictResult({ ...type, nullable: false }, args), flags: [] };
}

function times(interval: Expr, count: Expr): Binding {
  return {
    expr: bound(
      'INTERVAL TIMES',
      [interval, implicitly(count, types.BIGINT)],
      computedInterval(interval.type as IntervalType),
    ),
  };
}

function negated(interval: Expr): Expr {
  if (interval.kind !== 'literal' || interval.value === null) return bindCall('NEGATE', [interval]);
  const { value } = interval;
  return { ...interval, value: typeof value === 'bigint' ? -value : -(value as number) };
}

function plusBody(call: CallExpr): Body {
  const [moment, interval] = call.args.map((a) => a.type) as [LogicalType, IntervalType];
  if (interval.kind === 'INTERVAL_YEAR_MONTH') {
    if (moment.kind === 'DATE') return (days: number, months: number) => addMonthsToDays(days, months) | 0;
    if (moment.kind === 'TIME') return (v: number) => v;
    return ({ ms, ns }: Instant, months: number) => ({ ms: addMonthsToMs(ms, months), ns });
  }
  if (moment.kind === 'DATE')
    return (days: number, ms: bigint) => (days + Math.trunc(Number(ms) / dayMs)) | 0;
  if (moment.kind === 'TIME') return (v: number, ms: bigint) => floorMod(v + Number(ms), dayMs);
  return (v: Instant, ms: bigint) => ({ ms: v.ms + Number(ms), ns: v.ns });
}

const compilePlus: CallCompiler = (code, call) => {
  const [moment, interval] = [code.expr(call.args[0]!), code.expr(call.args[1]!)];
  const isNull = anyNull(moment.isNull, interval.isNull);
  if (isNull === 'true') return code.literal(null, call.type);
  const result = (value: string): Register => ({
    type: call.type,
    value: code.keep(value),
    nanos: moment.nanos,
    isNull,
  });
  if (interval.type.kind === 'INTERVAL_YEAR_MONTH') {
    if (call.type.kind === 'TIME') return result(moment.value);
    const args = `(${moment.value}, ${interval.value})`;
    return result(call.type.kind === 'DATE' ? `addMonthsToDays${args} | 0` : `addMonthsToMs${args}`);
  }
  const ms = millis(code, interval);
  if (call.type.kind === 'DATE') return result(`${moment.value} + Math.trunc(${ms} / ${dayMs}) | 0`);
  if (call.type.kind === 'TIME') return result(`floorMod(${moment.value} + ${ms}, ${dayMs})`);
  return result(`${moment.value} + ${ms}`);
};

const millis = (code: Code, interval: Register): string =>
  !code.wide
    ? interval.value
    : interval.constant !== undefined
      ? String(interval.constant)
      : `Number(${interval.value})`;

const noBinding = (): undefined => undefined;

export const temporalOperators: readonly FunctionEntry[] = [
  {
    name: 'TIME PLUS',
    family: 'temporal',
    takes: ['time + INTERVAL', 'time - INTERVAL'],
    count: { min: 2, max: 2 },
    bind: noBinding,
    body: plusBody,
    compile: compilePlus,
    doc: 'A date, time or timestamp moved by an interval; written + and -. A day past the end of its month becomes the last.',
    examples: [
      {
        sql: "DATE '2024-01-31' + INTERVAL '1' MONTH",
        call: () => bindCall('+', [date('2024-01-31'), intervalOf(1)]),
        result: day('2024-02-29'),
      },
      {
        sql: "TIMESTAMP '2024-01-31 10:00:00' - INTERVAL '1' DAY",
        call: () => bindCall('-', [ts('2024-01-31 10:00:00', 0), intervalOf(86_400_000n)]),
        result: at('2024-01-30 10:00:00'),
      },
      {
        sql: "TIME '23:00:00' + INTERVAL '2' HOUR",
        call: () => bindCall('+', [time('23:00:00'), intervalOf(7_200_000n)]),
        result: 3_600_000,
      },
      {
        sql: "DATE '2024-01-31' + INTERVAL '25' HOUR",
        call: () => bindCall('+', [date('2024-01-31'), intervalOf(90_000_000n)]),
        result: day('2024-02-01'),
      },
    ],
  },
  {
    name: 'INTERVAL PLUS',
    family: 'temporal',
    takes: ['INTERVAL + INTERVAL', 'INTERVAL - INTERVAL'],
    count: { min: 2, max: 2 },
    bind: noBinding,
    body: (call) =>
      call.type.kind === 'INTERVAL_YEAR_MONTH'
        ? (a: number, b: number) => (a + b) | 0
        : (a: bigint, b: bigint) => BigInt.asIntN(64, a + b),
    doc: 'The sum or difference of two intervals; written + and -.',
    examples: [
      {
        sql: "CAST(INTERVAL '1' DAY - INTERVAL '2' HOUR AS STRING)",
        call: () =>
          bindCall('CAST', [bindCall('-', [intervalOf(86_400_000n), intervalOf(7_200_000n)])], {
            returning: types.STRING,
          }),
        result: '+0 22:00:00.000',
      },
    ],
  },
  {
    name: 'INTERVAL TIMES',
    family: 'temporal',
    takes: ['INTERVAL * integer', 'integer * INTERVAL'],
    count: { min: 2, max: 2 },
    bind: noBinding,
    body: (call) =>
      call.type.kind === 'INTERVAL_YEAR_MONTH'
        ? (a: number, n: bigint) => Number(BigInt.asIntN(32, BigInt(a) * n))
        : (a: bigint, n: bigint) => BigInt.asIntN(64, a * n),
    doc: 'A multiple of an interval; written *.',
    examples: [
      {
        sql: "CAST(3 * INTERVAL '1' DAY AS STRING)",
        call: () =>
          bindCall('CAST', [bindCall('*', [int(3), intervalOf(86_400_000n)])], { returning: types.STRING }),
        result: '+3 00:00:00.000',
      },
    ],
  },
];
