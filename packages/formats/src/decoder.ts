/* What reads one message: bytes → rows. */

import type { Row } from '#data';
import type { ParsedSchema } from '#schemas';

/** Takes one decoded row; `kind` is a changeKind. The row is the taker's to keep. */
export type RowSink = (row: Row, kind: number) => void;

/** 'made-null': a value that does not fit its type is NULL, for errors are ignored. 'trailing': what stands behind the
 *  message's value is not read, as in Flink. */
export type DecodeLoss = 'made-null' | 'trailing';

export interface Decoder {
  /** Decodes the message `data[start, end)` and hands its rows to `emit`: one as a rule, none for an empty
   *  message, several where the format allows it. All or nothing: `emit` is called only after the whole
   *  message was found good, else MalformedRecord is thrown, whatever `ignore-parse-errors` says: see
   *  `skipsMalformed`. */
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void;
  /** The rows of a record of a file that is an empty line, for a format to which that is another thing than an empty
   *  message. Absent: decode. */
  decodeBlank?(emit: RowSink): void;
  /** The rows of a message that is null: none, unless a format says otherwise. */
  decodeNull?(emit: RowSink): void;
  /** For formats with a registry: the schema that UnknownSchema asked for; undefined when the registry has none with this id,
   *  and messages that name it are malformed. */
  learn?(id: number, schema: ParsedSchema | undefined): void;
  /** The table asked for malformed messages to be skipped: the reader counts them and goes on. */
  readonly skipsMalformed: boolean;
  /** Called for each loss that is no error: nobody should lose data without a count. */
  onLoss?: ((loss: DecodeLoss) => void) | undefined;
}
