/* What a message's fields are on the wire: of a .proto file, names looked up, labels and options of its syntax applied. A type
 * is made when it is first asked for, for messages may hold themselves. */

import { unreachable } from '#base';
import {
  allFields,
  isEdition,
  scalarTypes,
  type DefinedType,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOption,
  type ProtoTypes,
} from '#schemas';

export type ScalarName =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

export interface EnumValues {
  readonly fullName: string;
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
  /** A number without a name is no value (proto2). */
  readonly closed: boolean;
  /** The first constant. */
  readonly first: number;
}
export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarName }
  | { readonly kind: 'enum'; readonly values: EnumValues }
  | { readonly kind: 'message'; readonly message: MessageType; readonly group: boolean };

export interface MessageField {
  readonly name: string;
  readonly number: number;
  readonly type: FieldType;
  readonly repeated: boolean;
  /** Of a map: the type of its keys; `type` is that of its values. */
  readonly key: FieldType | undefined;
  /** Written so; both ways are read. */
  readonly packed: boolean;
  /** Whether a value that is not there is another thing than the default. */
  readonly presence: boolean;
  readonly required: boolean;
  /** As the file has it. */
  readonly defaultText: string | undefined;
  readonly oneof: string | undefined;
}

/** Wire types (protobuf.dev, "Encoding"). */
export const wire = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export function wireOf(type: FieldType): number {
  if (type.kind === 'enum') return wire.varint;
  if (type.kind === 'message') return type.group ? wire.startGroup : wire.bytes;
  switch (type.scalar) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return wire.fixed64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return wire.fixed32;
    case 'string':
    case 'bytes':
      return wire.bytes;
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
    case 'sint32':
    case 'sint64':
    case 'bool':
      return wire.varint;
    default:
      return unreachable(type.scalar);
  }
}

const wordOf = (options: readonly ProtoOption[], name: string): string | undefined => {
  const value = options.find((o) => o.name === name)?.value;
  return value?.kind === 'word' || value?.kind === 'text' ? value.text : undefined;
};

/** The types of a file and of what it imports. */
export class MessageTypes {
  readonly #types: ProtoTypes;
  readonly #messages = new Map<ProtoMessage, MessageType>();

  constructor(types: ProtoTypes) {
    this.#types = types;
  }
  /** With its package; undefined where there is none. */
  named(fullName: string): MessageType | undefined {
    const found = this.#types.get(fullName);
    return found?.type.kind === 'message' ? this.#message(found, found.type) : undefined;
  }
  #message(defined: Pick<DefinedType, 'fullName' | 'file'>, type: ProtoMessage): MessageType {
    const known = this.#messages.get(type);
    if (known !== undefined) return known;
    const message = new MessageType(defined.fullName, () =>
      allFields(type).map((field) => {
        const oneof = type.oneofs.find((o) => o.fields.includes(field))?.name;
        return this.#field(field, defined, oneof);
      }),
    );
    this.#messages.set(type, message);
    return message;
  }
  #field(
    field: ProtoField,
    { fullName, file }: Pick<DefinedType, 'fullName' | 'file'>,
    oneof: string | undefined,
  ): MessageField {
    const scope = fullName.split('.');
    const isMap = field.keyType !== undefined;
    const type = this.#type(field, field.type, scope, file);
    const repeated = field.label === 'repeated' || isMap;
    const scalar = type.kind !== 'message' && wireOf(type) !== wire.bytes;
    return {
      name: field.name,
      number: field.number,
      type,
      repeated,
      key: isMap ? { kind: 'scalar', scalar: field.keyType as ScalarName } : undefined,
      packed: repeated && !isMap && scalar && isPacked(field, file),
      presence: !repeated && (oneof !== undefined || type.kind === 'message' || hasPresence(field, file)),
      required: field.label === 'required',
      defaultText: wordOf(field.options, 'default'),
      oneof,
    };
  }
  #type(field: ProtoField, name: string, scope: readonly string[], file: ProtoFile): FieldType {
    if (scalarTypes.has(name)) return { kind: 'scalar', scalar: name as ScalarName };
    if (field.group !== undefined) {
      const fullName = [...scope, field.group.name].join('.');
      return { kind: 'message', message: this.#message({ fullName, file }, field.group), group: true };
    }
    const found = this.#types.resolve(name, scope);
    return found.type.kind === 'enum'
      ? { kind: 'enum', values: enumValues(found, found.type) }
      : { kind: 'message', message: this.#message(found, found.type), group: false };
  }
}

function isPacked(field: ProtoField, { syntax, options }: ProtoFile): boolean {
  const own = wordOf(field.options, 'packed');
  if (own !== undefined) return own === 'true';
  if (!isEdition(syntax)) return syntax === 'proto3';
  const feature = 'features.repeated_field_encoding';
  return (wordOf(field.options, feature) ?? wordOf(options, feature)) !== 'EXPANDED';
}
function hasPresence(field: ProtoField, { syntax, options }: ProtoFile): boolean {
  if (field.label === 'optional' || field.label === 'required') return true;
  if (!isEdition(syntax)) return syntax !== 'proto3';
  const feature = 'features.field_presence';
  return (wordOf(field.options, feature) ?? wordOf(options, feature)) !== 'IMPLICIT';
}
function enumValues({ fullName, file }: DefinedType, type: ProtoEnum): EnumValues {
  const names = new Map<number, string>();
  // Of several names of a number the first is its own.
  for (const { number, name } of type.constants) if (!names.has(number)) names.set(number, name);
  return {
    fullName,
    names,
    numbers: new Map(type.constants.map((c) => [c.name, c.number])),
    closed: file.syntax === undefined || file.syntax === 'proto2',
    first: type.constants[0]?.number ?? 0,
  };
}

export class MessageType {
  readonly fullName: string;
  readonly #make: () => MessageField[];
  #fields: readonly MessageField[] | undefined;

  constructor(fullName: string, make: () => MessageField[]) {
    this.fullName = fullName;
    this.#make = make;
  }
  /** In the order of their numbers. */
  get fields(): readonly MessageField[] {
    this.#fields ??= this.#make();
    return this.#fields;
  }
}
