/* The csv format: one record a message, cells in the order of the columns. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import { csvBlockEncoder } from './block.ts';
import { CsvDecoder } from './decoder.ts';
import { CsvDrift } from './drift.ts';
import { CsvEncoder } from './encoder.ts';
import { CsvFraming } from './framing.ts';
import { csvOptionSpecs, csvSettings } from './options.ts';
import { newCsvFraming } from './scan/framing.ts';
import { createCsvScanner } from './scan/scanner.ts';

export const csvFormat: FormatDescriptor = {
  name: 'csv',
  needsNoSchema: true,
  options: csvOptionSpecs,
  changelog: insertOnly,
  decoder: (fields, options, record) => new CsvDecoder(fields, options, record),
  encoder: (fields, options) => new CsvEncoder(fields, options),
  drift: (columns, options) => new CsvDrift(columns, csvSettings(options)),
  scanner: (spec) => createCsvScanner(spec),
  blockEncoder: csvBlockEncoder,
  framing: (options) => new CsvFraming(csvSettings(options)),
  blockFraming: (memory, options) => newCsvFraming(memory, csvSettings(options)),
};
