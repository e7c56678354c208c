/* Values of PostgreSQL that do not fit their columns, where somebody takes such rows and where nobody does: lookups and scans. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { types, type Field } from '#data';
import type { Lookup, UnreadRow } from '#dataflow';
import { realWorld } from '#host';
import { jdbcRuntime } from '../../src/jdbc/runtime.ts';
import { connectorTable, readRows, sourceContext, type TestTable } from '../contexts.ts';
import { runSql } from '../run-sql.ts';
import { testServer, type TestServer } from './server.ts';

const world = realWorld();
let server: TestServer;
afterAll(async () => {
  await server.stop();
});
const name = 'unfit';
const fields: readonly Field[] = [
  { name: 'id', type: types.INT },
  { name: 'at', type: types.timestamp(3) },
  { name: 'rate', type: types.decimal(4, 2) },
];
beforeAll(async () => {
  server = await testServer();
  await server.query(`CREATE TABLE ${name} (id int, at timestamp, rate numeric);
    INSERT INTO ${name} VALUES (1, '2024-01-01', 1.5), (1, 'infinity', NULL), (1, '2024-01-02', 1e9),
      (2, '-infinity', 2), (3, NULL, 'NaN'), (4, NULL, NULL), (5, '2024-01-05', 5)`);
});
const unfit = (options: Record<string, string> = {}): TestTable => ({
  name,
  fields,
  options: { ...server.options, 'table-name': name, ...options },
});
const open = async (options: Record<string, string> = {}): Promise<Lookup> => {
  const lookup = jdbcRuntime.createLookup!({
    world,
    table: connectorTable(unfit(options)),
    fields,
    key: [0],
    signal: new AbortController().signal,
    warn: () => {},
  });
  await lookup.open();
  return lookup;
};
const ask = async (lookup: Lookup, key: number): Promise<{ rows: number; bad: UnreadRow[] }> => {
  const bad: UnreadRow[] = [];
  const rows = await lookup.findAsync!([key], (row) => bad.push(row));
  return { rows: rows.length, bad };
};

test.for([{}, { 'lookup.cache': 'PARTIAL' }])('lookup %j: are told each time', async (options) => {
  const lookup = await open(options);
  for (let time = 0; time < 2; time++) {
    const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map((key) => ask(lookup, key)));
    expect(one!.rows).toBe(1);
    expect(one!.bad.map((b) => [b.error.code, b.place, b.row])).toEqual([
      ['JDBC1007', 'table unfit, id=1', '{"id":"1","at":"infinity","rate":null}'],
      ['JDBC1007', 'table unfit, id=1', '{"id":"1","at":"2024-01-02 00:00:00","rate":"1000000000"}'],
    ]);
    expect(two).toMatchObject({ rows: 0, bad: [{ row: '{"id":"2","at":"-infinity","rate":"2"}' }] });
    expect(three).toMatchObject({ rows: 0, bad: [{ row: '{"id":"3","at":null,"rate":"NaN"}' }] });
    expect(four).toEqual({ rows: 1, bad: [] });
  }
  // Who takes none of them fails, and nobody else does.
  const [fails, works] = await Promise.allSettled([lookup.findAsync!([1]), lookup.findAsync!([5])]);
  expect(fails).toMatchObject({ status: 'rejected', reason: { code: 'JDBC1007' } });
  expect(works).toMatchObject({ status: 'fulfilled', value: [[5, expect.anything(), 500n]] });
  await lookup.close();
});

test('a scan leaves them out where they are taken, and fails otherwise', async () => {
  const { context, told } = sourceContext(world, unfit());
  const source = jdbcRuntime.createSource!(context);
  await source.open(undefined);
  await expect(readRows(source, told, fields)).rejects.toMatchObject({ code: 'JDBC1007' });
  await source.close();
  const options = Object.entries(server.options).map(([k, v]) => `'${k}' = '${v}'`);
  const { changes, warnings } = await runSql(`
    CREATE TABLE unfit (id INT, at TIMESTAMP(3), rate DECIMAL(4, 2)) WITH ('connector' = 'jdbc', ${options.join(', ')},
      'table-name' = '${name}', 'millrace.on-error' = 'skip');
    SELECT id, rate FROM unfit;
  `);
  expect(changes).toEqual(['+I[1, 1.50]', '+I[1, null]', '+I[2, 2.00]', '+I[4, null]', '+I[5, 5.00]']);
  expect(warnings).toEqual([]);
});
