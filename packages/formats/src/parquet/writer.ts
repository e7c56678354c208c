/* Writes one file: rows are kept as values until their group ends.
 *
 * The library gets values as they lie in files, under a schema without annotations, so that it converts nothing; the footer
 * has the schema with them. INT96, which it does not write, is twelve bytes to it. */

import type { CompressionCodec, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter as LibraryWriter } from 'hyparquet-writer';
import type { Column, Field, LogicalType } from '#data';
import type { ColumnFileWriter } from '../column-file.ts';
import { pageCodecs } from './codecs.ts';
import { rawReader, type ReadRaw, type Size } from './raw-values.ts';
import { schemaOfRows, type TimestampForm } from './schema-of-rows.ts';
import type { Times } from './times.ts';

export interface WriterSettings {
  readonly timestamps: TimestampForm;
  readonly times: Times;
  readonly codec: CompressionCodec;
  readonly groupBytes: number;
  readonly pageBytes: number;
  readonly dictionaries: boolean;
}
/** Flink reads booleans without an encoding alone, and to a dictionary of the library 0 and -0 are one. */
const plainKinds = ['BOOLEAN', 'FLOAT', 'DOUBLE'] as const;
const plainly = { encoding: 'PLAIN' } as const;
/** Of a group, however small its rows are. */
const groupRowsMax = 1 << 18;
const createdBy = 'millrace version 0.1.0';

const compressors = Object.fromEntries(
  Object.entries(pageCodecs).map(([name, codec]) => [name, (data: Uint8Array) => codec.compress!(data)]),
);

export class ParquetWriter implements ColumnFileWriter {
  readonly #fields: readonly Field[];
  readonly #settings: WriterSettings;
  readonly #readers: readonly ReadRaw[];
  readonly #schema: SchemaElement[];
  readonly #bytes = new ByteWriter();
  readonly #writer: LibraryWriter;
  #values: unknown[][];
  #rows = 0;
  readonly #size: Size = { bytes: 0 };

  constructor(fields: readonly Field[], settings: WriterSettings) {
    this.#fields = fields;
    this.#settings = settings;
    this.#readers = fields.map((f) => rawReader(f.type, settings.timestamps, settings.times));
    this.#schema = schemaOfRows(fields, settings.timestamps);
    this.#values = fields.map(() => []);
    this.#writer = new LibraryWriter({
      writer: this.#bytes,
      schema: this.#schema.map(withoutAnnotations),
      codec: settings.codec,
      compressors,
      createdBy,
    });
  }
  get pendingBytes(): number {
    return this.#size.bytes;
  }
  get groupIsFull(): boolean {
    return this.#size.bytes >= this.#settings.groupBytes || this.#rows >= groupRowsMax;
  }
  add(columns: readonly Column[], row: number): void {
    const size = { bytes: this.#size.bytes };
    const raw = this.#readers.map((read, i) => read(columns[i]!, row, size));
    for (let i = 0; i < raw.length; i++) this.#values[i]!.push(raw[i]);
    this.#size.bytes = size.bytes;
    this.#rows++;
  }
  endGroup(): Uint8Array {
    const { pageBytes, dictionaries } = this.#settings;
    void this.#writer.write({
      columnData: this.#fields.map(({ name, type }, i) => ({
        name,
        data: this.#values[i]!,
        ...(dictionaries && !plainKinds.some((kind) => holds(type, kind)) ? {} : plainly),
        statistics: hasOrder(type),
      })),
      rowGroupSize: this.#rows,
      pageSize: pageBytes,
    });
    this.#values = this.#fields.map(() => []);
    this.#rows = 0;
    this.#size.bytes = 0;
    return this.#taken();
  }
  end(): Uint8Array {
    const writer = this.#writer;
    writer.schema = this.#schema;
    const isInt96 = new Set(
      leafPaths(this.#schema)
        .filter(([, { type }]) => type === 'INT96')
        .map(([path]) => path),
    );
    for (const group of writer.row_groups)
      for (const { meta_data: chunk } of group.columns)
        if (chunk && isInt96.has(chunk.path_in_schema.join('\0'))) chunk.type = 'INT96';
    void writer.finish();
    return this.#taken();
  }
  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

/** What the library needs to lay out values: groups and physical types. */
function withoutAnnotations(element: SchemaElement): SchemaElement {
  const { name, type, type_length, repetition_type, num_children, converted_type } = element;
  if (type === 'INT96')
    return { name, repetition_type, type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12 } as SchemaElement;
  const shape = converted_type === 'LIST' || converted_type === 'MAP' ? { converted_type } : {};
  return { name, type, type_length, repetition_type, num_children, ...shape } as SchemaElement;
}

/** Of each leaf its path, names with a zero between them. */
function leafPaths(schema: readonly SchemaElement[]): [string, SchemaElement][] {
  const found: [string, SchemaElement][] = [];
  let at = 0;
  const visit = (path: readonly string[]): void => {
    const element = schema[at++]!;
    const here = at === 1 ? [] : [...path, element.name];
    if (element.type !== undefined) found.push([here.join('\0'), element]);
    for (let i = 0; i < (element.num_children ?? 0); i++) visit(here);
  };
  visit([]);
  return found;
}

function holds(type: LogicalType, kind: LogicalType['kind']): boolean {
  switch (type.kind) {
    case 'ARRAY':
    case 'MULTISET':
      return holds(type.element, kind);
    case 'MAP':
      return holds(type.key, kind) || holds(type.value, kind);
    case 'ROW':
      return type.fields.some((f) => holds(f.type, kind));
    default:
      return type.kind === kind;
  }
}
/** The order of values as they lie in the file is that of the values: the least and the greatest can be said. */
function hasOrder(type: LogicalType): boolean {
  switch (type.kind) {
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'DECIMAL':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return false;
    default:
      return true;
  }
}
