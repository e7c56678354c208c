/* Types, values of them that are hard to keep, and a text by which equal values are known: what the oracles compare. */

import fc from 'fast-check';
import {
  bitmapOfIntegers,
  columnBuilder,
  type Column,
  instant,
  types,
  VariantObject,
  writeVariant,
  type Instant,
  type LogicalType,
  type MapValue,
  type Value,
} from '#data';

const wideBigint = fc.oneof(
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(
    9007199254740991n,
    -9007199254740991n,
    9007199254740992n,
    -9007199254740992n,
    9223372036854775807n,
    -9223372036854775808n,
  ),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);
const decimal = fc.oneof(
  wideBigint,
  fc.constantFrom(10n ** 38n - 1n, 1n - 10n ** 38n, 1n << 64n, -(1n << 64n), 1n << 63n, -(1n << 63n) - 1n),
);
const double = fc.oneof(fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 5e-324, 1.5), fc.double());
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'ä', '\u{1f600}', '\ufeffx', 'x'.repeat(3000)),
  fc.string({ maxLength: 8 }),
);
const time = fc
  .tuple(
    fc.constantFrom(0, 1, -1, 1700000000123, 253402300799999, -62135596800000),
    fc.constantFrom(0, 1, 999999),
  )
  .map(([ms, ns]) => instant(ms, ns));

export interface Kept {
  readonly name: string;
  readonly type: LogicalType;
  readonly values: fc.Arbitrary<Value>;
}
const kept = (name: string, type: LogicalType, values: fc.Arbitrary<Exclude<Value, null>>): Kept => ({
  name,
  type,
  values: fc.option(values, { freq: 5 }),
});
const pair = types.row([
  { name: 'a', type: types.BIGINT },
  { name: 'b', type: types.STRING },
]);

/** One for each layout, and for both forms of the exact ones. */
export const keptTypes: readonly Kept[] = [
  kept('BOOLEAN', types.BOOLEAN, fc.boolean()),
  kept('INT', types.INT, fc.constantFrom(0, 1, -1, 2147483647, -2147483648)),
  kept('DOUBLE', types.DOUBLE, double),
  kept('BIGINT', types.BIGINT, wideBigint),
  kept('DECIMAL', types.decimal(38, 2), decimal),
  kept('TIMESTAMP(9)', types.timestamp(9), time),
  kept('STRING', types.STRING, text),
  kept(
    'BYTES',
    types.BYTES,
    fc.uint8Array({ maxLength: 40 }).map((b) => new Uint8Array(b)),
  ),
  kept(
    'VARIANT',
    types.VARIANT,
    fc
      .array(fc.tuple(fc.constantFrom('', 'a', 'ä'), fc.oneof(wideBigint, text)), { maxLength: 3 })
      .map((members) => writeVariant(new VariantObject(members), true)),
  ),
  kept('BITMAP', types.BITMAP, fc.array(fc.integer(), { maxLength: 5 }).map(bitmapOfIntegers)),
  kept(
    'STRUCTURED',
    types.structured('com.example.Kept', [{ name: 'v', type: types.VARIANT }]),
    fc.tuple(fc.option(text.map((t) => writeVariant(t, false)))) as fc.Arbitrary<readonly Value[]>,
  ),
  kept('ROW', pair, fc.tuple(fc.option(wideBigint), fc.option(text)) as fc.Arbitrary<readonly Value[]>),
  kept(
    'ROW of DOUBLE',
    types.row([{ name: 'x', type: types.DOUBLE }]),
    fc.tuple(fc.constantFrom(0, -0, Number.NaN)),
  ),
  kept('ARRAY', types.array(types.STRING), fc.array(fc.option(text), { maxLength: 3 })),
  kept(
    'MAP',
    types.map(types.STRING, types.DOUBLE),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('', 'a', 'b', 'c'), fc.option(double)), {
        maxLength: 3,
        selector: ([k]) => k,
      })
      .map((entries) => ({ entries })),
  ),
];

/** Equal texts, equal values: NaN is one value, -0 and 0 are two, entries of a MAP have no order. */
export function textOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Object.is(value, -0) ? 'f-0' : `f${value}`;
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if ('ms' in (value as object)) return `t${(value as Instant).ms}.${(value as Instant).ns}`;
  return `{${(value as MapValue).entries
    .map(([k, v]) => `${textOf(k)}:${textOf(v)}`)
    .sort()
    .join(',')}}`;
}

/** A column with `value` in its last row. The rows in front decide its form: a wide one, nanoseconds, validity. */
export function columnWith(
  type: LogicalType,
  value: Value,
  front: readonly Value[] = [],
): { readonly column: Column; readonly row: number } {
  const builder = columnBuilder(type);
  for (const v of front) builder.append(v);
  builder.append(value);
  return { column: builder.build(), row: front.length };
}
