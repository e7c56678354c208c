/* Ids of schemas in headers, as Confluent's newer serializers write them: the message itself has none in front.
 *
 *   header __value_schema_id: 01 and a GUID, or 00 and an id; then, in Protobuf, the message's place      value: the message
 *     ──▶ 00 │ id │ place │ message, as formats read it
 *
 * A GUID stands for a number of this source alone: below zero, which no registry gives. Keeps: a number a GUID. */

import { UserError } from '#base';
import { MalformedRecord } from '#formats';
import { readHeaders, type RecordIndex } from '#records';

const names = { key: '__key_schema_id', value: '__value_schema_id' } as const;
const idBytes = 4;
const guidBytes = 16;
const guidsMax = 10_000;

export class HeaderIds {
  readonly #ids = new Map<string, number>();
  readonly #guids = new Map<number, string>();

  /** The message with its id in front; undefined where it is not in a header. Most records have no headers, and cost a look at one
   *  byte. Throws MalformedRecord for a header that is no id. */
  framed(index: RecordIndex, record: number, what: 'key' | 'value'): Buffer | undefined {
    const header = idHeader(index, record, what);
    if (header === undefined) return undefined;
    const [magic] = header;
    const length = magic === 0 ? idBytes : guidBytes;
    if ((magic !== 0 && magic !== 1) || header.length < 1 + length)
      throw new MalformedRecord('kafka', `the header ${names[what]} is no id of a schema`, 0);
    const id = Buffer.alloc(1 + idBytes);
    if (magic === 0) id.set(header.subarray(1, 1 + idBytes), 1);
    else id.writeInt32BE(this.#idOf(header.subarray(1, 1 + guidBytes)), 1);
    const start = (what === 'key' ? index.keyStarts : index.valueStarts)[record]!;
    const end = (what === 'key' ? index.keyEnds : index.valueEnds)[record]!;
    return Buffer.concat([id, header.subarray(1 + length), index.data.subarray(start, end)]);
  }
  /** Undefined for the id of a registry. */
  guidOf(id: number): string | undefined {
    return this.#guids.get(id);
  }
  #idOf(bytes: Uint8Array): number {
    const hex = Buffer.from(bytes).toString('hex');
    const guid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const known = this.#ids.get(guid);
    if (known !== undefined) return known;
    if (this.#ids.size >= guidsMax)
      throw new UserError('KAF1011', {
        message: `records name more than ${guidsMax} schemas by their GUIDs`,
      });
    const id = -1 - this.#ids.size;
    this.#ids.set(guid, id);
    this.#guids.set(id, guid);
    return id;
  }
}

/** The header that names the schema. */
export function idHeader(
  { data, headers }: RecordIndex,
  record: number,
  what: 'key' | 'value',
): Uint8Array | undefined {
  const at = headers[record]!;
  if (data[at] === 0) return undefined;
  return readHeaders(data, at).findLast((h) => h.key === names[what])?.value ?? undefined;
}
