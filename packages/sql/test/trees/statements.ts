/* Random statements over random queries and expressions. */

import fc from 'fast-check';
import type { ColumnDefinition, Statement } from '#sql';
import { leaf } from './expressions.ts';
import { lists, maybe, name, names, path, someNames, span, text, type } from './parts.ts';
import { hints } from './tables.ts';
import { trees } from './trees.ts';

const option = fc.record({ key: text, value: text, span: fc.constant(span) });
const options = fc.array(option, { maxLength: 2 });
const flag = fc.boolean();
const comment = maybe(text);

const column: fc.Arbitrary<ColumnDefinition> = fc.oneof(
  fc
    .record({ name, type, comment, primaryKey: flag })
    .map((parts): ColumnDefinition => ({ kind: 'physical', ...parts, span })),
  fc
    .record({ name, expression: trees.expression, comment })
    .map((parts): ColumnDefinition => ({ kind: 'computed', ...parts, span })),
  fc
    .record({ name, type, from: comment, virtual: flag, comment })
    .map((parts): ColumnDefinition => ({ kind: 'metadata', ...parts, span })),
);

const table = {
  temporary: flag,
  ifNotExists: flag,
  name: path,
  comment,
  columns: lists(column),
  watermark: maybe(fc.record({ column: path, expression: trees.expression, span: fc.constant(span) })),
  primaryKey: maybe(
    fc.record({ name: maybe(name), columns: names, enforced: flag, span: fc.constant(span) }),
  ),
  partitionedBy: someNames,
  options,
};

const modelColumn = fc.record({ name, type, comment, span: fc.constant(span) });
const someOptions = fc.array(option, { minLength: 1, maxLength: 2 });

const insert = fc
  .record({
    overwrite: flag,
    target: path,
    hints,
    partition: fc.array(fc.record({ column: name, value: leaf }), { maxLength: 2 }),
    columns: someNames,
    query: trees.query,
    onConflict: maybe(fc.constantFrom('NOTHING' as const, 'ERROR' as const, 'DEDUPLICATE' as const)),
  })
  .map((parts) => ({ kind: 'insert' as const, ...parts, span }));

/** Statements of every kind that can be built, over the trees above. */
export const statements: fc.Arbitrary<Statement> = fc.oneof(
  trees.query.map((query): Statement => ({ kind: 'select-statement', query, span })),
  insert,
  lists(insert).map((inserts): Statement => ({ kind: 'statement-set', inserts, span })),
  fc
    .record({
      ...table,
      like: maybe(
        fc.record({
          table: path,
          options: fc.array(
            fc.record({
              action: fc.constantFrom('INCLUDING' as const, 'EXCLUDING' as const),
              what: fc.constantFrom('ALL' as const, 'OPTIONS' as const, 'WATERMARKS' as const),
            }),
            { maxLength: 2 },
          ),
          span: fc.constant(span),
        }),
      ),
    })
    .map((parts): Statement => ({ kind: 'create-table', ...parts, span })),
  fc.record({ ...table, order: someNames, query: trees.query }).map((parts): Statement => {
    const order = parts.columns.length + Number(parts.watermark !== undefined) > 0 ? [] : parts.order;
    return { kind: 'create-table-as', mode: 'create', ...parts, order, span };
  }),
  fc
    .record({
      ...table,
      mode: fc.constantFrom('create-or-replace' as const, 'replace' as const),
      query: trees.query,
    })
    .map(
      (parts): Statement => ({
        kind: 'create-table-as',
        ...parts,
        temporary: false,
        ifNotExists: false,
        order: [],
        span,
      }),
    ),
  fc
    .record({
      ifExists: flag,
      name: path,
      kind: fc.constantFrom('add' as const, 'modify' as const),
      columns: fc.array(
        fc.record({
          column,
          position: fc.oneof(
            fc.constant(undefined),
            fc.constant('FIRST' as const),
            name.map((after) => ({ after })),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      watermark: table.watermark,
      primaryKey: table.primaryKey,
    })
    .map(({ ifExists, name: altered, ...action }): Statement => {
      return { kind: 'alter-table', ifExists, name: altered, action, span };
    }),
  fc.record({ ifExists: flag, name: path, columns: names }).map(
    ({ columns, ...parts }): Statement => ({
      kind: 'alter-table',
      ...parts,
      action: { kind: 'drop-columns', columns },
      span,
    }),
  ),
  fc
    .record({ ifNotExists: flag, name, comment, options })
    .map((parts): Statement => ({ kind: 'create-catalog', ...parts, span })),
  fc.record({ name: path, options }).map((parts): Statement => ({ kind: 'alter-database', ...parts, span })),
  fc.record({ name, comment: text }).map(
    ({ comment: words, ...parts }): Statement => ({
      kind: 'alter-catalog',
      ...parts,
      action: { kind: 'comment', comment: words },
      span,
    }),
  ),
  path.map((truncated): Statement => ({ kind: 'truncate-table', name: truncated, span })),
  fc
    .record({
      temporary: flag,
      ifNotExists: flag,
      orReplace: flag,
      name: path,
      columns: someNames,
      comment,
      query: trees.query,
    })
    .map((parts): Statement => ({ kind: 'create-view', ...parts, span })),
  fc
    .record({
      details: fc.uniqueArray(fc.constantFrom('CHANGELOG_MODE' as const, 'CODEGEN' as const)),
      statement: insert,
    })
    .map((parts): Statement => ({ kind: 'explain', ...parts, span })),
  fc.record({ ifExists: flag, name: path, options: fc.array(option, { minLength: 1, maxLength: 2 }) }).map(
    ({ options: set, ...parts }): Statement => ({
      kind: 'alter-table',
      ...parts,
      action: { kind: 'set', options: set },
      span,
    }),
  ),
  fc.record({ key: text, value: text }).map((parts): Statement => ({ kind: 'set', ...parts, span })),
  fc
    .record({
      temporary: flag,
      ifNotExists: flag,
      name: path,
      columns: maybe(fc.tuple(lists(modelColumn), lists(modelColumn))),
      comment,
      options: someOptions,
    })
    .map(({ columns: [input, output] = [[], []], ...parts }): Statement => {
      return { kind: 'create-model', ...parts, input, output, span };
    }),
  fc
    .record({
      ifExists: flag,
      name: path,
      action: fc.oneof(
        fc.record({ kind: fc.constant('set' as const), options: someOptions }),
        fc.record({ kind: fc.constant('reset' as const), keys: lists(text) }),
        fc.record({ kind: fc.constant('rename' as const), to: path }),
      ),
    })
    .map((parts): Statement => ({ kind: 'alter-model', ...parts, span })),
);
