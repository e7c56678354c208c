/* Fields of times, differences, the clock, and OVERLAPS. Formats and conversions: temporal-text.ts. */

import { instant, layoutOf, notNull, types, type Instant, type LogicalType, type Value } from '#data';
import type { CallCompiler } from '../compile/code.ts';
import type { EvalContext } from '../context.ts';
import { bindCall } from '../bind/bind-call.ts';
import { castTo } from '../bind/cast-to.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { dayMs, floorDiv, floorMod } from '../values/civil.ts';
import {
  extract,
  isTimeUnit,
  monthsBetween,
  unitMonths,
  unitMs,
  type TimeUnit,
} from '../values/time-units.ts';
import { instantToLocal } from '../values/zone.ts';
import { define } from './define.ts';
import type { Binding, Body, FunctionEntry } from './entry.ts';
import { at, date, int, time, ts } from './examples.ts';
import { gives, implicitly, parameters, strictResult } from './parameters.ts';
import { intervalOf } from './temporal-arithmetic.ts';

const { datetime } = parameters;
const isDatetime = (t: LogicalType): boolean =>
  ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind);
const timeUnits: readonly TimeUnit[] = [
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
  'NANOSECOND',
];

/** What EXTRACT can take from a type. */
function hasField(type: LogicalType, unit: string): boolean {
  if (!isTimeUnit(unit)) return false;
  if (type.kind === 'TIME') return timeUnits.includes(unit);
  if (type.kind === 'INTERVAL_YEAR_MONTH') return unit === 'YEAR' || unit === 'MONTH' || unit === 'QUARTER';
  if (type.kind === 'INTERVAL_DAY_TIME') return unit === 'DAY' || timeUnits.includes(unit);
  return isDatetime(type);
}

function intervalField(unit: string): (value: number) => number {
  switch (unit) {
    case 'YEAR':
      return (months) => Math.trunc(months / 12);
    case 'MONTH':
      return (months) => months % 12;
    case 'QUARTER':
      // As Calcite has it: of 3 months the first, since it counts from 1.
      return (months) => Math.trunc(((months % 12) - 1) / 3) + 1;
    case 'DAY':
      return (ms) => Math.trunc(ms / dayMs);
    default:
      return (ms) => Math.sign(ms) * extract[unit as TimeUnit](Math.abs(ms), 0);
  }
}

function extractBody(call: CallExpr, { timeZone }: EvalContext): Body {
  const { type } = call.args[0]!;
  const unit = call.flags[0] as TimeUnit;
  const field = extract[unit];
  switch (type.kind) {
    case 'DATE':
      return (days: number) => BigInt(field(days * dayMs, 0));
    case 'TIME':
      return (ms: number) => BigInt(field(ms, 0));
    case 'TIMESTAMP':
      return ({ ms, ns }: Instant) => BigInt(field(ms, ns));
    case 'TIMESTAMP_LTZ':
      return ({ ms, ns }: Instant) => BigInt(field(instantToLocal(timeZone, ms), ns));
    default: {
      const part = intervalField(unit);
      return (value: number | bigint) => BigInt(part(Number(value)));
    }
  }
}

const compileExtract: CallCompiler = (code, call) => {
  const { type } = call.args[0]!;
  if (type.kind === 'TIMESTAMP_LTZ' || layoutOf(type) === 'exact' || type.kind === 'INTERVAL_YEAR_MONTH')
    return undefined;
  const operand = code.expr(call.args[0]!);
  if (operand.isNull === 'true') return code.literal(null, call.type);
  const ms = type.kind === 'DATE' ? `${operand.value} * ${dayMs}` : operand.value;
  const field = `extract.${call.flags[0]}(${ms}, ${operand.nanos})`;
  const isNull = operand.isNull;
  if (!code.wide) return { type: call.type, value: code.keep(field), nanos: '0', isNull };
  return {
    type: call.type,
    value: code.keep(isNull === 'false' ? `BigInt(${field})` : `${isNull} ? 0n : BigInt(${field})`),
    nanos: '0',
    isNull,
  };
};

const extractEntry: FunctionEntry = {
  name: 'EXTRACT',
  family: 'temporal',
  takes: ['EXTRACT(unit FROM time)'],
  count: { min: 1, max: 1 },
  flags: `The unit: ${Object.keys(extract).join(', ')}.`,
  bind([operand], { flags = [] }) {
    if (!hasField(operand!.type, flags[0] ?? '')) return undefined;
    return { args: [operand!], type: strictResult(gives.bigint, [operand!]) };
  },
  body: extractBody,
  compile: compileExtract,
  doc: 'A field of a date, time, timestamp or interval.',
  examples: [
    {
      sql: "EXTRACT(DAY FROM DATE '2024-02-29')",
      call: () => bindCall('EXTRACT', [date('2024-02-29')], { flags: ['DAY'] }),
      result: 29n,
    },
    {
      sql: "EXTRACT(EPOCH FROM TIMESTAMP '2024-02-29 10:20:30.789')",
      call: () => bindCall('EXTRACT', [ts('2024-02-29 10:20:30.789', 3)], { flags: ['EPOCH'] }),
      result: 1709202030n,
    },
    {
      sql: "EXTRACT(HOUR FROM INTERVAL '1 02:03:04' DAY TO SECOND)",
      call: () => bindCall('EXTRACT', [intervalOf(93_784_000n)], { flags: ['HOUR'] }),
      result: 2n,
    },
  ],
};

/** YEAR(t) and its like: EXTRACT by another name. */
function field(name: string, unit: TimeUnit, doc: string, result: bigint): FunctionEntry {
  return {
    name,
    family: 'temporal',
    takes: [`${name}(time)`],
    count: { min: 1, max: 1 },
    bind: (args) =>
      hasField(args[0]!.type, unit) ? { expr: bindCall('EXTRACT', args, { flags: [unit] }) } : undefined,
    doc,
    examples: [
      {
        sql: `${name}(TIMESTAMP '2024-02-29 10:20:30')`,
        call: () => bindCall(name, [ts('2024-02-29 10:20:30', 0)]),
        result,
      },
    ],
  };
}

const baseUnit = (flags: readonly string[] = []): string => (flags[0] ?? '').replace(/^SQL_TSI_/, '');

/** TIMESTAMPADD(unit, n, time) as time + n times the unit; a DATE with a unit below a day becomes a timestamp. */
function bindAdd(
  [count, moment]: readonly Expr[],
  flags: readonly string[] | undefined,
): Binding | undefined {
  const unit = baseUnit(flags);
  const n = parameters.bigint.accept(count!.type);
  const months = unitMonths[unit];
  const ms = unitMs[unit];
  if (n === undefined || !isDatetime(moment!.type) || (months === undefined && ms === undefined))
    return undefined;
  const step = months === undefined ? intervalOf(BigInt(ms!)) : intervalOf(months);
  const below = ms !== undefined && ms < dayMs && moment!.type.kind === 'DATE';
  const start = below ? castTo(moment!, types.timestamp(6)) : finerFor(unit, moment!);
  return { expr: bindCall('+', [start, bindCall('*', [implicitly(count!, types.BIGINT), step])]) };
}

/** Milliseconds added to a TIMESTAMP of less than three digits need three. */
function finerFor(unit: string, moment: Expr): Expr {
  const { type } = moment;
  const coarse = (type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') && type.precision < 3;
  return unit === 'MILLISECOND' && coarse ? castTo(moment, { ...type, precision: 3 }) : moment;
}

function diffBody(call: CallExpr): Body {
  const [from, to] = call.args.map((a) => toMs(a.type));
  const unit = baseUnit(call.flags);
  const months = unitMonths[unit];
  const count =
    months === undefined
      ? (a: number, b: number) => Math.trunc((b - a) / unitMs[unit]!)
      : (a: number, b: number) => Math.trunc(monthsBetween(b, a) / months);
  return (a: Value, b: Value) => count(from!(a), to!(b)) | 0;
}

const toMs = (type: LogicalType): ((value: Value) => number) =>
  type.kind === 'DATE'
    ? (v) => (v as number) * dayMs
    : type.kind === 'TIME'
      ? (v) => v as number
      : (v) => (v as Instant).ms;

/** A function of the clock. `batch` reads it once a query, else it is read when a row is at hand. */
function clock(
  name: string,
  aliases: readonly string[],
  type: LogicalType,
  read: (ms: number, context: EvalContext) => Value,
  doc: string,
  eachRow = false,
): FunctionEntry {
  const bare = ['NOW', 'PROCTIME', 'CURRENT_ROW_TIMESTAMP'].includes(name) ? `${name}()` : name;
  return {
    name,
    aliases,
    family: 'temporal',
    takes: [bare],
    count: { min: 0, max: 0 },
    bind: () => ({ args: [], type: notNull(type) }),
    constant: false,
    body: (_call, context) => () =>
      read(context.batchMode && !eachRow ? context.queryStart : context.now(), context),
    doc,
    examples: [
      { sql: `${bare} IS NOT NULL`, call: () => bindCall('IS NOT NULL', [bindCall(name, [])]), result: true },
    ],
  };
}

const local = (ms: number, { timeZone }: EvalContext): number => instantToLocal(timeZone, ms);

const clocks: readonly FunctionEntry[] = [
  clock(
    'CURRENT_TIMESTAMP',
    ['NOW'],
    types.timestampLtz(3),
    (ms) => instant(ms),
    'The time: of the row in streaming, of the query’s start in batch.',
  ),
  clock(
    'CURRENT_ROW_TIMESTAMP',
    [],
    types.timestampLtz(3),
    (ms) => instant(ms),
    'The time when the row is at hand.',
    true,
  ),
  clock('PROCTIME', [], types.timestampLtz(3), (ms) => instant(ms), 'The processing time of the row.', true),
  clock(
    'LOCALTIMESTAMP',
    [],
    types.timestamp(3),
    (ms, c) => instant(local(ms, c)),
    'The time on clocks of the session’s zone.',
  ),
  clock(
    'CURRENT_DATE',
    [],
    types.DATE,
    (ms, c) => floorDiv(local(ms, c), dayMs),
    'The date in the session’s zone.',
  ),
  clock(
    'CURRENT_TIME',
    [],
    types.time(0),
    (ms, c) => floorMod(local(ms, c), dayMs),
    'The time of day in the session’s zone.',
  ),
  clock(
    'LOCALTIME',
    [],
    types.time(0),
    (ms, c) => floorMod(local(ms, c), dayMs),
    'The time of day in the session’s zone.',
  ),
];

const watermark: FunctionEntry = {
  name: 'CURRENT_WATERMARK',
  family: 'temporal',
  takes: ['CURRENT_WATERMARK(rowtime)'],
  count: { min: 1, max: 1 },
  bind([rowtime]) {
    const { type } = rowtime!;
    if (type.kind !== 'TIMESTAMP' && type.kind !== 'TIMESTAMP_LTZ') return undefined;
    return { args: [rowtime!], type: { ...type, precision: 3, nullable: true } };
  },
  strict: false,
  constant: false,
  deterministic: false,
  body: (_call, context) => () => {
    const ms = context.watermark();
    return Number.isFinite(ms) ? instant(ms) : null;
  },
  doc: 'The watermark where the row is; NULL before the first.',
  examples: [
    {
      sql: "CURRENT_WATERMARK(TIMESTAMP '2024-01-01 00:00:00')",
      call: () => bindCall('CURRENT_WATERMARK', [ts('2024-01-01 00:00:00', 0)]),
      result: null,
      recorded: false,
    },
  ],
};

/** (a, b) OVERLAPS (c, d): four arguments, or two calls of ROW; b and d are ends or intervals from their start. */
const overlaps: FunctionEntry = {
  name: 'OVERLAPS',
  family: 'temporal',
  takes: ['(start, end or INTERVAL) OVERLAPS (start, end or INTERVAL)'],
  count: { min: 2, max: 4 },
  bind(args) {
    const [a, b, c, d] =
      args.length === 4
        ? args
        : args.flatMap((arg) => (arg.kind === 'call' && arg.fn === 'ROW' ? arg.args : []));
    if (d === undefined) return undefined;
    const end = (start: Expr, stop: Expr): Expr =>
      isDatetime(stop.type) ? stop : bindCall('+', [start, stop]);
    if (!isDatetime(a!.type) || !isDatetime(c!.type)) return undefined;
    const [first, second] = [
      [a!, end(a!, b!)],
      [c!, end(c!, d!)],
    ] as const;
    // As in Calcite, so that a NULL may leave FALSE.
    const ordered = ([x, y]: readonly [Expr, Expr]) => {
      const inOrder = bindCall('<=', [x, y]);
      return [bindCall('CASE', [inOrder, x, y]), bindCall('CASE', [inOrder, y, x])] as const;
    };
    const [from1, to1] = ordered(first);
    const [from2, to2] = ordered(second);
    return { expr: bindCall('AND', [bindCall('>=', [to1, from2]), bindCall('>=', [to2, from1])]) };
  },
  doc: 'Whether two stretches of time share a moment, ends included.',
  examples: [
    {
      sql: "(TIME '10:00:00', TIME '12:00:00') OVERLAPS (TIME '11:00:00', INTERVAL '2' HOUR)",
      call: () =>
        bindCall('OVERLAPS', [time('10:00:00'), time('12:00:00'), time('11:00:00'), intervalOf(7_200_000n)]),
      result: true,
    },
  ],
};

export const temporals: readonly FunctionEntry[] = [
  extractEntry,
  field('YEAR', 'YEAR', 'The year of the time.', 2024n),
  field('QUARTER', 'QUARTER', 'The quarter, 1 to 4.', 1n),
  field('MONTH', 'MONTH', 'The month, 1 to 12.', 2n),
  field('WEEK', 'WEEK', 'The week of ISO 8601, 1 to 53.', 9n),
  field('DAYOFYEAR', 'DOY', 'The day of the year, from 1.', 60n),
  field('DAYOFMONTH', 'DAY', 'The day of the month, from 1.', 29n),
  field('DAYOFWEEK', 'DOW', 'The day of the week, 1 for Sunday.', 5n),
  field('HOUR', 'HOUR', 'The hour, 0 to 23.', 10n),
  field('MINUTE', 'MINUTE', 'The minute, 0 to 59.', 20n),
  field('SECOND', 'SECOND', 'The second, 0 to 59.', 30n),
  {
    name: 'TIMESTAMPADD',
    family: 'temporal',
    takes: ['TIMESTAMPADD(unit, integer, time)'],
    count: { min: 2, max: 2 },
    flags: 'The unit, with or without SQL_TSI_.',
    bind: (args, { flags }) => bindAdd(args, flags),
    doc: 'The time a number of units later.',
    examples: [
      {
        sql: "TIMESTAMPADD(WEEK, 1, TIMESTAMP '2024-01-31 10:00:00')",
        call: () => bindCall('TIMESTAMPADD', [int(1), ts('2024-01-31 10:00:00', 0)], { flags: ['WEEK'] }),
        result: at('2024-02-07 10:00:00'),
      },
      {
        sql: "TIMESTAMPADD(HOUR, 1, DATE '2024-01-31')",
        call: () => bindCall('TIMESTAMPADD', [int(1), date('2024-01-31')], { flags: ['HOUR'] }),
        result: at('2024-01-31 01:00:00'),
      },
    ],
  },
  define('temporal', 'TIMESTAMPDIFF', {
    takes: [
      {
        takes: [datetime, datetime],
        gives: (_given, _args, { flags }) =>
          (unitMs[baseUnit(flags)] ?? unitMonths[baseUnit(flags)]) === undefined ? undefined : gives.int,
      },
    ],
    flags: 'The unit, with or without SQL_TSI_.',
    body: diffBody,
    doc: 'How many whole units lie from the first time to the second.',
    samples: [
      [
        "TIMESTAMPDIFF(DAY, TIMESTAMP '2024-01-01 10:00:00', TIMESTAMP '2024-01-03 09:00:00')",
        [ts('2024-01-01 10:00:00', 0), ts('2024-01-03 09:00:00', 0)],
        1,
        { flags: ['DAY'] },
      ],
      [
        "TIMESTAMPDIFF(MONTH, DATE '2024-01-31', DATE '2024-02-29')",
        [date('2024-01-31'), date('2024-02-29')],
        1,
        { flags: ['MONTH'] },
      ],
    ],
  }),
  ...clocks,
  watermark,
  overlaps,
];
