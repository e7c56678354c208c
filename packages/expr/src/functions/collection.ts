/* Rows, arrays and maps: making them, taking from them, and functions of arrays and maps. */

import {
  compareValues,
  isBinary,
  isInterval,
  isOrderable,
  isString,
  notNull,
  sameType,
  types,
  withNullable,
  type ArrayType,
  type LengthType,
  type LogicalType,
  type MapType,
  type MapValue,
  type Value,
} from '#data';
import { UserError } from '#base';
import type { Expr } from '../expression.ts';
import { commonType, computedInterval, mergedType } from '../types/common-type.ts';
import { canCastImplicitly } from '../types/cast-rules.ts';
import { valueKey } from '../values/value-key.ts';
import { define, samplesOf, type Sample } from './define.ts';
import type { Binding, FunctionEntry } from './entry.ts';
import { arrayOf, bool, int, mapOf, nullOf, str } from './examples.ts';
import { countsAs, intervalCount } from './interval-count.ts';
import { itemEntry } from './item.ts';
import { gives, implicitly, parameters, signatures, strictResult, type Parameter } from './parameters.ts';

const { array, map, int: anInt, string } = parameters;

function fail(fn: string, message: string): never {
  throw new UserError('DATA3007', { message: `${fn}: ${message}` });
}

type List = readonly Value[];
const elementOf = (type: LogicalType): LogicalType => (type as ArrayType).element;
const same = (a: Value, b: Value): boolean => compareValues(a, b) === 0;

function distinct(list: List): Value[] {
  const seen = new Map<unknown, Value>();
  for (const value of list) {
    const key = valueKey(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

/** Entries by key, the last value of a key, at the place of its first. */
function mapFrom(entries: Iterable<readonly [Value, Value]>): MapValue {
  const byKey = new Map<unknown, readonly [Value, Value]>();
  for (const [key, value] of entries) byKey.set(valueKey(key), [byKey.get(valueKey(key))?.[0] ?? key, value]);
  return { entries: [...byKey.values()] };
}

type Parts = Omit<FunctionEntry, 'name' | 'family' | 'examples'>;
const entry = (name: string, parts: Parts, samples: readonly Sample[]): FunctionEntry => ({
  name,
  family: 'collection',
  ...parts,
  examples: samplesOf(name, samples),
});

// ── Constructors and access ──

const rowEntry = entry(
  'ROW',
  {
    takes: ['ROW(value, …)'],
    count: { min: 1, max: Infinity },
    bind: (args) => ({
      args,
      type: notNull(
        types.row(
          args.map((a, i) => ({
            name: `EXPR$${i}`,
            type: isInterval(a.type) ? computedInterval(a.type) : a.type,
          })),
        ),
      ),
    }),
    strict: false,
    body:
      () =>
      (...values: Value[]) =>
        values,
    doc: 'A row of the values.',
  },
  [["ROW(1, 'a')", [int(1), str('a')], [1, 'a']]],
);

const arrayEntry = entry(
  'ARRAY',
  {
    takes: ['ARRAY[value, …]'],
    count: { min: 1, max: Infinity },
    bind(args) {
      const element = commonType(args.map((a) => a.type));
      return (
        element && { args: args.map((a) => implicitly(a, element)), type: notNull(types.array(element)) }
      );
    },
    strict: false,
    body:
      () =>
      (...values: Value[]) =>
        values,
    doc: 'An array of the values, brought to one type.',
  },
  [
    [
      'ARRAY[1, 2.5]',
      [int(1), { kind: 'literal', value: 25n, type: notNull(types.decimal(2, 1)) }],
      [10n, 25n],
    ],
  ],
);

const mapEntry = entry(
  'MAP',
  {
    takes: ['MAP[key, value, …]'],
    count: { min: 2, max: Infinity },
    bind(args) {
      if (args.length % 2 !== 0) return undefined;
      const key = commonType(args.filter((_, i) => i % 2 === 0).map((a) => a.type));
      const value = commonType(args.filter((_, i) => i % 2 === 1).map((a) => a.type));
      if (key === undefined || value === undefined) return undefined;
      return {
        args: args.map((a, i) => implicitly(a, i % 2 === 0 ? key : value)),
        type: notNull(types.map(key, value)),
      };
    },
    strict: false,
    body:
      () =>
      (...values: Value[]) => ({
        entries: values.flatMap((v, i) => (i % 2 === 0 ? [[v, values[i + 1]!] as const] : [])),
      }),
    doc: 'A map of keys and values in turn.',
  },
  [
    [
      "MAP['a', 1, 'b', 2]",
      [str('a'), int(1), str('b'), int(2)],
      {
        entries: [
          ['a', 1],
          ['b', 2],
        ],
      },
    ],
  ],
);

const access: readonly FunctionEntry[] = [
  rowEntry,
  arrayEntry,
  mapEntry,
  itemEntry,
  define('collection', 'CARDINALITY', {
    takes: [
      { takes: [array], gives: gives.int },
      { takes: [map], gives: gives.int },
    ],
    body: () => (value: List | MapValue) =>
      'entries' in value && !Array.isArray(value)
        ? (value as MapValue).entries.length
        : (value as List).length,
    doc: 'How many elements or entries there are.',
    samples: [['CARDINALITY(ARRAY[1, 2])', [arrayOf(types.INT, 1, 2)], 2]],
  }),
  define('collection', 'ELEMENT', {
    takes: [{ takes: [array], gives: ([type]) => elementOf(type!) }],
    body: () => (list: List) =>
      list.length > 1 ? fail('ELEMENT', `the array has ${list.length} elements`) : (list[0] ?? null),
    doc: 'The only element of an array; NULL of an empty one, an error of a longer one.',
    samples: [['ELEMENT(ARRAY[5])', [arrayOf(types.INT, 5)], 5]],
  }),
];

// ── Arrays ──

/** (array, element): the element must be of the array's type; the result is the array's with room for it. */
function bindElement(
  args: readonly Expr[],
  type: (list: ArrayType, element: Expr) => LogicalType,
): Binding | undefined {
  const [list, element] = args as [Expr, Expr];
  if (list.type.kind !== 'ARRAY') return undefined;
  const asked = list.type.element;
  const isCounted = countsAs(element.type, asked);
  if (!isCounted && !canCastImplicitly(element.type, asked)) return undefined;
  const nullable = element.type.nullable || asked.nullable;
  const cast = isCounted ? intervalCount(element, asked) : implicitly(element, withNullable(asked, nullable));
  // What is cast may be NULL where elements may.
  const given = isTakenAsItIs(element.type, asked)
    ? cast
    : { ...cast, type: withNullable(cast.type, nullable) };
  return { args: [list, given], type: type(list.type, given) };
}

/** Types that Flink takes one for the other without a cast. */
function isTakenAsItIs(from: LogicalType, to: LogicalType): boolean {
  if (sameType(from, to, false)) return true;
  const isLonger = (to.kind === 'VARCHAR' && isString(from)) || (to.kind === 'VARBINARY' && isBinary(from));
  return isLonger && (from as LengthType).length <= to.length;
}

const widened = (list: ArrayType, element: Expr): LogicalType => ({
  ...list,
  element: withNullable(list.element, list.element.nullable || element.type.nullable),
  nullable: list.nullable || element.type.nullable,
});

function withElement(
  name: string,
  body: (list: List, element: Value) => Value,
  gives: typeof widened,
  doc: string,
  samples: readonly Sample[],
  strict = false,
): FunctionEntry {
  return entry(
    name,
    {
      takes: [`${name}(ARRAY, element)`],
      count: { min: 2, max: 2 },
      bind: (args) => bindElement(args, gives),
      strict,
      body: () => (list: List | null, element: Value) => (list === null ? null : body(list, element)),
      doc,
    },
    samples,
  );
}

/** Arrays of one type, brought together. */
function ofArrays(
  name: string,
  max: number,
  body: (...lists: List[]) => Value,
  doc: string,
  samples: readonly Sample[],
): FunctionEntry {
  return entry(
    name,
    {
      takes: [`${name}(ARRAY, ${max === 2 ? 'ARRAY' : '…'})`],
      count: { min: max === 2 ? 2 : 1, max },
      bind(args) {
        if (!args.every((a) => a.type.kind === 'ARRAY')) return undefined;
        const type = mergedType(args.map((a) => a.type));
        return (
          type && { args: args.map((a) => implicitly(a, type)), type: strictResult(notNull(type), args) }
        );
      },
      body: () => body,
      doc,
    },
    samples,
  );
}

const keysOf = (list: List): Set<unknown> => new Set(list.map(valueKey));

function slice(list: List, start: number, end = list.length): Value {
  const from = Math.max(1, start < 0 ? start + list.length + 1 : start);
  const last = end < 0 ? end + list.length + 1 : end;
  // The place 0, from either end, is that of the first element.
  const to = Math.min(list.length, last === 0 ? 1 : last);
  return list.slice(from - 1, Math.max(from - 1, to));
}

function sort(list: List, ascending = true, nullsFirst = ascending): Value {
  const values = list.filter((v) => v !== null).sort(compareValues);
  if (!ascending) values.reverse();
  const nulls = list.filter((v) => v === null);
  return nullsFirst ? [...nulls, ...values] : [...values, ...nulls];
}

function join(list: List, delimiter: string, nullText?: string): Value {
  return list
    .flatMap((v) => (v === null ? (nullText === undefined ? [] : [nullText]) : [v as string]))
    .join(delimiter);
}

function best(list: List, wanted: (order: number) => boolean): Value {
  return list.reduce(
    (found, v) => (v !== null && (found === null || wanted(compareValues(v, found))) ? v : found),
    null,
  );
}

/** An ARRAY whose elements have an order. */
const orderedArray: Parameter = {
  text: array.text,
  accept: (type) => (type.kind === 'ARRAY' && !isOrderable(type.element) ? undefined : array.accept(type)),
};
const nullableElement = ([type]: readonly LogicalType[]): LogicalType => withNullable(elementOf(type!), true);
const one = arrayOf(types.INT, 1, 2);

const arrays: readonly FunctionEntry[] = [
  withElement('ARRAY_APPEND', (list, e) => [...list, e], widened, 'The array with an element at its end.', [
    ['ARRAY_APPEND(ARRAY[1, 2], 3)', [one, int(3)], [1, 2, 3]],
  ]),
  withElement(
    'ARRAY_PREPEND',
    (list, e) => [e, ...list],
    widened,
    'The array with an element at its start.',
    [['ARRAY_PREPEND(ARRAY[1, 2], 0)', [one, int(0)], [0, 1, 2]]],
  ),
  withElement(
    'ARRAY_REMOVE',
    (list, e) => list.filter((v) => !same(v, e)),
    (list) => list,
    'The array without the elements equal to one.',
    [['ARRAY_REMOVE(ARRAY[1, 2, 1], 1)', [arrayOf(types.INT, 1, 2, 1), int(1)], [2]]],
  ),
  withElement(
    'ARRAY_CONTAINS',
    (list, e) => list.some((v) => same(v, e)),
    (list) => withNullable(types.BOOLEAN, list.nullable),
    'Whether an element is in the array; NULL can be one.',
    [
      ['ARRAY_CONTAINS(ARRAY[1, 2], 2)', [one, int(2)], true],
      ['ARRAY_CONTAINS(ARRAY[1, NULL], NULL)', [arrayOf(types.INT, 1, null), nullOf(types.NULL)], true],
    ],
  ),
  withElement(
    'ARRAY_POSITION',
    (list, e) => list.findIndex((v) => v !== null && same(v, e)) + 1,
    (list, e) => withNullable(types.INT, list.nullable || e.type.nullable),
    'The place of an element, from 1; 0 where it is not.',
    [['ARRAY_POSITION(ARRAY[1, 3, 2], 3)', [arrayOf(types.INT, 1, 3, 2), int(3)], 2]],
    true,
  ),
  ofArrays('ARRAY_CONCAT', Infinity, (...lists) => lists.flat(), 'The arrays one after the other.', [
    ['ARRAY_CONCAT(ARRAY[1], ARRAY[2, 3])', [arrayOf(types.INT, 1), arrayOf(types.INT, 2, 3)], [1, 2, 3]],
  ]),
  ofArrays('ARRAY_UNION', 2, (a, b) => distinct([...a, ...b]), 'The elements of either array, each once.', [
    [
      'ARRAY_UNION(ARRAY[1, 2, 2], ARRAY[2, 3])',
      [arrayOf(types.INT, 1, 2, 2), arrayOf(types.INT, 2, 3)],
      [1, 2, 3],
    ],
  ]),
  ofArrays(
    'ARRAY_INTERSECT',
    2,
    (a, b) => distinct(a).filter((v) => keysOf(b).has(valueKey(v))),
    'The elements of both arrays, each once.',
    [
      [
        'ARRAY_INTERSECT(ARRAY[1, 1, 2], ARRAY[1, 3])',
        [arrayOf(types.INT, 1, 1, 2), arrayOf(types.INT, 1, 3)],
        [1],
      ],
    ],
  ),
  ofArrays(
    'ARRAY_EXCEPT',
    2,
    (a, b) => distinct(a).filter((v) => !keysOf(b).has(valueKey(v))),
    'The elements of the first array that are not in the second, each once.',
    [
      [
        'ARRAY_EXCEPT(ARRAY[1, 2, 2, 3], ARRAY[3])',
        [arrayOf(types.INT, 1, 2, 2, 3), arrayOf(types.INT, 3)],
        [1, 2],
      ],
    ],
  ),
  define('collection', 'ARRAY_DISTINCT', {
    takes: [{ takes: [array], gives: gives.first }],
    body: () => distinct,
    doc: 'Each element once, at its first place.',
    samples: [['ARRAY_DISTINCT(ARRAY[1, 2, 1])', [arrayOf(types.INT, 1, 2, 1)], [1, 2]]],
  }),
  define('collection', 'ARRAY_REVERSE', {
    takes: [{ takes: [array], gives: gives.first }],
    body: () => (list: List) => list.toReversed(),
    doc: 'The elements in reverse.',
    samples: [['ARRAY_REVERSE(ARRAY[1, 2])', [one], [2, 1]]],
  }),
  define('collection', 'ARRAY_SORT', {
    takes: [
      { takes: [orderedArray, parameters.boolean, parameters.boolean], optional: 2, gives: gives.first },
    ],
    body: () => sort,
    doc: 'The elements in order: ascending or not, NULLs first or not (first when ascending, if not said).',
    samples: [
      ['ARRAY_SORT(ARRAY[3, NULL, 1])', [arrayOf(types.INT, 3, null, 1)], [null, 1, 3]],
      ['ARRAY_SORT(ARRAY[3, 1], FALSE)', [arrayOf(types.INT, 3, 1), bool(false)], [3, 1]],
    ],
  }),
  define('collection', 'ARRAY_SLICE', {
    takes: [{ takes: [array, anInt, anInt], optional: 1, gives: gives.first }],
    body: () => slice,
    doc: 'The elements from one place to another, from 1, both included; below 0 from the end.',
    samples: [
      ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)', [arrayOf(types.INT, 1, 2, 3, 4), int(2), int(3)], [2, 3]],
      ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], -2)', [arrayOf(types.INT, 1, 2, 3, 4), int(-2)], [3, 4]],
    ],
  }),
  {
    ...define('collection', 'ARRAY_JOIN', {
      takes: [{ takes: [array, string, string], optional: 1, gives: gives.string }],
      body: () => join,
      doc: 'The texts of an array with a delimiter between them; NULLs are left out or replaced.',
      samples: [["ARRAY_JOIN(ARRAY['a', 'b'], ',')", [arrayOf(types.char(1), 'a', 'b'), str(',')], 'a,b']],
    }),
    bind(args, options) {
      const texts = args[0]!.type.kind === 'ARRAY' && isString(elementOf(args[0]!.type));
      return texts
        ? signatures('ARRAY_JOIN', { takes: [array, string, string], optional: 1, gives: gives.string }).bind(
            args,
            options,
          )
        : undefined;
    },
  },
  define('collection', 'ARRAY_MAX', {
    takes: [{ takes: [orderedArray], gives: nullableElement }],
    body: () => (list: List) => best(list, (order) => order > 0),
    doc: 'The greatest element; NULL of an empty array.',
    samples: [['ARRAY_MAX(ARRAY[1, 3, 2])', [arrayOf(types.INT, 1, 3, 2)], 3]],
  }),
  define('collection', 'ARRAY_MIN', {
    takes: [{ takes: [orderedArray], gives: nullableElement }],
    body: () => (list: List) => best(list, (order) => order < 0),
    doc: 'The least element; NULL of an empty array.',
    samples: [['ARRAY_MIN(ARRAY[3, 1, 2])', [arrayOf(types.INT, 3, 1, 2)], 1]],
  }),
];

// ── Maps ──

const ab = mapOf(types.char(1), types.INT, ['a', 1], ['b', 2]);
const mapOfType = (type: LogicalType): MapType => type as MapType;

const maps: readonly FunctionEntry[] = [
  define('collection', 'MAP_KEYS', {
    takes: [{ takes: [map], gives: ([type]) => notNull(types.array(mapOfType(type!).key)) }],
    body: () => (value: MapValue) => value.entries.map(([k]) => k),
    doc: 'The keys of a map as an array.',
    samples: [["MAP_KEYS(MAP['a', 1, 'b', 2])", [ab], ['a', 'b']]],
  }),
  define('collection', 'MAP_VALUES', {
    takes: [{ takes: [map], gives: ([type]) => notNull(types.array(mapOfType(type!).value)) }],
    body: () => (value: MapValue) => value.entries.map(([, v]) => v),
    doc: 'The values of a map as an array.',
    samples: [["MAP_VALUES(MAP['a', 1, 'b', 2])", [ab], [1, 2]]],
  }),
  define('collection', 'MAP_ENTRIES', {
    takes: [
      {
        takes: [map],
        gives: ([type]) =>
          notNull(
            types.array(
              types.row([
                { name: 'key', type: mapOfType(type!).key },
                { name: 'value', type: mapOfType(type!).value },
              ]),
            ),
          ),
      },
    ],
    body: () => (value: MapValue) => value.entries.map(([k, v]) => [k, v]),
    doc: 'The entries of a map as an array of rows.',
    samples: [
      [
        "MAP_ENTRIES(MAP['a', 1, 'b', 2])",
        [ab],
        [
          ['a', 1],
          ['b', 2],
        ],
      ],
    ],
  }),
  define('collection', 'MAP_FROM_ARRAYS', {
    takes: [{ takes: [array, array], gives: ([k, v]) => notNull(types.map(elementOf(k!), elementOf(v!))) }],
    body: () => (keys: List, values: List) =>
      keys.length === values.length
        ? { entries: keys.map((k, i) => [k, values[i]!] as const) }
        : fail('MAP_FROM_ARRAYS', `${keys.length} keys but ${values.length} values`),
    doc: 'A map of an array of keys and an array of values.',
    samples: [
      [
        "MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2])",
        [arrayOf(types.char(1), 'a', 'b'), one],
        {
          entries: [
            ['a', 1],
            ['b', 2],
          ],
        },
      ],
    ],
  }),
  entry(
    'MAP_UNION',
    {
      takes: ['MAP_UNION(MAP, …)'],
      count: { min: 1, max: Infinity },
      bind(args) {
        if (!args.every((a) => a.type.kind === 'MAP')) return undefined;
        const type = mergedType(args.map((a) => a.type));
        return (
          type && { args: args.map((a) => implicitly(a, type)), type: strictResult(notNull(type), args) }
        );
      },
      body:
        () =>
        (...all: MapValue[]) =>
          mapFrom(all.flatMap((m) => m.entries)),
      doc: 'The entries of all maps; of a key that several have, the last value.',
    },
    [
      [
        "MAP_UNION(MAP['a', 1, 'b', 2], MAP['a', 3])",
        [ab, mapOf(types.char(1), types.INT, ['a', 3])],
        {
          entries: [
            ['a', 3],
            ['b', 2],
          ],
        },
      ],
    ],
  ),
];

export const collections: readonly FunctionEntry[] = [...access, ...arrays, ...maps];
