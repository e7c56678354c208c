/* The normal form of an Avro schema: names in full, attributes in the order of their names. Unlike the parsing form it
 * keeps docs, defaults and attributes: nothing that a reader may want is lost. */

import { printSorted, printString } from '../json/print.ts';
import type { Json } from '../json/value.ts';
import { isNamed, type AvroField, type AvroType, type NamedType, type Properties } from './model.ts';

type Member = readonly [name: string, value: string];
const object = (members: readonly Member[]): string =>
  `{${members.map(([name, value]) => `${printString(name)}:${value}`).join(',')}}`;
const sorted = (properties: Properties): Member[] =>
  [...properties]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]): Member => [name, printSorted(value)]);
const names = (all: readonly string[]): Json[] => [...all];
const maybe = (name: string, value: string | undefined): Member[] =>
  value === undefined ? [] : [[name, value]];
const list = (name: string, all: readonly string[]): Member[] =>
  all.length === 0 ? [] : [[name, printSorted(names(all))]];

/** `referenced`: full names that references define; they are written as names. */
export function normalAvro(root: AvroType, referenced: Iterable<string>): string {
  const written = new Set(referenced);
  const form = (type: AvroType): string => {
    if (isNamed(type)) return named(type);
    switch (type.kind) {
      case 'union':
        return `[${type.branches.map(form).join(',')}]`;
      case 'array':
        return object([['type', '"array"'], ['items', form(type.items)], ...sorted(type.properties)]);
      case 'map':
        return object([['type', '"map"'], ['values', form(type.values)], ...sorted(type.properties)]);
      default:
        return type.properties.size === 0
          ? printString(type.kind)
          : object([['type', printString(type.kind)], ...sorted(type.properties)]);
    }
  };
  const named = (type: NamedType): string => {
    if (written.has(type.fullName)) return printString(type.fullName);
    written.add(type.fullName);
    const kind = type.kind === 'record' && type.isError ? 'error' : type.kind;
    return object([
      ['name', printString(type.fullName)],
      ['type', printString(kind)],
      ...maybe('doc', type.doc === undefined ? undefined : printString(type.doc)),
      ...content(type),
      ...list('aliases', type.aliases),
      ...sorted(type.properties),
    ]);
  };
  const content = (type: NamedType): Member[] => {
    if (type.kind === 'fixed') return [['size', String(type.size)]];
    if (type.kind === 'record') return [['fields', `[${type.fields.map(field).join(',')}]`]];
    const fallback = type.default === undefined ? undefined : printString(type.default);
    return [['symbols', printSorted(names(type.symbols))], ...maybe('default', fallback)];
  };
  const field = (f: AvroField): string =>
    object([
      ['name', printString(f.name)],
      ['type', form(f.type)],
      ...maybe('doc', f.doc === undefined ? undefined : printString(f.doc)),
      ...maybe('default', f.default === undefined ? undefined : printSorted(f.default)),
      ...maybe('order', f.order === 'ascending' ? undefined : printString(f.order)),
      ...list('aliases', f.aliases),
      ...sorted(f.properties),
    ]);
  return form(root);
}
