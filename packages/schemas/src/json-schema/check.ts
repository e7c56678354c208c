/* Whether JSON is a JSON Schema (drafts 4 to 2020-12): what each keyword holds. Unknown keywords are annotations. */

import { didYouMean, UserError } from '#base';
import { isArray, isObject, JsonNumber, sortOf, type Json, type JsonObject } from '../json/value.ts';

export const jsonTypes = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'] as const;
export type JsonType = (typeof jsonTypes)[number];
const isType = (json: Json): boolean => (jsonTypes as readonly Json[]).includes(json);

/** Calls `visit` with every schema that a value of a keyword holds, and the path to it. */
type Visit = (json: Json, path: string) => void;
type Check = (value: Json, path: string, visit: Visit) => void;

const failure = (path: string, message: string, hint?: string): UserError =>
  new UserError('SCH1004', { message: `not a JSON Schema: at ${path}: ${message}`, hint });
const expected = (value: Json, path: string, what: string): never => {
  throw failure(path, `found ${sortOf(value)}, expected ${what}`);
};

const schema: Check = (value, path, visit) => visit(value, path);
const schemas: Check = (value, path, visit) => {
  if (!isArray(value) || value.length === 0) return expected(value, path, 'an array of schemas');
  for (const [i, item] of value.entries()) visit(item, `${path}/${i}`);
};
const schemaMap: Check = (value, path, visit) => {
  if (!isObject(value)) return expected(value, path, 'an object of schemas');
  for (const [name, item] of value) visit(item, `${path}/${name}`);
};
const schemaOrSchemas: Check = (value, path, visit) => {
  if (isArray(value)) for (const [i, item] of value.entries()) visit(item, `${path}/${i}`);
  else visit(value, path);
};
const text: Check = (value, path) => {
  if (typeof value !== 'string') expected(value, path, 'a string');
};
const names: Check = (value, path) => {
  if (!isArray(value) || !value.every((item) => typeof item === 'string'))
    expected(value, path, 'an array of strings');
};
const count: Check = (value, path) => {
  if (!(value instanceof JsonNumber) || !Number.isInteger(value.value) || value.value < 0)
    expected(value, path, 'a whole number, 0 or more');
};
const number: Check = (value, path) => {
  if (!(value instanceof JsonNumber)) expected(value, path, 'a number');
};
/** In draft 4 they say whether maximum and minimum are themselves out. */
const bound: Check = (value, path) => {
  if (!(value instanceof JsonNumber) && typeof value !== 'boolean') expected(value, path, 'a number');
};
const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') expected(value, path, 'true or false');
};
const regex: Check = (value, path) => {
  if (typeof value !== 'string') return expected(value, path, 'a regular expression');
  if (patternOf(value) === undefined)
    throw failure(path, `${JSON.stringify(value)} is no regular expression`);
};
const types: Check = (value, path) => {
  const all = isArray(value) ? value : [value];
  const wrong = all.find((type) => !isType(type));
  if (wrong === undefined && all.length > 0) return;
  throw failure(
    path,
    `found ${sortOf(wrong ?? value)}, expected ${jsonTypes.join(', ')} or a list of them`,
    typeof wrong === 'string' ? didYouMean(wrong, jsonTypes) : undefined,
  );
};

/** By keyword. One place: parsing, comparing and outlining look for no others. */
const keywords: Readonly<Record<string, Check>> = {
  $id: text,
  $ref: text,
  $anchor: text,
  type: types,
  enum: (value, path) => {
    if (!isArray(value)) expected(value, path, 'an array');
  },
  properties: schemaMap,
  patternProperties: (value, path, visit) => {
    schemaMap(value, path, visit);
    for (const name of (value as JsonObject).keys()) regex(name, path, visit);
  },
  definitions: schemaMap,
  $defs: schemaMap,
  dependentSchemas: schemaMap,
  dependentRequired: (value, path, visit) => {
    if (!isObject(value)) return expected(value, path, 'an object');
    for (const [name, item] of value) names(item, `${path}/${name}`, visit);
  },
  dependencies: (value, path, visit) => {
    if (!isObject(value)) return expected(value, path, 'an object');
    for (const [name, item] of value) (isArray(item) ? names : schema)(item, `${path}/${name}`, visit);
  },
  additionalProperties: schema,
  unevaluatedProperties: schema,
  propertyNames: schema,
  items: schemaOrSchemas,
  prefixItems: schemas,
  additionalItems: schema,
  unevaluatedItems: schema,
  contains: schema,
  not: schema,
  if: schema,
  then: schema,
  else: schema,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  // A list of names; draft 3's flag is no longer one.
  required: names,
  maxLength: count,
  minLength: count,
  maxItems: count,
  minItems: count,
  maxProperties: count,
  minProperties: count,
  maxContains: count,
  minContains: count,
  maximum: number,
  minimum: number,
  exclusiveMaximum: bound,
  exclusiveMinimum: bound,
  multipleOf: (value, path) => {
    if (!(value instanceof JsonNumber) || value.value <= 0) expected(value, path, 'a number above 0');
  },
  uniqueItems: flag,
  pattern: regex,
  title: text,
  description: text,
};

/** Throws SCH1004 with the path of the first keyword that does not hold what it should. `visit` is called for every schema
 *  in it, from the outside in. */
export function checkJsonSchema(root: Json, visit: (schema: JsonObject, path: string) => void): void {
  const check: Visit = (json, path) => {
    if (typeof json === 'boolean') return;
    if (!isObject(json)) throw failure(path, `found ${sortOf(json)}, expected an object, true or false`);
    visit(json, path);
    for (const [name, value] of json)
      if (Object.hasOwn(keywords, name)) keywords[name]!(value, `${path}/${name}`, check);
  };
  check(root, '#');
}

/** As JSON Schema's dialect is that of JavaScript; Java's, which schemas may come from, knows a little more. */
export function patternOf(text: string): RegExp | undefined {
  for (const flags of ['u', ''])
    try {
      return new RegExp(text, flags);
    } catch {
      // The other one.
    }
  return undefined;
}
