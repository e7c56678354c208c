/* A value as a key of a JavaScript Map: equal values, equal keys, within one type. */

import type { MapValue, Value } from '#data';

export function valueKey(value: Value): string | number | bigint {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : value;
    case 'bigint':
    case 'string':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      return JSON.stringify(plain(value));
  }
}

function plain(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number')
    return ['n', Object.is(value, -0) ? '-0' : String(value)];
  if (value instanceof Uint8Array) return ['b', Buffer.from(value).toString('base64')];
  if (Array.isArray(value)) return value.map(plain);
  if ('ms' in (value as object)) return value;
  return (value as MapValue).entries.map(([k, v]) => [JSON.stringify(plain(k)), plain(v)]).sort();
}
