/* The registries that a table's formats of keys and values have. */

import type { Options } from '#catalog';
import type { RegistrySettings } from '#formats';
import { formatOptionsOf } from '../format-options.ts';
import type { KeyAndValue, NamedFormat } from './options.ts';

export interface Registries {
  readonly key: RegistrySettings | undefined;
  readonly value: RegistrySettings | undefined;
}

/** Throws FMT1004. `warn` hears of settings without effect. */
export function registriesOf(
  { key, value }: KeyAndValue,
  options: Options,
  warn: (message: string) => void,
): Registries {
  const of = (named: NamedFormat | undefined): RegistrySettings | undefined => {
    if (named === undefined) return undefined;
    const formatOptions = formatOptionsOf(options, named.prefix);
    const settings = named.format.registry?.(formatOptions);
    for (const setting of settings?.ignored ?? [])
      warn(`'${formatOptions.key('properties')}': '${setting}' has no effect`);
    return settings;
  };
  return { key: of(key), value: of(value) };
}
