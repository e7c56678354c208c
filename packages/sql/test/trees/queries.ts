/* Random queries. */

import fc from 'fast-check';
import type { Expression, GroupingSets, GroupItem, Query, QueryBody, SelectBody } from '#sql';
import { leaf } from './expressions.ts';
import { lists, maybe, name, number, path, someNames, span } from './parts.ts';
import { hints, tables } from './tables.ts';
import type { Tie, Trees } from './trees.ts';

export function queries(
  tie: Tie,
): Pick<
  { [K in keyof Trees]: fc.Arbitrary<Trees[K]> },
  'query' | 'body' | 'setOperand' | 'select' | 'table' | 'tablePart'
> {
  const expression = tie('expression');
  const inner: fc.Arbitrary<GroupingSets> = fc
    .record({
      form: fc.constantFrom('ROLLUP' as const, 'CUBE' as const),
      sets: lists(fc.array(leaf, { maxLength: 3 })),
    })
    .map((parts): GroupingSets => ({ kind: 'sets', ...parts }));
  const groupItem: fc.Arbitrary<GroupItem> = fc.oneof(
    expression.map((item): GroupItem => ({ kind: 'expression', expression: item })),
    fc.constant<GroupItem>({ kind: 'sets', form: 'EMPTY', sets: [[]] }),
    fc
      .record({
        form: fc.constantFrom('GROUPING SETS' as const, 'ROLLUP' as const, 'CUBE' as const),
        sets: lists(fc.array(leaf, { maxLength: 3 })),
      })
      .map((parts): GroupItem => ({ kind: 'sets', ...parts })),
    lists(fc.oneof(fc.array(leaf, { maxLength: 3 }), inner)).map(
      (sets): GroupItem => ({ kind: 'sets', form: 'GROUPING SETS', sets }),
    ),
  );
  return {
    query: fc
      .record({
        with: fc.array(fc.record({ name, columns: someNames, query: tie('query') }), { maxLength: 1 }),
        body: tie('body'),
        orderBy: lists(tie('order'), 0),
        limit: maybe(number),
        offset: maybe(number),
      })
      .map((parts): Query => ({ kind: 'query', ...parts, span })),
    body: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'sql' },
      tie('select'),
      lists(lists(expression)).map((rows): QueryBody => ({ kind: 'values', rows, span })),
      path.map((table): QueryBody => ({ kind: 'table-body', name: table, span })),
      fc
        .record({
          operator: fc.constantFrom('UNION' as const, 'INTERSECT' as const, 'EXCEPT' as const),
          all: fc.boolean(),
          left: tie('setOperand'),
          right: tie('setOperand'),
        })
        .map((parts): QueryBody => ({ kind: 'set-operation', ...parts, span })),
    ),
    setOperand: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'sql' },
      tie('select'),
      tie('query').map((query): QueryBody => ({ kind: 'parenthesized', query, span })),
    ),
    select: fc
      .record({
        hints,
        distinct: fc.boolean(),
        items: lists(
          fc.oneof(
            fc.record({ expression, alias: maybe(name) }),
            someNames.map((qualifier) => ({
              expression: { kind: 'star', qualifier, span } as Expression,
              alias: undefined,
            })),
          ),
        ),
        from: maybe(tie('table')),
        where: maybe(expression),
        groupBy: maybe(lists(groupItem)),
        groupByDistinct: fc.boolean(),
        having: maybe(expression),
        windows: fc.array(fc.record({ name, spec: tie('window') }), { maxLength: 1 }),
        qualify: maybe(expression),
      })
      .map(
        (parts): SelectBody => ({
          kind: 'select',
          ...parts,
          groupByDistinct: parts.groupBy !== undefined && parts.groupByDistinct,
          span,
        }),
      ),
    ...tables(tie),
  };
}
