/* BITMAP: sets of unsigned integers of 32 bits. Their aggregates are in aggregate-calls.ts. */

import {
  bitmapMembers,
  bitmapOf,
  bitmapOfIntegers,
  bitmapOperations,
  bitmapSize,
  bitmapText,
  BitmapError,
  combineBitmaps,
  notNull,
  types,
  type LogicalType,
  type Value,
} from '#data';
import { bindCall } from '../bind/bind-call.ts';
import type { Expr } from '../expression.ts';
import { badArgument } from '../values/data-errors.ts';
import { define } from './define.ts';
import type { Example, FunctionEntry } from './entry.ts';
import { arrayOf, bytes as hex } from './examples.ts';
import { gives, parameters } from './parameters.ts';

const { bitmap, bytes, ints } = parameters;
const givesBitmap = notNull(types.BITMAP);

const of = (...values: number[]): Expr => bindCall('BITMAP_BUILD', [arrayOf(types.INT, ...values)]);
const asText = (call: Expr): Expr => bindCall('BITMAP_TO_STRING', [call]);
/** A call that gives a BITMAP, shown as text. */
const shown = (sql: string, call: () => Expr, result: string): Example => ({
  sql: `BITMAP_TO_STRING(${sql})`,
  call: () => asText(call()),
  result,
});

/** Bytes of any Roaring bitmap as the ones that the same set has here. */
function fromBytes(value: Uint8Array): Value {
  try {
    return bitmapOf(bitmapMembers(value));
  } catch (error) {
    if (!(error instanceof BitmapError)) throw error;
    return badArgument('BITMAP_FROM_BYTES', `the bytes are no bitmap: ${error.message}`);
  }
}

function operation(name: keyof typeof bitmapOperations, doc: string, result: string): FunctionEntry {
  const fn = `BITMAP_${name}`;
  const entry = define('bitmap', fn, {
    takes: [{ takes: [bitmap, bitmap], gives: givesBitmap }],
    body: () => (a: Uint8Array, b: Uint8Array) => combineBitmaps(a, b, bitmapOperations[name]),
    doc,
    samples: [],
  });
  const sql = `${fn}(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3]))`;
  return { ...entry, examples: [shown(sql, () => bindCall(fn, [of(1, 2), of(2, 3)]), result)] };
}

/** A function of one bitmap. `result`: of {1,4294967295}. */
function reading(
  name: string,
  type: LogicalType,
  body: (value: Uint8Array) => Value,
  doc: string,
  result: Value,
): FunctionEntry {
  const entry = define('bitmap', name, {
    takes: [{ takes: [bitmap], gives: type }],
    body: () => body,
    doc,
    samples: [],
  });
  const sql = `${name}(BITMAP_BUILD(ARRAY[1, -1]))`;
  return { ...entry, examples: [{ sql, call: () => bindCall(name, [of(1, -1)]), result }] };
}

export const bitmaps: readonly FunctionEntry[] = [
  {
    ...define('bitmap', 'BITMAP_BUILD', {
      takes: [{ takes: [ints], gives: givesBitmap }],
      body: () => (list: readonly (number | null)[]) => bitmapOfIntegers(list.filter((v) => v !== null)),
      doc: 'The set of the integers of an array, taken as unsigned: -1 is 4294967295. NULLs are passed over.',
      samples: [],
    }),
    examples: [shown('BITMAP_BUILD(ARRAY[3, -1, 3])', () => of(3, -1, 3), '{3,4294967295}')],
  },
  operation('AND', 'What is in both sets.', '{2}'),
  operation('OR', 'What is in either set.', '{1,2,3}'),
  operation('XOR', 'What is in one of the sets alone.', '{1,3}'),
  operation('ANDNOT', 'What is in the first set and not in the second.', '{1}'),
  reading(
    'BITMAP_CARDINALITY',
    gives.bigint,
    (value) => BigInt(bitmapSize(value)),
    'How many integers are in the set.',
    2n,
  ),
  reading(
    'BITMAP_TO_STRING',
    gives.string,
    bitmapText,
    'The integers of the set in their order, as text.',
    '{1,4294967295}',
  ),
  reading(
    'BITMAP_TO_ARRAY',
    notNull(types.array(types.INT)),
    (value) => Array.from(bitmapMembers(value), (member) => member | 0),
    'The integers of the set in the order of unsigned ones, as an array of INT: 4294967295 is -1.',
    [1, -1],
  ),
  reading(
    'BITMAP_TO_BYTES',
    gives.bytes,
    (value) => value,
    'The set in the portable format of Roaring bitmaps.',
    new Uint8Array(Buffer.from('3a300000020000000000' + '0000ffff0000' + '180000001a0000000100ffff', 'hex')),
  ),
  {
    ...define('bitmap', 'BITMAP_FROM_BYTES', {
      takes: [{ takes: [bytes], gives: givesBitmap }],
      body: () => fromBytes,
      doc: 'The set that is written in the portable format of Roaring bitmaps; an error where the bytes are none.',
      samples: [],
    }),
    examples: [
      shown(
        "BITMAP_FROM_BYTES(X'3A30000001000000000001001000000001000300')",
        () => bindCall('BITMAP_FROM_BYTES', [hex('3A30000001000000000001001000000001000300')]),
        '{1,3}',
      ),
    ],
  },
];
