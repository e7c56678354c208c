/* Changes the properties of a JSON Schema; what is added is optional. */

import { parseJson } from '../json/parse.ts';
import { printPretty } from '../json/print.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { editError, isThere, noField, type SchemaEdit } from './edit.ts';

/** The name of a type, or a schema as JSON. */
function propertyOf({ type, default: fallback }: Extract<SchemaEdit, { kind: 'add' }>): Json {
  const given: Json = /^\w+$/.test(type) ? new Map<string, Json>([['type', type]]) : parseJson(type);
  if (fallback === undefined || !isObject(given)) return given;
  return new Map<string, Json>([...given, ['default', parseJson(fallback)]]);
}

/** The text of the changed schema. Throws SCH1007 for a property that there is not, or is already, and for a rename. */
export function evolveJson(text: string, edits: readonly SchemaEdit[]): string {
  const root = parseJson(text);
  if (!isObject(root)) throw editError('the schema is no object: it has no properties to change');
  const found = root.get('properties');
  const properties = new Map<string, Json>(isObject(found) ? found : []);
  let required = root.get('required');
  for (const edit of edits) {
    const there = properties.has(edit.name);
    if (edit.kind === 'add') {
      if (there) throw isThere(edit.name);
      properties.set(edit.name, propertyOf(edit));
      continue;
    }
    if (!there) throw noField(edit.name, [...properties.keys()]);
    if (edit.kind === 'rename')
      throw editError(
        `a property of JSON has no second name: "${edit.name}" cannot become "${edit.to}" for those who read old data`,
        `Add "${edit.to}", and remove "${edit.name}" once nobody writes it.`,
      );
    properties.delete(edit.name);
    if (isArray(required)) required = required.filter((name) => name !== edit.name);
  }
  const changed = new Map<string, Json>([...root, ['properties', properties]]);
  if (isArray(required) && required.length > 0) changed.set('required', required);
  else changed.delete('required');
  return `${printPretty(changed)}\n`;
}
