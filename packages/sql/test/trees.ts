/* Random syntax trees that the parser can build, for the property that printing and parsing again loses nothing. */

import type { Span } from '#base';
import type {
  ColumnDefinition,
  DataType,
  Expression,
  FunctionCall,
  GroupItem,
  Identifier,
  JsonClauses,
  OrderItem,
  Query,
  QueryBody,
  RowPattern,
  SelectBody,
  Statement,
  TableAlias,
  TableRef,
  WindowSpec,
} from '#sql';
import fc from 'fast-check';

const span: Span = { start: 0, end: 0, line: 1, column: 1 };

/** The tree without spans and without the note whether a name had backticks: what printing need not keep. */
export function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'span' || key === 'quoted' ? undefined : value)));
}

const nameText = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 't', 'value', 'timestamp', 'select', 'order', 'Id', 'date', 'end') },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 5, unit: 'binary' }) },
);
const name: fc.Arbitrary<Identifier> = nameText.map((text) => ({ text, quoted: true, span }));
const path = fc.array(name, { minLength: 1, maxLength: 3 });
const names = fc.array(name, { minLength: 1, maxLength: 3 });
const someNames = fc.array(name, { maxLength: 2 });
const text = fc.oneof(fc.constantFrom('', 'x', "it's", 'a\nb', '--', '*/', ';'), fc.string({ maxLength: 6, unit: 'binary' }));
const number: fc.Arbitrary<Expression> = fc
  .constantFrom('0', '1', '42', '1.50', '.5', '1e3', '2.5E-3', '1.')
  .map((digits) => ({ kind: 'number', text: digits, span }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const simpleType = fc.constantFrom(
  ['INT', []], ['STRING', []], ['DECIMAL', [10, 2]], ['VARCHAR', [5]], ['TIMESTAMP', [3]], ['TIMESTAMP_LTZ', [6]],
  ['TIMESTAMP_TZ', []], ['BYTES', []], ['DOUBLE', []], ['TIME', [0]], ['my.kind', []],
) as fc.Arbitrary<readonly [string, readonly number[]]>;

const interval = fc.constantFrom(
  { from: 'YEAR', to: 'MONTH', precision: undefined, fraction: undefined },
  { from: 'DAY', to: 'SECOND', precision: 3, fraction: 6 },
  { from: 'SECOND', to: undefined, precision: 2, fraction: 3 },
  { from: 'DAY', to: undefined, precision: 2, fraction: undefined },
  { from: 'HOUR', to: 'SECOND', precision: undefined, fraction: 1 },
);

const bare = { parameters: [], elements: [], fields: [], interval: undefined, span };
export const { type } = fc.letrec<{ type: DataType; plain: DataType }>((tie) => ({
  type: fc.tuple(tie('plain'), maybe(fc.constant(false))).map(([plain, nullable]) => ({ ...plain, nullable })),
  plain: fc.oneof(
    { maxDepth: 3 },
    simpleType.map(([typeName, parameters]): DataType => ({ ...bare, name: typeName, parameters, nullable: undefined })),
    interval.map((units): DataType => ({ ...bare, name: 'INTERVAL', interval: units, nullable: undefined })),
    fc
      .tuple(fc.constantFrom('ARRAY', 'MULTISET'), tie('type'))
      .map(([kind, element]): DataType => ({ ...bare, name: kind, elements: [element], nullable: undefined })),
    fc
      .tuple(tie('type'), tie('type'))
      .map((elements): DataType => ({ ...bare, name: 'MAP', elements, nullable: undefined })),
    fc
      .array(fc.record({ name, type: tie('type'), comment: maybe(text) }), { maxLength: 3 })
      .map((fields): DataType => ({ ...bare, name: 'ROW', fields, nullable: undefined })),
  ),
}));

const plainCall = { kind: 'call', flags: [], bare: false, distinct: false, withinGroup: [], filter: undefined } as const;
const callEnd = { over: undefined, nulls: undefined, json: undefined, span } as const;
const word = (value: string): Identifier => ({ text: value, quoted: false, span });
const calling = (functionName: string, args: readonly Expression[], more: Partial<FunctionCall> = {}): FunctionCall => ({
  ...plainCall,
  ...callEnd,
  name: [word(functionName)],
  args,
  ...more,
});

const jsonBase: JsonClauses = {
  returning: undefined, onEmpty: undefined, onError: undefined, wrapper: undefined, onNull: undefined,
};

interface Trees {
  expression: Expression;
  leaf: Expression;
  operator: Expression;
  predicate: Expression;
  call: FunctionCall;
  special: FunctionCall;
  nested: Expression;
  order: OrderItem;
  window: WindowSpec;
  query: Query;
  body: QueryBody;
  setOperand: QueryBody;
  select: SelectBody;
  table: TableRef;
  tablePart: TableRef;
}

const lists = <T>(arbitrary: fc.Arbitrary<T>, minLength = 1): fc.Arbitrary<T[]> => fc.array(arbitrary, { minLength, maxLength: 3 });

const leaf: fc.Arbitrary<Expression> = fc.oneof(
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

const alias: fc.Arbitrary<TableAlias | undefined> = maybe(fc.record({ name, columns: someNames }));
const hint = fc.record({
  name: fc.constantFrom('OPTIONS', 'BROADCAST'),
  pairs: fc.array(fc.record({ key: text, value: maybe(text) }), { maxLength: 2 }),
  span: fc.constant(span),
});
const hints = fc.array(hint, { maxLength: 1 });

const { pattern } = fc.letrec<{ pattern: RowPattern }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('A', 'B').map((variable): RowPattern => ({ kind: 'variable', name: word(variable) })),
    fc.constantFrom('^' as const, '$' as const).map((at): RowPattern => ({ kind: 'anchor', at })),
    fc
      .record({
        kind: fc.constantFrom('sequence' as const, 'alternation' as const),
        items: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }),
      })
      .map((parts): RowPattern => parts),
    lists(tie('pattern')).map((items): RowPattern => ({ kind: 'permute', items })),
    tie('pattern').map((item): RowPattern => ({ kind: 'exclusion', item })),
    fc
      .record({
        item: tie('pattern'),
        bounds: fc.constantFrom([0, undefined], [1, undefined], [0, 1], [2, 2], [2, undefined], [0, 3], [1, 3]),
        reluctant: fc.boolean(),
      })
      .map(({ item, bounds, reluctant }): RowPattern => ({ kind: 'repeat', item, min: bounds[0] ?? 0, max: bounds[1], reluctant })),
  ),
}));

export const trees = fc.letrec<Trees>((tie: Tie) => {
  const expression = tie('expression');
  const query = tie('query');
  return {
    leaf,
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'sql' },
      leaf, tie('operator'), tie('predicate'), tie('call'), tie('special'), tie('nested'),
    ),
    operator: fc.oneof(
      fc.record({
        kind: fc.constant('unary' as const),
        operator: fc.constantFrom('+' as const, '-' as const, 'NOT' as const),
        operand: expression,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom(
          '+' as const, '-' as const, '*' as const, '/' as const, '%' as const, '||' as const, '=' as const, '<>' as const,
          '<=' as const, 'AND' as const, 'OR' as const, 'OVERLAPS' as const, 'CONTAINS' as const, 'MEMBER OF' as const,
        ),
        left: expression,
        right: expression,
        span: fc.constant(span),
      }),
    ),
    predicate: fc.oneof(
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
        .record({ negated: fc.boolean(), symmetric: fc.boolean(), operand: expression, low: expression, high: expression })
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
    ),
    call: fc
      .record({
        name: fc.oneof(fc.constantFrom('SUM', 'COUNT', 'concat_ws', 'LEFT', 'IF').map((text) => [word(text)]), path),
        args: fc.oneof(fc.constant<Expression[]>([]), lists(expression)),
        distinct: fc.boolean(),
        withinGroup: fc.oneof(fc.constant([]), lists(tie('order'))),
        filter: maybe(expression),
        over: maybe(fc.oneof(name, tie('window'))),
        nulls: maybe(fc.constantFrom('RESPECT' as const, 'IGNORE' as const)),
      })
      .map(({ distinct, ...parts }) => ({
        ...plainCall, ...callEnd, ...parts, distinct: distinct && parts.args.length > 0,
      })),
    special: fc.oneof(
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
      fc
        .tuple(expression, expression, type, expression)
        .map(([a, b, returning, value]) =>
          calling('JSON_VALUE', [a, b], {
            json: { ...jsonBase, returning, onEmpty: { kind: 'DEFAULT', value }, onError: { kind: 'ERROR' } },
          }),
        ),
      fc
        .tuple(expression, expression)
        .map((args) =>
          calling('JSON_QUERY', args, { json: { ...jsonBase, wrapper: 'CONDITIONAL', onEmpty: { kind: 'EMPTY ARRAY' } } }),
        ),
      fc.constant(calling('COUNT', [{ kind: 'star', qualifier: [], span }])),
    ),
    nested: fc.oneof(
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
      fc.array(expression, { maxLength: 3 }).map((items): Expression => ({ kind: 'row', explicit: true, items, span })),
      fc
        .array(expression, { minLength: 2, maxLength: 3 })
        .map((items): Expression => ({ kind: 'row', explicit: false, items, span })),
      fc.array(expression, { maxLength: 3 }).map((items): Expression => ({ kind: 'array', items, span })),
      fc.tuple(expression, expression).map((items): Expression => ({ kind: 'map', items, span })),
      fc.tuple(expression, expression).map(([operand, index]): Expression => ({ kind: 'element', operand, index, span })),
      fc.tuple(expression, name).map(([operand, field]): Expression => ({ kind: 'field', operand, field, span })),
    ),
    order: fc.record({
      expression,
      descending: fc.boolean(),
      nulls: maybe(fc.constantFrom('FIRST' as const, 'LAST' as const)),
    }),
    window: fc.record({
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
    }),
    ...queries(tie),
  };
});

type Tie = fc.LetrecTypedTie<Trees>;

function queries(tie: Tie): Pick<{ [K in keyof Trees]: fc.Arbitrary<Trees[K]> }, 'query' | 'body' | 'setOperand' | 'select' | 'table' | 'tablePart'> {
  const expression = tie('expression');
  const groupItem: fc.Arbitrary<GroupItem> = fc.oneof(
    expression.map((item): GroupItem => ({ kind: 'expression', expression: item })),
    fc.constant<GroupItem>({ kind: 'sets', form: 'EMPTY', sets: [[]] }),
    fc
      .record({
        form: fc.constantFrom('GROUPING SETS' as const, 'ROLLUP' as const, 'CUBE' as const),
        sets: lists(fc.array(leaf, { maxLength: 3 })),
      })
      .map((parts): GroupItem => ({ kind: 'sets', ...parts })),
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
            someNames.map((qualifier) => ({ expression: { kind: 'star', qualifier, span } as Expression, alias: undefined })),
          ),
        ),
        from: maybe(tie('table')),
        where: maybe(expression),
        groupBy: maybe(lists(groupItem)),
        having: maybe(expression),
        windows: fc.array(fc.record({ name, spec: tie('window') }), { maxLength: 1 }),
        qualify: maybe(expression),
      })
      .map((parts): SelectBody => ({ kind: 'select', ...parts, span })),
    ...tables(tie),
  };
}

function tables(tie: Tie): Pick<{ [K in keyof Trees]: fc.Arbitrary<Trees[K]> }, 'table' | 'tablePart'> {
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
        .record({ type: fc.constantFrom('INNER' as const, 'LEFT' as const, 'FULL' as const), left: tie('table'), right: tie('table'), on: expression })
        .map((parts): TableRef => ({ kind: 'join', natural: false, using: [], ...parts, span })),
      fc
        .record({ left: tie('table'), right: tie('table') })
        .map((parts): TableRef => ({ kind: 'join', type: 'CROSS', natural: false, on: undefined, using: [], ...parts, span })),
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

const option = fc.record({ key: text, value: text, span: fc.constant(span) });
const options = fc.array(option, { maxLength: 2 });
const flag = fc.boolean();
const comment = maybe(text);

const column: fc.Arbitrary<ColumnDefinition> = fc.oneof(
  fc.record({ name, type, comment, primaryKey: flag }).map((parts): ColumnDefinition => ({ kind: 'physical', ...parts, span })),
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
  primaryKey: maybe(fc.record({ name: maybe(name), columns: names, enforced: flag, span: fc.constant(span) })),
  partitionedBy: someNames,
  options,
};

const insert = fc
  .record({
    overwrite: flag,
    target: path,
    hints,
    partition: fc.array(fc.record({ column: name, value: leaf }), { maxLength: 2 }),
    columns: someNames,
    query: trees.query,
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
  fc.record({ ...table, query: trees.query }).map((parts): Statement => ({ kind: 'create-table-as', ...parts, span })),
  fc
    .record({ temporary: flag, ifNotExists: flag, orReplace: flag, name: path, columns: someNames, comment, query: trees.query })
    .map((parts): Statement => ({ kind: 'create-view', ...parts, span })),
  fc
    .record({ details: fc.uniqueArray(fc.constantFrom('CHANGELOG_MODE' as const, 'CODEGEN' as const)), statement: insert })
    .map((parts): Statement => ({ kind: 'explain', ...parts, span })),
  fc
    .record({ ifExists: flag, name: path, options: fc.array(option, { minLength: 1, maxLength: 2 }) })
    .map(({ options: set, ...parts }): Statement => ({
      kind: 'alter-table', ...parts, action: { kind: 'set', options: set }, span,
    })),
  fc.record({ key: text, value: text }).map((parts): Statement => ({ kind: 'set', ...parts, span })),
);
