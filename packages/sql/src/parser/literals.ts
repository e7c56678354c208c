/* Literals that are more than one token: DATE '…', TIMESTAMP '…', INTERVAL '…' DAY TO SECOND; and X'…'. */

import { UserError } from '#base';
import type { DateTimeLiteral, Expression, IntervalUnit } from '../ast/expressions.ts';
import type { Cursor } from './cursor.ts';
import { spanOf } from './mistakes.ts';
import { atString, parseCount, parseString } from './names.ts';

/** 'a', with the literals on the following lines appended, as SQL has it. */
export function parseStringLiteral(c: Cursor): Expression {
  const first = c.peek();
  let value = parseString(c);
  while (atString(c) && c.peek().line > c.previous().line) value += parseString(c);
  return { kind: 'string', value, span: c.spanFrom(first) };
}

export function parseBytesLiteral(c: Cursor): Expression {
  const token = c.next();
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(token.text)) {
    throw new UserError('SQL0002', {
      at: spanOf(token),
      message: `X'${token.text}' is no binary literal: it takes an even number of hex digits`,
    });
  }
  return { kind: 'bytes', hex: token.text.toUpperCase(), span: spanOf(token) };
}

/** DATE, TIME or TIMESTAMP with a string behind it; undefined where the word is a name. */
export function parseDateTimeLiteral(c: Cursor): DateTimeLiteral | undefined {
  const first = c.peek();
  const type = dateTimeType(c);
  if (type === undefined) return undefined;
  return { kind: 'datetime', type, text: parseString(c), span: c.spanFrom(first) };
}

function dateTimeType(c: Cursor): DateTimeLiteral['type'] | undefined {
  const word = c.peek().symbol;
  if (atString(c, 1)) {
    const type = dateTimeWords[word];
    if (type !== undefined) c.next();
    return type;
  }
  if (word !== 'TIMESTAMP' || !c.at('WITH', 1)) return undefined;
  return c.acceptAll('TIMESTAMP', 'WITH', 'LOCAL', 'TIME', 'ZONE') ? 'TIMESTAMP_LTZ' : undefined;
}

const dateTimeWords: Readonly<Record<string, DateTimeLiteral['type']>> = {
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ',
};

/** The units of intervals, singular and plural. */
const intervalUnits: Readonly<Record<string, IntervalUnit>> = {
  YEAR: 'YEAR',
  YEARS: 'YEAR',
  QUARTER: 'QUARTER',
  QUARTERS: 'QUARTER',
  MONTH: 'MONTH',
  MONTHS: 'MONTH',
  WEEK: 'WEEK',
  WEEKS: 'WEEK',
  DAY: 'DAY',
  DAYS: 'DAY',
  HOUR: 'HOUR',
  HOURS: 'HOUR',
  MINUTE: 'MINUTE',
  MINUTES: 'MINUTE',
  SECOND: 'SECOND',
  SECONDS: 'SECOND',
};

/** INTERVAL [+|-] '…' UNIT [(p)] [TO UNIT [(f)]]; undefined where INTERVAL is a name. */
export function parseIntervalLiteral(c: Cursor): Expression | undefined {
  const first = c.peek();
  const signed = c.at('-', 1) || c.at('+', 1);
  if (!atString(c, signed ? 2 : 1)) {
    if (isBareCount(c, signed ? 2 : 1)) unquoted(c, signed);
    return undefined;
  }
  c.next();
  const negative = signed && c.next().symbol === '-';
  const text = parseString(c);
  const from = parseUnit(c, text);
  let precision: number | undefined;
  let fraction: number | undefined;
  if (c.accept('(')) {
    precision = parseCount(c);
    if (from === 'SECOND' && c.accept(',')) fraction = parseCount(c);
    c.expect(')');
  }
  const to = c.accept('TO') ? parseUnit(c, text) : undefined;
  if (to === 'SECOND' && c.accept('(')) {
    fraction = parseCount(c);
    c.expect(')');
  }
  return { kind: 'interval', text, negative, from, to, precision, fraction, span: c.spanFrom(first) };
}

function parseUnit(c: Cursor, text: string): IntervalUnit {
  const token = c.peek();
  const unit = intervalUnits[token.symbol];
  if (unit !== undefined) {
    c.next();
    return unit;
  }
  const [, count, word] = /^\s*(\d+)\s+([A-Za-z]+)\s*$/.exec(text) ?? [];
  const meant = intervalUnits[word?.toUpperCase() ?? ''];
  if (meant !== undefined) {
    throw new UserError('SQL0001', {
      at: spanOf(c.previous()),
      message: `the unit of the interval '${text}' stands inside its quotes`,
      hint: `Write INTERVAL '${count}' ${meant}.`,
    });
  }
  return c.fail('a unit such as SECOND, MINUTE, HOUR', 'DAY');
}

/** INTERVAL 5 SECOND: likely meant as a literal. */
function isBareCount(c: Cursor, ahead: number): boolean {
  return c.peek(ahead).kind === 'number' && intervalUnits[c.peek(ahead + 1).symbol] !== undefined;
}

function unquoted(c: Cursor, signed: boolean): never {
  c.next();
  const sign = signed ? c.next().text : '';
  const count = c.peek().text;
  throw new UserError('SQL0001', {
    at: spanOf(c.peek()),
    message: `the count of an interval stands in quotes, found ${count}`,
    hint: `Write INTERVAL ${sign}'${count}' ${c.peek(1).symbol}.`,
  });
}
