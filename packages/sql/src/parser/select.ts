/* SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW … QUALIFY …. */

import { UserError } from '#base';
import type { Expression } from '../ast/expressions.ts';
import type { GroupingSets, GroupItem, SelectBody, SelectItem } from '../ast/queries.ts';
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
  const { groupBy, groupByDistinct } = parseGroupBy(c);
  const having = c.accept('HAVING') ? parseExpression(c) : undefined;
  const windows = c.at('WINDOW') ? parseNamedWindows(c) : [];
  const qualify = c.accept('QUALIFY') ? parseExpression(c) : undefined;
  const span = c.spanFrom(first);
  const grouped = { groupBy, groupByDistinct, having };
  return { kind: 'select', hints, distinct, items, from, where, ...grouped, windows, qualify, span };
}

function parseSelectItem(c: Cursor): SelectItem {
  if (c.at('*')) {
    const star = c.next();
    return { expression: { kind: 'star', qualifier: [], span: spanOf(star) }, alias: undefined };
  }
  const expression = parseExpression(c);
  return { expression, alias: expression.kind === 'star' ? undefined : parseAlias(c) };
}

function parseGroupBy(c: Cursor): Pick<SelectBody, 'groupBy' | 'groupByDistinct'> {
  if (!c.accept('GROUP')) return { groupBy: undefined, groupByDistinct: false };
  c.expect('BY');
  const groupByDistinct = c.acceptOne('DISTINCT', 'ALL') === 'DISTINCT';
  return { groupBy: c.list(parseGroupItem), groupByDistinct };
}

function parseGroupItem(c: Cursor): GroupItem {
  if (c.acceptAll('(', ')')) return { kind: 'sets', form: 'EMPTY', sets: [[]] };
  return parseGroupingSets(c) ?? { kind: 'expression', expression: parseExpression(c) };
}

function parseGroupingSets(c: Cursor): GroupingSets | undefined {
  if (c.acceptAll('GROUPING', 'SETS')) {
    const sets = c.parenthesized((at) => parseGroupingSets(at) ?? parseSet(at));
    return { kind: 'sets', form: 'GROUPING SETS', sets };
  }
  const form = c.at('(', 1) ? c.acceptOne('ROLLUP', 'CUBE') : undefined;
  return form && { kind: 'sets', form, sets: c.parenthesized(parseSet) };
}

/** a, (a, b) or (). */
function parseSet(c: Cursor): readonly Expression[] {
  if (c.acceptAll('(', ')')) return [];
  if (c.atAll('GROUPING', 'SETS') || c.atAll('ROLLUP', '(') || c.atAll('CUBE', '(')) {
    throw new UserError('SQL0004', {
      at: spanOf(c.peek()),
      message: `${c.peek().symbol} has no place within ROLLUP and CUBE`,
      hint: 'Only GROUPING SETS takes such lists in its own.',
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
