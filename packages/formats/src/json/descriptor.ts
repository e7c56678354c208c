/* The json format: one object a message, or one array of objects. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import { LineFraming } from '../framing.ts';
import { newLineFraming } from '../scan/block-framing.ts';
import { JsonDecoder } from './decoder.ts';
import { JsonDrift } from './drift.ts';
import { JsonEncoder } from './encoder.ts';
import { jsonBlockEncoder } from './block.ts';
import { jsonOptionSpecs } from './options.ts';
import { createJsonScanner } from './scan/scanner.ts';

export const jsonFormat: FormatDescriptor = {
  name: 'json',
  needsNoSchema: true,
  options: jsonOptionSpecs,
  changelog: insertOnly,
  decoder: (fields, options) => new JsonDecoder(fields, options),
  encoder: (fields, options) => new JsonEncoder(fields, options),
  scanner: (spec) => createJsonScanner(spec),
  blockEncoder: jsonBlockEncoder,
  drift: (columns) => new JsonDrift(columns),
  framing: () => new LineFraming(),
  blockFraming: (memory) => newLineFraming(memory),
};
