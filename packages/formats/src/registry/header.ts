/* The schema's id in front of a message: 00, and the id in four bytes. */

import type { ByteWriter } from '#base';
import { MalformedRecord } from '../malformed.ts';

export const headerBytes = 5;

/** Throws MalformedRecord where there is no id. */
export function readHeader(format: string, data: Uint8Array, start: number, end: number): number {
  const hint = `The topic's messages were not written with a schema registry. If they are plain, read them with another format.`;
  if (end - start < headerBytes)
    throw new MalformedRecord(
      format,
      `${end - start} bytes, too few for the id of a schema`,
      0,
      undefined,
      hint,
    );
  if (data[start] !== 0)
    throw new MalformedRecord(
      format,
      `found byte ${data[start]}, expected 0 in front of a schema's id`,
      0,
      undefined,
      hint,
    );
  return (data[start + 1]! << 24) | (data[start + 2]! << 16) | (data[start + 3]! << 8) | data[start + 4]!;
}
export function writeHeader(id: number, to: ByteWriter): void {
  const at = to.reserve(headerBytes);
  to.data[at] = 0;
  to.data.writeInt32BE(id, at + 1);
  to.size += headerBytes;
}

/** No more schemas of one table are kept ready. */
const readersMax = 1000;

/** What reads messages, by the id of their schema: made once for each. */
export class BySchema<T> {
  readonly #known = new Map<number, T>();

  get(id: number): T | undefined {
    return this.#known.get(id);
  }
  set(id: number, reader: T): void {
    if (this.#known.size >= readersMax) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(id, reader);
  }
}
