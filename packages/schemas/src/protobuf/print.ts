/* Writes a .proto file in the layout in which Confluent's registry stores it: of each message reserved numbers, options,
 * fields, oneofs, groups, extensions, nested messages, nested enums, with a blank line between two sorts.
 *
 * The normal form also sorts what has no meaning in its order (fields and constants by number, options and imports by name)
 * and names types in full, with a dot in front. Messages stay where they are: their places are in the data. */

import {
  isEdition,
  type EnumConstant,
  type Extensions,
  type NumberRange,
  type OptionValue,
  type ProtoEnum,
  type ProtoExtend,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOneof,
  type ProtoOption,
  type ProtoRpc,
  type ProtoService,
  type ProtoType,
  type Reserved,
} from './model.ts';

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
};
const quoted = (text: string): string =>
  `"${text.replace(/[\x07\b\f\n\r\t\v\\'"]/g, (sign) => escapes[sign]!)}"`;
const indented = (lines: readonly string[]): string[] =>
  lines.flatMap((text) => text.split('\n')).map((line) => `  ${line}`);
const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Gives the full name of a type as it is written in a scope, a dot in front; scalars as they are. */
export type Namer = (type: string, scope: readonly string[]) => string;

class Printer {
  /** Where there is one, the normal form is written. */
  readonly #namer: Namer | undefined;

  constructor(namer: Namer | undefined) {
    this.#namer = namer;
  }
  file(file: ProtoFile): string {
    const { syntax } = file;
    const head = [
      ...(syntax === undefined ? [] : [`${isEdition(syntax) ? 'edition' : 'syntax'} = ${quoted(syntax)};`]),
      ...(file.package === '' ? [] : [`package ${file.package};`]),
    ];
    const scope = file.package === '' ? [] : file.package.split('.');
    const sections = [
      this.#imports(file),
      this.#options(file.options),
      this.#types(file.types, scope),
      file.extends.map((extend) => this.#extend(extend, scope)),
      file.services.map((service) => this.#service(service, scope)),
    ];
    return [...head, ...sections.flatMap((lines) => (lines.length === 0 ? [] : ['', ...lines]))]
      .map((line) => `${line}\n`)
      .join('');
  }
  #sorted<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
    return this.#namer === undefined ? items : byName(items);
  }
  #type(type: string, scope: readonly string[]): string {
    return this.#namer?.(type, scope) ?? type;
  }
  #imports({ imports }: ProtoFile): string[] {
    const paths = (kinds: readonly string[]): string[] => {
      const found = imports.filter((i) => kinds.includes(i.kind)).map((i) => i.path);
      return this.#namer === undefined ? found : [...new Set(found)].sort();
    };
    return [
      ...paths(['plain']).map((path) => `import ${quoted(path)};`),
      ...paths(['weak']).map((path) => `import weak ${quoted(path)};`),
      ...paths(['public']).map((path) => `import public ${quoted(path)};`),
    ];
  }
  #options(options: readonly ProtoOption[]): string[] {
    return this.#sorted(options).map((option) => `option ${this.#option(option)};`);
  }
  #option({ name, value }: ProtoOption): string {
    return `${name} = ${this.#value(value)}`;
  }
  #value(value: OptionValue): string {
    switch (value.kind) {
      case 'text':
        return quoted(value.text);
      case 'word':
        return value.text;
      case 'list':
        return ['[', ...indented(commas(value.items.map((item) => this.#value(item)))), ']'].join('\n');
      case 'message': {
        const members = this.#sorted(value.members).map((m) => `${m.name}: ${this.#value(m.value)}`);
        return ['{', ...indented(commas(members)), '}'].join('\n');
      }
    }
  }
  /** Behind a field, a constant or a range: a blank, then [a = 1]. */
  #list(options: readonly ProtoOption[]): string {
    if (options.length === 0) return '';
    const all = this.#namer === undefined ? specialLast(options) : byName(options);
    if (all.length === 1) return ` [${this.#option(all[0]!)}]`;
    return ` ${['[', ...indented(commas(all.map((option) => this.#option(option)))), ']'].join('\n')}`;
  }
  #types(types: readonly ProtoType[], scope: readonly string[]): string[] {
    const messages = types.filter((type) => type.kind === 'message');
    const enums = types.filter((type) => type.kind === 'enum');
    return [...messages.map((message) => this.#message(message, scope)), ...enums.map((e) => this.#enum(e))];
  }
  #block(head: string, sections: readonly (readonly string[])[]): string {
    const filled = sections.filter((lines) => lines.length > 0);
    if (filled.length === 0) return `${head} {}`;
    return [
      `${head} {`,
      ...filled.flatMap((lines, i) => [...(i === 0 ? [] : ['']), ...indented(lines)]),
      '}',
    ].join('\n');
  }
  #message(message: ProtoMessage, outer: readonly string[]): string {
    return this.#block(`message ${message.name}`, this.#members(message, outer));
  }
  #members(message: ProtoMessage, outer: readonly string[]): string[][] {
    const scope = [...outer, message.name];
    const plain = this.#inOrder(message.fields.filter((f) => f.group === undefined));
    const groups = message.fields.filter((f) => f.group !== undefined);
    const inGroups = new Set<ProtoType | undefined>(
      [...message.fields, ...message.oneofs.flatMap((o) => o.fields)].map((f) => f.group),
    );
    const oneofs =
      this.#namer === undefined
        ? message.oneofs
        : [...message.oneofs].sort((a, b) => firstOf(a) - firstOf(b));
    return [
      this.#reservedLines(message.reserved),
      this.#options(message.options),
      plain.map((field) => this.#field(field, scope)),
      oneofs.map((oneof) => this.#oneof(oneof, scope)),
      groups.map((field) => this.#group(field, scope)),
      message.extensions.map((extensions) => this.#extensions(extensions)),
      message.extends.map((extend) => this.#extend(extend, scope)),
      this.#types(
        message.types.filter((type) => !inGroups.has(type)),
        scope,
      ),
    ];
  }
  #inOrder(fields: readonly ProtoField[]): readonly ProtoField[] {
    return this.#namer === undefined ? fields : [...fields].sort((a, b) => a.number - b.number);
  }
  #reservedLines(reserved: readonly Reserved[]): string[] {
    const single = (value: NumberRange | string): string =>
      typeof value === 'string' ? quoted(value) : range(value);
    if (this.#namer === undefined)
      return reserved.map(({ values }) => `reserved ${values.map(single).join(', ')};`);
    const start = (value: NumberRange | string): number =>
      typeof value === 'string' ? Infinity : value.start;
    const all = reserved.flatMap((r) => r.values);
    return all
      .sort((a, b) => (start(a) === start(b) ? (String(a) < String(b) ? -1 : 1) : start(a) - start(b)))
      .map((value) => `reserved ${single(value)};`);
  }
  #field(field: ProtoField, scope: readonly string[]): string {
    const value = this.#type(field.type, scope);
    const type = field.keyType === undefined ? value : `map<${field.keyType}, ${value}>`;
    const label = field.label === undefined ? '' : `${field.label} `;
    return `${label}${type} ${field.name} = ${field.number}${this.#list(field.options)};`;
  }
  #group(field: ProtoField, scope: readonly string[]): string {
    const { group, number, label, options } = field;
    const head = `${label === undefined ? '' : `${label} `}group ${group!.name} = ${number}${this.#list(options)}`;
    return this.#block(head, this.#members(group!, scope));
  }
  #oneof(oneof: ProtoOneof, scope: readonly string[]): string {
    const plain = oneof.fields.filter((f) => f.group === undefined);
    const groups = oneof.fields.filter((f) => f.group !== undefined);
    return this.#block(`oneof ${oneof.name}`, [
      this.#options(oneof.options),
      this.#inOrder(plain).map((field) => this.#field(field, scope)),
      groups.map((field) => this.#group(field, scope)),
    ]);
  }
  #extensions({ ranges, options }: Extensions): string {
    return `extensions ${ranges.map(range).join(', ')}${this.#list(options)};`;
  }
  #extend({ target, fields }: ProtoExtend, scope: readonly string[]): string {
    return this.#block(`extend ${this.#type(target, scope)}`, [
      this.#inOrder(fields).map((field) =>
        field.group === undefined ? this.#field(field, scope) : this.#group(field, scope),
      ),
    ]);
  }
  #enum({ name, options, constants, reserved }: ProtoEnum): string {
    const inOrder =
      this.#namer === undefined ? constants : byName(constants).sort((a, b) => a.number - b.number);
    const constant = (c: EnumConstant): string => `${c.name} = ${c.number}${this.#list(c.options)};`;
    return this.#block(`enum ${name}`, [
      [...this.#options(options), ...this.#reservedLines(reserved), ...inOrder.map(constant)],
    ]);
  }
  #service({ name, options, rpcs }: ProtoService, scope: readonly string[]): string {
    return this.#block(`service ${name}`, [this.#options(options), rpcs.map((rpc) => this.#rpc(rpc, scope))]);
  }
  #rpc(rpc: ProtoRpc, scope: readonly string[]): string {
    const request = `${rpc.requestStreams ? 'stream ' : ''}${this.#type(rpc.request, scope)}`;
    const response = `${rpc.responseStreams ? 'stream ' : ''}${this.#type(rpc.response, scope)}`;
    const head = `rpc ${rpc.name} (${request}) returns (${response})`;
    return rpc.options.length === 0 ? `${head};` : `${this.#block(head, [this.#options(rpc.options)])};`;
  }
}
const firstOf = ({ fields }: ProtoOneof): number => Math.min(...fields.map((field) => field.number));
const range = ({ start, end }: NumberRange): string => (start === end ? String(start) : `${start} to ${end}`);
const commas = (items: readonly string[]): string[] =>
  items.map((item, i) => (i < items.length - 1 ? `${item},` : item));
/** default and json_name are no options proper: they stand behind those. */
function specialLast(options: readonly ProtoOption[]): ProtoOption[] {
  const of = (name: string): ProtoOption[] => options.filter((option) => option.name === name);
  const plain = options.filter(({ name }) => name !== 'default' && name !== 'json_name');
  return [...plain, ...of('default'), ...of('json_name')];
}

/** As it is stored. */
export const printProto = (file: ProtoFile): string => new Printer(undefined).file(file);
/** The normal form. */
export const printNormalProto = (file: ProtoFile, namer: Namer): string => new Printer(namer).file(file);
