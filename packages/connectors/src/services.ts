/* Servers that Millrace runs itself, for the command `services`. Their code loads when it is asked for. */

import type { World } from '#base';
import type { ServerAddress } from './jdbc/embedded/server.ts';

export type { ServerAddress };

/** Starts the project's PostgreSQL unless it runs; it keeps running when this process ends. `folder` is by
 *  default .millrace/services in the current one. */
export async function startPostgres(world: World, folder?: string): Promise<ServerAddress> {
  return await (await import('./jdbc/embedded/service.ts')).startPostgres(world, folder);
}
/** Stops it; false when it did not run. */
export async function stopPostgres(world: World, folder?: string): Promise<boolean> {
  return await (await import('./jdbc/embedded/service.ts')).stopPostgres(world, folder);
}
/** Where it runs, or undefined. */
export async function postgresStatus(world: World, folder?: string): Promise<ServerAddress | undefined> {
  return await (await import('./jdbc/embedded/service.ts')).postgresStatus(world, folder);
}
