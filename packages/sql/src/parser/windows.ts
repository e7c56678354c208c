/* ORDER BY items, and what stands in OVER (…) and WINDOW w AS (…). */

import type { FrameBound, OrderItem, WindowFrame, WindowSpec } from '../ast/expressions.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseName } from './names.ts';

/** expression [ASC | DESC] [NULLS FIRST | LAST]. */
export function parseOrderItem(c: Cursor): OrderItem {
  const expression = parseExpression(c);
  const descending = c.acceptOne('ASC', 'DESC') === 'DESC';
  const nulls = c.accept('NULLS') ? c.expectOne('FIRST', 'LAST') : undefined;
  return { expression, descending, nulls };
}

/** ORDER BY …, or nothing. */
export function parseOrderBy(c: Cursor): readonly OrderItem[] {
  if (!c.accept('ORDER')) return [];
  c.expect('BY');
  return c.list(parseOrderItem);
}

const specWords = new Set(['PARTITION', 'ORDER', 'ROWS', 'RANGE']);

/** `( [base] [PARTITION BY …] [ORDER BY …] [ROWS | RANGE …] )`. */
export function parseWindowSpec(c: Cursor): WindowSpec {
  c.expect('(');
  const base = c.atName() && !specWords.has(c.peek().symbol) ? parseName(c, 'a window name') : undefined;
  const partitionBy = c.accept('PARTITION') ? (c.expect('BY'), c.list(parseExpression)) : [];
  const orderBy = parseOrderBy(c);
  const frame = parseFrame(c);
  if (!c.at(')')) {
    const before = partitionBy.length > 0 || orderBy.length > 0 ? [','] : ['PARTITION BY'];
    c.fail(...(frame === undefined ? [...before, 'ORDER BY', 'ROWS', 'RANGE'] : []), ')');
  }
  c.next();
  return { base, partitionBy, orderBy, frame };
}

function parseFrame(c: Cursor): WindowFrame | undefined {
  const unit = c.acceptOne('ROWS', 'RANGE');
  if (unit === undefined) return undefined;
  if (!c.accept('BETWEEN')) return { unit, start: parseBound(c), end: undefined };
  const start = parseBound(c);
  c.expect('AND');
  return { unit, start, end: parseBound(c) };
}

function parseBound(c: Cursor): FrameBound {
  if (c.acceptAll('CURRENT', 'ROW')) return { kind: 'CURRENT ROW' };
  if (c.acceptAll('UNBOUNDED', 'PRECEDING')) return { kind: 'UNBOUNDED PRECEDING' };
  if (c.acceptAll('UNBOUNDED', 'FOLLOWING')) return { kind: 'UNBOUNDED FOLLOWING' };
  const offset = parseExpression(c);
  return { kind: c.expectOne('PRECEDING', 'FOLLOWING'), offset };
}
