/* Literals of SQL text to typed values. */

import { UserError } from '#base';
import { instant, notNull, types, type IntervalType, type LogicalType } from '#data';
import { literal, parseDate, parseTime, parseTimestamp, type LiteralExpr } from '#expr';
import type { DateTimeLiteral, IntervalLiteral, NumberLiteral, StringLiteral } from '#sql';

/** 1 INT, 3000000000 BIGINT, 1.50 DECIMAL(3, 2), 0.5 DECIMAL(2, 1): every digit that is written counts; 1E3 DOUBLE. */
export function bindNumber(node: NumberLiteral, negative = false): LiteralExpr {
  const text = node.text;
  if (/e/i.test(text)) return literal(negative ? -Number(text) : Number(text), notNull(types.DOUBLE));
  const [whole, fraction = ''] = text.split('.');
  const digits = BigInt(`${whole}${fraction}` || '0');
  const value = negative ? -digits : digits;
  if (fraction === '') {
    if (value >= -2147483648n && value <= 2147483647n) return literal(Number(value), notNull(types.INT));
    if (value >= -(1n << 63n) && value < 1n << 63n) return literal(value, notNull(types.BIGINT));
  }
  const precision = Math.max(whole!.length + fraction.length, 1);
  if (precision > 38)
    throw new UserError('SQL2012', { at: node.span, message: `the number ${text} has more than 38 digits` });
  return literal(value, notNull(types.decimal(precision, fraction.length)));
}

/** 'ab' is CHAR(2) NOT NULL; '' is CHAR(0), as Flink has it. */
export function bindString(node: StringLiteral): LiteralExpr {
  return literal(node.value, notNull(types.char([...node.value].length)));
}

export function bindDateTime(node: DateTimeLiteral): LiteralExpr {
  const bad = (): UserError =>
    new UserError('SQL2013', {
      at: node.span,
      message: `'${node.text}' is not a ${node.type}`,
      hint:
        node.type === 'DATE'
          ? `Write DATE '2024-01-31'.`
          : node.type === 'TIME'
            ? `Write TIME '12:30:00'.`
            : `Write TIMESTAMP '2024-01-31 12:30:00'.`,
    });
  switch (node.type) {
    case 'DATE': {
      const days = parseDate(node.text);
      if (days === undefined || days === null) throw bad();
      return literal(days, notNull(types.DATE));
    }
    case 'TIME': {
      const ms = parseTime(node.text);
      if (ms === undefined || ms === null) throw bad();
      return literal(ms, notNull(types.time(fractionDigits(node.text))));
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const at = parseTimestamp(node.text);
      if (at === undefined || at === null || !/^\d{4,}-\d\d?-\d\d?[ T]\d/.test(node.text)) throw bad();
      const precision = fractionDigits(node.text);
      return literal(
        instant(at.ms, at.ns),
        notNull(node.type === 'TIMESTAMP' ? types.timestamp(precision) : types.timestampLtz(precision)),
      );
    }
  }
}
const fractionDigits = (text: string): number => Math.min(9, /\.(\d+)/.exec(text)?.[1]?.length ?? 0);

const unitMs = { WEEK: 604_800_000, DAY: 86_400_000, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000 } as const;
const unitMonths = { YEAR: 12, QUARTER: 3, MONTH: 1 } as const;
type DayUnit = keyof typeof unitMs;
const dayUnits: readonly DayUnit[] = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** Months as a number for year-month intervals, milliseconds as a bigint for the rest. */
export function bindInterval(node: IntervalLiteral): LiteralExpr {
  const sign = node.negative !== node.text.trim().startsWith('-') ? -1 : 1;
  const text = node.text.trim().replace(/^[+-]\s*/, '');
  const unit = node.to === undefined ? node.from : `${node.from} TO ${node.to}`;
  const bad = (): UserError =>
    new UserError('SQL2013', { at: node.span, message: `'${node.text}' is not an interval ${unit}` });
  if (node.from in unitMonths) {
    const parts = /^(\d+)(?:-(\d+))?$/.exec(text);
    if (!parts || (parts[2] !== undefined) !== (node.to !== undefined)) throw bad();
    const months = Number(parts[1]) * unitMonths[node.from as 'YEAR'] + Number(parts[2] ?? 0);
    return literal(sign * months, notNull(types.yearMonth(unit, node.precision ?? 2)));
  }
  const ms =
    node.to === undefined
      ? singleUnit(text, node.from as DayUnit)
      : unitRange(text, node.from as DayUnit, node.to as DayUnit);
  if (ms === undefined) throw bad();
  return literal(
    BigInt(sign) * BigInt(ms),
    notNull(types.dayTime(unit, node.precision ?? 2, node.fraction ?? 6)),
  );
}

function singleUnit(text: string, unit: DayUnit): number | undefined {
  const match = (unit === 'SECOND' ? /^(\d+)(?:\.(\d{1,9}))?$/ : /^(\d+)$/).exec(text);
  if (!match) return undefined;
  return Number(match[1]) * unitMs[unit] + Number((match[2] ?? '').padEnd(3, '0').slice(0, 3) || 0);
}

/** '1 02:03:04.5' DAY TO SECOND and its shorter forms. */
function unitRange(text: string, from: DayUnit, to: DayUnit): number | undefined {
  const units = dayUnits.slice(dayUnits.indexOf(from), dayUnits.indexOf(to) + 1);
  const pattern = units
    .map(
      (u, i) =>
        `${i === 0 ? '' : units[i - 1] === 'DAY' ? ' +' : ':'}(\\d+${u === 'SECOND' ? '(?:\\.\\d{1,9})?' : ''})`,
    )
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return undefined;
  return units.reduce((sum, u, i) => {
    const ms = singleUnit(match[i + 1]!, u);
    return sum + (ms ?? Number.NaN);
  }, 0);
}

/** The constant length of a window, in ms. */
export function intervalMs(value: {
  readonly type: LogicalType;
  readonly value: unknown;
}): number | undefined {
  const type = value.type as IntervalType;
  if (type.kind === 'INTERVAL_DAY_TIME') return Number(value.value as bigint);
  return undefined;
}
