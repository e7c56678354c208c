/* A .proto file from a FileDescriptorProto, as clients that have no source register it. Maps and optional fields of proto3
 * are written as such; types are named in full, with a dot in front. */

import type {
  EnumConstant,
  Label,
  NumberRange,
  OptionValue,
  ProtoEnum,
  ProtoExtend,
  ProtoField,
  ProtoFile,
  ProtoMessage,
  ProtoOneof,
  ProtoOption,
  ProtoService,
  Reserved,
} from '../model.ts';
import {
  editionNumbers,
  jsonNameOf,
  knownOptions,
  scalarNames,
  typeOf,
  type OptionPlace,
  type OptionType,
} from './tables.ts';
import { WireMessage } from './wire.ts';

const labels: Readonly<Record<number, Label>> = { 1: 'optional', 2: 'required', 3: 'repeated' };

function optionsOf(message: WireMessage | undefined, place: OptionPlace): ProtoOption[] {
  if (message === undefined) return [];
  return [...(knownOptions[place] as ReadonlyMap<string, { number: number; type: OptionType }>)].flatMap(
    ([name, { number, type }]): ProtoOption[] => {
      if (name === 'map_entry') return [];
      const value = optionValue(message, number, type);
      return value === undefined ? [] : [{ name, value }];
    },
  );
}
function optionValue(message: WireMessage, number: number, type: OptionType): OptionValue | undefined {
  if (type === 'text') {
    const text = message.text(number);
    return text === undefined ? undefined : { kind: 'text', text };
  }
  const found = message.number(number);
  if (found === undefined) return undefined;
  return { kind: 'word', text: type === 'flag' ? String(found !== 0) : (type[found] ?? String(found)) };
}

class Decoder {
  readonly #syntax: string | undefined;

  constructor(syntax: string | undefined) {
    this.#syntax = syntax;
  }
  message(from: WireMessage): ProtoMessage {
    const nested = from.messages(3);
    const entries = new Map(
      nested.filter((inner) => inner.message(7)?.flag(7)).map((inner) => [inner.text(1) ?? '', inner]),
    );
    const types = nested
      .filter((inner) => !entries.has(inner.text(1) ?? ''))
      .map((inner) => this.message(inner));
    const all = from.messages(2).map((field) => ({
      field: this.#field(field, entries, types),
      oneof: field.flag(17) ? undefined : field.number(9),
    }));
    const oneofs = from.messages(8).map(
      (oneof, i): ProtoOneof => ({
        name: oneof.text(1) ?? '',
        fields: all.filter((f) => f.oneof === i).map((f) => f.field),
        options: optionsOf(oneof.message(2), 'oneof'),
      }),
    );
    return {
      kind: 'message',
      name: from.text(1) ?? '',
      fields: all.filter((f) => f.oneof === undefined).map((f) => f.field),
      oneofs: oneofs.filter((oneof) => oneof.fields.length > 0),
      types: [...types, ...from.messages(4).map((e) => this.enum(e))],
      reserved: reservedOf(from, { ranges: 9, names: 10, past: 1 }),
      extensions: from.messages(5).map((range) => ({ ranges: [rangeOf(range, 1)], options: [] })),
      extends: this.extends(from.messages(6)),
      options: optionsOf(from.message(7), 'message'),
    };
  }
  #label(from: WireMessage): Label | undefined {
    const label = labels[from.number(4) ?? 1];
    if (label === 'repeated' || label === 'required') return label;
    if (this.#syntax === 'proto3') return from.flag(17) ? 'optional' : undefined;
    return this.#syntax === undefined && from.number(9) === undefined ? 'optional' : undefined;
  }
  #field(
    from: WireMessage,
    entries: ReadonlyMap<string, WireMessage>,
    types: readonly ProtoMessage[],
  ): ProtoField {
    const name = from.text(1) ?? '';
    const number = from.number(3) ?? 0;
    const options = fieldOptions(from, name);
    const typeName = from.text(6) ?? '';
    const entry = entries.get(typeName.slice(typeName.lastIndexOf('.') + 1));
    if (entry !== undefined) {
      const parts = entry.messages(2);
      const part = (at: number): string => typeText(parts.find((p) => p.number(3) === at));
      return { name, number, label: undefined, type: part(2), keyType: part(1), group: undefined, options };
    }
    const isGroup = from.number(5) === typeOf.group;
    const group = isGroup ? types.find((type) => typeName.endsWith(`.${type.name}`)) : undefined;
    return {
      name,
      number,
      label: this.#label(from),
      type: typeText(from),
      keyType: undefined,
      group,
      options,
    };
  }
  extends(fields: readonly WireMessage[]): ProtoExtend[] {
    const byTarget = Map.groupBy(fields, (field) => field.text(2) ?? '');
    return [...byTarget].map(([target, group]) => ({
      target,
      fields: group.map((field) => this.#field(field, new Map(), [])),
    }));
  }
  enum(from: WireMessage): ProtoEnum {
    return {
      kind: 'enum',
      name: from.text(1) ?? '',
      constants: from.messages(2).map(
        (constant): EnumConstant => ({
          name: constant.text(1) ?? '',
          number: constant.number(2) ?? 0,
          options: optionsOf(constant.message(3), 'constant'),
        }),
      ),
      reserved: reservedOf(from, { ranges: 4, names: 5, past: 0 }),
      options: optionsOf(from.message(3), 'enum'),
    };
  }
}
const typeText = (field: WireMessage | undefined): string =>
  scalarNames.get(field?.number(5) ?? 0) ?? field?.text(6) ?? '';

function fieldOptions(from: WireMessage, name: string): ProtoOption[] {
  const options = optionsOf(from.message(8), 'field');
  const fallback = from.text(7);
  const jsonName = from.text(10);
  const quoted = from.number(5) === 9 || from.number(5) === 12;
  if (fallback !== undefined)
    options.push({ name: 'default', value: { kind: quoted ? 'text' : 'word', text: fallback } });
  if (jsonName !== undefined && jsonName !== jsonNameOf(name))
    options.push({ name: 'json_name', value: { kind: 'text', text: jsonName } });
  return options;
}
const rangeOf = (range: WireMessage, past: number): NumberRange => ({
  start: range.number(1) ?? 0,
  end: (range.number(2) ?? 0) - past,
});
function reservedOf(
  from: WireMessage,
  at: { readonly ranges: number; readonly names: number; readonly past: number },
): Reserved[] {
  return [
    ...from.messages(at.ranges).map((range): Reserved => ({ values: [rangeOf(range, at.past)] })),
    ...from.texts(at.names).map((name): Reserved => ({ values: [name] })),
  ];
}
function serviceOf(from: WireMessage): ProtoService {
  return {
    name: from.text(1) ?? '',
    rpcs: from.messages(2).map((method) => ({
      name: method.text(1) ?? '',
      request: method.text(2) ?? '',
      requestStreams: method.flag(5),
      response: method.text(3) ?? '',
      responseStreams: method.flag(6),
      options: optionsOf(method.message(4), 'method'),
    })),
    options: optionsOf(from.message(3), 'service'),
  };
}
function syntaxOf(from: WireMessage): string | undefined {
  const syntax = from.text(12);
  if (syntax !== 'editions') return syntax === 'proto2' ? undefined : syntax;
  return [...editionNumbers].find(([, number]) => number === from.number(14))?.[0] ?? '2023';
}

/** The file that a descriptor describes; undefined for bytes that are none. */
export function decodeDescriptor(bytes: Buffer): ProtoFile | undefined {
  try {
    const from = new WireMessage(bytes);
    const syntax = syntaxOf(from);
    const decoder = new Decoder(syntax);
    const [publics, weaks] = [from.numbers(10), from.numbers(11)];
    const types = [
      ...from.messages(4).map((m) => decoder.message(m)),
      ...from.messages(5).map((e) => decoder.enum(e)),
    ];
    // Bytes of something else are read as a message without a name.
    if (types.some((type) => type.name === '')) return undefined;
    return {
      syntax,
      package: from.text(2) ?? '',
      imports: from.texts(3).map((path, i) => ({
        path,
        kind: publics.includes(i) ? 'public' : weaks.includes(i) ? 'weak' : 'plain',
      })),
      options: optionsOf(from.message(8), 'file'),
      types,
      extends: decoder.extends(from.messages(7)),
      services: from.messages(6).map(serviceOf),
    };
  } catch {
    return undefined;
  }
}
