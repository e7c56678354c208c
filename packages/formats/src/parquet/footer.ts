/* The footer of a file: metadata in Thrift, their length, PAR1. */

import { parquetMetadata, type ColumnMetaData, type FileMetaData } from 'hyparquet';
import { malformed, readSafely } from './malformed.ts';
import { schemaTree, type ParquetNode } from './schema-tree.ts';

export const tailBytes = 8;
const magic = 0x31524150;
const encryptedMagic = 0x45524150;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function footerBytes(tail: Uint8Array, fileBytes: number): number {
  const found = tail.length < tailBytes ? 0 : viewOf(tail).getUint32(tail.length - 4, true);
  if (found === encryptedMagic)
    throw malformed('the file is encrypted', fileBytes - 4, 'Write it without encryption.');
  // Its head has the magic too.
  if (found !== magic || fileBytes < tailBytes + 4)
    throw malformed(
      'the file does not end with PAR1, as Parquet files do',
      Math.max(0, fileBytes - 4),
      'Is it a Parquet file, written to its end?',
    );
  const length = viewOf(tail).getUint32(tail.length - tailBytes, true);
  if (length > fileBytes - tailBytes - 4)
    throw malformed(
      `the footer says it has ${length} bytes, and the file ${fileBytes}`,
      fileBytes - tailBytes,
    );
  return length + tailBytes;
}

export interface Footer {
  readonly root: ParquetNode;
  readonly groups: FileMetaData['row_groups'];
}
/** Values of statistics are not looked at. */
const asTheyAre = {
  timestampFromMilliseconds: String,
  timestampFromMicroseconds: String,
  timestampFromNanoseconds: String,
  dateFromDays: String,
  stringFromBytes: (bytes: Uint8Array) => bytes,
  geometryFromBytes: () => undefined,
  geographyFromBytes: () => undefined,
};

export function readFooter(footer: Uint8Array, fileBytes: number): Footer {
  const start = fileBytes - footer.length;
  return readSafely('the footer cannot be read', start, () => {
    const metadata = parquetMetadata(footer, { geoparquet: false, parsers: asTheyAre as never });
    return { root: schemaTree(metadata), groups: metadata.row_groups };
  });
}

/** Where the column lies. Throws MalformedRecord for places outside the file. */
export function chunkRange(
  chunk: ColumnMetaData,
  dataEnd: number,
): { readonly start: number; readonly end: number } {
  const dictionary = Number(chunk.dictionary_page_offset ?? 0);
  const data = Number(chunk.data_page_offset);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + Number(chunk.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= dataEnd))
    throw malformed(
      `column '${chunk.path_in_schema.join('.')}' lies at bytes ${start} to ${end} of the file`,
    );
  return { start, end };
}
