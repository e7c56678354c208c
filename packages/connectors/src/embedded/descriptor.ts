/* The embedded connector: tables that Millrace keeps by itself. Those of CREATE TABLE … AS without a connector are its. */

import type { World } from '#base';
import { allChanges, insertOnly, upsertChanges, type ConnectorDescriptor, type OptionSchema } from '#catalog';
import { folderKeeper } from './keeper.ts';
import type { EmbeddedPlace } from './place.ts';

const schema: OptionSchema = { owner: `connector 'embedded'`, specs: [] };
export function embeddedConnector(place: EmbeddedPlace): ConnectorDescriptor {
  return {
    name: 'embedded',
    // One process puts the files of a table in order; with a disk of its own they are this thread's alone.
    pinned: true,
    options: () => schema,
    metadata: [],
    source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
    sink: ({ primaryKey }) => ({
      accepts: () => (primaryKey.length > 0 ? upsertChanges : allChanges),
      guarantee: 'exactly-once',
      overwrites: 'always',
    }),
    keeper: (world: World) =>
      folderKeeper(place.disk ?? world.disk, place.folder(), () =>
        world.rng.uint32().toString(16).padStart(8, '0'),
      ),
    load: async () => (await import('./runtime.ts')).embeddedRuntime(place),
  };
}
