/* The id of a schema in a header instead of in front of the message, as Confluent's HeaderSchemaIdSerializer writes it. What reads it
 * is source/header-ids.ts.
 *
 *   00 │ id │ place │ message, as formats write it      ──▶ header __value_schema_id: 01, GUID, place      value: the message */

import { UserError } from '#base';
import type { EncoderSchema } from '#formats';
import { encodeHeaders, type EncodedHeader } from '#records';

const names = { key: '__key_schema_id', value: '__value_schema_id' } as const;
const prefixBytes = 5;

export interface HeaderId {
  readonly header: EncodedHeader;
  /** Of what formats write, so many bytes are not part of the message. */
  readonly skip: number;
}

/** Once `schema` knows what it writes. Throws KAF1012 where the registry gave no GUID. */
export function headerId(what: 'key' | 'value', schema: EncoderSchema, guid: string | undefined): HeaderId {
  if (guid === undefined)
    throw new UserError('KAF1012', {
      message: `the header ${names[what]} holds a schema's GUID, and the registry gives none`,
      hint: `Leave '${what}.schema.id.serializer' out: then the id stands in front of the message. Registries of Confluent give GUIDs since 8.0.`,
    });
  const place = schema.place ?? new Uint8Array(0);
  const value = Buffer.concat([Buffer.of(1), Buffer.from(guid.replaceAll('-', ''), 'hex'), place]);
  const [header] = encodeHeaders([{ key: names[what], value }]);
  return { header: header!, skip: prefixBytes + place.length };
}
