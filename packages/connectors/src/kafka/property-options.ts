/* Settings of Kafka's Java client without a table around them. */

import { Options } from '#catalog';

/** As the `properties.*` of a table. */
export function propertyOptions(properties: ReadonlyMap<string, string>): Options {
  const key = 'properties.bootstrap.servers';
  return new Options(
    new Map([[key, { key, type: 'string', doc: '' }]]),
    new Map([[key, { key, value: properties.get('bootstrap.servers') ?? '' }]]),
    new Map([['properties.', properties]]),
  );
}
