/* The json-registry format: JSON with the id of its JSON Schema in front, as Confluent's serializers write it. */

import { toMillraceError, UserError } from '#base';
import { insertOnly } from '#catalog';
import { JsonSchema } from '#schemas';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { JsonDrift } from '../json/drift.ts';
import { createJsonScanner } from '../json/scan/scanner.ts';
import { jsonOptionSpecs } from '../json/options.ts';
import { headerBytes } from '../registry/header.ts';
import { registryOptionSpecs, registryPropertiesPrefix, registrySettings } from '../registry/options.ts';
import { JsonRegistryDecoder, JsonRegistryEncoder } from './codec.ts';
import { rowsOfJsonSchema } from './rows-of-schema.ts';
import { jsonSchemaOfRows } from './schema-of-rows.ts';

const name = 'json-registry';
const schemaSpec = {
  key: 'schema',
  type: 'string',
  doc: 'The JSON Schema to register; by default the one that the columns give.',
} as const;

function ownSchema(options: FormatOptions): string | undefined {
  const text = options.string('schema');
  if (text === undefined) return undefined;
  try {
    return JsonSchema.parse(text, []).text;
  } catch (thrown) {
    const { message, hint } = toMillraceError(thrown);
    throw options.refuse('schema', message, hint);
  }
}

export const jsonRegistryFormat: FormatDescriptor = {
  name,
  options: [...registryOptionSpecs, schemaSpec, ...jsonOptionSpecs],
  prefixes: [registryPropertiesPrefix],
  changelog: insertOnly,
  registry: registrySettings,
  columns: (_, schema) => {
    if (!(schema instanceof JsonSchema))
      throw new UserError('FMT1006', {
        message: `the subject's schema is of type ${schema?.type ?? 'none'}, not JSON`,
      });
    return { fields: rowsOfJsonSchema(schema.root), options: {} };
  },
  decoder: (fields, options) => new JsonRegistryDecoder(fields, options, name),
  drift: (columns) => {
    const json = new JsonDrift(columns);
    return { inspect: (data, start, end) => json.inspect(data, Math.min(start + headerBytes, end), end) };
  },
  scanner: (spec) =>
    createJsonScanner(spec, {
      prefixBytes: headerBytes,
      decoder: new JsonRegistryDecoder(spec.fields, spec.options, name),
    }),
  encoder: (fields, options) =>
    new JsonRegistryEncoder(ownSchema(options) ?? jsonSchemaOfRows(fields), fields, options, name),
};
