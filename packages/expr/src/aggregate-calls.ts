/* Aggregate functions as the planner sees them: what they take and give. How they count lies with the dataflow. */

import { UserError, didYouMean, type Span } from '#base';
import {
  isInteger,
  isNumeric,
  isOrderable,
  isString,
  notNull,
  types,
  typeText,
  withNullable,
  type DecimalType,
  type LogicalType,
} from '#data';

/** One aggregate over columns of its input row. */
export interface AggregateCall {
  /** A key of `aggregateFunctions`. */
  readonly fn: string;
  readonly args: readonly number[];
  readonly argTypes: readonly LogicalType[];
  readonly distinct: boolean;
  /** A BOOLEAN column: only rows where it is TRUE count. */
  readonly filter: number | undefined;
  readonly type: LogicalType;
  /** What its state is found again by, among the calls of its operator: the call over source columns. */
  readonly name?: string;
}

export interface AggregateFunction {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly arity: readonly [min: number, max: number];
  /** The result type; `grouped` is false for an aggregate over everything, which may see no row. Undefined: wrong types. */
  result(args: readonly LogicalType[]): LogicalType | undefined;
  /** What the arguments must be, in words. */
  readonly takes: string;
  /** Of a function of the program: what its arguments are cast to, and what messages call it. */
  readonly args?: readonly LogicalType[];
  readonly title?: string;
  readonly doc: string;
}

const numeric =
  (rule: (t: LogicalType) => LogicalType) =>
  (args: readonly LogicalType[]): LogicalType | undefined =>
    isNumeric(args[0]!) ? withNullable(rule(args[0]!), true) : undefined;

/** SUM keeps the type, but for DECIMAL(p, s) → DECIMAL(38, s): Flink's LogicalTypeMerging.findSumAggType. */
const sumType = (t: LogicalType): LogicalType => (t.kind === 'DECIMAL' ? types.decimal(38, t.scale) : t);
/** AVG likewise, with at least six digits of scale. */
const averageType = (t: LogicalType): LogicalType =>
  t.kind === 'DECIMAL' ? types.decimal(38, Math.max(6, (t as DecimalType).scale)) : t;

const isComparable = (t: LogicalType): boolean =>
  isOrderable(t) && !['ROW', 'ARRAY', 'MAP', 'MULTISET', 'BINARY', 'VARBINARY', 'SYMBOL'].includes(t.kind);

/** As Flink, whose sketches are of these. */
const isCountedAbout = (t: LogicalType): boolean =>
  isNumeric(t) || isString(t) || ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind);

const arrayAgg = (name: string, doc: string): AggregateFunction => ({
  name,
  arity: [1, 1],
  takes: 'any value',
  result: ([t]) => withNullable(types.array(t!), t!.nullable),
  doc,
});
/** Of JSON texts, which JSON_STRING makes of keys and values. The type is Flink's; texts may be longer. */
const jsonAgg = (name: string, takes: string, doc: string): AggregateFunction => ({
  name,
  arity: name.includes('OBJECT') ? [2, 2] : [1, 1],
  takes,
  result: (args) => (args.length === 1 || isString(args[0]!) ? notNull(types.varchar(2000)) : undefined),
  doc,
});

/** PERCENTILE(value, percentage [, frequency]): NULL may stand for the value and the frequency, as a literal too. */
function percentileType([value, percentage, frequency]: readonly LogicalType[]): LogicalType | undefined {
  const isNull = (t: LogicalType | undefined): boolean => t?.kind === 'NULL';
  const share = (t: LogicalType): boolean => isNumeric(t) && !t.nullable;
  if (!isNull(value) && !isNumeric(value!)) return undefined;
  if (frequency !== undefined && !isNull(frequency) && !isInteger(frequency)) return undefined;
  if (share(percentage!)) return types.DOUBLE;
  if (percentage!.kind !== 'ARRAY' || percentage!.nullable || !share(percentage!.element)) return undefined;
  return types.array(types.DOUBLE);
}

/** Whose result may be NULL to whoever asks its type, whatever its argument is: as Flink declares it. */
export const isNullableAggregate = (fn: string): boolean => fn.startsWith('BITMAP_');

/** BITMAP_…_AGG gives the set, BITMAP_…_CARDINALITY_AGG how many are in it. */
const bitmapAggs = (name: string, doc: string): readonly AggregateFunction[] =>
  [`BITMAP_${name}_AGG`, `BITMAP_${name}_CARDINALITY_AGG`].map((fn, i) => ({
    name: fn,
    arity: [1, 1],
    takes: name === 'BUILD' ? 'an INT or smaller' : 'a BITMAP',
    result: ([t]) => {
      const fits = name === 'BUILD' ? isInteger(t!) && t!.kind !== 'BIGINT' : t!.kind === 'BITMAP';
      return fits ? (i === 0 ? types.BITMAP : types.BIGINT) : undefined;
    },
    doc: `${i === 0 ? 'The set' : 'How many are in the set'} ${doc}; NULL where no value is.`,
  }));

export const aggregateFunctions: readonly AggregateFunction[] = [
  {
    name: 'COUNT',
    arity: [0, 1],
    takes: '* or any value',
    result: () => notNull(types.BIGINT),
    doc: 'Number of rows, or of rows where the argument is not NULL.',
  },
  {
    name: 'APPROX_COUNT_DISTINCT',
    arity: [1, 1],
    takes: 'a number, text, a date or a time',
    result: ([t]) => (isCountedAbout(t!) ? notNull(types.BIGINT) : undefined),
    doc: 'Number of different values that are not NULL: the exact one. In batch mode alone, as in Flink; COUNT(DISTINCT …) is the same in both.',
  },
  {
    name: 'SUM',
    arity: [1, 1],
    takes: 'a number',
    result: numeric(sumType),
    doc: 'Sum of the values that are not NULL; NULL when there is none.',
  },
  {
    name: '$WELFORD_M2',
    arity: [1, 1],
    takes: 'a DOUBLE',
    result: numeric(() => types.DOUBLE),
    doc: 'Sum of the squared distances from the mean; NULL when there is no value.',
  },
  {
    name: '$SUM0',
    arity: [1, 1],
    takes: 'a number',
    result: numeric(sumType),
    doc: 'Sum, 0 when there is no value.',
  },
  {
    name: 'AVG',
    arity: [1, 1],
    takes: 'a number',
    result: numeric(averageType),
    doc: 'Average, in the type of the argument: of integers it is an integer.',
  },
  {
    name: 'MIN',
    arity: [1, 1],
    takes: 'a comparable value',
    result: ([t]) => (isComparable(t!) ? withNullable(t!, true) : undefined),
    doc: 'Least value.',
  },
  {
    name: 'MAX',
    arity: [1, 1],
    takes: 'a comparable value',
    result: ([t]) => (isComparable(t!) ? withNullable(t!, true) : undefined),
    doc: 'Greatest value.',
  },
  {
    name: 'FIRST_VALUE',
    arity: [1, 1],
    takes: 'any value',
    result: ([t]) => withNullable(t!, true),
    doc: 'First value that is not NULL, in order of arrival.',
  },
  {
    name: 'LAST_VALUE',
    arity: [1, 1],
    takes: 'any value',
    result: ([t]) => withNullable(t!, true),
    doc: 'Last value that is not NULL, in order of arrival.',
  },
  {
    name: '$SINGLE_VALUE',
    arity: [1, 1],
    takes: 'any value',
    result: ([t]) => withNullable(t!, true),
    doc: 'The value of the only row; an error where there are several.',
  },
  {
    name: 'LISTAGG',
    arity: [1, 2],
    takes: 'text and a separator',
    result: (args) => (args.every((t) => isString(t)) ? types.STRING : undefined),
    doc: 'The values joined by the separator, a comma by default, in order of arrival.',
  },
  {
    name: 'COLLECT',
    arity: [1, 1],
    takes: 'any value',
    result: ([t]) => notNull(types.multiset(t!)),
    doc: 'A multiset of the values that are not NULL.',
  },
  arrayAgg(
    'ARRAY_AGG',
    'The values as an array, NULLs among them but for IGNORE NULLS, in order of arrival.',
  ),
  arrayAgg('$ARRAY_AGG_IGNORE_NULLS', 'The values that are not NULL as an array.'),
  jsonAgg('JSON_ARRAYAGG', 'any value', 'A JSON array. ON NULL: ABSENT (the default) or NULL.'),
  jsonAgg('$JSON_ARRAYAGG_NULL_ON_NULL', 'any value', 'A JSON array with null for NULL.'),
  jsonAgg(
    'JSON_OBJECTAGG',
    '[KEY] text VALUE any value',
    'A JSON object. ON NULL: NULL (the default) or ABSENT.',
  ),
  jsonAgg('$JSON_OBJECTAGG_ABSENT_ON_NULL', 'text and any value', 'A JSON object without what is NULL.'),
  {
    name: 'PERCENTILE',
    arity: [2, 3],
    takes: 'a number, a percentage (0 to 1, NOT NULL) or an ARRAY of them, and a whole number',
    result: percentileType,
    doc: 'What stands at a percentage among the values in their order, interpolated between two; for an ARRAY of percentages an array. The last argument says how often a value counts, once by default; rows where it is not above 0 are passed over. The percentage is that of the first row.',
  },
  ...bitmapAggs('BUILD', 'of the integers, taken as unsigned'),
  ...bitmapAggs('OR', 'of what is in any of the bitmaps'),
  ...bitmapAggs('AND', 'of what is in all of the bitmaps'),
  ...bitmapAggs('XOR', 'of what is in an odd number of the bitmaps'),
  ...(['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP'] as const).map(
    (name): AggregateFunction => ({
      name,
      ...(name === 'STDDEV_SAMP'
        ? { aliases: ['STDDEV'] }
        : name === 'VAR_SAMP'
          ? { aliases: ['VARIANCE'] }
          : {}),
      arity: [1, 1],
      takes: 'a number',
      result: numeric(averageType),
      doc: `${name.startsWith('STD') ? 'Standard deviation' : 'Variance'} of the ${name.endsWith('POP') ? 'population' : 'sample'}, in the type of the argument.`,
    }),
  ),
];

const byName = new Map<string, AggregateFunction>(
  aggregateFunctions.flatMap((f) => [f.name, ...(f.aliases ?? [])].map((n) => [n, f] as const)),
);

/** One more aggregate, of the program. */
export function addAggregate(f: AggregateFunction): void {
  byName.set(f.name, f);
}
/** What the arguments of a call are cast to; undefined where they stay as they are. */
export const declaredArguments = (fn: string): readonly LogicalType[] | undefined => byName.get(fn)?.args;
export const aggregateNames = (): Iterable<string> =>
  [...byName.keys()].filter((name) => !name.startsWith('USER$'));
export const isAggregate = (name: string): boolean => byName.has(name.toUpperCase());

/** Resolves an aggregate by name and argument types. Throws SQL3001, SQL3002, SQL3003. */
export function bindAggregate(
  name: string,
  args: readonly LogicalType[],
  at?: Span,
): { readonly fn: string; readonly type: LogicalType } {
  const f = byName.get(name.toUpperCase());
  if (f === undefined)
    throw new UserError('SQL3001', {
      at,
      message: `there is no aggregate function "${name}"`,
      hint: didYouMean(name, byName.keys()),
    });
  if (args.length < f.arity[0] || args.length > f.arity[1]) {
    throw new UserError('SQL3002', {
      at,
      message: `${f.title ?? f.name} takes ${f.arity[0] === f.arity[1] ? f.arity[0] : f.arity.join(' to ')} argument${f.arity[1] === 1 ? '' : 's'}, found ${args.length}`,
    });
  }
  const type = f.result(args);
  if (type === undefined)
    throw new UserError('SQL3003', {
      at,
      message: `${f.name} takes ${f.takes}, found ${args.map(typeText).join(', ')}`,
    });
  return { fn: f.name, type };
}
