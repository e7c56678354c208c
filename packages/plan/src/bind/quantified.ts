/* x > ANY (SELECT …) and x > ALL (SELECT …): written by what the query has at most, at least and how often.
 *
 *   x > ANY (q)  ⇒  CASE WHEN no row THEN FALSE WHEN x > MIN THEN TRUE WHEN a NULL THEN NULL ELSE x > MIN END
 *   x > ALL (q)  ⇒  NOT x <= ANY (q)          x = ANY (q)  ⇒  x IN (q)          x <> ALL (q)  ⇒  x NOT IN (q)
 *
 * The query is asked once: all of it stands in one row. Calcite: SubQueryRemoveRule. */

import { UserError, type Span } from '#base';
import type { Expression, FunctionCall, OrderItem, QuantifiedComparison, Query, SelectBody } from '#sql';

/** The SELECT with such comparisons written out; those of queries within it stay. */
export function withoutQuantified(body: SelectBody): SelectBody {
  const one = (e: Expression | undefined): Expression | undefined => e && writtenOut(e);
  return {
    ...body,
    items: body.items.map((i) => ({ ...i, expression: writtenOut(i.expression) })),
    where: one(body.where),
    having: one(body.having),
    qualify: one(body.qualify),
  };
}
export const orderWithoutQuantified = (items: readonly OrderItem[]): OrderItem[] =>
  items.map((i) => ({ ...i, expression: writtenOut(i.expression) }));

/** Everything in an expression but the queries in it. */
export function writtenOut(node: Expression): Expression {
  if (!holdsQuantified(node)) return node;
  const below = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'span' ? value : inside(value)]),
  ) as unknown as Expression;
  return below.kind === 'quantified' ? comparison(below) : below;
}
function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'query') return value;
  if ('kind' in value && 'span' in value) return writtenOut(value as Expression);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'span' ? v : inside(v)]));
}
function holdsQuantified(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsQuantified);
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && value.kind === 'query') return false;
  if ('kind' in value && value.kind === 'quantified') return true;
  return Object.values(value).some(holdsQuantified);
}

type Operator = QuantifiedComparison['operator'];
const opposite: Readonly<Record<Operator, Operator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

function comparison(node: QuantifiedComparison): Expression {
  const { operator, quantifier, operand, list, span } = node;
  if (Array.isArray(list)) {
    const each = (list as readonly Expression[]).map(
      (right): Expression => ({ kind: 'binary', operator, left: operand, right, span }),
    );
    const by = quantifier === 'ANY' ? 'OR' : 'AND';
    return each.reduce((left, right): Expression => ({ kind: 'binary', operator: by, left, right, span }));
  }
  if (operand.kind === 'row')
    throw new UserError('SQL9001', { at: span, message: 'ANY and ALL of several columns are not supported' });
  if (operator === '=' && quantifier === 'ANY') return { kind: 'in', negated: false, operand, list, span };
  if (operator === '<>' && quantifier === 'ALL') return { kind: 'in', negated: true, operand, list, span };
  const any = anyOf(operand, quantifier === 'ANY' ? operator : opposite[operator], list as Query, span);
  return quantifier === 'ANY' ? any : { kind: 'unary', operator: 'NOT', operand: any, span };
}

function anyOf(left: Expression, operator: Operator, query: Query, span: Span): Expression {
  const summary: Expression = { kind: 'subquery', query: summaryOf(query), span };
  const part = (index: number): Expression => ({
    kind: 'field',
    operand: summary,
    field: { text: `EXPR$${index}`, quoted: true, span },
    span,
  });
  const [least, most, rows, values] = [part(0), part(1), part(2), part(3)];
  const binary = (a: Expression, by: Operator | 'OR', b: Expression): Expression => ({
    kind: 'binary',
    operator: by,
    left: a,
    right: b,
    span,
  });
  const decides =
    operator === '<>'
      ? binary(binary(left, '<>', least), 'OR', binary(left, '<>', most))
      : binary(left, operator, operator === '>' || operator === '>=' ? least : most);
  const isNone: Expression = {
    kind: 'is',
    test: 'NULL',
    negated: false,
    operand: rows,
    other: undefined,
    span,
  };
  const zero: Expression = { kind: 'number', text: '0', span };
  return {
    kind: 'case',
    subject: undefined,
    branches: [
      { when: binary(isNone, 'OR', binary(rows, '=', zero)), then: { kind: 'boolean', value: false, span } },
      { when: decides, then: { kind: 'boolean', value: true, span } },
      { when: binary(rows, '>', values), then: { kind: 'null', span } },
    ],
    otherwise: decides,
    span,
  };
}

/** SELECT ROW(MIN(v), MAX(v), COUNT(*), COUNT(v)) FROM (query) AS q (v). */
function summaryOf(query: Query): Query {
  const { span } = query;
  const name = (text: string): { text: string; quoted: true; span: Span } => ({ text, quoted: true, span });
  const value: Expression = { kind: 'column', path: [name('$value')], span };
  const call = (fn: string, args: readonly Expression[]): FunctionCall => ({
    kind: 'call',
    name: [{ text: fn, quoted: false, span }],
    args,
    flags: [],
    bare: false,
    distinct: false,
    withinGroup: [],
    filter: undefined,
    over: undefined,
    nulls: undefined,
    json: undefined,
    span,
  });
  const items = [
    call('MIN', [value]),
    call('MAX', [value]),
    call('COUNT', [{ kind: 'star', qualifier: [], span }]),
    call('COUNT', [value]),
  ];
  return {
    kind: 'query',
    with: [],
    body: {
      kind: 'select',
      hints: [],
      distinct: false,
      items: [{ expression: { kind: 'row', explicit: true, items, span }, alias: undefined }],
      from: {
        kind: 'derived-table',
        lateral: false,
        query,
        alias: { name: name('$query'), columns: [name('$value')] },
        span,
      },
      where: undefined,
      groupBy: undefined,
      groupByDistinct: false,
      having: undefined,
      windows: [],
      qualify: undefined,
      span,
    },
    orderBy: [],
    limit: undefined,
    offset: undefined,
    span,
  };
}
