/* Writes JSON without spaces, as Confluent's registry stores it: texts as they are but for what must be escaped. */

import { quoteJson } from '#base';
import { isArray, JsonNumber, type Json } from './value.ts';

export const printString = (text: string): string => quoteJson(text, false);

export function printJson(json: Json): string {
  if (typeof json === 'string') return printString(json);
  if (json instanceof JsonNumber) return json.text;
  if (json === null || typeof json === 'boolean') return String(json);
  if (isArray(json)) return `[${json.map(printJson).join(',')}]`;
  return `{${[...json].map(([name, value]) => `${printString(name)}:${printJson(value)}`).join(',')}}`;
}

/** With members in the order of their names, everywhere: equal values have equal texts. */
export function printSorted(json: Json): string {
  if (isArray(json)) return `[${json.map(printSorted).join(',')}]`;
  if (!(json instanceof Map)) return printJson(json);
  const members = [...(json as ReadonlyMap<string, Json>)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, value]) => `${printString(name)}:${printSorted(value)}`).join(',')}}`;
}

/** For people: a member a line. */
export function printPretty(json: Json, indent = ''): string {
  const inner = `${indent}  `;
  if (isArray(json)) {
    if (json.length === 0) return '[]';
    const flat = printJson(json);
    if (flat.length + indent.length < 80 && !flat.includes('{')) return `[${json.map(printJson).join(', ')}]`;
    return `[\n${json.map((item) => `${inner}${printPretty(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  if (!(json instanceof Map)) return printJson(json);
  const members = [...(json as ReadonlyMap<string, Json>)];
  if (members.length === 0) return '{}';
  const lines = members.map(([name, value]) => `${inner}${printString(name)}: ${printPretty(value, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
