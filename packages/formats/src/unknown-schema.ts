/* What a decoder and its reader say to each other about the schemas that messages were written with.
 *
 *   decode ──▶ UnknownSchema(id) ── the reader gets it, as long as it takes ──▶ learn(id, schema) ──▶ decode, the same message
 *
 * Decoders do no I/O; a message that waits for its schema has not been read in part. */

import type { ParsedSchema, SchemaType } from '#schemas';

/** Thrown by `Decoder.decode` and `Scanner.reference`. It is no error of the message. */
export class UnknownSchema extends Error {
  readonly id: number;

  constructor(id: number) {
    super(`the schema ${id} is not known yet`);
    this.id = id;
  }
}

/** What an encoder writes messages with. */
export interface EncoderSchema {
  readonly type: SchemaType;
  /** To be registered, or to be found among those that are. */
  readonly text: string;
  /** Of the record or message. */
  readonly recordName: string | undefined;
  /** What stands between the id and the message, once it is in use: in Protobuf, which message of the schema it is. */
  readonly place?: Uint8Array;
  /** Before the first message: its id, and the schema as the registry has it. Throws UserError for one that rows of the table
   *  are no values of. */
  use(id: number, schema: ParsedSchema): void;
}
