/* SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW … QUALIFY …. */

import { UserError } from '#base';
import type { Expression } from '../ast/expressions.ts';
import type { GroupItem, SelectBody, SelectItem } from '../ast/queries.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseHints } from './hints.ts';
import { spanOf } from './mistakes.ts';
import { parseAlias, parseName } from './names.ts';
import { parseFrom } from './tables.ts';
import { parseWindowSpec } from './windows.ts';

export function parseSelect(c: Cursor): SelectBody {
  const first = c.next();
  const hints = parseHints(c);
  const distinct = c.acceptOne('DISTINCT', 'ALL') === 'DISTINCT';
  const items = c.list(parseSelectItem);
  const from = c.accept('FROM') ? parseFrom(c) : undefined;
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  const groupBy = parseGroupBy(c);
  const having = c.accept('HAVING') ? parseExpression(c) : undefined;
  const windows = c.at('WINDOW') ? parseNamedWindows(c) : [];
  const qualify = c.accept('QUALIFY') ? parseExpression(c) : undefined;
  const span = c.spanFrom(first);
  return { kind: 'select', hints, distinct, items, from, where, groupBy, having, windows, qualify, span };
}

function parseSelectItem(c: Cursor): SelectItem {
  if (c.at('*')) {
    const star = c.next();
    return { expression: { kind: 'star', qualifier: [], span: spanOf(star) }, alias: undefined };
  }
  const expression = parseExpression(c);
  return { expression, alias: expression.kind === 'star' ? undefined : parseAlias(c) };
}

function parseGroupBy(c: Cursor): GroupItem[] | undefined {
  if (!c.accept('GROUP')) return undefined;
  c.expect('BY');
  return c.list(parseGroupItem);
}

function parseGroupItem(c: Cursor): GroupItem {
  if (c.acceptAll('(', ')')) return { kind: 'sets', form: 'EMPTY', sets: [[]] };
  if (c.acceptAll('GROUPING', 'SETS'))
    return { kind: 'sets', form: 'GROUPING SETS', sets: c.parenthesized(parseSet) };
  const form = c.at('(', 1) ? c.acceptOne('ROLLUP', 'CUBE') : undefined;
  if (form !== undefined) return { kind: 'sets', form, sets: c.parenthesized(parseSet) };
  return { kind: 'expression', expression: parseExpression(c) };
}

/** a, (a, b) or (). */
function parseSet(c: Cursor): readonly Expression[] {
  if (c.acceptAll('(', ')')) return [];
  if (c.atAll('GROUPING', 'SETS') || c.atAll('ROLLUP', '(') || c.atAll('CUBE', '(')) {
    throw new UserError('SQL0004', {
      at: spanOf(c.peek()),
      message: `${c.peek().symbol} within another list of grouping sets is not supported`,
      hint: 'Write the sets out in one GROUPING SETS.',
    });
  }
  const item = parseExpression(c);
  return item.kind === 'row' && !item.explicit ? item.items : [item];
}

function parseNamedWindows(c: Cursor): SelectBody['windows'] {
  c.next();
  return c.list(() => {
    const name = parseName(c, 'a window name');
    c.expect('AS');
    return { name, spec: parseWindowSpec(c) };
  });
}
