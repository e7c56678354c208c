/* Times from and to text and numbers. */

import { isNumeric, isTimestamp, types, type Instant, type LogicalType, type Value } from '#data';
import type { EvalContext } from '../context.ts';
import type { CallExpr } from '../expression.ts';
import { dayMs, floorDiv } from '../values/civil.ts';
import { badArgument } from '../values/data-errors.ts';
import { pow10 } from '../values/decimal.ts';
import { datePattern, formatMoment, parseMoment, type Moment, type Parsed } from '../values/java-format.ts';
import { parseDate, parseTimestamp, truncateInstant } from '../values/timestamp-text.ts';
import { isZone, instantToLocal, localToInstant, zoneOffsetMs } from '../values/zone.ts';
import { define } from './define.ts';
import type { Body, FunctionEntry } from './entry.ts';
import { at, day, dec, int, str, ts } from './examples.ts';
import { gives, parameters } from './parameters.ts';

const { string, anyTimestamp, bigint: aBigint, int: anInt, numeric } = parameters;
const defaultPattern = 'yyyy-MM-dd HH:mm:ss';

function tokensOf(fn: string, pattern: string): ReturnType<typeof datePattern> {
  try {
    return datePattern(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) return badArgument(fn, error.message);
    throw error;
  }
}

const zoned = (zone: string, ms: number, ns: number): Moment => {
  const offsetMs = zoneOffsetMs(zone, ms);
  return { ms: ms + offsetMs, ns, offsetMs, zone };
};

/** A pattern without letters for zones: what DATE_FORMAT formats has none. */
function unzoned(pattern: string): ReturnType<typeof datePattern> {
  const tokens = tokensOf('DATE_FORMAT', pattern);
  const zone = tokens.find((t) => t.kind === 'field' && 'VzZXxO'.includes(t.letter));
  if (zone !== undefined)
    badArgument('DATE_FORMAT', `'${pattern}' asks for a zone, and a timestamp has none`);
  return tokens;
}

function formatBody(call: CallExpr, { timeZone }: EvalContext): Body {
  const { type } = call.args[0]!;
  const local =
    type.kind === 'TIMESTAMP_LTZ' ? ({ ms, ns }: Instant) => zoned(timeZone, ms, ns) : (v: Instant) => v;
  if (isTimestamp(type)) return (v: Instant, pattern: string) => formatMoment(unzoned(pattern), local(v));
  return (text: string, pattern: string) => {
    const parsed = parseMoment(datePattern(defaultPattern), text, true);
    return parsed === undefined ? null : formatMoment(tokensOf('DATE_FORMAT', pattern), parsed);
  };
}

/** The local moment that TO_TIMESTAMP reads: by the pattern, or as java.sql.Timestamp or Date would. */
function readTimestamp(text: string, pattern: string): Instant | null {
  const parsed = parseMoment(tokensOf('TO_TIMESTAMP', pattern), text, false) ?? fallback(text.trim());
  return parsed === undefined ? null : truncateInstant({ ms: parsed.ms, ns: parsed.ns }, 3);
}

function fallback(text: string): Instant | undefined {
  return /^\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?)?$/.test(text)
    ? parseTimestamp(text, 9)
    : undefined;
}

function readDate(text: string, pattern?: string): number | null {
  if (pattern === undefined) return parseDate(text) ?? null;
  const parsed = parseMoment(tokensOf('TO_DATE', pattern), text, true);
  return parsed === undefined ? null : floorDiv(parsed.ms, dayMs);
}

const toInstant = (zone: string, { ms, offsetMs }: Parsed): number =>
  offsetMs === undefined ? localToInstant(zone, ms) : ms - offsetMs;

const secondsMin = -62_167_219_200;
const secondsMax = 253_402_300_799;

/** An instant from seconds (0) or milliseconds (3), null outside the years 0 to 9999. */
function fromNumber(type: LogicalType): (value: Value, precision?: number) => Value {
  return (value, precision = 3) => {
    if (precision !== 0 && precision !== 3)
      badArgument(
        'TO_TIMESTAMP_LTZ',
        `the precision ${precision} is neither 0 (seconds) nor 3 (milliseconds)`,
      );
    const whole = type.kind === 'DECIMAL' ? Number((value as bigint) / pow10(type.scale)) : Number(value);
    const ms = Math.trunc(precision === 0 ? whole * 1000 : whole);
    return ms < secondsMin * 1000 || ms > secondsMax * 1000 + 999 || Number.isNaN(ms) ? null : { ms, ns: 0 };
  };
}

function toLtzBody(call: CallExpr): Body {
  const { type } = call.args[0]!;
  if (isNumeric(type)) return fromNumber(type);
  return (text: string, pattern = 'yyyy-MM-dd HH:mm:ss.SSS', zone = 'UTC') => {
    const local =
      call.args.length === 1
        ? (parseTimestamp(text, 3) ?? badArgument('TO_TIMESTAMP_LTZ', `'${text}' is not a timestamp`))
        : readTimestamp(text, pattern);
    return local && { ms: localToInstant(zone, local.ms), ns: local.ns };
  };
}

/** The instant of nothing readable: Long.MIN_VALUE, as Flink has it. */
const noInstant = -(2n ** 63n);

function unixTimestamp(call: CallExpr, { timeZone, now }: EvalContext): Body {
  if (call.args.length === 0) return () => BigInt(floorDiv(now(), 1000));
  return (text: string, pattern = defaultPattern) => {
    const parsed = parseMoment(tokensOf('UNIX_TIMESTAMP', pattern), text, true);
    return parsed === undefined ? noInstant : BigInt(floorDiv(toInstant(timeZone, parsed), 1000));
  };
}

function convertZone(text: string, from: string, to: string): string | null {
  const parsed = parseMoment(datePattern(defaultPattern), text, true);
  if (parsed === undefined) return null;
  // Java reads a zone that it does not know as GMT.
  const known = (zone: string): string => (isZone(zone) ? zone : 'UTC');
  const ms = localToInstant(known(from), parsed.ms);
  return formatMoment(datePattern(defaultPattern), { ms: instantToLocal(known(to), ms), ns: 0 });
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
    body: () => readDate,
    doc: 'The date that the text is, yyyy-MM-dd if no pattern is given; NULL where it is none.',
    samples: [
      ["TO_DATE('2024/01/02', 'yyyy/MM/dd')", [str('2024/01/02'), str('yyyy/MM/dd')], day('2024-01-02')],
      ["TO_DATE('bad')", [str('bad')], null],
    ],
  }),
  define('temporal', 'TO_TIMESTAMP', {
    takes: [{ takes: [string, string], optional: 1, gives: types.timestamp(3) }],
    body: (call) =>
      call.args.length === 1 ? (text: string) => parseTimestampLeniently(text) : readTimestamp,
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
      { takes: [numeric, anInt], optional: 1, gives: types.timestampLtz(3) },
      { takes: [string, string, string], optional: 2, gives: types.timestampLtz(3) },
    ],
    body: toLtzBody,
    doc: 'The instant of a number of seconds (0) or milliseconds (3, the default), or of text in a pattern and zone (UTC).',
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
        formatMoment(tokensOf('FROM_UNIXTIME', pattern), {
          ...zoned(timeZone, Number(seconds) * 1000, 0),
          simple: true,
        }),
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

/** TO_TIMESTAMP without a pattern: fields of one digit are fine, a day past its month's end becomes the last. */
function parseTimestampLeniently(text: string): Instant | null {
  const exact = parseTimestamp(text, 3);
  if (exact !== undefined) return exact;
  const clamped = parseMoment(datePattern(defaultPattern), text, false);
  return clamped === undefined ? null : truncateInstant(clamped, 3);
}
