/* Whether one value is right by a schema: asked of the values of an enum that a wider schema takes the place of. */

import { isArray, isObject, JsonNumber, sameJson, type Json } from '../json/value.ts';
import { patternOf, type JsonType } from './check.ts';
import type { Documents, Located } from './documents.ts';
import { namesAt, nodeOf, numberAt, objectAt, type Node } from './node.ts';

const depthMax = 100;

function hasType(value: Json, type: JsonType): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'boolean':
    case 'string':
      return typeof value === type;
    case 'number':
      return value instanceof JsonNumber;
    case 'integer':
      return value instanceof JsonNumber && Number.isInteger(value.value);
    case 'object':
      return isObject(value);
    case 'array':
      return isArray(value);
  }
}
const within = (value: number, min: number | undefined, max: number | undefined): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max);

export function accepts(node: Node, value: Json, documents: Documents, depth = 0): boolean {
  if (depth > depthMax) return true;
  const inner = (at: Located, item: Json): boolean =>
    accepts(nodeOf(at, documents), item, documents, depth + 1);
  switch (node.kind) {
    case 'any':
      return true;
    case 'never':
      return false;
    case 'values':
      return node.values.some((other) => sameJson(other, value));
    case 'schema':
      return inner(node.at, value);
    case 'not':
      return !inner(node.part, value);
    case 'combined': {
      const fits = node.parts.filter((part) => accepts(part, value, documents, depth + 1)).length;
      return node.how === 'allOf' ? fits === node.parts.length : node.how === 'anyOf' ? fits > 0 : fits === 1;
    }
    case 'typed':
      if (!hasType(value, node.type)) return !node.keywords.has('type');
      return fitsKeywords(node, value, inner);
  }
}
function fitsKeywords(
  { keywords, base }: Extract<Node, { kind: 'typed' }>,
  value: Json,
  inner: (at: Located, item: Json) => boolean,
): boolean {
  const number = (name: string): number | undefined => numberAt(keywords, name);
  if (typeof value === 'string') {
    const pattern = keywords.get('pattern');
    const fits = typeof pattern !== 'string' || (patternOf(pattern)?.test(value) ?? true);
    return fits && within([...value].length, number('minLength'), number('maxLength'));
  }
  if (value instanceof JsonNumber) {
    const [min, max] = [number('exclusiveMinimum'), number('exclusiveMaximum')];
    const step = number('multipleOf');
    return (
      within(value.value, number('minimum'), number('maximum')) &&
      (min === undefined || value.value > min) &&
      (max === undefined || value.value < max) &&
      (step === undefined || Number.isInteger(value.value / step))
    );
  }
  if (isObject(value)) {
    const properties = objectAt(keywords, 'properties');
    const rest = keywords.get('additionalProperties');
    return (
      [...namesAt(keywords, 'required')].every((name) => value.has(name)) &&
      [...value].every(([name, item]) => {
        const schema = properties.get(name) ?? rest;
        return schema === undefined || inner({ json: schema, base }, item);
      })
    );
  }
  if (isArray(value)) {
    const items = keywords.get('items');
    const fits =
      items === undefined || isArray(items) || value.every((item) => inner({ json: items, base }, item));
    return fits && within(value.length, number('minItems'), number('maxItems'));
  }
  return true;
}
