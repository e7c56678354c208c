/* One page of a column: its levels, and its values or their places in the dictionary. */

import type { ColumnMetaData, DecodedArray, PageHeader, SchemaElement } from 'hyparquet';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { pageCodecs } from './codecs.ts';
import { bitsOf, readHybrid } from './hybrid.ts';
import type { ParquetNode } from './schema-tree.ts';

export interface Page {
  readonly count: number;
  /** Undefined: every value is there. */
  readonly definitions: Int32Array | undefined;
  /** Undefined: nothing is repeated. */
  readonly repetitions: Int32Array | undefined;
  readonly values: DecodedArray;
  readonly inDictionary: boolean;
}

/** Plain bytes of a page, or of the part of it that is compressed. Throws an Error. */
export function decompress(data: Uint8Array, bytes: number, codec: ColumnMetaData['codec']): Uint8Array {
  if (codec === 'UNCOMPRESSED') return data;
  const plain = bytes === 0 ? data.subarray(0, 0) : pageCodecs[codec]!.decompress(data, bytes);
  if (plain.length !== bytes)
    throw new Error(`it has ${plain.length} bytes without compression, not ${bytes}`);
  return plain;
}

/** `data`: of a page of the second version, in which levels are not compressed. Throws an Error. */
export function readPageV2(
  data: Uint8Array,
  header: PageHeader,
  chunk: ColumnMetaData,
  node: ParquetNode,
): Page {
  const page = header.data_page_header_v2!;
  const [repetitionBytes, definitionBytes] = [
    page.repetition_levels_byte_length,
    page.definition_levels_byte_length,
  ];
  const valuesAt = repetitionBytes + definitionBytes;
  if (!(repetitionBytes >= 0 && definitionBytes >= 0 && valuesAt <= data.length))
    throw new Error('its levels are longer than it is');
  const count = page.num_values;
  const repetitions = levels(data, 0, repetitionBytes, node.repetition, count);
  const definitions = levels(data, repetitionBytes, valuesAt, node.definition, count);
  const rest = data.subarray(valuesAt);
  const plain =
    page.is_compressed === false
      ? rest
      : decompress(rest, header.uncompressed_page_size - valuesAt, chunk.codec);
  return {
    count,
    repetitions,
    definitions,
    ...values(plain, 0, page.encoding, present(definitions, node, count), node),
  };
}

/** `data`: of a page of the first version, without compression. Throws an Error. */
export function readPageV1(data: Uint8Array, header: PageHeader, node: ParquetNode): Page {
  const page = header.data_page_header!;
  const count = page.num_values;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const next = (greatest: number): Int32Array | undefined => {
    if (greatest === 0) return undefined;
    const start = at + 4;
    at = start + view.getUint32(at, true);
    if (at > data.length) throw new Error('its levels are longer than it is');
    return levels(data, start, at, greatest, count);
  };
  const repetitions = next(node.repetition);
  const definitions = next(node.definition);
  return {
    count,
    repetitions,
    definitions,
    ...values(data, at, page.encoding, present(definitions, node, count), node),
  };
}

function levels(
  data: Uint8Array,
  start: number,
  end: number,
  greatest: number,
  count: number,
): Int32Array | undefined {
  if (greatest === 0) return undefined;
  const found = readHybrid(data, start, end, bitsOf(greatest), count);
  for (let i = 0; i < count; i++) if (found[i]! > greatest) throw new Error(`a level of ${found[i]!}`);
  return found;
}
function present(definitions: Int32Array | undefined, node: ParquetNode, count: number): number {
  if (definitions === undefined) return count;
  let there = 0;
  for (let i = 0; i < count; i++) if (definitions[i] === node.definition) there++;
  return there;
}

/** INT96 as its twelve bytes. */
export const readPlainValues = (
  reader: { readonly view: DataView; offset: number },
  { type, type_length: length }: SchemaElement,
  count: number,
): DecodedArray =>
  type === 'INT96'
    ? readPlain(reader, 'FIXED_LEN_BYTE_ARRAY', count, 12)
    : readPlain(reader, type!, count, length);

function values(
  data: Uint8Array,
  start: number,
  encoding: string,
  count: number,
  { element }: ParquetNode,
): Pick<Page, 'values' | 'inDictionary'> {
  const type = element.type!;
  const reader = { view: new DataView(data.buffer, data.byteOffset, data.byteLength), offset: start };
  switch (encoding) {
    case 'PLAIN':
      return { values: readPlainValues(reader, element, count), inDictionary: false };
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (count === 0) return { values: [], inDictionary: true };
      const places = readHybrid(data, start + 1, data.length, reader.view.getUint8(start), count);
      return { values: places, inDictionary: true };
    }
    case 'RLE': {
      if (type !== 'BOOLEAN') break;
      const bits = readHybrid(data, start + 4, data.length, 1, count);
      return { values: Array.from(bits, (bit) => bit === 1), inDictionary: false };
    }
    case 'DELTA_BINARY_PACKED': {
      const out = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, out);
      return { values: out, inDictionary: false };
    }
    case 'DELTA_LENGTH_BYTE_ARRAY':
    case 'DELTA_BYTE_ARRAY': {
      const out = new Array<Uint8Array>(count);
      if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, out);
      else deltaLengthByteArray(reader, count, out);
      return { values: out, inDictionary: false };
    }
    case 'BYTE_STREAM_SPLIT':
      return { values: byteStreamSplit(reader, count, type, element.type_length), inDictionary: false };
    default:
  }
  throw new Error(`its encoding ${encoding} is not there for ${type}`);
}
