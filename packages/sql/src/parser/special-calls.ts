/* Functions whose arguments have a grammar of their own: EXTRACT(DAY FROM t), TRIM(BOTH 'x' FROM s), … One
 * table, one entry a function; each entry parses what stands between the parentheses. */

import type { Expression } from '../ast/expressions.ts';
import type { CallArguments } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { beginsExpression, parseExpression, parseExpressionAt } from './expressions.ts';
import { jsonCalls } from './json-calls.ts';
import { levels } from './levels.ts';

const timeUnits = new Set(
  (
    'MILLENNIUM CENTURY DECADE YEAR ISOYEAR QUARTER MONTH WEEK DAY DOW ISODOW DOY HOUR MINUTE SECOND ' +
    'MILLISECOND MICROSECOND NANOSECOND EPOCH'
  ).split(' '),
);

/** A unit of time; SQL_TSI_DAY, as ODBC has it, is DAY. Plurals are units of intervals only. */
function parseTimeUnit(c: Cursor): string {
  const unit = c.peek().symbol.replace(/^SQL_TSI_/, '');
  if (!timeUnits.has(unit))
    c.fail('YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'another unit of time');
  c.next();
  return unit;
}

/** EXTRACT(unit FROM t). */
function extract(c: Cursor): CallArguments {
  const flags = [parseTimeUnit(c)];
  c.expect('FROM');
  return { args: [parseExpression(c)], flags };
}

/** FLOOR(x), FLOOR(t TO unit); CEIL likewise. */
function roundTo(c: Cursor): CallArguments {
  const args = c.list(parseExpression);
  return args.length === 1 && c.accept('TO') ? { args, flags: [parseTimeUnit(c)] } : { args };
}

/** TIMESTAMPADD(unit, n, t), TIMESTAMPDIFF(unit, a, b). */
function withUnit(c: Cursor): CallArguments {
  const flags = [parseTimeUnit(c)];
  c.expect(',');
  return { args: c.list(parseExpression), flags };
}

/** TRIM(s), TRIM([BOTH | LEADING | TRAILING] [[characters] FROM] s): the side is the flag, BOTH where none is
 *  given. */
function trim(c: Cursor): CallArguments {
  const side =
    c.at('FROM', 1) || beginsExpression(c.peek(1)) ? c.acceptOne('BOTH', 'LEADING', 'TRAILING') : undefined;
  if (side !== undefined && c.accept('FROM')) return { args: [parseExpression(c)], flags: [side] };
  const args = c.list(parseExpression);
  if (args.length === 1 && c.accept('FROM')) {
    args.push(parseExpression(c));
    return { args, flags: [side ?? 'BOTH'] };
  }
  if (side === undefined) return { args };
  return args.length === 1 ? { args, flags: [side] } : c.fail('FROM');
}

/** POSITION(a IN b). */
function position(c: Cursor): CallArguments {
  const args = [parseExpressionAt(c, levels.range + 1)];
  if (c.accept('IN')) {
    args.push(parseExpression(c));
    if (c.accept('FROM')) args.push(parseExpression(c));
    return { args };
  }
  return { args: withMore(c, args) };
}

/** OVERLAY(s PLACING r FROM i [FOR n]). */
function overlay(c: Cursor): CallArguments {
  const args = [parseExpression(c)];
  if (!c.accept('PLACING')) return { args: withMore(c, args) };
  args.push(parseExpression(c));
  c.expect('FROM');
  args.push(parseExpression(c));
  if (c.accept('FOR')) args.push(parseExpression(c));
  return { args };
}

/** SUBSTRING(s FROM i [FOR n]), SUBSTRING(s, i, n). */
function substring(c: Cursor): CallArguments {
  const args = [parseExpression(c)];
  if (!c.accept('FROM')) return { args: withMore(c, args) };
  args.push(parseExpression(c));
  if (c.accept('FOR')) args.push(parseExpression(c));
  return { args };
}

function withMore(c: Cursor, args: readonly Expression[]): Expression[] {
  return c.accept(',') ? [...args, ...c.list(parseExpression)] : [...args];
}

export const specialCalls: Readonly<Record<string, (c: Cursor) => CallArguments>> = {
  EXTRACT: extract,
  FLOOR: roundTo,
  CEIL: roundTo,
  CEILING: roundTo,
  TIMESTAMPADD: withUnit,
  TIMESTAMPDIFF: withUnit,
  TRIM: trim,
  POSITION: position,
  OVERLAY: overlay,
  SUBSTRING: substring,
  ...jsonCalls,
};
