/* Others work on the same rows: a transaction of the sink that PostgreSQL gives up for a deadlock or a conflict is tried again,
 * and no row is lost. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { types, type Field, type Row } from '#data';
import { realWorld } from '#host';
import { jdbcRuntime } from '../../src/jdbc/runtime.ts';
import { batchOf, sinkContext, writeAll } from '../contexts.ts';
import { testServer, type TestServer } from './server.ts';

let server: TestServer;
let other: pg.Client;
beforeAll(async () => {
  server = await testServer();
  other = new pg.Client({ ...server.address });
  await other.connect();
}, 120_000);
afterAll(async () => {
  await other.end();
  await server.stop();
});

const fields: readonly Field[] = [
  { name: 'id', type: types.INT },
  { name: 't', type: types.STRING },
];
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits until a session of somebody else waits for a lock. */
async function isBlocked(): Promise<void> {
  const waiting = async (): Promise<number> => {
    const [[n]] = (await server.query('SELECT COUNT(*) FROM pg_locks WHERE NOT granted')) as [[string]];
    return Number(n);
  };
  while ((await waiting()) === 0) await sleep(20);
}

interface Target {
  readonly name: string;
  /** Writes rows for good, as a checkpoint does. */
  written(rows: readonly Row[]): Promise<void>;
  rows(): Promise<(string | null)[][]>;
  close(): Promise<void>;
}
let targets = 0;
/** A table with rows 1 and 2, and a sink into it. */
async function target(guarantee: string): Promise<Target> {
  const name = `shared_${++targets}`;
  await server.query(`CREATE TABLE ${name} (id INT PRIMARY KEY, t TEXT)`);
  await server.query(`INSERT INTO ${name} VALUES (1, 'old'), (2, 'old')`);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-conflicts-'));
  const { context, told } = sinkContext(
    realWorld(),
    {
      fields,
      primaryKey: ['id'],
      options: { ...server.options, 'table-name': name, 'sink.delivery-guarantee': guarantee },
    },
    { writer: { job: 'j', sink: name, incarnation: 'i', durable: true, folder } },
  );
  const sink = jdbcRuntime.createSink!(context);
  await sink.open();
  return {
    name,
    written: async (rows) => {
      const kinds = rows.map(() => 2);
      await writeAll(
        sink,
        told,
        batchOf(
          fields.map((f) => f.type),
          rows,
          kinds,
        ),
      );
      if (sink.prepare === undefined) return await sink.flush();
      await sink.commit!((await sink.prepare(false))!);
    },
    rows: () => server.query(`SELECT id, t FROM ${name} ORDER BY id`),
    close: async () => {
      await sink.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
const guarantees = ['at-least-once', 'exactly-once'];

test.each(guarantees)(
  'a deadlock, %s',
  async (guarantee) => {
    const into = await target(guarantee);
    // The other session has row 2 and wants row 1, the sink the other way round. Who looks first is given up: the sink.
    await other.query("BEGIN; SET LOCAL deadlock_timeout = '60s'");
    await other.query(`UPDATE ${into.name} SET t = 'other' WHERE id = 2`);
    const writing = into.written([
      [1, 'sink'],
      [2, 'sink'],
    ]);
    await isBlocked();
    const updated = await other.query(`UPDATE ${into.name} SET t = 'other' WHERE id = 1`);
    expect(updated.rowCount).toBe(1);
    await other.query('COMMIT');
    await writing;
    expect(await into.rows()).toEqual([
      ['1', 'sink'],
      ['2', 'sink'],
    ]);
    await into.close();
  },
  60_000,
);

test.each(guarantees)(
  'a conflict of versions, %s',
  async (guarantee) => {
    await server.query(
      `ALTER DATABASE "${server.address.database}" SET default_transaction_isolation = 'repeatable read'`,
    );
    const into = await target(guarantee);
    await other.query('BEGIN');
    await other.query(`UPDATE ${into.name} SET t = 'other' WHERE id = 1`);
    const writing = into.written([[1, 'sink']]);
    await isBlocked();
    // The row that it waited for has another version than its transaction sees.
    await other.query('COMMIT');
    await writing;
    expect(await into.rows()).toEqual([
      ['1', 'sink'],
      ['2', 'old'],
    ]);
    await into.close();
    await server.query(`ALTER DATABASE "${server.address.database}" RESET default_transaction_isolation`);
  },
  60_000,
);
