/* The schema of a contract's table as a subject of a registry would have it: generated, with what the registered one says that a
 * contract does not: names of records, and whether objects take more members. */

import { avroSchema } from './generate/avro.ts';
import { jsonSchema } from './generate/json-schema.ts';
import type { ContractTable } from './model.ts';

type Json = { readonly [name: string]: unknown };
const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined for a type of schema that is not made of contracts: Protobuf. */
export function schemaForSubject(
  table: ContractTable,
  type: 'AVRO' | 'JSON' | 'PROTOBUF',
  registered: string,
): string | undefined {
  if (type === 'PROTOBUF') return undefined;
  const known: unknown = JSON.parse(registered);
  const made: unknown = JSON.parse(type === 'AVRO' ? avroSchema(table) : jsonSchema(table));
  return JSON.stringify(type === 'AVRO' ? namedAs(made, known) : openAs(made, known));
}

/** A record takes the name of the one that stands in its place. */
function namedAs(made: unknown, known: unknown): unknown {
  if (Array.isArray(made)) {
    const branches = Array.isArray(known) ? known : [known];
    return made.map((branch: unknown) => {
      const same = branches.find((b) => isMap(b) && isMap(branch) && b['type'] === branch['type']);
      return same === undefined ? branch : namedAs(branch, same);
    });
  }
  if (!isMap(made)) return made;
  const place = Array.isArray(known) ? known.find((b) => isMap(b) && b['type'] === made['type']) : known;
  if (!isMap(place)) return made;
  if (made['type'] === 'array') return { ...made, items: namedAs(made['items'], place['items']) };
  if (made['type'] !== 'record' || place['type'] !== 'record') return made;
  const fields = new Map(listOf(place['fields']).map((f) => [f['name'], f]));
  return {
    ...made,
    name: place['name'],
    ...(place['namespace'] === undefined ? {} : { namespace: place['namespace'] }),
    fields: listOf(made['fields']).map((f) => ({
      ...f,
      type: namedAs(f['type'], fields.get(f['name'])?.['type']),
    })),
  };
}
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isMap) : []);

/** An object takes no more members than the one that stands in its place. */
function openAs(made: unknown, known: unknown): unknown {
  if (!isMap(made) || !isMap(known)) return made;
  const { properties: own, items } = made;
  const theirs = known['properties'];
  return {
    ...made,
    ...(known['additionalProperties'] === undefined || own === undefined
      ? {}
      : { additionalProperties: known['additionalProperties'] }),
    ...(isMap(own)
      ? {
          properties: Object.fromEntries(
            Object.entries(own).map(([name, p]) => [
              name,
              openAs(p, isMap(theirs) ? theirs[name] : undefined),
            ]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: openAs(items, known['items']) }),
  };
}
