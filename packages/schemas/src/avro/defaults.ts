/* Whether a default is a value of its field's type (Avro 1.12, "Complex Types", table of field default values). */

import { isArray, isObject, JsonNumber, sortOf, type Json } from '../json/value.ts';
import type { AvroType } from './model.ts';

const int = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const long = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

function wholeProblem(json: Json, { min, max }: typeof int): string | undefined {
  if (!(json instanceof JsonNumber) || !json.isInteger) return `${sortOf(json)} is no whole number`;
  const value = BigInt(json.text);
  return value < min || value > max ? `${json.text} is out of range` : undefined;
}
const isBytes = (json: Json): boolean => typeof json === 'string' && /^[\u0000-\u00ff]*$/.test(json);

/** What is wrong with a value, in words, or undefined. Of a union any branch will do (Avro 1.12). */
export function defaultProblem(json: Json, type: AvroType): string | undefined {
  const wrong = (expected: string): string => `found ${sortOf(json)}, expected ${expected}`;
  switch (type.kind) {
    case 'null':
      return json === null ? undefined : wrong('null');
    case 'boolean':
      return typeof json === 'boolean' ? undefined : wrong('true or false');
    case 'int':
      return wholeProblem(json, int);
    case 'long':
      return wholeProblem(json, long);
    case 'float':
    case 'double':
      return json instanceof JsonNumber ? undefined : wrong('a number');
    case 'string':
      return typeof json === 'string' ? undefined : wrong('a string');
    case 'bytes':
      return isBytes(json) ? undefined : wrong('a string of characters up to U+00FF');
    case 'fixed':
      return isBytes(json) && (json as string).length === type.size
        ? undefined
        : wrong(`a string of ${type.size} characters up to U+00FF`);
    case 'enum':
      return typeof json === 'string' && type.symbols.includes(json)
        ? undefined
        : wrong(`one of ${type.symbols.join(', ')}`);
    case 'array':
      if (!isArray(json)) return wrong('an array');
      return json.map((item) => defaultProblem(item, type.items)).find((p) => p !== undefined);
    case 'map':
      if (!isObject(json)) return wrong('an object');
      return [...json.values()].map((item) => defaultProblem(item, type.values)).find((p) => p !== undefined);
    case 'union':
      return type.branches.some((branch) => defaultProblem(json, branch) === undefined)
        ? undefined
        : wrong('a value of one of the branches of the union');
    case 'record': {
      if (!isObject(json)) return wrong('an object');
      for (const field of type.fields) {
        const value = json.get(field.name) ?? field.default;
        if (value === undefined) return `the field "${field.name}" is missing`;
        const problem = defaultProblem(value, field.type);
        if (problem !== undefined) return `${field.name}: ${problem}`;
      }
      return undefined;
    }
  }
}
