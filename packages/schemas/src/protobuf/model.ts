/* A .proto file as it was written (proto2, proto3, editions), without comments and layout. Types are named as in the
 * source; resolve.ts knows which is meant. */

/** `text`: a string; `word`: a number, true, false, an enum's constant, inf; as it was written. */
export type OptionValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly OptionValue[] }
  | { readonly kind: 'message'; readonly members: readonly OptionMember[] };
export interface OptionMember {
  /** A field, or an extension in brackets. */
  readonly name: string;
  readonly value: OptionValue;
}
export interface ProtoOption {
  /** As written: java_package, (my.option), (my.option).field. */
  readonly name: string;
  readonly value: OptionValue;
}
export type Label = 'optional' | 'required' | 'repeated';

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly label: Label | undefined;
  /** Of a map: its value's type. */
  readonly type: string;
  /** A map's key type; undefined for all other fields. */
  readonly keyType: string | undefined;
  /** The message of a group, which is also its type. */
  readonly group: ProtoMessage | undefined;
  readonly options: readonly ProtoOption[];
}
export interface ProtoOneof {
  readonly name: string;
  readonly fields: readonly ProtoField[];
  readonly options: readonly ProtoOption[];
}
/** Both ends included. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
}
export interface Reserved {
  /** One statement: numbers, or names. */
  readonly values: readonly (NumberRange | string)[];
}
export interface Extensions {
  readonly ranges: readonly NumberRange[];
  readonly options: readonly ProtoOption[];
}
export interface ProtoMessage {
  readonly kind: 'message';
  readonly name: string;
  readonly fields: readonly ProtoField[];
  readonly oneofs: readonly ProtoOneof[];
  readonly types: readonly ProtoType[];
  readonly reserved: readonly Reserved[];
  readonly extensions: readonly Extensions[];
  readonly extends: readonly ProtoExtend[];
  readonly options: readonly ProtoOption[];
}
export interface EnumConstant {
  readonly name: string;
  readonly number: number;
  readonly options: readonly ProtoOption[];
}
export interface ProtoEnum {
  readonly kind: 'enum';
  readonly name: string;
  readonly constants: readonly EnumConstant[];
  readonly reserved: readonly Reserved[];
  readonly options: readonly ProtoOption[];
}
export type ProtoType = ProtoMessage | ProtoEnum;

export interface ProtoExtend {
  readonly target: string;
  readonly fields: readonly ProtoField[];
}
export interface ProtoRpc {
  readonly name: string;
  readonly request: string;
  readonly requestStreams: boolean;
  readonly response: string;
  readonly responseStreams: boolean;
  readonly options: readonly ProtoOption[];
}
export interface ProtoService {
  readonly name: string;
  readonly rpcs: readonly ProtoRpc[];
  readonly options: readonly ProtoOption[];
}
export interface ProtoImport {
  readonly path: string;
  readonly kind: 'plain' | 'public' | 'weak';
}
export interface ProtoFile {
  /** proto2, proto3, or the year of an edition; undefined where the file does not say: proto2. */
  readonly syntax: string | undefined;
  readonly package: string;
  readonly imports: readonly ProtoImport[];
  readonly options: readonly ProtoOption[];
  readonly types: readonly ProtoType[];
  readonly extends: readonly ProtoExtend[];
  readonly services: readonly ProtoService[];
}

export const scalarTypes: ReadonlySet<string> = new Set([
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
]);
export const numberMax = 536_870_911;
export const isEdition = (syntax: string | undefined): boolean => syntax !== undefined && /^\d/.test(syntax);

/** All fields of a message, those of its oneofs too, in the order of their numbers. */
export const allFields = ({ fields, oneofs }: ProtoMessage): ProtoField[] =>
  [...fields, ...oneofs.flatMap((oneof) => oneof.fields)].sort((a, b) => a.number - b.number);
