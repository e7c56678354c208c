/* An Avro schema as a graph (Avro 1.12, "Schema Declaration"). A named type is one object, however often it is named. */

import type { Json } from '../json/value.ts';

export const primitiveTypes = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;
export type PrimitiveName = (typeof primitiveTypes)[number];

/** Attributes that the specification does not reserve, in the order in which they were written: logicalType and others. */
export type Properties = ReadonlyMap<string, Json>;

interface Base {
  readonly properties: Properties;
}
export interface PrimitiveType extends Base {
  readonly kind: PrimitiveName;
}
export interface ArrayType extends Base {
  readonly kind: 'array';
  readonly items: AvroType;
}
export interface MapType extends Base {
  readonly kind: 'map';
  readonly values: AvroType;
}
export interface UnionType extends Base {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
}
interface Named extends Base {
  /** With its namespace; the name alone where it has none. */
  readonly fullName: string;
  /** Full names. */
  readonly aliases: readonly string[];
  readonly doc: string | undefined;
}
export interface FixedType extends Named {
  readonly kind: 'fixed';
  readonly size: number;
}
export interface EnumType extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}
export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc: string | undefined;
  /** Undefined where there is none; null is a default. */
  readonly default: Json | undefined;
  readonly order: 'ascending' | 'descending' | 'ignore';
  readonly aliases: readonly string[];
  readonly properties: Properties;
}
export interface RecordType extends Named {
  readonly kind: 'record';
  readonly isError: boolean;
  readonly fields: readonly AvroField[];
}
export type NamedType = FixedType | EnumType | RecordType;
export type AvroType = PrimitiveType | ArrayType | MapType | UnionType | NamedType;

export const isNamed = (type: AvroType): type is NamedType =>
  type.kind === 'fixed' || type.kind === 'enum' || type.kind === 'record';

export const namespaceOf = (fullName: string): string =>
  fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
export const simpleNameOf = (fullName: string): string => fullName.slice(fullName.lastIndexOf('.') + 1);

/** How a branch of a union is called: a named type by its full name, another by its kind. */
export const branchName = (type: AvroType): string => (isNamed(type) ? type.fullName : type.kind);
