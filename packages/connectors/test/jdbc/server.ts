/* A real PostgreSQL for the tests of one file: the embedded one, in a folder of its own. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { realWorld } from '#host';
import { startPostgres, stopPostgres } from '../../src/jdbc/embedded/service.ts';
import type { ServerAddress } from '../../src/jdbc/embedded/server.ts';

export interface TestServer {
  readonly address: ServerAddress;
  /** The options that connect a table to it. */
  readonly options: Readonly<Record<string, string>>;
  /** Runs SQL; all values come as text. */
  query(sql: string): Promise<(string | null)[][]>;
  stop(): Promise<void>;
}

/** A folder that the server's user can reach. */
export function servicesFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-pg-'));
  chmodSync(folder, 0o755);
  return folder;
}

export async function testServer(): Promise<TestServer> {
  const folder = servicesFolder();
  const world = realWorld();
  const address = await startPostgres(world, folder);
  const client = new pg.Client({ ...address, types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
  return {
    address,
    options: {
      url: `jdbc:postgresql://${address.host}:${address.port}/${address.database}`,
      username: address.user,
      password: address.password,
    },
    query: async (sql) => {
      const result = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
      return result.rows;
    },
    stop: async () => {
      await client.end();
      await stopPostgres(world, folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
