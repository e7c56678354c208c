/* Plans, expressions and values that differ have digests that differ; equal ones have equal ones. */

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notNull, types, type LogicalType, type Value } from '#data';
import type { Expr } from '#expr';
import { digest } from '#plan';

const leaves = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -0,
  1,
  0.1,
  1e300,
  Number.NaN,
  Infinity,
  -Infinity,
  0n,
  1n,
  2n ** 63n - 1n,
  '',
  '0',
  '1n',
  'null',
  'NaN',
  'undefined',
  '[]',
  '"',
  '\ud800',
  '\\ud800',
);
const bytes = fc.uint8Array({ maxLength: 2 });
const fieldNames = fc.constantFrom('kind', 'value', 'ms', 'ns');
const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaves,
    bytes,
    fc.array(fc.oneof(tie('value'), fc.constant(undefined)), { maxLength: 3 }),
    fc.dictionary(fieldNames, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.dictionary(fieldNames, tie('value'), { maxKeys: 1 }).map((d) => new Map(Object.entries(d))),
  ),
})).value;

test('data that differs has another digest, and a copy the same', () => {
  fc.assert(
    fc.property(plain, plain, (a, b) => {
      expect(digest(structuredClone(a))).toBe(digest(a));
      expect(digest(a) === digest(b)).toBe(isDeepStrictEqual(a, b));
    }),
    { numRuns: 20_000 },
  );
});
test('one leaf that differs is enough', () => {
  const within = (leaf: unknown): Expr => ({
    kind: 'call',
    fn: 'ROW',
    flags: [],
    type: types.BOOLEAN,
    args: [{ kind: 'literal', type: types.DOUBLE, value: [leaf, { entries: [[leaf, leaf]] }] as never }],
  });
  fc.assert(
    fc.property(leaves, leaves, (a, b) => {
      expect(digest(within(a)) === digest(within(b))).toBe(Object.is(a, b));
    }),
    { numRuns: 2000 },
  );
});
test('the order of properties does not count, nor one that is undefined', () => {
  expect(digest({ a: 1, b: undefined, c: [2] })).toBe(digest({ c: [2], a: 1 }));
});

describe('expressions', () => {
  const literal = (value: Value, type: LogicalType): Expr => ({ kind: 'literal', type, value });
  const double = (value: number): Expr => literal(value, types.DOUBLE);
  const values: readonly Expr[] = [
    double(0),
    double(-0),
    double(Number.NaN),
    double(Infinity),
    double(-Infinity),
    literal(null, types.DOUBLE),
    literal(0, types.FLOAT),
    literal(0, notNull(types.DOUBLE)),
    literal(0n, types.BIGINT),
    literal('0', types.STRING),
    literal('0n', types.STRING),
    literal(new Uint8Array([0]), types.BYTES),
    literal({ ms: 0, ns: 0 }, types.timestamp(3)),
    literal({ ms: 0, ns: 0 }, types.timestamp(6)),
    literal({ ms: 0, ns: 1 }, types.timestamp(9)),
    literal({ entries: [['a', 1]] }, types.map(types.STRING, types.INT)),
    literal({ entries: [['a', null]] }, types.map(types.STRING, types.INT)),
  ];
  test('of every kind of value are told apart', () => {
    expect(new Set(values.map(digest)).size).toBe(values.length);
  });
  test('so are types, to their last parameter', () => {
    const row = (name: string, type: LogicalType): LogicalType => types.row([{ name, type }]);
    const all: readonly LogicalType[] = [
      types.char(1),
      types.varchar(1),
      types.varchar(2),
      notNull(types.varchar(2)),
      types.decimal(10, 2),
      types.decimal(10, 3),
      types.array(types.INT),
      types.array(notNull(types.INT)),
      types.multiset(types.INT),
      row('a', types.INT),
      row('b', types.INT),
      row('a', notNull(types.INT)),
      types.dayTime('DAY TO SECOND', 2, 6),
      types.dayTime('DAY TO SECOND', 2, 3),
    ];
    expect(new Set(all.map(digest)).size).toBe(all.length);
  });
});
