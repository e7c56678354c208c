/* Positions of sources as bytes: JSON, because a position is small, is looked at when something went wrong,
 * and has to be readable by later versions. */

import { BugError } from '#base';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `value` must be plain JSON data. */
export function encodePosition(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** What `encodePosition` was given. The caller checks its shape with `fits`. */
export function decodePosition<T>(bytes: Uint8Array, fits: (value: unknown) => value is T): T {
  const text = decoder.decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BugError(`a source's position is no JSON: ${text.slice(0, 80)}`, cause);
  }
  if (!fits(value)) throw new BugError(`a source's position has an unknown form: ${text.slice(0, 80)}`);
  return value;
}

/** Whether `value` is an object whose `keys` are numbers. */
export function hasNumbers<K extends string>(
  value: unknown,
  ...keys: readonly K[]
): value is Record<K, number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    keys.every((k) => typeof (value as Record<string, unknown>)[k] === 'number')
  );
}
