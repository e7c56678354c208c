/* Writes an Avro schema as Avro's Java library does: that text is what Confluent's registry stores and gives ids to.
 *
 * A named type is written in full where it first comes and by its name after that; its namespace stands there when it is
 * not that of the type around it. What references define is written by name alone. */

import { printJson, printString } from '../json/print.ts';
import { isArray, isObject, JsonNumber, type Json } from '../json/value.ts';
import {
  isNamed,
  namespaceOf,
  simpleNameOf,
  type AvroField,
  type AvroType,
  type NamedType,
  type Properties,
} from './model.ts';

const member = (name: string, value: string): string => `${printString(name)}:${value}`;
const members = (properties: Properties): string[] =>
  [...properties].map(([name, value]) => member(name, printJson(value)));
const names = (all: readonly string[]): string => `[${all.map(printString).join(',')}]`;

class Printer {
  /** Full names of what was written, or need not be. */
  readonly #written: Set<string>;

  constructor(referenced: Iterable<string>) {
    this.#written = new Set(referenced);
  }
  type(type: AvroType, space: string): string {
    if (isNamed(type)) return this.#named(type, space);
    switch (type.kind) {
      case 'union':
        return `[${type.branches.map((branch) => this.type(branch, space)).join(',')}]`;
      case 'array':
        return this.#object([
          member('type', '"array"'),
          member('items', this.type(type.items, space)),
          ...members(type.properties),
        ]);
      case 'map':
        return this.#object([
          member('type', '"map"'),
          member('values', this.type(type.values, space)),
          ...members(type.properties),
        ]);
      default:
        if (type.properties.size === 0) return printString(type.kind);
        return this.#object([member('type', printString(type.kind)), ...members(type.properties)]);
    }
  }
  #object(parts: readonly string[]): string {
    return `{${parts.join(',')}}`;
  }
  #named(type: NamedType, space: string): string {
    const own = namespaceOf(type.fullName);
    if (this.#written.has(type.fullName))
      return printString(own === space ? simpleNameOf(type.fullName) : type.fullName);
    this.#written.add(type.fullName);
    return this.#object([
      member('type', printString(type.kind === 'record' && type.isError ? 'error' : type.kind)),
      member('name', printString(simpleNameOf(type.fullName))),
      ...(own === space ? [] : [member('namespace', printString(own))]),
      ...(type.doc === undefined ? [] : [member('doc', printString(type.doc))]),
      ...this.#content(type, own),
      ...members(type.properties),
      ...(type.aliases.length === 0
        ? []
        : [member('aliases', names(type.aliases.map((a) => relative(a, own))))]),
    ]);
  }
  #content(type: NamedType, space: string): string[] {
    switch (type.kind) {
      case 'record':
        return [member('fields', `[${type.fields.map((field) => this.#field(field, space)).join(',')}]`)];
      case 'enum':
        return [
          member('symbols', names(type.symbols)),
          ...(type.default === undefined ? [] : [member('default', printString(type.default))]),
        ];
      case 'fixed':
        return [member('size', String(type.size))];
    }
  }
  #field(field: AvroField, space: string): string {
    return this.#object([
      member('name', printString(field.name)),
      member('type', this.type(field.type, space)),
      ...(field.doc === undefined ? [] : [member('doc', printString(field.doc))]),
      ...(field.default === undefined ? [] : [member('default', printJson(javaNumbers(field.default)))]),
      ...(field.order === 'ascending' ? [] : [member('order', printString(field.order))]),
      ...(field.aliases.length === 0 ? [] : [member('aliases', names(field.aliases))]),
      ...members(field.properties),
    ]);
  }
}
const relative = (alias: string, space: string): string =>
  namespaceOf(alias) === space ? simpleNameOf(alias) : alias;

/** Numbers with a point or an exponent as Java prints a double. */
function javaNumbers(json: Json): Json {
  if (json instanceof JsonNumber) return json.isInteger ? json : new JsonNumber(javaDouble(json.value));
  if (isArray(json)) return json.map(javaNumbers);
  if (isObject(json)) return new Map([...json].map(([name, value]) => [name, javaNumbers(value)]));
  return json;
}
/** Double.toString: plain from 10^-3 to 10^7, else one digit, a point and an exponent. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** The schema's text as the registry stores it. `referenced`: full names that references define. */
export const printAvro = (type: AvroType, referenced: Iterable<string> = []): string =>
  new Printer(referenced).type(type, '');
