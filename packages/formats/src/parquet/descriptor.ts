/* The parquet format: files alone, for a row of one is spread over the file. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { columnsOfFile } from './columns.ts';
import { footerBytes, readFooter, tailBytes } from './footer.ts';
import { formatName, readSafely } from './malformed.ts';
import { compressions, parquetOptionSpecs, timeUnits } from './options.ts';
import { ParquetReader } from './reader.ts';
import { timesOf, type TimeUnit } from './times.ts';
import { ParquetWriter, type WriterSettings } from './writer.ts';

export const parquetFormat: FormatDescriptor = {
  name: formatName,
  options: parquetOptionSpecs,
  changelog: insertOnly,
  columnFile: {
    tailBytes,
    footerBytes,
    columns: (footer) =>
      readSafely('the schema in the footer cannot be read', 0, () =>
        columnsOfFile(readFooter(footer, footer.length).root),
      ),
    reader: (fields, options, conditions) =>
      new ParquetReader(fields, timesOf(options.boolean('utc-timezone')), conditions),
    writer: (fields, options) => new ParquetWriter(fields, settingsOf(options)),
  },
};

function settingsOf(options: FormatOptions): WriterSettings {
  const unit = timeUnits.find((u) => u === options.enum('timestamp.time.unit')) ?? 'micros';
  return {
    timestamps: options.boolean('write.int64.timestamp') ? (unit.toUpperCase() as TimeUnit) : 'INT96',
    times: timesOf(options.boolean('utc-timezone')),
    codec: codecOf(options),
    groupBytes: bytesOf(options, 'block.size'),
    pageBytes: bytesOf(options, 'page.size'),
    dictionaries: options.boolean('enable.dictionary'),
  };
}
function codecOf(options: FormatOptions): WriterSettings['codec'] {
  const name = (options.string('compression') ?? 'SNAPPY').toUpperCase();
  const codec = compressions.find((c) => c === name);
  if (codec === undefined)
    throw options.refuse('compression', `'${name}' is not there`, `There are ${compressions.join(', ')}.`);
  return codec;
}
function bytesOf(options: FormatOptions, key: string): number {
  const text = options.string(key) ?? '';
  const bytes = Number(text);
  if (/^\d+$/.test(text) && bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw options.refuse(key, `'${text}' is no number of bytes`, 'Write it as digits alone.');
}
