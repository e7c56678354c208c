/* The schema that a table took its columns from, kept where reading needs more of it than the columns say. */

import type { Field } from '#data';
import { AvroSchema, printAvro, type AvroType, type ParsedSchema, type RecordType } from '#schemas';

/** The text of the record, where a field of it has a default other than null or an alias, or an enum a default; undefined where
 *  columns say all, and for a schema whose text stands on others. */
export function readerSchemaText(schema: ParsedSchema | undefined): string | undefined {
  if (!(schema instanceof AvroSchema)) return undefined;
  const { root } = schema;
  const text = printAvro(root);
  return root.kind === 'record' && text === schema.text && saysMore(root, new Set()) ? text : undefined;
}

function saysMore(type: AvroType, seen: Set<AvroType>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  switch (type.kind) {
    case 'record':
      return type.fields.some(
        (f) =>
          (f.default !== undefined && f.default !== null) || f.aliases.length > 0 || saysMore(f.type, seen),
      );
    case 'enum':
      return type.default !== undefined;
    case 'array':
      return saysMore(type.items, seen);
    case 'map':
      return saysMore(type.values, seen);
    case 'union':
      return type.branches.some((branch) => saysMore(branch, seen));
    default:
      return false;
  }
}

/** The fields of a writer as the reader's schema calls them: one that is an alias there has the other name. */
export function withOwnNames(fields: readonly Field[], reader: RecordType): Field[] {
  const names = new Set(fields.map(({ name }) => name));
  const own = new Map(
    reader.fields
      .filter(({ name }) => !names.has(name))
      .flatMap(({ name, aliases }) => {
        const written = aliases.find((alias) => names.has(alias));
        return written === undefined ? [] : [[written, name] as const];
      }),
  );
  return fields.map((field) => ({ ...field, name: own.get(field.name) ?? field.name }));
}
