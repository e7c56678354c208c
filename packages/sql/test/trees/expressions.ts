/* Random expressions, a function for each family. */

import fc from 'fast-check';
import type { Expression, FunctionCall, JsonClauses, OrderItem, WindowSpec } from '#sql';
import { interval, lists, maybe, name, number, path, span, text, type, word } from './parts.ts';
import type { Tie } from './trees.ts';

const plainCall = {
  kind: 'call',
  flags: [],
  bare: false,
  distinct: false,
  withinGroup: [],
  filter: undefined,
} as const;
const callEnd = { over: undefined, nulls: undefined, json: undefined, span } as const;
export const calling = (
  functionName: string,
  args: readonly Expression[],
  more: Partial<FunctionCall> = {},
): FunctionCall => ({
  ...plainCall,
  ...callEnd,
  name: [word(functionName)],
  args,
  ...more,
});

const jsonBase: JsonClauses = {
  returning: undefined,
  onEmpty: undefined,
  onError: undefined,
  wrapper: undefined,
  onNull: undefined,
};

export const leaf: fc.Arbitrary<Expression> = fc.oneof(
  number,
  text.map((value): Expression => ({ kind: 'string', value, span })),
  fc.constantFrom('', '00', '0AFF').map((hex): Expression => ({ kind: 'bytes', hex, span })),
  fc.boolean().map((value): Expression => ({ kind: 'boolean', value, span })),
  fc.constant<Expression>({ kind: 'null', span }),
  fc
    .record({ type: fc.constantFrom('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'), text })
    .map((parts): Expression => ({ kind: 'datetime', ...parts, span })),
  fc
    .record({ text, negative: fc.boolean(), units: interval })
    .map(({ units, ...parts }) => ({ kind: 'interval', ...parts, ...units, span }) as Expression),
  path.map((columnPath): Expression => ({ kind: 'column', path: columnPath, span })),
  fc
    .constantFrom('CURRENT_DATE', 'LOCALTIMESTAMP')
    .map((functionName): Expression => calling(functionName, [], { bare: true })),
);

/** Signs, NOT and infix operators. */
export function operators(tie: Tie): fc.Arbitrary<Expression> {
  const expression = tie('expression');
  return fc.oneof(
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('+' as const, '-' as const, 'NOT' as const),
      operand: expression,
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(
        '+' as const,
        '-' as const,
        '*' as const,
        '/' as const,
        '%' as const,
        '||' as const,
        '=' as const,
        '<>' as const,
        '<=' as const,
        'AND' as const,
        'OR' as const,
        'OVERLAPS' as const,
        'CONTAINS' as const,
        'MEMBER OF' as const,
      ),
      left: expression,
      right: expression,
      span: fc.constant(span),
    }),
  );
}

/** IS, BETWEEN, IN, LIKE, ANY and ALL. */
export function predicates(tie: Tie): fc.Arbitrary<Expression> {
  const expression = tie('expression');
  const query = tie('query');
  return fc.oneof(
    fc
      .record({
        test: fc.constantFrom('NULL' as const, 'UNKNOWN' as const, 'JSON' as const, 'JSON ARRAY' as const),
        negated: fc.boolean(),
        operand: expression,
      })
      .map((parts): Expression => ({ kind: 'is', ...parts, other: undefined, span })),
    fc
      .record({ negated: fc.boolean(), operand: expression, other: expression })
      .map((parts): Expression => ({ kind: 'is', test: 'DISTINCT FROM', ...parts, span })),
    fc
      .record({
        negated: fc.boolean(),
        symmetric: fc.boolean(),
        operand: expression,
        low: expression,
        high: expression,
      })
      .map((parts): Expression => ({ kind: 'between', ...parts, span })),
    fc
      .record({ negated: fc.boolean(), operand: expression, list: fc.oneof(lists(expression), query) })
      .map((parts): Expression => ({ kind: 'in', ...parts, span })),
    fc
      .record({
        operator: fc.constantFrom('LIKE' as const, 'SIMILAR TO' as const),
        negated: fc.boolean(),
        operand: expression,
        pattern: expression,
        escape: maybe(expression),
      })
      .map((parts): Expression => ({ kind: 'like', ...parts, span })),
    fc
      .record({
        operator: fc.constantFrom('=' as const, '>' as const),
        quantifier: fc.constantFrom('ANY' as const, 'ALL' as const),
        operand: expression,
        list: fc.oneof(lists(expression), query),
      })
      .map((parts): Expression => ({ kind: 'quantified', ...parts, span })),
  );
}

/** Ordinary calls with all that may follow them. */
export function calls(tie: Tie): fc.Arbitrary<FunctionCall> {
  const expression = tie('expression');
  return fc
    .record({
      name: fc.oneof(
        fc.constantFrom('SUM', 'COUNT', 'concat_ws', 'LEFT', 'IF').map((text) => [word(text)]),
        path,
      ),
      args: fc.oneof(fc.constant<Expression[]>([]), lists(expression)),
      distinct: fc.boolean(),
      withinGroup: fc.oneof(fc.constant([]), lists(tie('order'))),
      filter: maybe(expression),
      over: maybe(fc.oneof(name, tie('window'))),
      nulls: maybe(fc.constantFrom('RESPECT' as const, 'IGNORE' as const)),
    })
    .map(({ distinct, ...parts }) => ({
      ...plainCall,
      ...callEnd,
      ...parts,
      distinct: distinct && parts.args.length > 0,
    }));
}

/** Calls with a grammar of their own. */
export function specialCalls(tie: Tie): fc.Arbitrary<FunctionCall> {
  const expression = tie('expression');
  return fc.oneof(
    expression.map((a) => calling('EXTRACT', [a], { flags: ['DAY'] })),
    expression.map((a) => calling('FLOOR', [a], { flags: ['HOUR'] })),
    lists(expression).map((args) => calling('CEIL', args)),
    fc.tuple(expression, expression).map((args) => calling('TIMESTAMPADD', args, { flags: ['MONTH'] })),
    expression.map((a) => calling('TRIM', [a])),
    fc.tuple(expression, expression).map((args) => calling('TRIM', args, { flags: ['LEADING'] })),
    fc.tuple(expression, expression).map((args) => calling('POSITION', args)),
    fc.array(expression, { minLength: 3, maxLength: 4 }).map((args) => calling('OVERLAY', args)),
    fc.array(expression, { minLength: 2, maxLength: 3 }).map((args) => calling('SUBSTRING', args)),
    fc.tuple(expression, expression).map((args) => calling('JSON_OBJECT', args)),
    fc
      .tuple(expression, expression)
      .map((args) => calling('JSON_OBJECTAGG', args, { json: { ...jsonBase, onNull: 'ABSENT' } })),
    fc.tuple(expression, expression, type, expression).map(([a, b, returning, value]) =>
      calling('JSON_VALUE', [a, b], {
        json: { ...jsonBase, returning, onEmpty: { kind: 'NULL' }, onError: { kind: 'DEFAULT', value } },
      }),
    ),
    fc.tuple(expression, expression).map((args) =>
      calling('JSON_QUERY', args, {
        json: { ...jsonBase, wrapper: 'CONDITIONAL', onEmpty: { kind: 'EMPTY ARRAY' } },
      }),
    ),
    fc.constant(calling('COUNT', [{ kind: 'star', qualifier: [], span }])),
  );
}

/** Subqueries, CASE, CAST, constructors and accesses. */
export function nestings(tie: Tie): fc.Arbitrary<Expression> {
  const expression = tie('expression');
  const query = tie('query');
  return fc.oneof(
    query.map((inner): Expression => ({ kind: 'exists', query: inner, span })),
    query.map((inner): Expression => ({ kind: 'subquery', query: inner, span })),
    fc
      .record({
        subject: maybe(expression),
        branches: lists(fc.record({ when: expression, then: expression })),
        otherwise: maybe(expression),
      })
      .map((parts): Expression => ({ kind: 'case', ...parts, span })),
    fc
      .record({ safe: fc.boolean(), operand: expression, type })
      .map((parts): Expression => ({ kind: 'cast', ...parts, span })),
    fc
      .array(expression, { maxLength: 3 })
      .map((items): Expression => ({ kind: 'row', explicit: true, items, span })),
    fc
      .array(expression, { minLength: 2, maxLength: 3 })
      .map((items): Expression => ({ kind: 'row', explicit: false, items, span })),
    fc.array(expression, { maxLength: 3 }).map((items): Expression => ({ kind: 'array', items, span })),
    fc.tuple(expression, expression).map((items): Expression => ({ kind: 'map', items, span })),
    fc
      .tuple(expression, expression)
      .map(([operand, index]): Expression => ({ kind: 'element', operand, index, span })),
    fc
      .tuple(expression, name)
      .map(([operand, field]): Expression => ({ kind: 'field', operand, field, span })),
  );
}

/** Items of ORDER BY. */
export function orders(tie: Tie): fc.Arbitrary<OrderItem> {
  const expression = tie('expression');
  return fc.record({
    expression,
    descending: fc.boolean(),
    nulls: maybe(fc.constantFrom('FIRST' as const, 'LAST' as const)),
  });
}

/** What stands in OVER. */
export function windows(tie: Tie): fc.Arbitrary<WindowSpec> {
  const expression = tie('expression');
  return fc.record({
    base: maybe(name),
    partitionBy: lists(expression, 0),
    orderBy: lists(tie('order'), 0),
    frame: maybe(
      fc.record({
        unit: fc.constantFrom('ROWS' as const, 'RANGE' as const),
        start: fc.oneof(
          fc.constant({ kind: 'UNBOUNDED PRECEDING' as const }),
          expression.map((offset) => ({ kind: 'PRECEDING' as const, offset })),
        ),
        end: maybe(
          fc.oneof(
            fc.constant({ kind: 'CURRENT ROW' as const }),
            expression.map((offset) => ({ kind: 'FOLLOWING' as const, offset })),
          ),
        ),
      }),
    ),
  });
}
