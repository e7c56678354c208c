/* Tables of a real PostgreSQL by their names in a catalog: columns, types, keys, other schemas and databases; and what may not
 * be done from here. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Executor, type Change } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { connectors, jdbcCatalog } from '../../src/index.ts';
import { testServer, type TestServer } from './server.ts';

let server: TestServer;
let engine: Executor;
beforeAll(async () => {
  server = await testServer();
  await server.query(`CREATE SCHEMA sales; CREATE TABLE sales."odd name" (a int);
    CREATE TABLE items (id bigint PRIMARY KEY, name varchar(20) NOT NULL, price numeric(10,2), raw numeric, big numeric(50,2),
      tags text[], doc jsonb, seen timestamptz, at timestamp(3), day date, clock time(0), u uuid, ok boolean, f real,
      d double precision, s smallint, c char(3), b bytea);
    CREATE TABLE pairs (b int, a text, PRIMARY KEY (a, b));
    INSERT INTO items (id, name, price, tags, doc, at, ok) VALUES (1, 'pen', 1.50, '{x,NULL}', '{"a": 1}', '2024-01-01 12:00:00', true);
    CREATE VIEW cheap AS SELECT id FROM items WHERE price < 2;`);
  await server.query('CREATE DATABASE other');
  engine = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    catalogTypes: [jdbcCatalog],
    warn: () => {},
  });
  const { host, port, database, user, password } = server.address;
  await run(
    `CREATE CATALOG pg WITH ('type' = 'jdbc', 'base-url' = 'jdbc:postgresql://${host}:${port}', 'default-database' = '${database}', 'username' = '${user}', 'password' = '${password}')`,
  );
});
afterAll(async () => {
  await server.stop();
});

async function run(sql: string): Promise<readonly (readonly unknown[])[]> {
  const execution = await engine.execute(parseStatement(sql));
  if (execution.kind === 'table') return execution.rows;
  if (execution.kind === 'ok') return [];
  await execution.job.done;
  if (execution.kind === 'job') return [];
  const changes: Change[] = [];
  for (let part = await execution.changes.next(); part !== undefined; part = await execution.changes.next())
    changes.push(...part);
  return changes.map((c) => c.row);
}

test('databases, tables of all schemas, and columns are those of the server', async () => {
  const { database } = server.address;
  expect((await run('SHOW DATABASES FROM pg')).flat()).toEqual(expect.arrayContaining([database, 'other']));
  expect((await run(`SHOW TABLES FROM pg.\`${database}\``)).flat()).toEqual([
    'public.cheap',
    'public.items',
    'public.pairs',
    'sales.odd name',
  ]);
  await run('USE CATALOG pg');
  expect(
    (await run('DESCRIBE items')).map(([name, type, nullable, key]) => [name, type, nullable, key]),
  ).toEqual([
    ['id', 'BIGINT', false, 'PRI(id)'],
    ['name', 'VARCHAR(20)', false, null],
    ['price', 'DECIMAL(10, 2)', true, null],
    ['raw', 'DECIMAL(38, 18)', true, null],
    ['big', 'STRING', true, null],
    ['tags', 'ARRAY<STRING>', true, null],
    ['doc', 'STRING', true, null],
    ['seen', 'TIMESTAMP_LTZ(6)', true, null],
    ['at', 'TIMESTAMP(3)', true, null],
    ['day', 'DATE', true, null],
    ['clock', 'TIME(0)', true, null],
    ['u', 'STRING', true, null],
    ['ok', 'BOOLEAN', true, null],
    ['f', 'FLOAT', true, null],
    ['d', 'DOUBLE', true, null],
    ['s', 'SMALLINT', true, null],
    ['c', 'CHAR(3)', true, null],
    ['b', 'BYTES', true, null],
  ]);
  expect((await run('SHOW CREATE TABLE pairs'))[0]![0]).toContain(
    'CONSTRAINT `pairs_pkey` PRIMARY KEY (`a`, `b`)',
  );
  expect((await run('DESCRIBE pairs')).map((row) => row[3])).toEqual(['PRI(a, b)', 'PRI(a, b)']);
  await run('USE CATALOG default_catalog');
});

test('tables are read and written by name', async () => {
  const { database } = server.address;
  const pg = `pg.\`${database}\``;
  expect(await run(`SELECT id, name, price, tags, doc, \`at\`, u FROM ${pg}.items`)).toEqual([
    [1n, 'pen', expect.anything(), ['x', null], '{"a": 1}', { ms: Date.UTC(2024, 0, 1, 12), ns: 0 }, null],
  ]);
  expect(await run(`SELECT * FROM ${pg}.cheap`)).toEqual([[1n]]);
  expect(await run(`SELECT * FROM ${pg}.\`public.cheap\``)).toEqual([[1n]]);
  await run(`INSERT INTO ${pg}.\`sales.odd name\` VALUES (5), (6)`);
  expect(await server.query('SELECT sum(a) FROM sales."odd name"')).toEqual([['11']]);
  await run(`INSERT INTO ${pg}.pairs VALUES (1, 'x'), (1, 'x')`);
  expect(await server.query('SELECT a, b FROM pairs')).toEqual([['x', '1']]);
  // A column that comes is there in the next statement.
  await server.query('ALTER TABLE pairs ADD more int DEFAULT 7');
  expect(await run(`SELECT a, more FROM ${pg}.pairs`)).toEqual([['x', 7]]);
});

test('what is missing, and what cannot be changed from here, is said', async () => {
  const { database } = server.address;
  const pg = `pg.\`${database}\``;
  await expect(run(`SELECT * FROM ${pg}.nowhere`)).rejects.toMatchObject({ code: 'CAT2002' });
  await expect(run('SELECT * FROM pg.nowhere.t')).rejects.toMatchObject({ code: 'CAT2010' });
  await expect(run(`CREATE TABLE ${pg}.made (a INT) WITH ('connector' = 'blackhole')`)).rejects.toMatchObject(
    {
      code: 'CAT2012',
    },
  );
  await expect(run(`DROP TABLE ${pg}.items`)).rejects.toMatchObject({ code: 'CAT2012' });
  // A model is none of its tables, whatever its name.
  const model = "INPUT (a STRING) OUTPUT (b STRING) WITH ('provider' = 'typescript', 'file' = 'm.ts')";
  await expect(run(`CREATE MODEL ${pg}.items ${model}`)).rejects.toMatchObject({ code: 'CAT2012' });
  await run(`CREATE TEMPORARY MODEL ${pg}.items ${model}`);
  expect(await run(`SHOW MODELS FROM ${pg}`)).toEqual([['items']]);
  await expect(run(`DROP MODEL ${pg}.items`)).rejects.toMatchObject({ code: 'CAT2030' });
  await expect(run(`DESCRIBE MODEL ${pg}.pairs`)).rejects.toMatchObject({ code: 'CAT2030' });
  await expect(run('CREATE DATABASE pg.more')).rejects.toMatchObject({ code: 'CAT2012' });
  await expect(
    run("CREATE CATALOG x WITH ('type' = 'jdbc', 'base-url' = 'jdbc:mysql://h:1')"),
  ).rejects.toMatchObject({ code: 'JDBC1001' });
  await expect(run("CREATE CATALOG x WITH ('type' = 'jdbc')")).rejects.toMatchObject({ code: 'CAT1003' });
  await run(`CREATE TEMPORARY TABLE ${pg}.items (z INT) WITH ('connector' = 'blackhole')`);
  expect((await run(`DESCRIBE ${pg}.items`)).length).toBe(1);
  await run(`DROP TEMPORARY TABLE ${pg}.items`);
  expect((await run(`DESCRIBE ${pg}.items`)).length).toBe(18);
});
