/* Random tables of FROM. */

import fc from 'fast-check';
import type { Expression, TableAlias, TableRef } from '#sql';
import { calling, leaf } from './expressions.ts';
import { lists, maybe, name, names, path, someNames, span, text } from './parts.ts';
import { pattern } from './patterns.ts';
import type { Tie, Trees } from './trees.ts';

const alias: fc.Arbitrary<TableAlias | undefined> = maybe(fc.record({ name, columns: someNames }));
const hint = fc.record({
  name: fc.constantFrom('OPTIONS', 'BROADCAST'),
  pairs: fc.array(fc.record({ key: text, value: maybe(text) }), { maxLength: 2 }),
  span: fc.constant(span),
});
export const hints = fc.array(hint, { maxLength: 1 });

export function tables(
  tie: Tie,
): Pick<{ [K in keyof Trees]: fc.Arbitrary<Trees[K]> }, 'table' | 'tablePart'> {
  const expression = tie('expression');
  const tableArgument = fc
    .record({
      source: fc.oneof(path, tie('query')),
      partitionBy: fc.oneof(fc.constant([]), lists(leaf)),
      orderBy: fc.oneof(fc.constant([]), lists(tie('order'))),
    })
    .map((parts): Expression => ({ kind: 'table-argument', ...parts, span }));
  const argument = fc.oneof(
    tableArgument,
    names.map((columns): Expression => ({ kind: 'descriptor', columns, span })),
    path.map((model): Expression => ({ kind: 'model-argument', name: model, span })),
    fc
      .tuple(name, fc.oneof(tableArgument, expression))
      .map(([argumentName, value]): Expression => ({ kind: 'named', name: argumentName, value, span })),
    expression,
  );
  return {
    tablePart: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'sql' },
      fc
        .record({ name: path, hints, asOf: maybe(expression), alias })
        .map((parts): TableRef => ({ kind: 'named-table', ...parts, span })),
      fc
        .record({ lateral: fc.boolean(), query: tie('query'), alias })
        .map((parts): TableRef => ({ kind: 'derived-table', ...parts, span })),
      fc
        .record({
          lateral: fc.boolean(),
          call: lists(argument).map((args) => calling('TUMBLE', args)),
          alias,
        })
        .map((parts): TableRef => ({ kind: 'table-function', ...parts, span })),
      fc
        .record({ expression, ordinality: fc.boolean(), alias })
        .map((parts): TableRef => ({ kind: 'unnest', ...parts, span })),
    ),
    table: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'sql' },
      tie('tablePart'),
      fc
        .record({
          type: fc.constantFrom('INNER' as const, 'LEFT' as const, 'FULL' as const),
          left: tie('table'),
          right: tie('table'),
          on: expression,
        })
        .map((parts): TableRef => ({ kind: 'join', natural: false, using: [], ...parts, span })),
      fc.record({ left: tie('table'), right: tie('table') }).map(
        (parts): TableRef => ({
          kind: 'join',
          type: 'CROSS',
          natural: false,
          on: undefined,
          using: [],
          ...parts,
          span,
        }),
      ),
      matches(tie),
    ),
  };
}

function matches(tie: Tie): fc.Arbitrary<TableRef> {
  const expression = tie('expression');
  return fc
    .record({
      input: tie('table'),
      partitionBy: lists(expression, 0),
      orderBy: lists(tie('order'), 0),
      measures: lists(fc.record({ expression, alias: name }), 0),
      rowsPerMatch: maybe(fc.constantFrom('ONE' as const, 'ALL' as const)),
      afterMatch: maybe(
        fc.oneof(
          fc.constantFrom({ kind: 'PAST LAST ROW' as const }, { kind: 'NEXT ROW' as const }),
          fc.record({ kind: fc.constantFrom('FIRST' as const, 'LAST' as const), variable: name }),
        ),
      ),
      pattern,
      within: maybe(expression),
      subsets: lists(fc.record({ name, of: names }), 0),
      define: lists(fc.record({ variable: name, condition: expression })),
      alias,
    })
    .map((parts): TableRef => ({ kind: 'match-recognize', ...parts, span }));
}
