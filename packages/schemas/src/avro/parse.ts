/* Reads an Avro schema. Names are resolved while reading: a type may be named from the end of its own name on, and
 * everything that references define is known from the start. */

import { didYouMean, UserError } from '#base';
import { parseJson } from '../json/parse.ts';
import { isArray, isObject, JsonNumber, sortOf, type Json, type JsonObject } from '../json/value.ts';
import { defaultProblem } from './defaults.ts';
import {
  branchName,
  namespaceOf,
  primitiveTypes,
  type AvroField,
  type AvroType,
  type EnumType,
  type FixedType,
  type NamedType,
  type PrimitiveName,
  type RecordType,
} from './model.ts';

export interface AvroParseOptions {
  /** Types that references define, by full name; the parser adds those that it reads. */
  readonly known?: Map<string, NamedType>;
  /** Whether a default that does not fit its field is an error, as for new schemas. */
  readonly checkDefaults?: boolean;
}
const reserved = {
  named: new Set(['type', 'name', 'namespace', 'doc', 'aliases']),
  record: ['fields'],
  enum: ['symbols', 'default'],
  fixed: ['size'],
  field: new Set(['name', 'type', 'doc', 'default', 'order', 'aliases']),
};
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const isPrimitive = (name: string): name is PrimitiveName =>
  (primitiveTypes as readonly string[]).includes(name);

const failure = (path: string, message: string, hint?: string): UserError =>
  new UserError('SCH1002', {
    message: `not an Avro schema: ${path === '' ? '' : `at ${path}: `}${message}`,
    hint,
  });

class Reader {
  readonly #known: Map<string, NamedType>;
  readonly #checkDefaults: boolean;
  /** Defaults wait until every type is read: they may be of one that is still open. */
  readonly #defaults: (() => void)[] = [];

  constructor({ known = new Map(), checkDefaults = false }: AvroParseOptions) {
    this.#known = known;
    this.#checkDefaults = checkDefaults;
  }
  schema(json: Json): AvroType {
    const type = this.#type(json, '', '');
    for (const check of this.#defaults) check();
    return type;
  }

  #type(json: Json | undefined, namespace: string, path: string): AvroType {
    if (typeof json === 'string') return this.#byName(json, namespace, path);
    if (isArray(json)) return this.#union(json, namespace, path);
    if (!isObject(json)) throw failure(path, `found ${sortOf(json)}, expected a type`);
    const kind = json.get('type');
    if (typeof kind !== 'string')
      return isObject(kind) || isArray(kind)
        ? this.#type(kind, namespace, `${path}/type`)
        : fail(path, `"type" is ${sortOf(kind)}, expected the name of a type`);
    switch (kind) {
      case 'record':
      case 'error':
        return this.#record(json, namespace, path);
      case 'enum':
        return this.#enum(json, namespace, path);
      case 'fixed':
        return this.#fixed(json, namespace, path);
      case 'array':
        return {
          kind,
          items: this.#type(json.get('items'), namespace, `${path}/items`),
          properties: without(json, ['type', 'items']),
        };
      case 'map':
        return {
          kind,
          values: this.#type(json.get('values'), namespace, `${path}/values`),
          properties: without(json, ['type', 'values']),
        };
      default:
        return isPrimitive(kind)
          ? { kind, properties: without(json, ['type']) }
          : this.#byName(kind, namespace, path);
    }
  }
  #byName(name: string, namespace: string, path: string): AvroType {
    if (isPrimitive(name)) return { kind: name, properties: new Map() };
    const found = this.#known.get(qualified(name, namespace)) ?? this.#known.get(name);
    if (found !== undefined) return found;
    throw failure(
      path,
      `there is no type "${name}"`,
      didYouMean(name, [...primitiveTypes, 'record', 'enum', 'array', 'map', 'fixed', ...this.#known.keys()]),
    );
  }
  #union(items: readonly Json[], namespace: string, path: string): AvroType {
    const branches = items.map((item, i) => this.#type(item, namespace, `${path}/${i}`));
    const names = new Set<string>();
    for (const [i, branch] of branches.entries()) {
      if (branch.kind === 'union') throw failure(`${path}/${i}`, 'a union may not hold a union');
      const name = branchName(branch);
      if (names.has(name)) throw failure(`${path}/${i}`, `the union holds "${name}" twice`);
      names.add(name);
    }
    return { kind: 'union', branches, properties: new Map() };
  }

  #name(json: JsonObject, namespace: string, path: string): { fullName: string; space: string } {
    const name = json.get('name');
    if (typeof name !== 'string') throw failure(path, `"name" is ${sortOf(name)}, expected a name`);
    const given = json.get('namespace');
    if (given !== undefined && given !== null && typeof given !== 'string')
      throw failure(path, `"namespace" is ${sortOf(given)}, expected a string`);
    const fullName = qualified(name, typeof given === 'string' ? given : namespace);
    for (const part of fullName.split('.'))
      if (!namePattern.test(part))
        throw failure(
          path,
          `"${name}" is no name`,
          'Names are letters, digits and _, and begin with no digit.',
        );
    if (isPrimitive(fullName)) throw failure(path, `"${fullName}" is the name of a primitive type`);
    if (this.#known.has(fullName)) throw failure(path, `the type "${fullName}" is defined twice`);
    return { fullName, space: namespaceOf(fullName) };
  }
  #named(json: JsonObject, namespace: string, path: string, own: readonly string[]) {
    const { fullName, space } = this.#name(json, namespace, path);
    const properties = new Map([...json].filter(([key]) => !reserved.named.has(key) && !own.includes(key)));
    const aliases = strings(json.get('aliases'), `${path}/aliases`).map((alias) => qualified(alias, space));
    return { fullName, space, aliases, doc: textOf(json.get('doc')), properties };
  }
  #record(json: JsonObject, namespace: string, path: string): RecordType {
    const { space, ...named } = this.#named(json, namespace, path, reserved.record);
    const fields: AvroField[] = [];
    const record: RecordType = { kind: 'record', isError: json.get('type') === 'error', fields, ...named };
    this.#known.set(record.fullName, record);
    const items = json.get('fields');
    if (!isArray(items)) throw failure(path, `"fields" is ${sortOf(items)}, expected an array of fields`);
    for (const [i, item] of items.entries()) {
      const field = this.#field(item, space, `${path}/fields/${i}`);
      if (fields.some((other) => other.name === field.name))
        throw failure(`${path}/fields/${i}`, `"${record.fullName}" has two fields "${field.name}"`);
      fields.push(field);
    }
    return record;
  }
  #field(json: Json, namespace: string, path: string): AvroField {
    if (!isObject(json)) throw failure(path, `found ${sortOf(json)}, expected a field`);
    const name = json.get('name');
    if (typeof name !== 'string') throw failure(path, `"name" is ${sortOf(name)}, expected a name`);
    if (!namePattern.test(name)) throw failure(path, `"${name}" is no name of a field`);
    const order = json.get('order') ?? 'ascending';
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore')
      throw failure(path, `"order" is ${sortOf(order)}, expected ascending, descending or ignore`);
    if (!json.has('type')) throw failure(path, `the field "${name}" has no type`);
    const field: AvroField = {
      name,
      type: this.#type(json.get('type'), namespace, `${path}/type`),
      doc: textOf(json.get('doc')),
      default: json.get('default'),
      order,
      aliases: strings(json.get('aliases'), `${path}/aliases`),
      properties: new Map([...json].filter(([key]) => !reserved.field.has(key))),
    };
    if (this.#checkDefaults && field.default !== undefined)
      this.#defaults.push(() => {
        const problem = defaultProblem(field.default!, field.type);
        if (problem !== undefined)
          throw failure(path, `the default of the field "${name}" does not fit: ${problem}`);
      });
    return field;
  }
  #enum(json: JsonObject, namespace: string, path: string): EnumType {
    const { space: _, ...named } = this.#named(json, namespace, path, reserved.enum);
    if (!isArray(json.get('symbols'))) throw failure(path, `the enum "${named.fullName}" has no "symbols"`);
    const symbols = strings(json.get('symbols'), `${path}/symbols`);
    for (const [i, symbol] of symbols.entries()) {
      if (!namePattern.test(symbol))
        throw failure(`${path}/symbols/${i}`, `"${symbol}" is no name of a symbol`);
      if (symbols.indexOf(symbol) !== i)
        throw failure(`${path}/symbols/${i}`, `the symbol "${symbol}" is there twice`);
    }
    const fallback = textOf(json.get('default'));
    if (fallback !== undefined && !symbols.includes(fallback))
      throw failure(path, `the default "${fallback}" is none of the symbols`, didYouMean(fallback, symbols));
    const type: EnumType = { kind: 'enum', symbols, default: fallback, ...named };
    this.#known.set(type.fullName, type);
    return type;
  }
  #fixed(json: JsonObject, namespace: string, path: string): FixedType {
    const { space: _, ...named } = this.#named(json, namespace, path, reserved.fixed);
    const size = json.get('size');
    if (!(size instanceof JsonNumber) || !size.isInteger || size.value < 0)
      throw failure(path, `the size of "${named.fullName}" is ${sortOf(size)}, expected a whole number`);
    const type: FixedType = { kind: 'fixed', size: size.value, ...named };
    this.#known.set(type.fullName, type);
    return type;
  }
}

function fail(path: string, message: string): never {
  throw failure(path, message);
}
const textOf = (json: Json | undefined): string | undefined => (typeof json === 'string' ? json : undefined);
/** Attributes of an array, map or primitive: all but those that say what it is. */
const without = (json: JsonObject, own: readonly string[]): ReadonlyMap<string, Json> =>
  new Map([...json].filter(([key]) => !own.includes(key)));

function qualified(name: string, namespace: string): string {
  if (name.startsWith('.')) return name.slice(1);
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}
function strings(json: Json | undefined, path: string): string[] {
  if (json === undefined || json === null) return [];
  if (!isArray(json)) throw failure(path, `found ${sortOf(json)}, expected an array of names`);
  return json.map((item, i) =>
    typeof item === 'string' ? item : fail(`${path}/${i}`, `found ${sortOf(item)}, expected a name`),
  );
}

/** The schema that the text says: JSON, or the bare name of a primitive type. Throws SCH1001 for what is no JSON, SCH1002
 *  for what is no schema, with the path to the place. */
export function parseAvro(text: string, options: AvroParseOptions = {}): AvroType {
  const bare = text.trim();
  const json: Json = isPrimitive(bare) ? bare : parseJson(text);
  return new Reader(options).schema(json);
}
