/* Changes a schema of any type: one row a type. */

import type { SchemaType } from '../parsed-schema.ts';
import { evolveAvro } from './avro.ts';
import type { SchemaEdit } from './edit.ts';
import { evolveJson } from './json.ts';
import { evolveProto } from './protobuf.ts';

const evolvers: Readonly<Record<SchemaType, (text: string, edits: readonly SchemaEdit[]) => string>> = {
  AVRO: evolveAvro,
  JSON: evolveJson,
  PROTOBUF: evolveProto,
};

/** The text with the changes made one after the other. It is not checked: whoever asks holds it against what was before.
 *  Throws SCH1007 for a change that cannot be made. */
export const evolveSchema = (type: SchemaType, text: string, edits: readonly SchemaEdit[]): string =>
  evolvers[type](text, edits);
