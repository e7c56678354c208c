/* How a message says which schema it was written with, as Confluent's serializers do.
 *
 *   00 │ id, 4 bytes, big endian │ Protobuf: message indexes │ the message          in front of the message
 *   01 │ GUID, 16 bytes          │ Protobuf: message indexes                        in the header __value_schema_id
 *
 * Message indexes: how many, then each, as zigzag varints; a single 0 byte stands for [0]. */

/** 16 bytes of 36 characters, and back. */
export const guidBytes = (guid: string): Buffer => Buffer.from(guid.replaceAll('-', ''), 'hex');
export function guidOfBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const schemaIdHeaders = { key: '__key_schema_id', value: '__value_schema_id' } as const;

export type WrittenSchema =
  | { readonly kind: 'id'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'guid'; readonly guid: string; readonly bytes: number };

/** What stands at an offset; undefined where it is no id. `bytes`: how long it is. */
export function readSchemaId(data: Uint8Array, at = 0): WrittenSchema | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data[at] === 0 && at + 5 <= data.length) return { kind: 'id', id: view.getInt32(at + 1), bytes: 5 };
  if (data[at] === 1 && at + 17 <= data.length)
    return { kind: 'guid', guid: guidOfBytes(data.subarray(at + 1, at + 17)), bytes: 17 };
  return undefined;
}
export function writeSchemaId(id: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes.writeInt32BE(id, 1);
  return bytes;
}
export const writeSchemaGuid = (guid: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(1), guidBytes(guid)]);

/** The path of a Protobuf message, and where the message itself begins; undefined where it is cut off. */
export function readMessageIndexes(
  data: Uint8Array,
  at: number,
): { readonly indexes: readonly number[]; readonly end: number } | undefined {
  let place = at;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = data[place++];
      if (byte === undefined) return Number.NaN;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    return Number.NaN;
  };
  const count = next();
  if (count === 0) return { indexes: [0], end: place };
  const indexes = Array.from({ length: count > 0 && count < 100 ? count : 0 }, next);
  return indexes.length === count && indexes.every((index) => index >= 0)
    ? { indexes, end: place }
    : undefined;
}
export function writeMessageIndexes(indexes: readonly number[]): Uint8Array {
  if (indexes.length === 1 && indexes[0] === 0) return Uint8Array.of(0);
  const bytes: number[] = [];
  for (const value of [indexes.length, ...indexes]) {
    let rest = (value << 1) >>> 0;
    while (rest >= 0x80) {
      bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}
