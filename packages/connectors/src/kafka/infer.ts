/* The columns of a table of a topic that declares none: those of the latest schema of its subject, or of a file that the format's
 * options name. */

import { ExternalError, UserError, type World } from '#base';
import { parseOptions, type ConnectorTable, type InferredTable } from '#catalog';
import { typeText, type Field } from '#data';
import { formatOptionsOf } from '../format-options.ts';
import { resolveSecrets } from '../secrets.ts';
import { openSchemaSource } from '../schemas/schema-source.ts';
import {
  kafkaOptionSchema,
  keyFormatOf,
  valueFormatOf,
  type KafkaFlavour,
  type NamedFormat,
} from './options.ts';

interface Found {
  readonly fields: readonly Field[];
  readonly options: Readonly<Record<string, string>>;
}

/** Undefined where no format of the table has a schema. */
export async function inferTopicTable(
  flavour: KafkaFlavour,
  given: ConnectorTable,
  world: World,
): Promise<InferredTable | undefined> {
  const table = { ...given, options: given.options.map((o) => ({ ...o, value: resolveSecrets(o.value) })) };
  const options = parseOptions(kafkaOptionSchema(flavour, table), table.options);
  const value = valueFormatOf(table);
  if (value?.format.columns === undefined) return undefined;
  const columnsOf = async (named: NamedFormat, part: 'key' | 'value'): Promise<Found> => {
    const formatOptions = formatOptionsOf(options, named.prefix);
    const settings = named.format.registry?.(formatOptions);
    if (settings === undefined) return named.format.columns!(formatOptions, undefined);
    const topics = options.list('topic') ?? [];
    if (settings.subject === undefined && topics.length !== 1)
      throw new UserError('FMT1006', {
        message: `which subject gives the columns? The table has ${topics.length} topics`,
        hint: `Name it with '${formatOptions.key('subject')}'.`,
      });
    const source = await openSchemaSource(world, settings);
    try {
      const schema = await source.latest(settings.subject ?? `${topics[0]}-${part}`);
      return named.format.columns!(formatOptions, schema);
    } catch (error) {
      if (error instanceof ExternalError)
        throw new ExternalError(error.code, {
          message: `the table's columns are to come from a registry: ${error.message}`,
          hint: 'Start it, or declare the columns.',
          cause: error,
        });
      throw error;
    } finally {
      source.close();
    }
  };
  const found = await columnsOf(value, 'value');
  const key = keyFormatOf(table);
  const apart = key?.format.columns !== undefined && options.enum('value.fields-include') === 'EXCEPT_KEY';
  const keys = apart ? await columnsOf(key, 'key') : undefined;
  const prefix = options.string('key.fields-prefix') ?? '';
  const column = (field: Field, before = '') => ({ name: before + field.name, type: typeText(field.type) });
  return {
    columns: [...(keys?.fields ?? []).map((f) => column(f, prefix)), ...found.fields.map((f) => column(f))],
    options: { ...prefixed(key, keys), ...prefixed(value, found) },
  };
}
function prefixed(named: NamedFormat | undefined, found: Found | undefined): Record<string, string> {
  if (named === undefined || found === undefined) return {};
  return Object.fromEntries(Object.entries(found.options).map(([key, value]) => [named.prefix + key, value]));
}
