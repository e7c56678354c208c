/* collection[index]: an element of an array or VARIANT, the value of a key of a map or VARIANT. */

import { UserError } from '#base';
import {
  compareValues,
  isInteger,
  isString,
  types,
  variantElement,
  variantKind,
  variantMember,
  withNullable,
  type MapValue,
  type Value,
} from '#data';
import { bindCall } from '../bind/bind-call.ts';
import { literal } from '../bind/literal.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { canCastImplicitly } from '../types/cast-rules.ts';
import { jsonOfVariant } from '../values/variant-json.ts';
import type { Binding, Body, FunctionEntry } from './entry.ts';
import { arrayOf, int, mapOf, str } from './examples.ts';
import { implicitly, parameters } from './parameters.ts';

function bindItem([collection, index]: readonly Expr[]): Binding | undefined {
  const { type } = collection!;
  if (type.kind === 'ARRAY') {
    const indexType = parameters.int.accept(index!.type);
    if (indexType === undefined) return undefined;
    if (index!.kind === 'literal' && typeof index!.value === 'number' && index!.value < 1) {
      throw new UserError('SQL3003', { message: `an array is indexed from 1, not ${index!.value}` });
    }
    return { args: [collection!, implicitly(index!, indexType)], type: withNullable(type.element, true) };
  }
  if (type.kind === 'VARIANT') {
    const isKey = isString(index!.type) || isInteger(index!.type);
    // Known to be NULL whatever the VARIANT is, so that what cannot be taken apart is not.
    if (isKey && index!.kind === 'literal' && index!.value === null)
      return { expr: literal(null, types.VARIANT) };
    return isKey ? { args: [collection!, index!], type: types.VARIANT } : undefined;
  }
  if (type.kind !== 'MAP') return undefined;
  const comparesAsIs =
    (isString(index!.type) && isString(type.key)) || (isInteger(index!.type) && isInteger(type.key));
  if (!comparesAsIs && !canCastImplicitly(index!.type, type.key)) return undefined;
  const key = comparesAsIs ? index! : implicitly(index!, type.key);
  return { args: [collection!, key], type: withNullable(type.value, true) };
}

/** The value of a key; integers of different widths may meet. */
function valueOfKey(byInteger: boolean): (map: MapValue, key: Value) => Value {
  const plain = (v: Value): Value => (byInteger && typeof v === 'bigint' ? Number(v) : v);
  return ({ entries }, key) =>
    entries.find(([k]) => k !== null && compareValues(plain(k), plain(key)) === 0)?.[1] ?? null;
}

/** The element or member of a VARIANT, which must be an array or object. */
function partOf(value: Uint8Array, key: string | number | bigint): Value {
  const kind = variantKind(value);
  if (typeof key === 'string') {
    if (kind === 'object') return variantMember(value, key) ?? null;
    return notWithin(value, `'${key}'`, 'an object');
  }
  // A BIGINT by its low bits, as Flink narrows it.
  const index = typeof key === 'bigint' ? Number(BigInt.asIntN(32, key)) : key;
  if (kind === 'array') return variantElement(value, index) ?? null;
  return notWithin(value, String(key), 'an array');
}
function notWithin(value: Uint8Array, key: string, asked: string): never {
  const text = jsonOfVariant(value);
  throw new UserError('DATA3006', {
    message: `[${key}] asks for ${asked}, and the VARIANT is ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`,
  });
}

function bodyOf(call: CallExpr): Body {
  const { kind } = call.args[0]!.type;
  if (kind === 'VARIANT') return partOf;
  if (kind === 'ARRAY') return (list: readonly Value[], index: number) => list[index - 1] ?? null;
  return valueOfKey(isInteger(call.args[1]!.type));
}

export const itemEntry: FunctionEntry = {
  name: 'ITEM',
  family: 'collection',
  takes: ['array[index]', 'map[key]', 'VARIANT[index]', 'VARIANT[key]'],
  count: { min: 2, max: 2 },
  bind: bindItem,
  body: bodyOf,
  doc: 'An element of an array, from 1, or the value of a key; NULL where there is none. Of a VARIANT it is a VARIANT, and an error where that is no array, or no object.',
  examples: [
    {
      sql: "ARRAY['a', 'b'][2]",
      call: () => bindCall('ITEM', [arrayOf(types.char(1), 'a', 'b'), int(2)]),
      result: 'b',
    },
    {
      sql: "MAP['a', 1]['a']",
      call: () => bindCall('ITEM', [mapOf(types.char(1), types.INT, ['a', 1]), str('a')]),
      result: 1,
    },
    {
      sql: "JSON_STRING(PARSE_JSON('{\"a\":[10,20]}')['a'][2])",
      call: () =>
        bindCall('JSON_STRING', [
          bindCall('ITEM', [
            bindCall('ITEM', [bindCall('PARSE_JSON', [str('{"a":[10,20]}')]), str('a')]),
            int(2),
          ]),
        ]),
      result: '20',
    },
  ],
};
