/* Rows → keys, values, headers and times of records. */

import { UserError } from '#base';
import type { Options } from '#catalog';
import { readValue, type Batch, type Column, type Field, type MapValue } from '#data';
import { ByteWriter } from '#base';
import type { Encoder, EncoderSchema } from '#formats';
import { formatOptionsOf } from '../../format-options.ts';
import type { KeyAndValue, NamedFormat } from '../options.ts';
import { encodeHeaders, type EncodedHeader } from '#records';
import { headerId, type HeaderId } from './header-id.ts';

/** Some of the columns, through one encoder. */
class Part {
  readonly #encoder: Encoder;
  readonly schema: EncoderSchema | undefined;
  readonly #columns: readonly number[];
  readonly #writer = new ByteWriter();
  #batch: Batch | undefined;
  #selected: Column[] = [];
  id: HeaderId | undefined;

  constructor(encoder: Encoder, columns: readonly number[]) {
    this.#encoder = encoder;
    this.schema = encoder.schema;
    this.#columns = columns;
  }
  /** Bytes that stand until the next call; null where the format has nothing for the row. */
  encode(batch: Batch, row: number, kind: number): Uint8Array | null {
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#selected = this.#columns.map((i) => batch.columns[i]!);
    }
    if (this.#encoder.isNull?.(this.#selected, row) === true) return null;
    this.#writer.clear();
    this.#encoder.encode(this.#selected, row, kind, this.#writer);
    return this.#writer.data.subarray(this.id?.skip ?? 0, this.#writer.size);
  }
  /** Lets go of the batch: it belongs to its producer again. */
  release(): void {
    this.#batch = undefined;
    this.#selected = [];
  }
}

export class RowEncoder {
  readonly #fields: readonly Field[];
  readonly #key: Part | undefined;
  readonly #value: Part;
  readonly #headers: number;
  readonly #timestamp: number;

  /** `fields`: physical columns, then the metadata that is written, by key in `metadata`. */
  constructor(formats: KeyAndValue, fields: readonly Field[], metadata: readonly string[], options: Options) {
    this.#fields = fields;
    const { key, value, keyColumns, valueColumns, keyPrefix } = formats;
    this.#key =
      key && new Part(encoder(key, pickFields(fields, keyColumns, keyPrefix), options, 'key'), keyColumns);
    this.#value = new Part(
      encoder(value, pickFields(fields, valueColumns, ''), options, 'value'),
      valueColumns,
    );
    const first = fields.length - metadata.length;
    const indexOf = (name: string): number => (metadata.includes(name) ? first + metadata.indexOf(name) : -1);
    this.#headers = indexOf('headers');
    this.#timestamp = indexOf('timestamp');
  }

  /** What keys and values are written with, where that has an id in a registry. */
  get schemas(): { readonly key: EncoderSchema | undefined; readonly value: EncoderSchema | undefined } {
    return { key: this.#key?.schema, value: this.#value.schema };
  }
  /** Once the schema is in use: keys or values have no id in front from now on. Throws KAF1012. */
  nameSchemaInHeader(what: 'key' | 'value', guid: string | undefined): void {
    const part = what === 'key' ? this.#key : this.#value;
    if (part?.schema !== undefined) part.id = headerId(what, part.schema, guid);
  }
  /** The headers that name the schemas of what a record has. */
  schemaHeaders(key: Uint8Array | null, value: Uint8Array | null): readonly EncodedHeader[] {
    const ofKey = key === null ? undefined : this.#key?.id;
    const ofValue = value === null ? undefined : this.#value.id;
    if (ofKey === undefined && ofValue === undefined) return [];
    return [ofKey, ofValue].flatMap((id) => (id === undefined ? [] : [id.header]));
  }
  get writesHeaders(): boolean {
    return this.#headers >= 0;
  }
  get writesTimestamp(): boolean {
    return this.#timestamp >= 0;
  }
  key(batch: Batch, row: number, kind: number): Uint8Array | null {
    return this.#key === undefined ? null : this.#key.encode(batch, row, kind);
  }
  value(batch: Batch, row: number, kind: number): Uint8Array | null {
    return this.#value.encode(batch, row, kind);
  }
  headers(batch: Batch, row: number): readonly EncodedHeader[] {
    if (this.#headers < 0) return [];
    const map = readValue(
      batch.columns[this.#headers]!,
      this.#fields[this.#headers]!.type,
      row,
    ) as MapValue | null;
    if (map === null) return [];
    return encodeHeaders(map.entries.map(([k, v]) => ({ key: String(k), value: v as Uint8Array | null })));
  }
  /** Undefined: the row has none. */
  timestamp(batch: Batch, row: number): number | undefined {
    if (this.#timestamp < 0) return undefined;
    const column = batch.columns[this.#timestamp]!;
    const value = readValue(column, this.#fields[this.#timestamp]!.type, row) as {
      readonly ms: number;
    } | null;
    if (value !== null && value.ms < 0) {
      throw new UserError('KAF1008', {
        message: `a record of Kafka cannot have the time ${value.ms} ms: the column 'timestamp' lies before 1970`,
        hint: 'Filter such rows, or write NULL for the time of writing.',
      });
    }
    return value?.ms;
  }
  release(): void {
    this.#key?.release();
    this.#value.release();
  }
}

/** The fields of these columns, without `prefix` before their names. */
export function pickFields(fields: readonly Field[], columns: readonly number[], prefix: string): Field[] {
  return columns.map((i) => ({ name: fields[i]!.name.slice(prefix.length), type: fields[i]!.type }));
}

function encoder(named: NamedFormat, fields: readonly Field[], options: Options, what: string): Encoder {
  if (named.format.encoder === undefined) {
    throw new UserError('FMT1003', {
      message: `the format '${named.format.name}' of the ${what} cannot be written`,
    });
  }
  return named.format.encoder(fields, formatOptionsOf(options, named.prefix));
}
