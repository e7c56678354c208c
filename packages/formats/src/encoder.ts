/* What writes one message: a row of columns → bytes. */

import type { ByteWriter } from '#base';
import type { Column } from '#data';
import type { EncoderSchema } from './unknown-schema.ts';

export interface Encoder {
  /** Appends the message for row `row`. Throws UserError for a value that the format cannot express; then
   *  what was appended is to be dropped. */
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void;
  /** Whether row `row` has no message at all: a record then has a null key or value. Absent: never. */
  isNull?(columns: readonly Column[], row: number): boolean;
  /** Of formats with a registry: whoever writes calls its `use` before the first row. */
  readonly schema?: EncoderSchema;
}
