/* Walks through the values of one column of one group, a page after the other: what is held is the column as it lies in the
 * file, its dictionary and one page. */

import { crc32 } from 'node:zlib';
import type { ColumnMetaData, DecodedArray } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { pageCodecs } from './codecs.ts';
import { malformed, readSafely } from './malformed.ts';
import { decompress, readPageV1, readPageV2, readPlainValues, type Page } from './page.ts';
import type { ParquetNode } from './schema-tree.ts';

/** A value as it lies in a file: INT96 is its twelve bytes. */
export type RawValue = boolean | number | bigint | Uint8Array;

const noPage: Page = {
  count: 0,
  definitions: undefined,
  repetitions: undefined,
  values: [],
  inDictionary: false,
};

export class LeafCursor {
  readonly #node: ParquetNode;
  readonly #chunk: ColumnMetaData;
  readonly #start: number;
  #view: DataView;
  #offset = 0;
  /** Values of pages that are not open yet. */
  #left: number;
  #dictionary: DecodedArray | undefined;
  #page = noPage;
  /** How far it is read. */
  #at = 0;
  #valueAt = 0;

  /** `start`: where `bytes` lie in the file. */
  constructor(node: ParquetNode, chunk: ColumnMetaData, bytes: Uint8Array, start: number) {
    this.#node = node;
    this.#chunk = chunk;
    this.#start = start;
    // Views of the library go to the end of a buffer.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    this.#view = new DataView(own.buffer);
    this.#left = Number(chunk.num_values);
  }
  get #name(): string {
    return this.#chunk.path_in_schema.join('.');
  }
  #fail(reason: string): never {
    throw malformed(`column '${this.#name}': ${reason}`, this.#start + this.#offset);
  }

  /** Of the next value. */
  definition(): number {
    if (this.#at === this.#page.count) this.#openPage();
    const { definitions } = this.#page;
    return definitions === undefined ? this.#node.definition : definitions[this.#at]!;
  }
  /** Of the next value; 0 behind the last. */
  repetition(): number {
    if (this.#at === this.#page.count) {
      if (this.#left === 0) return 0;
      this.#openPage();
    }
    const { repetitions } = this.#page;
    return repetitions === undefined ? 0 : repetitions[this.#at]!;
  }
  /** The next value, or null where it or a node above it is absent. */
  next(): RawValue | null {
    if (this.definition() < this.#node.definition) {
      this.#at++;
      return null;
    }
    this.#at++;
    const value = this.#page.values[this.#valueAt++] as RawValue | undefined;
    if (value === undefined) return this.#fail('a page ends before its values do');
    if (!this.#page.inDictionary) return value;
    return (
      (this.#dictionary?.[Number(value)] as RawValue | undefined) ??
      this.#fail(`the dictionary has no value ${value}`)
    );
  }
  /** Passes over a value that is absent. */
  pass(): void {
    if (this.definition() >= this.#node.definition)
      this.#fail('a value is there, and what it lies in is not');
    this.#at++;
  }
  /** Every value was read. */
  get atEnd(): boolean {
    return this.#left === 0 && this.#at === this.#page.count;
  }

  #openPage(): void {
    if (this.#left === 0) this.#fail('it has fewer values than the group has rows');
    this.#page = noPage;
    this.#at = this.#valueAt = 0;
    while (this.#page.count === 0) {
      const at = this.#start + this.#offset;
      readSafely(`column '${this.#name}': a page cannot be read`, at, () => {
        this.#readPage();
      });
    }
    this.#left -= this.#page.count;
  }
  #readPage(): void {
    const reader = { view: this.#view, offset: this.#offset };
    if (this.#offset >= this.#view.byteLength) throw new Error('the column ends before its values do');
    const header = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: plainSize } = header;
    const room = this.#view.byteLength - reader.offset;
    if (!(size >= 0 && size <= room)) throw new Error(`it has ${size} bytes, and the column ${room} more`);
    if (!(plainSize >= 0 && plainSize <= Number(this.#chunk.total_uncompressed_size)))
      throw new Error(`it has ${plainSize} bytes without compression, more than the whole column`);
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + reader.offset, size);
    if (header.crc !== undefined && crc32(bytes) !== header.crc >>> 0)
      throw new Error('its checksum is another than the file says');
    this.#offset = reader.offset + size;
    const { codec } = this.#chunk;
    if (codec !== 'UNCOMPRESSED' && pageCodecs[codec] === undefined)
      throw malformed(
        `column '${this.#name}' is compressed with ${codec}`,
        this.#start + this.#offset,
        `There are ${Object.keys(pageCodecs).join(', ')}: write the file anew with one of them.`,
      );
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? 0;
      if (!(count >= 0 && count <= plainSize)) throw new Error(`a dictionary of ${count} values`);
      const page = decompress(bytes, plainSize, codec);
      const plain = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
      this.#dictionary = readPlainValues(plain, this.#node.element, count);
      return;
    }
    const page = header.data_page_header ?? header.data_page_header_v2;
    // Of an index: it is not needed.
    if (page === undefined) return;
    if (!(page.num_values >= 0 && page.num_values <= this.#left))
      throw new Error(`it has ${page.num_values} values, and the column ${this.#left} more`);
    this.#page =
      header.data_page_header === undefined
        ? readPageV2(bytes, header, this.#chunk, this.#node)
        : readPageV1(decompress(bytes, plainSize, codec), header, this.#node);
  }
}
