/* A checked JSON value printed anew without white space, as Jackson prints a tree: what a STRING column
 * gets for an object or an array. A field that occurs twice stands once, at its first place with its last
 * value. */

import { quoteJson } from '#base';
import { decimalToScientific, doubleToText, parseDecimal } from '../text/numbers.ts';
import { JsonCursor } from './cursor.ts';

/** `exactFloats`: numbers with a fraction or an exponent keep their decimal value, else they pass through
 *  a double. */
export function canonicalText(data: Uint8Array, start: number, end: number, exactFloats: boolean): string {
  const cursor = new JsonCursor();
  cursor.reset(data, start, end);
  return print(cursor, exactFloats);
}

function print(c: JsonCursor, exactFloats: boolean): string {
  const next = c.peek();
  if (next === 123) {
    const members = new Map<string, string>();
    c.enter();
    for (let first = true; c.nextKey(first); first = false) {
      const key = c.text();
      members.set(key, print(c, exactFloats));
    }
    return `{${[...members].map(([key, value]) => `${quoteJson(key, false)}:${value}`).join(',')}}`;
  }
  if (next === 91) {
    const elements: string[] = [];
    c.enter();
    for (let first = true; c.nextElement(first); first = false) elements.push(print(c, exactFloats));
    return `[${elements.join(',')}]`;
  }
  c.value();
  const text = c.text();
  if (c.kind === 'string') return quoteJson(text, false);
  if (c.kind === 'integer') return text === '-0' ? '0' : text;
  if (c.kind !== 'float') return text;
  const decimal = exactFloats ? parseDecimal(text) : undefined;
  return decimal === undefined
    ? doubleToText(Number(text))
    : decimalToScientific(decimal.unscaled, decimal.scale);
}
