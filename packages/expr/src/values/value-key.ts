/* A key under which equal values of one type meet in a Map or Set. */

import type { Instant, MapValue, Value } from '#data';

/** Primitives stand for themselves (-0 as 0); the rest becomes text. */
export function valueKey(value: Value): unknown {
  if (typeof value === 'number') return value === 0 ? 0 : value;
  return value === null || typeof value !== 'object' ? value : objectKey(value);
}

function objectKey(value: Exclude<Value, null | boolean | number | bigint | string>): string {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(part).join(',')}]`;
  if ('ms' in value) return `${(value as Instant).ms}.${(value as Instant).ns}`;
  const entries = (value as MapValue).entries.map(([k, v]) => `${part(k)}:${part(v)}`);
  return `{${entries.sort().join(',')}}`;
}

/** Text of a nested value: a string cannot be mistaken for another. */
const part = (value: Value): string => {
  const key = valueKey(value);
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
};
