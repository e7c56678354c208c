/* Changes the record at the root of an Avro schema, so that old data can still be read: what is added has a default, what is
 * renamed an alias. */

import { parseJson } from '../json/parse.ts';
import { printPretty } from '../json/print.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { editError, isThere, noField, type SchemaEdit } from './edit.ts';

const nameOf = (field: Json): string => (isObject(field) ? String(field.get('name')) : '');
/** The name of a type as it is, anything longer as JSON. */
const typeOf = (text: string): Json => (/^[\w.]+$/.test(text) ? text : parseJson(text));

function added({ name, type, default: fallback }: Extract<SchemaEdit, { kind: 'add' }>): Json {
  const given = typeOf(type);
  if (fallback !== undefined)
    return new Map<string, Json>([
      ['name', name],
      ['type', given],
      ['default', parseJson(fallback)],
    ]);
  const branches = isArray(given)
    ? given.filter((branch) => branch !== 'null')
    : given === 'null'
      ? []
      : [given];
  return new Map<string, Json>([
    ['name', name],
    ['type', ['null', ...branches]],
    ['default', null],
  ]);
}
function renamed(field: JsonObject, to: string): Json {
  const aliases = field.get('aliases');
  const old = field.get('name')!;
  return new Map<string, Json>([
    ...field,
    ['name', to],
    ['aliases', [...(isArray(aliases) ? aliases : []), old]],
  ]);
}

/** The text of the changed schema. Throws SCH1007 for a field that there is not, or is already. */
export function evolveAvro(text: string, edits: readonly SchemaEdit[]): string {
  const root = parseJson(text);
  const fields = isObject(root) ? root.get('fields') : undefined;
  if (!isObject(root) || !isArray(fields))
    throw editError('the schema is no record: it has no fields to change');
  let now = [...fields];
  for (const edit of edits) {
    const names = now.map(nameOf);
    const at = names.indexOf(edit.name);
    if (edit.kind === 'add') {
      if (at >= 0) throw isThere(edit.name);
      now.push(added(edit));
      continue;
    }
    if (at < 0) throw noField(edit.name, names);
    if (edit.kind === 'remove') now = now.toSpliced(at, 1);
    else if (names.includes(edit.to)) throw isThere(edit.to);
    else now = now.with(at, renamed(now[at] as JsonObject, edit.to));
  }
  return `${printPretty(new Map<string, Json>([...root, ['fields', now]]))}\n`;
}
