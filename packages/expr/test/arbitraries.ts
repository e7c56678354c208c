/* Random typed expressions over random rows, for fast-check. Calls are bound as a planner binds them. */

import fc from 'fast-check';
import { UserError } from '#base';
import { isString, notNull, types, type LogicalType, type Row, type Value } from '#data';
import { bindCall, castTo, literal, type CallOptions, type Expr } from '#expr';

export const schema: readonly LogicalType[] = [
  types.INT,
  notNull(types.INT),
  types.BIGINT,
  notNull(types.BIGINT),
  types.decimal(10, 2),
  types.decimal(38, 10),
  types.DOUBLE,
  types.FLOAT,
  types.BOOLEAN,
  types.STRING,
  notNull(types.STRING),
  types.timestamp(3),
  types.timestamp(9),
  types.DATE,
  types.TINYINT,
  types.time(0),
  types.row([
    { name: 'a', type: types.BIGINT },
    { name: 's', type: types.STRING },
  ]),
];

const small = fc.integer({ min: -3, max: 3 });
const long = fc.oneof(
  { weight: 6, arbitrary: small.map(BigInt) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)),
  },
);
const fraction = fc.oneof(
  fc.constantFrom(0, -0, 1, -1.5, 0.1, 1e300, -1e-300, Number.NaN, Infinity, -Infinity, 2147483648, 9.3e18),
  fc.double(),
);
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ab',
    'abc',
    'B',
    '€',
    '😀x',
    '12',
    '-7',
    '1.5',
    ' 3 ',
    'true',
    '2024-01-31',
    '2024-02-29 12:00:00',
  ),
  fc.string({ maxLength: 5 }),
);
const millis = fc.oneof(
  fc.constantFrom(0, -1, 951_782_400_000, 1_706_700_000_123),
  fc.integer({ min: -3_000_000_000, max: 3_000_000_000 }).map((v) => v * 1000 + 1),
);

/** Values of a type, null left out. */
export function valueOf(type: LogicalType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case 'BOOLEAN':
      return fc.boolean();
    case 'TINYINT':
      return fc.integer({ min: -128, max: 127 });
    case 'INT':
      return fc.oneof(small, fc.constantFrom(2147483647, -2147483648), fc.integer());
    case 'BIGINT':
      return long;
    case 'DECIMAL': {
      const bound = 10n ** BigInt(type.precision) - 1n;
      return fc.oneof(
        small.map((v) => BigInt(v) * 10n ** BigInt(type.scale)),
        fc.bigInt({ min: -bound, max: bound }),
        fc.constantFrom(bound, -bound),
      );
    }
    case 'DOUBLE':
      return fraction;
    case 'FLOAT':
      return fraction.map(Math.fround);
    case 'DATE':
      return fc.integer({ min: -1000, max: 40_000 });
    case 'TIME':
      return fc.integer({ min: 0, max: 86_399 }).map((s) => s * 1000);
    case 'TIMESTAMP':
      return fc
        .tuple(millis, fc.integer({ min: 0, max: type.precision > 3 ? 999_999 : 0 }))
        .map(([ms, ns]) => ({ ms, ns }));
    case 'INTERVAL_DAY_TIME':
      return fc.integer({ min: -100_000_000, max: 100_000_000 }).map(BigInt);
    case 'INTERVAL_YEAR_MONTH':
      return fc.integer({ min: -30, max: 30 });
    case 'ROW':
      return fc.tuple(...type.fields.map((f) => cell(f.type)));
    default:
      return text;
  }
}

export function cell(type: LogicalType): fc.Arbitrary<Value> {
  return type.nullable
    ? fc.oneof({ weight: 4, arbitrary: valueOf(type) }, { weight: 1, arbitrary: fc.constant(null) })
    : valueOf(type);
}

export const rows: fc.Arbitrary<Row[]> = fc.array(fc.tuple(...schema.map(cell)) as fc.Arbitrary<Row>, {
  minLength: 1,
  maxLength: 12,
});

const literalTypes = [
  ...schema.filter((t) => t.kind !== 'ROW').map(notNull),
  notNull(types.dayTime('DAY TO SECOND', 2, 3)),
  notNull(types.yearMonth()),
];
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: 0, max: schema.length - 1 })
      .map((index): Expr => ({ kind: 'column', index, type: schema[index]! })),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 1 }).map((index): Expr => {
      const type = schema.at(-1)! as LogicalType & { kind: 'ROW' };
      return {
        kind: 'field',
        operand: { kind: 'column', index: schema.length - 1, type },
        index,
        type: type.fields[index]!.type,
      };
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...literalTypes)
      .chain((type) => valueOf(type).map((value) => literal(value, type))),
  },
);

const castTargets = [
  types.INT,
  types.BIGINT,
  types.TINYINT,
  types.SMALLINT,
  types.decimal(5, 1),
  types.decimal(20, 3),
  types.DOUBLE,
  types.FLOAT,
  types.STRING,
  types.varchar(2),
  types.char(3),
  types.BOOLEAN,
  types.timestamp(0),
  types.timestamp(6),
  types.timestampLtz(3),
  types.DATE,
];
const calls: readonly (readonly [string, number, CallOptions?])[] = [
  ['+', 2],
  ['-', 2],
  ['*', 2],
  ['/', 2],
  ['%', 2],
  ['-', 1],
  ['ABS', 1],
  ['SIGN', 1],
  ['FLOOR', 1],
  ['CEIL', 1],
  ['ROUND', 2],
  ['SQRT', 1],
  ['=', 2],
  ['<>', 2],
  ['<', 2],
  ['<=', 2],
  ['>', 2],
  ['>=', 2],
  ['IS DISTINCT FROM', 2],
  ['IS NOT DISTINCT FROM', 2],
  ['BETWEEN', 3],
  ['IN', 3],
  ['AND', 2],
  ['OR', 2],
  ['NOT', 1],
  ['IS NULL', 1],
  ['IS NOT NULL', 1],
  ['IS TRUE', 1],
  ['IS NOT TRUE', 1],
  ['IS FALSE', 1],
  ['IS NOT FALSE', 1],
  ['CASE', 3],
  ['CASE', 5],
  ['COALESCE', 2],
  ['COALESCE', 3],
  ['NULLIF', 2],
  ['IF', 3],
  ['GREATEST', 2],
  ['LEAST', 2],
  ['UPPER', 1],
  ['LOWER', 1],
  ['CHAR_LENGTH', 1],
  ['SUBSTRING', 3],
  ['||', 2],
  ['LIKE', 2],
  ['TRIM', 1],
  ['REVERSE', 1],
  ['POSITION', 2],
  ['EXTRACT', 1, { flags: ['DAY'] }],
  ['EXTRACT', 1, { flags: ['HOUR'] }],
  ['EXTRACT', 1, { flags: ['MICROSECOND'] }],
  ['FLOOR', 1, { flags: ['HOUR'] }],
  ['FLOOR', 1, { flags: ['MONTH'] }],
  ['CEIL', 1, { flags: ['DAY'] }],
  ['YEAR', 1],
  ['DAYOFWEEK', 1],
  ['TIMESTAMPDIFF', 2, { flags: ['DAY'] }],
  ['TIMESTAMPDIFF', 2, { flags: ['MONTH'] }],
  ['TIMESTAMPADD', 2, { flags: ['MONTH'] }],
];

/** The expression, or its first argument where the types do not fit. */
function tried(make: () => Expr, otherwise: Expr): Expr {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return otherwise;
    throw error;
  }
}

const condition = (expr: Expr): Expr =>
  expr.type.kind === 'BOOLEAN' ? expr : bindCall('IS NOT NULL', [expr]);

/** Ways to make arguments fit: as they are, all as the first, conditions before results, all conditions, all texts. */
const fittings: readonly ((args: readonly Expr[]) => readonly Expr[])[] = [
  (args) => args,
  (args) => args.map((a) => castTo(a, args[0]!.type, { safe: true })),
  (args) =>
    args.map((a, i) =>
      i % 2 === 0 && i < args.length - 1 ? condition(a) : castTo(a, (args[1] ?? a).type, { safe: true }),
    ),
  (args) => args.map(condition),
  (args) => [
    castTo(args[0]!, types.STRING),
    ...args.slice(1).map((a) => castTo(a, types.INT, { safe: true })),
  ],
  (args) => args.map((a) => castTo(a, types.STRING)),
  (args) => args.map((a) => castTo(a, types.BIGINT, { safe: true })),
];

/** The call with the first fitting of its arguments that binds, or its first argument. */
function called(name: string, args: readonly Expr[], options: CallOptions | undefined): Expr {
  for (const fit of fittings) {
    const call = tried(() => bindCall(name, fit(args), options), args[0]!);
    if (call !== args[0]) return call;
  }
  return args[0]!;
}

const patterns = ['a%', '%b', '%b%', 'abc', '_', '%', '', '€%'];

export const expression: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthSize: 'max', withCrossShrink: true },
    { weight: 1, arbitrary: leaf },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...calls), fc.array(tie('expr'), { minLength: 5, maxLength: 5 }))
        .map(([[name, count, options], args]) => called(name, args.slice(0, count), options)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('expr'), fc.constantFrom(...castTargets), fc.boolean())
        .map(([expr, type, safe]) => tried(() => castTo(expr, type, { safe }), expr)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('expr'), fc.constantFrom(...patterns))
        .map(([expr, pattern]) =>
          isString(expr.type) ? bindCall('LIKE', [expr, literal(pattern, types.varchar(9))]) : expr,
        ),
    },
  ),
})).expr;
