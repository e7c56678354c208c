/* The embedded PostgreSQL as jobs and commands use it. A job's server lives as long as the process; a service
 * until it is stopped. */

import type { World } from '#base';
import { millraceFolder } from '../../millrace-folder.ts';
import { EmbeddedServer, type ServerAddress } from './server.ts';

/** The services of the project: of the current folder, or of the nearest above that has some. */
export function servicesFolder(): string {
  return millraceFolder('services');
}

const inUse = new Map<string, Promise<ServerAddress>>();
/** Folders whose server is let go of when this process ends. */
const released = new Set<string>();

/** The project's server, started if need be, for as long as this process runs. */
export function usePostgres(world: World, folder = servicesFolder()): Promise<ServerAddress> {
  const there = inUse.get(folder);
  if (there !== undefined) return there;
  const server = new EmbeddedServer(world, folder);
  const starting = server.acquire(false);
  inUse.set(folder, starting);
  starting.then(
    () => {
      if (released.has(folder)) return;
      released.add(folder);
      atEnd(() => {
        server.releaseNow();
      });
    },
    () => {
      inUse.delete(folder);
    },
  );
  return starting;
}

/** The next `usePostgres` looks whether the server still runs: it did not answer. */
export function forgetPostgres(folder = servicesFolder()): void {
  inUse.delete(folder);
}

/** Runs `release` when the process ends, by a signal too. */
function atEnd(release: () => void): void {
  process.once('exit', release);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, function end() {
      // Whoever else listens decides when the process ends; then comes `exit`.
      if (process.listeners(signal).every((listener) => listener.name === end.name)) process.exit(code);
    });
  }
}

/** `services up postgres`: runs until `stopPostgres`, also when this process ends. */
export async function startPostgres(world: World, folder = servicesFolder()): Promise<ServerAddress> {
  return await new EmbeddedServer(world, folder).acquire(true);
}
/** `services down postgres`: false when none ran. */
export async function stopPostgres(world: World, folder = servicesFolder()): Promise<boolean> {
  return await new EmbeddedServer(world, folder).stop();
}
/** `services list`: where it runs, or undefined. */
export async function postgresStatus(
  world: World,
  folder = servicesFolder(),
): Promise<ServerAddress | undefined> {
  return await new EmbeddedServer(world, folder).status();
}
