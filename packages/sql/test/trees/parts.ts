/* The small parts of random syntax trees: names, texts, numbers, types. */

import fc from 'fast-check';
import type { Span } from '#base';
import type { DataType, Expression, Identifier } from '#sql';

export const span: Span = { start: 0, end: 0, line: 1, column: 1 };

/** The tree without spans and without the note whether a name had backticks: what printing need not keep. */
export function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => (key === 'span' || key === 'quoted' ? undefined : value)),
  );
}

export const nameText = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('a', 'b', 't', 'value', 'timestamp', 'select', 'order', 'Id', 'date', 'end'),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 5, unit: 'binary' }) },
);
export const name: fc.Arbitrary<Identifier> = nameText.map((text) => ({ text, quoted: true, span }));
export const path = fc.array(name, { minLength: 1, maxLength: 3 });
export const names = fc.array(name, { minLength: 1, maxLength: 3 });
export const someNames = fc.array(name, { maxLength: 2 });
export const text = fc.oneof(
  fc.constantFrom('', 'x', "it's", 'a\nb', '--', '*/', ';'),
  fc.string({ maxLength: 6, unit: 'binary' }),
);
export const number: fc.Arbitrary<Expression> = fc
  .constantFrom('0', '1', '42', '1.50', '.5', '1e3', '2.5E-3', '1.')
  .map((digits) => ({ kind: 'number', text: digits, span }));
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

export const lists = <T>(arbitrary: fc.Arbitrary<T>, minLength = 1): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength, maxLength: 3 });

export const simpleType = fc.constantFrom(
  ['INT', []],
  ['STRING', []],
  ['DECIMAL', [10, 2]],
  ['VARCHAR', [5]],
  ['TIMESTAMP', [3]],
  ['TIMESTAMP_LTZ', [6]],
  ['TIMESTAMP_TZ', []],
  ['BYTES', []],
  ['DOUBLE', []],
  ['TIME', [0]],
  ['my.kind', []],
) as fc.Arbitrary<readonly [string, readonly number[]]>;

export const interval = fc.constantFrom(
  { from: 'YEAR', to: 'MONTH', precision: undefined, fraction: undefined },
  { from: 'DAY', to: 'SECOND', precision: 3, fraction: 6 },
  { from: 'SECOND', to: undefined, precision: 2, fraction: 3 },
  { from: 'DAY', to: undefined, precision: 2, fraction: undefined },
  { from: 'HOUR', to: 'SECOND', precision: undefined, fraction: 1 },
);

export const bare = { parameters: [], elements: [], fields: [], interval: undefined, span };
export const { type } = fc.letrec<{ type: DataType; plain: DataType }>((tie) => ({
  type: fc
    .tuple(tie('plain'), maybe(fc.constant(false)))
    .map(([plain, nullable]) => ({ ...plain, nullable })),
  plain: fc.oneof(
    { maxDepth: 3 },
    simpleType.map(
      ([typeName, parameters]): DataType => ({ ...bare, name: typeName, parameters, nullable: undefined }),
    ),
    interval.map((units): DataType => ({ ...bare, name: 'INTERVAL', interval: units, nullable: undefined })),
    fc
      .tuple(fc.constantFrom('ARRAY', 'MULTISET'), tie('type'))
      .map(
        ([kind, element]): DataType => ({ ...bare, name: kind, elements: [element], nullable: undefined }),
      ),
    fc
      .tuple(tie('type'), tie('type'))
      .map((elements): DataType => ({ ...bare, name: 'MAP', elements, nullable: undefined })),
    fc
      .array(fc.record({ name, type: tie('type'), comment: maybe(text) }), { maxLength: 3 })
      .map((fields): DataType => ({ ...bare, name: 'ROW', fields, nullable: undefined })),
  ),
}));

/** A name as written without backticks. */
export const word = (value: string): Identifier => ({ text: value, quoted: false, span });
