/* From a message definition of Kafka to TypeScript: an interface for each structure, a function that reads it and one
 * that writes it, with a condition wherever versions differ. What the served versions do not have is left out. */

import type { Versions } from './served.ts';

export interface FieldDefinition {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number;
  readonly default?: string | number | boolean | null;
  readonly fields?: readonly FieldDefinition[];
}
export interface MessageDefinition {
  readonly apiKey?: number;
  readonly name: string;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly FieldDefinition[];
  readonly commonStructs?: readonly FieldDefinition[];
}

/** '3+', '0-12', '4' or 'none' as a range. */
function range(text: string | undefined): Versions | undefined {
  if (text === undefined || text === 'none') return undefined;
  const [from, to] = text.endsWith('+') ? [text.slice(0, -1), undefined] : text.split('-');
  return {
    min: Number(from),
    max: to === undefined ? (text.endsWith('+') ? Infinity : Number(from)) : Number(to),
  };
}
const camel = (name: string): string => name[0]!.toLowerCase() + name.slice(1);
const kebab = (name: string): string => name.replaceAll(/(?!^)([A-Z])/g, '-$1').toLowerCase();

const scalars: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int8: 'number',
  int16: 'number',
  uint16: 'number',
  int32: 'number',
  uint32: 'number',
  int64: 'number',
  float64: 'number',
  string: 'string',
  uuid: 'string',
  bytes: 'Uint8Array',
  records: 'readonly Uint8Array[]',
};

interface Struct {
  readonly name: string;
  readonly fields: readonly FieldDefinition[];
}

class MessageCode {
  readonly lines: string[] = [];
  readonly #served: Versions;
  /** By the definition's name. */
  readonly #structs = new Map<string, Struct>();
  usesZeroUuid = false;

  constructor(definition: MessageDefinition, served: Versions, taken: Set<string>) {
    this.#served = served;
    for (const common of definition.commonStructs ?? []) this.#collect(definition.name, common, taken);
    this.#gather(definition.name, definition.fields, taken);
    for (const struct of [...this.#structs.values()].reverse()) this.#struct(struct);
    this.#struct({ name: definition.name, fields: definition.fields });
  }
  #gather(message: string, fields: readonly FieldDefinition[], taken: Set<string>): void {
    for (const field of fields) {
      if (field.fields !== undefined && this.#isServed(field))
        this.#collect(message, { ...field, name: itemType(field.type) }, taken);
    }
  }
  #collect(message: string, { name, fields }: FieldDefinition, taken: Set<string>): void {
    const unique = taken.has(name) || name === message ? `${message}${name}` : name;
    taken.add(unique);
    this.#structs.set(name, { name: unique, fields: fields! });
    this.#gather(message, fields!, taken);
  }
  #isServed(field: FieldDefinition): boolean {
    const versions = range(field.versions)!;
    return versions.min <= this.#served.max && versions.max >= this.#served.min;
  }
  /** The condition under which the field is there, or undefined for always. */
  #condition(versions: Versions): string | undefined {
    const tests: string[] = [];
    if (versions.min > this.#served.min) tests.push(`version >= ${versions.min}`);
    if (versions.max < this.#served.max) tests.push(`version <= ${versions.max}`);
    return tests.length === 0 ? undefined : tests.join(' && ');
  }

  #struct({ name, fields }: Struct): void {
    const there = fields.filter((f) => this.#isServed(f));
    this.lines.push(`export interface ${name} {`);
    for (const field of there) this.lines.push(`  readonly ${camel(field.name)}: ${this.#type(field)};`);
    this.lines.push('}', '');
    this.#reader(name, there);
    this.#writer(name, there);
  }
  #isNullable(field: FieldDefinition): boolean {
    if (range(field.nullableVersions) !== undefined) return true;
    return (
      this.#structs.has(field.type) &&
      (this.#isTagged(field) || this.#condition(range(field.versions)!) !== undefined)
    );
  }
  #isTagged(field: FieldDefinition): boolean {
    return range(field.taggedVersions) !== undefined;
  }
  #type(field: FieldDefinition): string {
    const item = itemType(field.type);
    const base = scalars[item] ?? this.#structs.get(item)!.name;
    const type = field.type.startsWith('[]') ? `readonly ${base}[]` : base;
    return this.#isNullable(field) ? `${type} | null` : type;
  }
  #default(field: FieldDefinition): string {
    const { type } = field;
    if (field.default === 'null' || field.default === null) return 'null';
    if (type.startsWith('[]')) return '[]';
    if (this.#structs.has(type)) return 'null';
    switch (type) {
      case 'string':
        return JSON.stringify(field.default ?? '').replaceAll('"', "'");
      case 'uuid':
        this.usesZeroUuid = true;
        return 'zeroUuid';
      case 'bytes':
        return 'new Uint8Array(0)';
      case 'records':
        return this.#isNullable(field) ? 'null' : '[]';
      case 'bool':
        return String(field.default ?? false);
      default: {
        const value = Number(field.default ?? 0);
        return value > Number.MAX_SAFE_INTEGER ? '2 ** 63' : String(value);
      }
    }
  }

  #reader(name: string, fields: readonly FieldDefinition[]): void {
    const plain = fields.filter((f) => !this.#isTagged(f));
    const tagged = fields.filter((f) => this.#isTagged(f));
    const needsVersion = fields.some((f) => this.#mentionsVersion(f));
    this.lines.push(
      `export function read${name}(r: WireReader, ${needsVersion ? '' : '_'}version: number): ${name} {`,
    );
    for (const field of plain) {
      const condition = this.#condition(range(field.versions)!);
      const read = this.#read(field);
      this.lines.push(
        `  const ${camel(field.name)} = ${condition === undefined ? read : `${condition} ? ${read} : ${this.#default(field)}`};`,
      );
    }
    for (const field of tagged)
      this.lines.push(`  let ${camel(field.name)}: ${this.#type(field)} = ${this.#default(field)};`);
    if (tagged.length === 0) this.lines.push('  r.tags();');
    else {
      this.lines.push('  r.tags((tag) => {');
      tagged.forEach((field, i) => {
        this.lines.push(
          `    ${i === 0 ? '' : 'else '}if (tag === ${field.tag}) ${camel(field.name)} = ${this.#read(field)};`,
        );
      });
      this.lines.push('    else return false;', '    return true;', '  });');
    }
    this.lines.push(`  return { ${fields.map((f) => camel(f.name)).join(', ')} };`, '}', '');
  }
  #mentionsVersion(field: FieldDefinition): boolean {
    return (
      this.#structs.has(itemType(field.type)) ||
      (!this.#isTagged(field) && this.#condition(range(field.versions)!) !== undefined)
    );
  }
  #readItem(type: string): string {
    if (type === 'bytes') return 'r.bytes()';
    if (type in scalars) return `r.${type}()`;
    return `read${this.#structs.get(type)!.name}(r, version)`;
  }
  #read(field: FieldDefinition): string {
    const nullable = range(field.nullableVersions) !== undefined;
    if (field.type.startsWith('[]'))
      return `r.${nullable ? 'nullableArray' : 'array'}(() => ${this.#readItem(itemType(field.type))})`;
    if (field.type === 'records') return 'r.records()';
    if (nullable && field.type === 'string') return 'r.nullableString()';
    if (nullable && field.type === 'bytes') return 'r.nullableBytes()';
    const read = this.#readItem(field.type);
    return nullable && !this.#isTagged(field) ? `r.nullable(() => ${read})` : read;
  }

  #writer(name: string, fields: readonly FieldDefinition[]): void {
    const plain = fields.filter((f) => !this.#isTagged(f));
    const tagged = fields.filter((f) => this.#isTagged(f));
    const needsVersion = fields.some((f) => this.#mentionsVersion(f)) || tagged.length > 0;
    this.lines.push(
      `export function write${name}(w: WireWriter, m: Sparse<${name}>, ${needsVersion ? '' : '_'}version: number): void {`,
    );
    for (const field of plain) {
      const condition = this.#condition(range(field.versions)!);
      this.lines.push(
        `  ${condition === undefined ? '' : `if (${condition}) `}${this.#write(field, 'w', this.#given(field))};`,
      );
    }
    if (tagged.length === 0) this.lines.push('  w.tags();');
    else {
      this.lines.push('  w.tags([');
      for (const field of [...tagged].sort((a, b) => a.tag! - b.tag!)) {
        const at = `m.${camel(field.name)}`;
        const condition = this.#condition(range(field.taggedVersions)!);
        const given = this.#isGiven(field, at);
        this.lines.push(
          `    ...tagged(${condition === undefined ? given : `${condition} && ${given}`}, ${field.tag}, (t) => ${this.#write(field, 't', `${at}!`)}),`,
        );
      }
      this.lines.push('  ]);');
    }
    this.lines.push('}', '');
  }
  /** The field's value, or its default where it is left out; a null that was given stays null. */
  #given(field: FieldDefinition): string {
    const at = `m.${camel(field.name)}`;
    const otherwise = this.#default(field);
    if (this.#isNullable(field) && otherwise !== 'null') return `${at} === undefined ? ${otherwise} : ${at}`;
    return `${at} ?? ${otherwise}`;
  }
  /** Whether a tagged field has another value than its default. */
  #isGiven(field: FieldDefinition, at: string): string {
    const given = `${at} !== undefined`;
    if (field.type.startsWith('[]'))
      return `${given} && ${this.#isNullable(field) ? `${at} !== null && ` : ''}${at}.length > 0`;
    return `${given} && ${at} !== ${this.#default(field)}`;
  }
  #write(field: FieldDefinition, w: string, value: string): string {
    const item = itemType(field.type);
    if (field.type.startsWith('[]'))
      return `${w}.array(${value}, (item) => ${this.#writeItem(item, w, 'item')})`;
    if (this.#structs.has(item)) {
      const inner = `write${this.#structs.get(item)!.name}`;
      if (range(field.nullableVersions) !== undefined && !this.#isTagged(field))
        return `${w}.nullable(${value}, (item) => ${inner}(${w}, item, version))`;
      return `${inner}(${w}, ${value === `m.${camel(field.name)} ?? null` ? `m.${camel(field.name)} ?? {}` : value}, version)`;
    }
    return this.#writeItem(item, w, value);
  }
  #writeItem(type: string, w: string, value: string): string {
    if (type === 'records') return `${w}.chunks(${value})`;
    if (type in scalars) return `${w}.${type}(${value})`;
    return `write${this.#structs.get(type)!.name}(${w}, ${value}, version)`;
  }
}
const itemType = (type: string): string => type.replace(/^\[\]/, '');

/** One file: a request and its response. */
export function apiFile(
  name: string,
  request: MessageDefinition,
  response: MessageDefinition,
  served: Versions,
  from: string,
): { readonly path: string; readonly text: string } {
  const taken = new Set([request.name, response.name]);
  const codes = [request, response].map((m) => new MessageCode(m, served, taken));
  const body = codes.flatMap((c) => c.lines).join('\n');
  const head = [
    `/* ${name}, versions ${served.min} to ${served.max}. Made by \`npm run protocol\` from ${from}: not to be edited. */`,
    '',
    "import type { WireReader } from '../wire/reader.ts';",
    "import type { Sparse } from '../wire/sparse.ts';",
    ...(codes.some((c) => c.usesZeroUuid) ? ["import { zeroUuid } from '../wire/uuid.ts';"] : []),
    `import { ${/\btagged\(/.test(body) ? 'tagged, ' : ''}type WireWriter } from '../wire/writer.ts';`,
    '',
  ].map((line) => line.replace('import { type WireWriter }', 'import type { WireWriter }'));
  const api = [
    `export const ${camel(name)}Api = {`,
    `  key: ${request.apiKey},`,
    `  min: ${served.min},`,
    `  max: ${served.max},`,
    `  flexibleFrom: ${range(request.flexibleVersions)?.min ?? Infinity},`,
    ...['Request', 'Response'].flatMap((side) => [
      `  read${side}: read${name}${side},`,
      `  write${side}: write${name}${side},`,
    ]),
    '} as const;',
  ];
  return { path: `${kebab(name)}.ts`, text: `${head.join('\n')}\n${body.trimEnd()}\n\n${api.join('\n')}\n` };
}

/** The table of all requests, by name. */
export function apiTable(served: Readonly<Record<string, Versions>>, from: string): string {
  const names = Object.keys(served);
  const sorted = [...names].sort();
  return [
    `/* Every request that is served, by name. Made by \`npm run protocol\` from ${from}: not to be edited. */`,
    '',
    ...sorted.map(
      (n) => `import { ${camel(n)}Api, type ${n}Request, type ${n}Response } from './${kebab(n)}.ts';`,
    ),
    '',
    ...sorted.map((n) => `export type { ${n}Request, ${n}Response } from './${kebab(n)}.ts';`),
    '',
    '/** What travels, by the name of the request. */',
    'export interface Messages {',
    ...names.map(
      (n) => `  readonly ${n}: { readonly request: ${n}Request; readonly response: ${n}Response };`,
    ),
    '}',
    '',
    '/** Key in the protocol, served versions, the first version with tagged fields, and the codecs. */',
    'export const apis = {',
    ...names.map((n) => `  ${n}: ${camel(n)}Api,`),
    '} as const;',
    '',
    'export type ApiName = keyof typeof apis;',
    '',
  ].join('\n');
}
