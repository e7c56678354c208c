/* What the three types of schema have in common: the face that registry, command and formats see. */

import type { Incompatibility } from './compatibility/incompatibility.ts';

export const schemaTypes = ['JSON', 'PROTOBUF', 'AVRO'] as const;
export type SchemaType = (typeof schemaTypes)[number];

/** Another schema that one refers to, and by which name: a full name in Avro, an import in Protobuf, a URI in JSON Schema. */
export interface ReferencedSchema {
  readonly name: string;
  readonly text: string;
}

/** What a schema holds, a line an element, by its path: for people who compare two. */
export type Outline = ReadonlyMap<string, string>;

export interface ParsedSchema {
  readonly type: SchemaType;
  /** As the registry stores it, and gives ids to. */
  readonly text: string;
  /** Of the record, message or object that it is about; undefined where that has none. */
  readonly name: string | undefined;
  /** The stored text of the normal form: equal for schemas that differ in order and spelling alone. */
  readonly normalText: string;
  /** The text in a form that clients ask for: resolved (Avro: references inline), serialized (Protobuf: a file descriptor in
   *  base64). The stored text for forms that the type does not have. */
  formatted(format: string): string;
  /** What keeps a reader with this schema from reading what was written with the other. */
  cannotRead(writer: ParsedSchema): readonly Incompatibility[];
  /** Names of its fields at the root. */
  readonly fieldNames: readonly string[];
  outline(): Outline;
}

/** Two schemas of different types read nothing of each other. */
export const typeChanged = (reader: SchemaType, writer: SchemaType): Incompatibility => ({
  rule: 'SCHEMA_TYPE_CHANGED',
  path: '/',
  about: `${writer} to ${reader}`,
  sentence: (newer, older) => `The ${newer} schema is ${reader} and the ${older} schema is ${writer}`,
  fix: () => 'Keep the type, or use another subject',
});
