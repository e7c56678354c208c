/* Reads a schema of any type: one row a type, nothing else knows all three. */

import { didYouMean, UserError } from '#base';
import { AvroSchema } from './avro/schema.ts';
import { JsonSchema } from './json-schema/schema.ts';
import { schemaTypes, type ParsedSchema, type ReferencedSchema, type SchemaType } from './parsed-schema.ts';
import { ProtoSchema } from './protobuf/schema.ts';

export interface ParseOptions {
  /** Schemas that it refers to, those first that others refer to. */
  readonly references?: readonly ReferencedSchema[];
  /** Whether it is to be registered: what older writers got away with is then an error. */
  readonly isNew?: boolean;
}
type Parse = (text: string, references: readonly ReferencedSchema[], isNew: boolean) => ParsedSchema;
const parsers: Readonly<Record<SchemaType, Parse>> = {
  AVRO: (text, references, isNew) => AvroSchema.parse(text, references, isNew),
  JSON: (text, references) => JsonSchema.parse(text, references),
  PROTOBUF: (text, references) => ProtoSchema.parse(text, references),
};

export const isSchemaType = (text: string): text is SchemaType => Object.hasOwn(parsers, text);

/** Throws SCH1006 for a type that there is not, and SCH1001 to SCH1005 for what is no schema of it. */
export function parseSchema(type: string, text: string, options: ParseOptions = {}): ParsedSchema {
  if (!isSchemaType(type))
    throw new UserError('SCH1006', {
      message: `there is no type of schema "${type}"`,
      hint: didYouMean(type, schemaTypes),
    });
  return parsers[type](text, options.references ?? [], options.isNew ?? false);
}
