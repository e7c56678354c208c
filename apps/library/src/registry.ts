/// <reference types="node" preserve="true" />
/* millrace/registry: the embedded schema registry over the real clock and disk, for tests and tools.
 *
 *   import { Registry } from 'millrace/registry';
 *   const registry = await Registry.start();
 *   … registry.url …
 *   await registry.stop(); */

import './ambient-types.ts';
import './node-version.ts';
import { Registry as EmbeddedRegistry, type RegistryOptions as EmbeddedOptions } from '#registry';
import { realWorld } from '#host';

/** As `Registry.start` takes them. */
export type RegistryOptions = Omit<EmbeddedOptions, 'world'> & Partial<Pick<EmbeddedOptions, 'world'>>;
export type Registry = EmbeddedRegistry;

export const Registry = {
  /** Starts a registry: in memory, or in the folder `dir`; on any free port, or on `port`. Throws ExternalError when the
   *  port or the folder cannot be had. */
  start: (options: RegistryOptions = {}): Promise<EmbeddedRegistry> =>
    EmbeddedRegistry.start({ world: realWorld(), ...options }),
};
