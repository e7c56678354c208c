/* Files of Avro: object container files (Avro 1.12, "Object Container Files").
 *
 *   Obj 01 │ avro.schema, avro.codec, … as a map of bytes │ mark, 16 bytes │ count │ size │ records │ mark │ …
 *
 * A file is read by the schema in its head, whatever the table's columns would give: fields by name, as from a registry. */

import { ByteWriter, toMillraceError } from '#base';
import type { Field } from '#data';
import { parseAvro, printAvro, type RecordType } from '#schemas';
import type { ContainerReader, ContainerWriter, FileContainer } from '../../container.ts';
import type { RowSink } from '../../decoder.ts';
import type { FormatOptions } from '../../format-options.ts';
import { MalformedRecord } from '../../malformed.ts';
import { columnsOfAvro } from '../columns.ts';
import { compileReader, type AvroRowReader } from '../compile-reader.ts';
import { AvroCursor } from '../cursor.ts';
import { AvroEncoder } from '../encoder.ts';
import { planRows } from '../read-plan.ts';
import { writeBytes, writeLong } from '../write-values.ts';
import { avroCodecs, type AvroCodec } from './codecs.ts';

const magic = Uint8Array.of(0x4f, 0x62, 0x6a, 1);
const markBytes = 16;
const format = 'avro';

/** What the head of a file says. */
export interface AvroHead {
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  readonly mark: Uint8Array;
  readonly end: number;
}

/** Undefined while more bytes are needed. Throws MalformedRecord for what is no such file. */
export function readAvroHead(data: Uint8Array, start: number, end: number): AvroHead | undefined {
  const length = Math.min(magic.length, end - start);
  if (!magic.subarray(0, length).every((byte, i) => data[start + i] === byte))
    throw new MalformedRecord(
      format,
      'the file does not begin with Obj and 1, as Avro files do',
      0,
      undefined,
      'Is it an Avro object container file?',
    );
  if (length < magic.length) return undefined;
  const cursor = new AvroCursor(format);
  cursor.reset(data, start, end, start + magic.length);
  const metadata = new Map<string, Uint8Array>();
  try {
    for (let n = cursor.block(2); n > 0; n = cursor.block(2))
      while (n-- > 0) {
        const name = cursor.text();
        metadata.set(name, cursor.bytes());
      }
    return { metadata, mark: cursor.bytes(markBytes), end: cursor.at };
  } catch (error) {
    // A head that is cut off says lengths that are not there.
    if (error instanceof MalformedRecord && end - start < headBytesMax) return undefined;
    throw error;
  }
}
/** A head that goes on for longer is none. */
const headBytesMax = 1 << 24;

class Reader implements ContainerReader {
  readonly #fields: readonly Field[];
  readonly #cursor = new AvroCursor(format);
  #read: AvroRowReader | undefined;
  #codec: AvroCodec | undefined;
  #codecName = '';
  #mark: Uint8Array = new Uint8Array(0);
  head: Uint8Array = new Uint8Array(0);
  left = 0;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }
  readHead(data: Uint8Array, start: number, end: number): number | undefined {
    const found = readAvroHead(data, start, end);
    if (found === undefined) return undefined;
    const text = (key: string): string | undefined => {
      const bytes = found.metadata.get(key);
      return bytes && Buffer.from(bytes).toString();
    };
    this.#codecName = text('avro.codec') ?? 'null';
    this.#codec = Object.hasOwn(avroCodecs, this.#codecName) ? avroCodecs[this.#codecName] : undefined;
    if (this.#codec === undefined)
      throw new MalformedRecord(
        format,
        `its blocks are compressed with '${this.#codecName}', and there are ${Object.keys(avroCodecs).join(', ')}`,
        0,
        undefined,
        'Write the file anew with one of them.',
      );
    try {
      this.#read = compileReader(planRows(parseAvro(text('avro.schema') ?? ''), this.#fields));
    } catch (thrown) {
      throw new MalformedRecord(
        format,
        `the schema in its head: ${toMillraceError(thrown).message}`,
        0,
        undefined,
        'The file is damaged.',
      );
    }
    this.#mark = found.mark;
    this.head = new Uint8Array(data.subarray(start, found.end));
    this.left = 0;
    return found.end;
  }

  openBlock(data: Uint8Array, start: number, end: number): number | undefined {
    const cursor = this.#cursor;
    cursor.reset(data, start, end);
    let count: number;
    let size: number;
    try {
      count = Number(cursor.long());
      size = Number(cursor.long());
    } catch (error) {
      if (error instanceof MalformedRecord && end - start < 20) return undefined;
      throw error;
    }
    if (count < 0 || size < 0) throw cursor.malformed(`a block of ${count} records in ${size} bytes`, start);
    const from = cursor.at;
    if (size + markBytes > end - from) return undefined;
    const to = from + size;
    if (!this.#mark.every((byte, i) => data[to + i] === byte))
      throw cursor.malformed('the mark behind a block is not that of the file', to);
    let plain: Uint8Array;
    try {
      plain = this.#codec!.decompress(data.subarray(from, to));
    } catch (thrown) {
      throw cursor.malformed(
        `a block cannot be decompressed (${this.#codecName}): ${(thrown as Error).message}`,
        from,
      );
    }
    cursor.reset(plain, 0, plain.length);
    this.left = count;
    return to + markBytes;
  }
  next(emit: RowSink): void {
    const row = this.#read!(this.#cursor);
    this.left--;
    if (this.left === 0 && this.#cursor.at < this.#cursor.end)
      this.#cursor.fail('the records of a block end before it does');
    emit(row, 0);
  }
}

class Writer implements ContainerWriter {
  readonly markBytes = markBytes;
  readonly encoder: AvroEncoder;
  readonly #schema: RecordType;
  readonly #codecName: string;
  readonly #compress: NonNullable<AvroCodec['compress']>;

  /** Throws FMT1004 for a codec that is only read. */
  constructor(schema: RecordType, fields: readonly Field[], options: FormatOptions) {
    this.encoder = new AvroEncoder(schema, fields, format);
    this.#schema = schema;
    this.#codecName = options.enum('codec') ?? 'snappy';
    const { compress } = avroCodecs[this.#codecName]!;
    if (compress === undefined) {
      const written = Object.keys(avroCodecs).filter((name) => avroCodecs[name]!.compress !== undefined);
      throw options.refuse(
        'codec',
        `files with the codec '${this.#codecName}' are read, and not written`,
        `Written are ${written.join(', ')}: zstandard comes nearest in size.`,
      );
    }
    this.#compress = compress;
  }
  head(mark: Uint8Array): Uint8Array {
    const to = new ByteWriter();
    to.bytes(magic);
    const metadata = { 'avro.schema': printAvro(this.#schema), 'avro.codec': this.#codecName };
    writeLong(to, Object.keys(metadata).length);
    for (const [key, text] of Object.entries(metadata))
      for (const bytes of [Buffer.from(key), Buffer.from(text)]) writeBytes(to, bytes, 0, bytes.length);
    to.byte(0);
    to.bytes(mark);
    return to.finish();
  }
  block(records: Uint8Array, count: number, mark: Uint8Array): Uint8Array {
    const data = this.#compress(records);
    const to = new ByteWriter();
    writeLong(to, count);
    writeBytes(to, data, 0, data.length);
    to.bytes(mark);
    return to.finish();
  }
}

/** `schemaOf`: what columns give. */
export const avroContainer = (
  schemaOf: (fields: readonly Field[], options: FormatOptions) => RecordType,
): FileContainer => ({
  columns: (data) => {
    const head = readAvroHead(data, 0, data.length);
    if (head === undefined) throw new MalformedRecord(format, 'the head of the file is cut off', 0);
    return columnsOfAvro(parseAvro(Buffer.from(head.metadata.get('avro.schema') ?? []).toString()));
  },
  reader: (fields) => new Reader(fields),
  writer: (fields, options) => new Writer(schemaOf(fields, options), fields, options),
});
