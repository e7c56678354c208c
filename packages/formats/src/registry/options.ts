/* How a table says where its schemas are: the options that the formats with a registry share, with the names that Flink's
 * avro-confluent has. */

import type { OptionSpec } from '#catalog';
import type { FormatOptions } from '../format-options.ts';

export const registryOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'url',
    type: 'string',
    required: true,
    aliases: ['schema-registry.url'],
    doc: 'The schema registry; several with a comma between them.',
  },
  {
    key: 'subject',
    type: 'string',
    aliases: ['schema-registry.subject'],
    doc: 'The subject of what is written; by default TOPIC-value, or TOPIC-key for keys.',
  },
  {
    key: 'ssl.keystore.location',
    type: 'string',
    doc: "The client's own certificate and key, PKCS12 or PEM.",
  },
  { key: 'ssl.keystore.password', type: 'string', doc: 'The password of the key store.' },
  { key: 'ssl.truststore.location', type: 'string', doc: "Who signs the registry's certificate, PEM." },
  { key: 'ssl.truststore.password', type: 'string', doc: 'Taken for compatibility: PEM has none.' },
  {
    key: 'basic-auth.credentials-source',
    type: 'enum',
    values: ['USER_INFO', 'URL'],
    doc: 'Where name and password stand: in basic-auth.user-info, or in the URL.',
  },
  { key: 'basic-auth.user-info', type: 'string', doc: 'name:password.' },
  {
    key: 'bearer-auth.credentials-source',
    type: 'enum',
    values: ['STATIC_TOKEN'],
    doc: 'Where the token stands: in bearer-auth.token.',
  },
  { key: 'bearer-auth.token', type: 'string', doc: 'A token.' },
  {
    key: 'properties',
    type: 'map',
    doc: "Settings of Confluent's serializers, key:value with commas between them, or each as properties.KEY: auto.register.schemas, use.latest.version, normalize.schemas, value.schema.id.serializer, key.schema.id.serializer.",
  },
];
/** Below this, any key is taken. */
export const registryPropertiesPrefix = 'properties.';

export interface RegistrySettings {
  readonly url: string;
  readonly subject: string | undefined;
  readonly basicAuth: string | undefined;
  readonly bearerToken: string | undefined;
  readonly keystore: { readonly path: string; readonly password: string | undefined } | undefined;
  readonly truststore: string | undefined;
  /** What is not registered yet may be, when it is written. */
  readonly autoRegister: boolean;
  /** Messages are written with the subject's latest version, whatever the table's columns would give. */
  readonly useLatest: boolean;
  readonly normalize: boolean;
  /** Records name their schema in a header, not in front of the message. */
  readonly idInHeader: Readonly<Record<'key' | 'value', boolean>>;
  /** Keys of `properties` that mean nothing here. */
  readonly ignored: readonly string[];
}

const idSerializer = { key: 'key.schema.id.serializer', value: 'value.schema.id.serializer' } as const;
const used = new Set([
  'auto.register.schemas',
  'use.latest.version',
  'normalize.schemas',
  ...Object.values(idSerializer),
]);
/** Confluent's classes, which may be named with their package. */
const headerSerializer = 'HeaderSchemaIdSerializer';
const prefixSerializer = 'PrefixSchemaIdSerializer';

/** Throws FMT1004 for values that make no sense. */
export function registrySettings(options: FormatOptions): RegistrySettings {
  const properties = propertiesOf(options);
  const flag = (key: string, otherwise: boolean): boolean => {
    const text = properties.get(key)?.trim().toLowerCase();
    if (text === undefined) return otherwise;
    if (text !== 'true' && text !== 'false')
      throw options.refuse('properties', `'${key}': found '${text}', expected true or false`);
    return text === 'true';
  };
  const inHeader = (key: string): boolean => {
    const text = properties.get(key)?.trim() ?? prefixSerializer;
    const name = text.slice(text.lastIndexOf('.') + 1);
    if (name === headerSerializer || name === prefixSerializer) return name === headerSerializer;
    throw options.refuse(
      'properties',
      `'${key}': found '${text}', expected ${headerSerializer} or ${prefixSerializer}`,
    );
  };
  const keystore = options.string('ssl.keystore.location');
  const source = options.enum('basic-auth.credentials-source');
  const basicAuth = options.string('basic-auth.user-info');
  if (source === 'USER_INFO' && basicAuth === undefined)
    throw options.refuse(
      'basic-auth.credentials-source',
      `USER_INFO needs '${options.key('basic-auth.user-info')}'`,
    );
  return {
    url: options.string('url') ?? '',
    subject: options.string('subject'),
    basicAuth: source === 'URL' ? undefined : basicAuth,
    bearerToken: options.string('bearer-auth.token'),
    keystore:
      keystore === undefined
        ? undefined
        : { path: keystore, password: options.string('ssl.keystore.password') },
    truststore: options.string('ssl.truststore.location'),
    autoRegister: flag('auto.register.schemas', true),
    useLatest: flag('use.latest.version', false),
    normalize: flag('normalize.schemas', false),
    idInHeader: { key: inHeader(idSerializer.key), value: inHeader(idSerializer.value) },
    ignored: [...properties.keys()].filter((key) => !used.has(key)),
  };
}

function propertiesOf(options: FormatOptions): Map<string, string> {
  const found = new Map<string, string>();
  const text = options.string('properties') ?? '';
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue;
    const colon = pair.indexOf(':');
    if (colon < 0) throw options.refuse('properties', `found '${pair.trim()}', expected key:value`);
    found.set(pair.slice(0, colon).trim(), pair.slice(colon + 1).trim());
  }
  for (const [key, value] of options.under(registryPropertiesPrefix)) found.set(key, value);
  return found;
}
