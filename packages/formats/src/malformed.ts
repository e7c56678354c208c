/* The one error for bytes that are not what their format says. */

import { UserError } from '#base';

/** Bytes of a bad record that a message may show. */
const shownBytesMax = 256;

/** A record that its format cannot read. `position` counts bytes from the start of the record. The reader
 *  that knows where the record came from adds that with `locatedAt`. */
export class MalformedRecord extends UserError {
  readonly reason: string;
  readonly position: number;

  constructor(format: string, reason: string, position: number, place?: string, hint?: string) {
    const where = place === undefined ? '' : ` at ${place}`;
    super('FMT1001', {
      message: `malformed ${format} record${where}: ${reason} (byte ${position})`,
      hint: hint ?? `Set '${format}.ignore-parse-errors' = 'true' to skip what cannot be read.`,
    });
    this.reason = reason;
    this.position = position;
    this.#format = format;
  }
  readonly #format: string;

  /** The same error, saying where the record lay. */
  placedAt(place: string): MalformedRecord {
    return new MalformedRecord(this.#format, this.reason, this.position, place, this.hint);
  }
  /** The same error, saying where the record lay and what it holds. */
  locatedAt(place: string, data: Uint8Array, start: number, end: number): MalformedRecord {
    return new MalformedRecord(
      this.#format,
      this.reason,
      this.position,
      `${place}: ${showBytes(data, start, end)}`,
      this.hint,
    );
  }
}

/** Bytes as text for a message: UTF-8 where it is, bounded in length. */
export function showBytes(data: Uint8Array, start: number, end: number): string {
  const shown = Math.min(end, start + shownBytesMax);
  const text = new TextDecoder().decode(data.subarray(start, shown));
  return `'${text}'${shown < end ? ` … (${end - start} bytes)` : ''}`;
}
