/* A JSON Schema as one of a few kinds: what a value must be. Several kinds of keyword side by side become an allOf of
 * them, a list of types an anyOf. Made where it is looked at, so that a schema may hold itself. */

import { isArray, isObject, JsonNumber, type Json, type JsonObject } from '../json/value.ts';
import { jsonTypes, type JsonType } from './check.ts';
import type { Documents, Located } from './documents.ts';

export type Combination = 'allOf' | 'anyOf' | 'oneOf';
export type Node =
  | { readonly kind: 'any' }
  | { readonly kind: 'never' }
  | { readonly kind: 'values'; readonly values: readonly Json[] }
  /** One type and the keywords that go with it. */
  | { readonly kind: 'typed'; readonly type: JsonType; readonly keywords: JsonObject; readonly base: string }
  | { readonly kind: 'combined'; readonly how: Combination; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Located }
  /** Another schema: a $ref, or a part of a combination, not yet looked at. */
  | { readonly kind: 'schema'; readonly at: Located };

/** Keywords that ask something of values of one type; a schema without `type` may have those of several. */
export const keywordsByType: Readonly<Record<'object' | 'array' | 'number' | 'string', readonly string[]>> = {
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'unevaluatedProperties',
    'required',
    'dependencies',
    'dependentRequired',
    'dependentSchemas',
    'propertyNames',
    'maxProperties',
    'minProperties',
  ],
  array: [
    'items',
    'prefixItems',
    'additionalItems',
    'unevaluatedItems',
    'contains',
    'maxContains',
    'minContains',
    'maxItems',
    'minItems',
    'uniqueItems',
  ],
  number: ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf'],
  string: ['maxLength', 'minLength', 'pattern'],
};

function typesOf(json: JsonObject): readonly JsonType[] {
  const given = json.get('type');
  if (given !== undefined) return (isArray(given) ? given : [given]) as readonly JsonType[];
  const meant = Object.entries(keywordsByType).filter(([, names]) => names.some((name) => json.has(name)));
  return meant.map(([type]) => type as JsonType);
}
const combined = (how: Combination, parts: readonly Node[]): Node =>
  parts.length === 1 ? parts[0]! : { kind: 'combined', how, parts };

/** Before 2019-09 a $ref stands alone: what is beside it does not count. */
const refStandsAlone = (root: Json): boolean => {
  const draft = isObject(root) ? root.get('$schema') : undefined;
  return !(typeof draft === 'string' && /draft\/20(19|20)-/.test(draft));
};

/** The node of a schema, refs followed. Throws SCH1005 for one that leads nowhere. */
export function nodeOf(at: Located, documents: Documents): Node {
  const seen = new Set<Json>();
  let here = at;
  for (;;) {
    const { json, base } = here;
    const ref = isObject(json) ? json.get('$ref') : undefined;
    if (typeof ref !== 'string' || seen.has(json)) return plainNode(here);
    seen.add(json);
    const target = documents.follow(ref, base);
    const beside = new Map([...(json as JsonObject)].filter(([name]) => name !== '$ref'));
    if (refStandsAlone(documents.root.json) || plainNode({ json: beside, base }).kind === 'any')
      here = target;
    else
      return {
        kind: 'combined',
        how: 'allOf',
        parts: [
          { kind: 'schema', at: target },
          { kind: 'schema', at: { json: beside, base } },
        ],
      };
  }
}
function plainNode({ json, base }: Located): Node {
  if (json === false) return { kind: 'never' };
  if (!isObject(json)) return { kind: 'any' };
  const parts: Node[] = [];
  const values = json.has('const') ? [json.get('const')!] : json.get('enum');
  const types = typesOf(json);
  if (isArray(values)) parts.push({ kind: 'values', values });
  const typed = types.map((type): Node => ({ kind: 'typed', type, keywords: json, base }));
  // A type beside the values says nothing more, unless it has keywords of its own.
  if (typed.length > 0 && !(isArray(values) && noKeywords(json))) {
    if (json.get('type') === undefined) parts.push(...typed);
    else parts.push(combined('anyOf', typed));
  }
  for (const how of ['allOf', 'anyOf', 'oneOf'] as const) {
    const items = json.get(how);
    if (isArray(items))
      parts.push({
        kind: 'combined',
        how,
        parts: items.map((item): Node => ({ kind: 'schema', at: { json: item, base } })),
      });
  }
  const not = json.get('not');
  if (not !== undefined) parts.push({ kind: 'not', part: { json: not, base } });
  if (parts.length === 0) return { kind: 'any' };
  return combined('allOf', parts);
}
const noKeywords = (json: JsonObject): boolean =>
  Object.values(keywordsByType)
    .flat()
    .every((name) => !json.has(name));

/** A keyword that is a number. */
export function numberAt(keywords: JsonObject, name: string): number | undefined {
  const value = keywords.get(name);
  return value instanceof JsonNumber ? value.value : undefined;
}
export const namesAt = (keywords: JsonObject, name: string): ReadonlySet<string> => {
  const value = keywords.get(name);
  return new Set(isArray(value) ? (value as readonly string[]) : []);
};
export const objectAt = (keywords: JsonObject, name: string): JsonObject => {
  const value = keywords.get(name);
  return isObject(value) ? value : new Map();
};
export const isJsonType = (text: string): text is JsonType => (jsonTypes as readonly string[]).includes(text);
