/* What writes many messages at once: columns → bytes in the thread's memory. A format that has one gives, byte for byte,
 * what its encoder gives; a row that it is not sure of is left to the encoder. */

import type { Column, Field } from '#data';
import type { ThreadMemory } from '#wasm';
import type { FormatOptions } from './format-options.ts';

export interface BlockEncoder {
  /** Where message i of the last `encode` ended, as addresses; it began where the one before it ended. */
  readonly ends: Int32Array;
  /** The address of `ends`. */
  readonly endsAddress: number;
  /** Rows that one call takes at most; it may take fewer. */
  readonly rowsMax: number;
  /** Writes the messages of rows [from, to) one behind the other from address `at` on, none beyond `limit`. Returns the
   *  first row that was not written. When that is `from`, there is no room for it, with 16 bytes to spare, or it is one for
   *  the encoder; else the next call may go on. Columns that do not lie in the memory are copied there first. `kinds`:
   *  absent when all rows are inserts. */
  encode(
    columns: readonly Column[],
    kinds: Uint8Array | undefined,
    from: number,
    to: number,
    at: number,
    limit: number,
  ): number;
  release(): void;
}

/** What a block encoder is made for. */
export interface BlockEncoderSpec {
  readonly memory: ThreadMemory;
  readonly fields: readonly Field[];
  readonly options: FormatOptions;
  /** Written behind every message: a line end in files, nothing in Kafka. */
  readonly terminator: Uint8Array;
  readonly rowsMax: number;
}
