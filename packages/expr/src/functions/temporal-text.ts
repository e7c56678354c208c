/* Times from and to text and numbers. */

import {
  isApproximate,
  isNumeric,
  isTimestamp,
  types,
  type Instant,
  type LogicalType,
  type TemporalType,
  type Value,
} from '#data';
import type { EvalContext } from '../context.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { dayMs, daysFromCivil, floorDiv, hourMs, minuteMs } from '../values/civil.ts';
import { floatToInteger } from '../values/cast.ts';
import { badArgument } from '../values/data-errors.ts';
import { pow10 } from '../values/decimal.ts';
import { datePattern, formatMoment, parseMoment } from '../values/java-format.ts';
import {
  formatSimple,
  parseSimple,
  simplePattern,
  type SimpleParsed,
  type ZonedInstant,
} from '../values/simple-format.ts';
import { steadyFormat } from '../values/steady-format.ts';
import { parseDate, parseTimestampLeniently, truncateInstant } from '../values/timestamp-text.ts';
import {
  instantToLocal,
  isZone,
  javaUtilZone,
  localToInstant,
  localToStandardInstant,
  zoneOffsetMs,
} from '../values/zone.ts';
import { define } from './define.ts';
import type { Body, FunctionEntry } from './entry.ts';
import { at, day, dec, int, str, ts } from './examples.ts';
import { gives, parameters } from './parameters.ts';

const { string, anyTimestamp, bigint: aBigint, int: anInt, numeric } = parameters;
const defaultPattern = 'yyyy-MM-dd HH:mm:ss';

function patternOf<T>(fn: string, pattern: string, read: (pattern: string) => T): T {
  try {
    return read(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) return badArgument(fn, error.message);
    throw error;
  }
}
const tokensOf = (fn: string, pattern: string): ReturnType<typeof datePattern> =>
  patternOf(fn, pattern, datePattern);
/** The tokens, or undefined of what is no pattern. */
function tokensOrNone(pattern: string): ReturnType<typeof datePattern> | undefined {
  try {
    return datePattern(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
const simpleTokensOf = (fn: string, pattern: string): ReturnType<typeof simplePattern> =>
  patternOf(fn, pattern, simplePattern);

const zoned = (zone: string, utcMs: number): ZonedInstant => ({
  utcMs,
  offsetMs: zoneOffsetMs(zone, utcMs),
  zone,
});
const utc = (utcMs: number): ZonedInstant => ({ utcMs, offsetMs: 0, zone: 'UTC' });

/** A pattern without letters for zones: what DATE_FORMAT formats has none. */
function unzoned(pattern: string): ReturnType<typeof datePattern> {
  const tokens = tokensOf('DATE_FORMAT', pattern);
  const zone = tokens.find((t) => t.kind === 'field' && 'VzZXxO'.includes(t.letter));
  if (zone !== undefined)
    badArgument('DATE_FORMAT', `'${pattern}' asks for a zone, and a timestamp has none`);
  return tokens;
}

function formatBody(call: CallExpr, { timeZone, queryStart }: EvalContext): Body {
  const { type } = call.args[0]!;
  const local =
    type.kind === 'TIMESTAMP_LTZ'
      ? ({ ms, ns }: Instant) => ({ ms: instantToLocal(timeZone, ms), ns })
      : (v: Instant) => v;
  if (isTimestamp(type)) {
    const pattern = call.args[1]!;
    if (pattern.kind !== 'literal' || typeof pattern.value !== 'string')
      return (v: Instant, given: string) => formatMoment(unzoned(given), local(v));
    // A pattern that is none is an error of the rows that ask for it.
    let format: ReturnType<typeof steadyFormat> | undefined;
    const { value } = pattern;
    return (v: Instant) => (format ??= steadyFormat(unzoned(value)))(local(v));
  }
  return (text: string, pattern: string) => {
    const tokens = simpleTokensOf('DATE_FORMAT', pattern);
    const parsed = parseSimple(simplePattern(defaultPattern), text, queryStart);
    return parsed === undefined ? null : formatSimple(tokens, utc(parsed.ms));
  };
}

/** The local moment that TO_TIMESTAMP reads: by the pattern, or as java.sql.Timestamp or Date would. By a pattern that is
 *  none it reads nothing. */
function readTimestamp(text: string, tokens: ReturnType<typeof tokensOrNone>, precision = 3): Instant | null {
  if (tokens === undefined) return null;
  const parsed = parseMoment(tokens, text) ?? fallback(text.trim());
  return parsed === undefined ? null : truncateInstant({ ms: parsed.ms, ns: parsed.ns }, precision);
}

/** What java.sql.Timestamp.valueOf and Date.valueOf read: a day or an hour that there is not rolls over. */
function fallback(text: string): Instant | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((v) => Number(v ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  const ms =
    (daysFromCivil(year, month, 1) + day - 1) * dayMs + hour * hourMs + minute * minuteMs + second * 1000;
  return { ms: ms + Math.floor(nanos / 1_000_000), ns: nanos % 1_000_000 };
}

function dateReader({ queryStart }: EvalContext): Body {
  return (text: string, pattern?: string) => {
    if (pattern === undefined) return parseDate(text) ?? null;
    const parsed = parseSimple(simpleTokensOf('TO_DATE', pattern), text, queryStart);
    return parsed === undefined ? null : floorDiv(parsed.ms, dayMs);
  };
}

const toInstant = (zone: string, { ms, offsetMs }: SimpleParsed): number =>
  offsetMs === undefined ? localToStandardInstant(zone, ms) : ms - offsetMs;

const secondsMin = -62_167_219_200n;
const secondsMax = 253_402_300_799n;

/** An instant from units of a second with `precision` digits, null outside the years 0 to 9999; as DateTimeUtils of Flink
 *  has it: of a DECIMAL the low 64 bits of what is before its point, of a DOUBLE nanoseconds as Java casts them to long. */
function fromNumber(type: LogicalType, digits: number): (value: Value, precision?: number) => Value {
  return (value, precision = 3) => {
    const unit = pow10(9 - checkedPrecision(precision));
    const nanos = isApproximate(type)
      ? nanosOf(value as number, precision)
      : wholeOf(value as number | bigint, type) * unit;
    if (nanos < secondsMin * 1_000_000_000n || nanos >= (secondsMax + 1n) * 1_000_000_000n) return null;
    const ns = Number(((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n);
    return { ms: Number((nanos - BigInt(ns)) / 1_000_000n), ns: digits > 3 ? ns : 0 };
  };
}
const wholeOf = (value: number | bigint, type: LogicalType): bigint =>
  type.kind === 'DECIMAL' ? BigInt.asIntN(64, (value as bigint) / pow10(type.scale)) : BigInt(value);

/** Beyond all years where seconds are. */
function nanosOf(value: number, precision: number): bigint {
  const seconds = value / 10 ** precision;
  if (seconds < Number(secondsMin) || seconds > Number(secondsMax)) return -(10n ** 20n);
  return floatToInteger('BIGINT', value * 10 ** (9 - precision)) as bigint;
}
function checkedPrecision(precision: number): number {
  return precision >= 0 && precision <= 9
    ? precision
    : badArgument('TO_TIMESTAMP_LTZ', `the precision ${precision} is not between 0 and 9`);
}
/** With a constant precision above 3, that. */
function ltzType(args: readonly Expr[]): LogicalType {
  const precision = args[1];
  if (precision?.kind !== 'literal' || typeof precision.value !== 'number') return types.timestampLtz(3);
  return types.timestampLtz(Math.max(3, checkedPrecision(precision.value)));
}

/** As fine as a constant pattern reads fractions of a second, but milliseconds at least. */
function ltzOfPattern(args: readonly Expr[]): LogicalType {
  const pattern = args[1];
  if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string') return types.timestampLtz(3);
  const digits = /S+/.exec(pattern.value.replace(/'[^']*'/g, ''))?.[0].length ?? 0;
  return types.timestampLtz(Math.min(9, Math.max(3, digits)));
}

function toLtzBody(call: CallExpr): Body {
  const { type } = call.args[0]!;
  if (isNumeric(type)) return fromNumber(type, (call.type as TemporalType).precision);
  // What is wrong with a constant is an error; a pattern or zone of a row that is none gives NULL, as in Flink.
  const [isPlanned, isZonePlanned] = [call.args[1]?.kind === 'literal', call.args[2]?.kind === 'literal'];
  return (text: string, pattern = 'yyyy-MM-dd HH:mm:ss.SSS', zone = 'UTC') => {
    const tokens = isPlanned ? tokensOf('TO_TIMESTAMP_LTZ', pattern) : tokensOrNone(pattern);
    const local =
      call.args.length === 1
        ? (parseTimestampLeniently(text, 3) ??
          badArgument('TO_TIMESTAMP_LTZ', `'${text}' is not a timestamp`))
        : readTimestamp(text, tokens, (call.type as TemporalType).precision);
    if (local === null || (!isZonePlanned && !isZone(zone))) return null;
    return { ms: localToInstant(zone, local.ms), ns: local.ns };
  };
}

/** The instant of nothing readable: Long.MIN_VALUE, as Flink has it. */
const noInstant = -(2n ** 63n);

function unixTimestamp(call: CallExpr, { timeZone, now, queryStart }: EvalContext): Body {
  if (call.args.length === 0) return () => BigInt(floorDiv(now(), 1000));
  return (text: string, pattern = defaultPattern) => {
    const parsed = parseSimple(simpleTokensOf('UNIX_TIMESTAMP', pattern), text, queryStart);
    return parsed === undefined ? noInstant : BigInt(floorDiv(toInstant(timeZone, parsed), 1000));
  };
}

function convertZone(text: string, from: string, to: string): string | null {
  const tokens = simplePattern(defaultPattern);
  const parsed = parseSimple(tokens, text, 0);
  if (parsed === undefined) return null;
  return formatSimple(tokens, zoned(javaUtilZone(to), localToStandardInstant(javaUtilZone(from), parsed.ms)));
}

export const temporalTexts: readonly FunctionEntry[] = [
  define('temporal', 'DATE_FORMAT', {
    takes: [
      { takes: [anyTimestamp, string], gives: types.STRING },
      { takes: [string, string], gives: types.STRING },
    ],
    body: formatBody,
    doc: 'The time as a pattern of Java’s DateTimeFormatter says.',
    samples: [
      [
        "DATE_FORMAT(TIMESTAMP '2024-02-29 10:20:30.789', 'yyyy/MM/dd HH:mm:ss.SSS')",
        [ts('2024-02-29 10:20:30.789', 3), str('yyyy/MM/dd HH:mm:ss.SSS')],
        '2024/02/29 10:20:30.789',
      ],
    ],
  }),
  define('temporal', 'TO_DATE', {
    takes: [{ takes: [string, string], optional: 1, gives: types.DATE }],
    body: (_call, context) => dateReader(context),
    doc: 'The date that the text is, yyyy-MM-dd if no pattern is given; NULL where it is none.',
    samples: [
      ["TO_DATE('2024/01/02', 'yyyy/MM/dd')", [str('2024/01/02'), str('yyyy/MM/dd')], day('2024-01-02')],
      ["TO_DATE('bad')", [str('bad')], null],
    ],
  }),
  define('temporal', 'TO_TIMESTAMP', {
    takes: [{ takes: [string, string], optional: 1, gives: types.timestamp(3) }],
    body: (call) =>
      call.args.length === 1
        ? (text: string) => parseTimestampLeniently(text, 3) ?? null
        : (text: string, pattern: string) => readTimestamp(text, tokensOrNone(pattern)),
    doc: 'The timestamp that the text is, yyyy-MM-dd HH:mm:ss if no pattern is given; NULL where it is none.',
    samples: [
      ["TO_TIMESTAMP('2024-01-02 10:20:30')", [str('2024-01-02 10:20:30')], at('2024-01-02 10:20:30')],
      [
        "TO_TIMESTAMP('20240102102030', 'yyyyMMddHHmmss')",
        [str('20240102102030'), str('yyyyMMddHHmmss')],
        at('2024-01-02 10:20:30'),
      ],
      ["TO_TIMESTAMP('bad')", [str('bad')], null],
    ],
  }),
  define('temporal', 'TO_TIMESTAMP_LTZ', {
    takes: [
      { takes: [numeric, anInt], optional: 1, gives: (_given, args) => ltzType(args) },
      { takes: [string, string, string], optional: 2, gives: (_given, args) => ltzOfPattern(args) },
    ],
    body: toLtzBody,
    doc: 'The instant of a number of seconds (0), milliseconds (3, the default) or other fractions (1 to 9), or of text in a pattern and zone (UTC).',
    samples: [
      ['TO_TIMESTAMP_LTZ(4001, 3)', [int(4001), int(3)], { ms: 4001, ns: 0 }],
      ['TO_TIMESTAMP_LTZ(1.5, 0)', [dec('1.5'), int(0)], { ms: 1000, ns: 0 }],
      [
        "TO_TIMESTAMP_LTZ('2024-01-02 10:20:30', 'yyyy-MM-dd HH:mm:ss', 'America/Los_Angeles')",
        [str('2024-01-02 10:20:30'), str('yyyy-MM-dd HH:mm:ss'), str('America/Los_Angeles')],
        at('2024-01-02 18:20:30'),
      ],
    ],
  }),
  define('temporal', 'UNIX_TIMESTAMP', {
    takes: [
      { takes: [], gives: gives.bigint },
      { takes: [string, string], optional: 1, gives: gives.bigint },
    ],
    constant: false,
    body: unixTimestamp,
    doc: 'Seconds since 1970 now, or at the time that a text is in the session’s zone.',
    samples: [
      ["UNIX_TIMESTAMP('2024-01-01 00:00:00')", [str('2024-01-01 00:00:00')], 1704067200n],
      ["UNIX_TIMESTAMP('2024/01/01', 'yyyy/MM/dd')", [str('2024/01/01'), str('yyyy/MM/dd')], 1704067200n],
    ],
  }),
  define('temporal', 'FROM_UNIXTIME', {
    takes: [{ takes: [aBigint, string], optional: 1, gives: types.STRING }],
    constant: false,
    body:
      (_call, { timeZone }) =>
      (seconds: bigint, pattern = defaultPattern) =>
        formatSimple(
          simpleTokensOf('FROM_UNIXTIME', pattern),
          zoned(timeZone, Number(BigInt.asIntN(64, seconds * 1000n))),
        ),
    doc: 'Seconds since 1970 as text in the session’s zone.',
    samples: [
      [
        "FROM_UNIXTIME(44, 'yyyy/MM/dd HH:mm:ss')",
        [int(44), str('yyyy/MM/dd HH:mm:ss')],
        '1970/01/01 00:00:44',
      ],
    ],
  }),
  define('temporal', 'CONVERT_TZ', {
    takes: [{ takes: [string, string, string], gives: types.STRING }],
    body: () => convertZone,
    doc: 'A time as text, moved from one zone to another.',
    samples: [
      [
        "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')",
        [str('1970-01-01 00:00:00'), str('UTC'), str('America/Los_Angeles')],
        '1969-12-31 16:00:00',
      ],
    ],
  }),
];
