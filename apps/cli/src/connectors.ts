/* The composition root's connectors: all that ship, those that need a place, and the test connector, whose tables are empty
 * outside of tests; and its types of catalog. */

import { DraftDisk, UserError, worldOn, type World } from '#base';
import { realWorld } from '#host';
import { connectors, embeddedConnector, jdbcCatalog, millraceFolder } from '#connectors';
import type { CatalogType, ConnectorRegistry } from '#catalog';
import { testConnector, TestBoard } from '#testkit';

/** Tables without a connector lie in .millrace/tables of this folder, or of the nearest above that has such. */
export function allConnectors(): ConnectorRegistry {
  const embedded = embeddedConnector({ folder: () => millraceFolder('tables') });
  return new Map([
    ...connectors.map((c) => [c.name, c] as const),
    [embedded.name, embedded] as const,
    ['test', testConnector(new TestBoard())] as const,
  ]);
}
export const catalogTypes: readonly CatalogType[] = [jdbcCatalog];

/** The same where nothing is connected to: what a database holds is not known. */
export const unconnectedTypes: readonly CatalogType[] = catalogTypes.map((type) => ({
  ...type,
  open: async (options) => {
    const name = options.string('default-database') ?? type.defaultDatabase;
    const unknown = async (): Promise<never> => {
      throw new UserError('CAT2017', {
        message: `what a catalog of type '${type.type}' holds is known when it is connected to`,
      });
    };
    return {
      databases: async () => [{ name, comment: undefined, options: {} }],
      names: unknown,
      read: unknown,
    };
  },
}));

/** What `check` and `explain` look at files with: nothing on the disk changes. */
export const draftWorld = (): World => {
  const world = realWorld();
  return worldOn(world, new DraftDisk(world.disk));
};
