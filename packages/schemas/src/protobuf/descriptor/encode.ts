/* A .proto file as a FileDescriptorProto: what clients in other languages build their types of. */

import { printProto } from '../print.ts';
import {
  isEdition,
  scalarTypes,
  type NumberRange,
  type OptionValue,
  type ProtoEnum,
  type ProtoExtend,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOption,
  type ProtoService,
  type Reserved,
} from '../model.ts';
import type { ProtoTypes } from '../types.ts';
import {
  editionNumbers,
  entryNameOf,
  jsonNameOf,
  knownOptions,
  labelNumbers,
  typeNumbers,
  typeOf,
  type OptionPlace,
} from './tables.ts';
import { WireWriter } from './wire.ts';

const special = new Set(['default', 'json_name']);
const wordOf = (option: ProtoOption | undefined): string | undefined =>
  option?.value.kind === 'word' || option?.value.kind === 'text' ? option.value.text : undefined;

/** UninterpretedOption: what only the file that defines the option can say. */
function uninterpreted({ name, value }: ProtoOption, to: WireWriter): void {
  const parts = name.match(/\([^)]*\)|[^.()]+/g) ?? [];
  to.messages(2, parts, (part, inner) =>
    inner.text(1, part.replace(/[()]/g, '')).number(2, part.startsWith('(') ? 1 : 0),
  );
  if (value.kind === 'text') to.text(7, value.text);
  else if (value.kind !== 'word') to.text(8, aggregate(value));
  else if (/^\d+$/.test(value.text)) to.number(4, BigInt(value.text));
  else if (/^-\d+$/.test(value.text)) to.number(5, BigInt(value.text));
  else if (Number.isNaN(Number(value.text))) to.text(3, value.text);
  else to.double(6, Number(value.text));
}
function aggregate(value: OptionValue): string {
  const option = { name: 'x', value };
  const file: ProtoFile = {
    syntax: undefined,
    package: '',
    imports: [],
    options: [option],
    types: [],
    extends: [],
    services: [],
  };
  return printProto(file)
    .replace(/^\s*option x = [{[]\s*/, '')
    .replace(/\s*[}\]];\s*$/, '')
    .replace(/\s+/g, ' ');
}

function writeOptions(to: WireWriter, field: number, place: OptionPlace, all: readonly ProtoOption[]): void {
  const options = all.filter(({ name }) => !special.has(name));
  if (options.length === 0) return;
  const inner = new WireWriter();
  const known: ReadonlyMap<string, { number: number; type: 'text' | 'flag' | readonly string[] }> =
    knownOptions[place];
  for (const option of options) {
    const text = wordOf(option);
    const row = known.get(option.name);
    if (row === undefined || text === undefined) inner.messages(999, [option], uninterpreted);
    else if (row.type === 'text') inner.text(row.number, text);
    else if (row.type === 'flag') inner.number(row.number, text === 'true' ? 1 : 0);
    else inner.number(row.number, Math.max(0, row.type.indexOf(text)));
  }
  to.data(field, inner.bytes());
}

class Encoder {
  readonly #file: ProtoFile;
  readonly #types: ProtoTypes;

  constructor(file: ProtoFile, types: ProtoTypes) {
    this.#file = file;
    this.#types = types;
  }
  encode(name: string): Buffer {
    const file = this.#file;
    const scope = file.package === '' ? [] : file.package.split('.');
    // Named twice in a file, a compiler would refuse it.
    const imports = [...new Map(file.imports.map((i) => [i.path, i])).values()];
    const at = (kind: string): number[] => imports.flatMap((i, index) => (i.kind === kind ? [index] : []));
    const to = new WireWriter().text(1, name).text(2, file.package === '' ? undefined : file.package);
    for (const { path } of imports) to.text(3, path);
    const messages = file.types.filter((type) => type.kind === 'message');
    const enums = file.types.filter((type) => type.kind === 'enum');
    to.messages(4, messages, (message, inner) => this.#message(message, scope, inner));
    to.messages(5, enums, writeEnum);
    to.messages(6, file.services, (service, inner) => this.#service(service, scope, inner));
    this.#extends(to, 7, file.extends, scope);
    writeOptions(to, 8, 'file', file.options);
    for (const index of at('public')) to.number(10, index);
    for (const index of at('weak')) to.number(11, index);
    const { syntax } = file;
    if (isEdition(syntax)) to.text(12, 'editions').number(14, editionNumbers.get(syntax!) ?? 1000);
    else if (syntax !== undefined && syntax !== 'proto2') to.text(12, syntax);
    return to.bytes();
  }
  #full(type: string, scope: readonly string[]): string {
    return `.${this.#types.resolve(type, scope).fullName}`;
  }
  #message(message: ProtoMessage, outer: readonly string[], to: WireWriter): void {
    const scope = [...outer, message.name];
    to.text(1, message.name);
    const optional = message.fields.filter((f) => this.#file.syntax === 'proto3' && f.label === 'optional');
    const oneofIndex = new Map<ProtoField, number>();
    for (const [i, oneof] of message.oneofs.entries())
      for (const field of oneof.fields) oneofIndex.set(field, i);
    for (const [i, field] of optional.entries()) oneofIndex.set(field, message.oneofs.length + i);
    const fields = [...message.fields, ...message.oneofs.flatMap((o) => o.fields)];
    to.messages(2, fields, (field, inner) =>
      this.#field(field, scope, inner, oneofIndex.get(field), undefined),
    );
    const nested = message.types.filter((type) => type.kind === 'message');
    to.messages(3, nested, (inner, writer) => this.#message(inner, scope, writer));
    to.messages(
      3,
      fields.filter((f) => f.keyType !== undefined),
      (field, inner) => this.#entry(field, scope, inner),
    );
    to.messages(
      4,
      message.types.filter((type) => type.kind === 'enum'),
      writeEnum,
    );
    for (const { ranges } of message.extensions) to.messages(5, ranges, writeRange(1));
    this.#extends(to, 6, message.extends, scope);
    writeOptions(to, 7, 'message', message.options);
    to.messages(8, message.oneofs, (oneof, inner) => {
      inner.text(1, oneof.name);
      writeOptions(inner, 2, 'oneof', oneof.options);
    });
    to.messages(8, optional, (field, inner) => inner.text(1, `_${field.name}`));
    writeReserved(to, message.reserved, { ranges: 9, names: 10, past: 1 });
  }
  /** A map is a list of messages with a key and a value. */
  #entry(field: ProtoField, scope: readonly string[], to: WireWriter): void {
    const plain = { label: 'optional', keyType: undefined, group: undefined, options: [] } as const;
    const key: ProtoField = { ...plain, name: 'key', number: 1, type: field.keyType! };
    const value: ProtoField = { ...plain, name: 'value', number: 2, type: field.type };
    to.text(1, entryNameOf(field.name));
    to.messages(2, [key, value], (part, inner) => this.#field(part, scope, inner, undefined, undefined));
    to.data(7, new WireWriter().number(7, 1).bytes());
  }
  #field(
    field: ProtoField,
    scope: readonly string[],
    to: WireWriter,
    oneof: number | undefined,
    extendee: string | undefined,
  ): void {
    const isMap = field.keyType !== undefined;
    const scalar = isMap ? undefined : typeNumbers.get(field.type);
    const defined = scalar === undefined && !isMap ? this.#types.resolve(field.type, scope) : undefined;
    const kind =
      field.group !== undefined ? typeOf.group : defined?.type.kind === 'enum' ? typeOf.enum : typeOf.message;
    const typeName = isMap
      ? `.${[...scope, entryNameOf(field.name)].join('.')}`
      : defined && `.${defined.fullName}`;
    const named = wordOf(field.options.find((o) => o.name === 'json_name'));
    to.text(1, field.name)
      .text(2, extendee)
      .number(3, field.number)
      .number(4, isMap ? labelNumbers.repeated : labelNumbers[field.label ?? 'optional'])
      .number(5, scalar ?? kind)
      .text(6, typeName)
      .text(7, wordOf(field.options.find((o) => o.name === 'default')));
    writeOptions(to, 8, 'field', field.options);
    to.number(9, oneof).text(10, named ?? jsonNameOf(field.name));
    to.flag(17, this.#file.syntax === 'proto3' && field.label === 'optional' && oneof !== undefined);
  }
  #extends(to: WireWriter, at: number, all: readonly ProtoExtend[], scope: readonly string[]): void {
    for (const { target, fields } of all) {
      const extendee = this.#full(target, scope);
      to.messages(at, fields, (field, inner) => this.#field(field, scope, inner, undefined, extendee));
    }
  }
  #service(service: ProtoService, outer: readonly string[], to: WireWriter): void {
    const scope = [...outer, service.name];
    to.text(1, service.name);
    to.messages(2, service.rpcs, (rpc, inner) => {
      inner
        .text(1, rpc.name)
        .text(2, this.#full(rpc.request, scope))
        .text(3, this.#full(rpc.response, scope));
      writeOptions(inner, 4, 'method', rpc.options);
      inner.flag(5, rpc.requestStreams).flag(6, rpc.responseStreams);
    });
    writeOptions(to, 3, 'service', service.options);
  }
}
/** `past`: how far behind the last number a range is said to end. */
const writeRange =
  (past: number) =>
  ({ start, end }: NumberRange, to: WireWriter): unknown =>
    to.number(1, start).number(2, end + past);

function writeReserved(
  to: WireWriter,
  reserved: readonly Reserved[],
  at: { readonly ranges: number; readonly names: number; readonly past: number },
): void {
  const values = reserved.flatMap((r) => r.values);
  const ranges = values.filter((value) => typeof value !== 'string');
  to.messages(at.ranges, ranges, writeRange(at.past));
  for (const value of values) if (typeof value === 'string') to.text(at.names, value);
}
function writeEnum(type: ProtoEnum, to: WireWriter): void {
  to.text(1, type.name);
  to.messages(2, type.constants, (constant, inner) => {
    inner.text(1, constant.name).number(2, constant.number);
    writeOptions(inner, 3, 'constant', constant.options);
  });
  writeOptions(to, 3, 'enum', type.options);
  writeReserved(to, type.reserved, { ranges: 4, names: 5, past: 0 });
}

/** The bytes of the file's descriptor; types are looked up in `types`. Options that compilers do not know by themselves
 *  stay uninterpreted. */
export const encodeDescriptor = (file: ProtoFile, types: ProtoTypes, name: string): Buffer =>
  new Encoder(file, types).encode(name);

/** Whether a type is one that a field may have without being defined. */
export const isScalar = (type: string): boolean => scalarTypes.has(type);
