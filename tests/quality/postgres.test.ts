/* What PostgreSQL counts equals what DuckDB counts of the same rows, and that equals Great Expectations' (judge.test.ts). */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { startPostgres, stopPostgres } from '#connectors';
import { realWorld } from '#host';
import {
  openFile,
  openPostgresTable,
  validateTable,
  type CheckedTable,
  type ExpectationResult,
} from '#quality';
import { asSuite, randomCases } from '../../tools/quality/cases.ts';
import { equal } from '../../tools/quality/compare.ts';
import { createSql, randomTable } from '../../tools/quality/tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-quality-pg-'));
let connection = '';
let client: pg.Client;
beforeAll(async () => {
  const { host, port, user, password, database } = await startPostgres(realWorld(), folder);
  connection = `postgres://${user}:${password}@${host}:${port}/${database}`;
  client = new pg.Client({ connectionString: connection });
  await client.connect();
}, 120_000);
afterAll(async () => {
  await client?.end();
  await stopPostgres(realWorld(), folder);
  rmSync(folder, { recursive: true, force: true });
});

/** Of one system alone: names of types, queries, places of rows, which a table without a key has none of, and with them the
 *  order of rows that are not unique. */
function comparable({ result, expectation_config: { type } }: ExpectationResult): unknown {
  if (/_of_type|_type_list|_type_to_be/.test(type)) return {};
  const lists = /unique/.test(type) ? /_list$|_counts$|_query$/ : /_index_list$|_query$/;
  return Object.fromEntries(Object.entries(result).filter(([key]) => !lists.test(key)));
}
const unavailable = /QLT2004/;

test('random expectations over random tables', async () => {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const differences: string[] = [];
  let compared = 0;
  let missing = 0;
  for (let seed = 500; seed < 506; seed++) {
    const rng = new Rng(seed);
    const table = randomTable(rng);
    for (const sql of createSql('random', table)) {
      await duckdb.run(sql);
      await client.query(sql);
    }
    const file = join(folder, `${seed}.parquet`);
    await duckdb.run(`COPY random TO '${file}' (FORMAT parquet)`);
    const expectations = randomCases(rng, table)
      .filter((c) => !/_of_type|_type_list|_type_to_be/.test(c.type))
      .map(({ type, kwargs, result_format }) => ({
        type,
        kwargs: { ...(asSuite(kwargs) as object), result_format },
      }));
    const [ours, theirs] = await Promise.all(
      [openFile(file), openPostgresTable({ connection, table: 'random' })].map(async (opened) => {
        const checked: CheckedTable = await opened;
        try {
          return (await validateTable(checked, { name: 'both', expectations }, { nowMs: 0 })).results;
        } finally {
          await checked.close();
        }
      }),
    );
    ours!.forEach((a, i) => {
      const b = theirs![i]!;
      if (unavailable.test(b.exception_info.exception_message ?? '')) {
        missing++;
        return;
      }
      compared++;
      if (a.success === b.success && equal(comparable(a), comparable(b))) return;
      const show = (r: ExpectationResult): string =>
        `${r.success} ${JSON.stringify(comparable(r))} ${r.exception_info.exception_message ?? ''}`;
      differences.push(
        `seed ${seed} ${JSON.stringify(expectations[i])}\n  duckdb:   ${show(a)}\n  postgres: ${show(b)}`,
      );
    });
    await duckdb.run('DROP TABLE random');
    await client.query('DROP TABLE random');
  }
  duckdb.closeSync();
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(200);
  // strftime, dateutil, and the order of rows without a key.
  expect(missing).toBeLessThan(40);
}, 240_000);

describe('a table', () => {
  beforeAll(async () => {
    await client.query(`CREATE SCHEMA "Sales"; CREATE TABLE "Sales".orders (id INT PRIMARY KEY, customer INT, total NUMERIC(30, 10), at TIMESTAMPTZ, note TEXT);
      CREATE TABLE customers (id INT PRIMARY KEY);
      INSERT INTO customers VALUES (1), (2);
      INSERT INTO "Sales".orders VALUES (7, 1, 12345678901234567890.0123456789, '2024-01-01 12:00+02', 'a'), (3, 2, -1, '2024-01-01 09:30Z', NULL), (5, 9, 3, NULL, 'b')`);
  });
  const check = async (
    expectations: { type: string; kwargs: Record<string, unknown> }[],
    from: object = { table: '"Sales".orders' },
  ) => {
    const table = await openPostgresTable({ connection, ...from });
    try {
      return await validateTable(table, { name: 's', expectations }, { nowMs: 0 });
    } finally {
      await table.close();
    }
  };
  test('rows are named by the key; one query counts all, one more shows rows', async () => {
    const result = await check([
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'total', min_value: 0 } },
      { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
      { type: 'expect_column_max_to_be_between', kwargs: { column: 'at', max_value: '2024-01-01T10:00:00' } },
    ]);
    expect(result.results[0]!.samples).toEqual([{ at: { id: 3 }, value: -1 }]);
    expect(result.results[2]!.result).toEqual({ observed_value: '2024-01-01T10:00:00' });
    expect(result.results[2]!.success).toBe(true);
    expect(result.meta).toMatchObject({ rows: 3, columns: 5, queries: 2 });
  });
  test('order, keys of other tables, queries of one own', async () => {
    const { results } = await check([
      { type: 'expect_column_values_to_be_increasing', kwargs: { column: 'customer' } },
      {
        type: 'expect_column_values_to_be_in_table',
        kwargs: { column: 'customer', other_table_name: 'customers', other_column: 'id' },
      },
      {
        type: 'unexpected_rows_expectation',
        kwargs: {
          unexpected_rows_query: 'SELECT id, note FROM {batch} WHERE note IS NULL;',
          result_format: 'COMPLETE',
        },
      },
      { type: 'expect_table_row_count_to_equal_other_table', kwargs: { other_table_name: 'customers' } },
      {
        type: 'expect_column_values_to_match_strftime_format',
        kwargs: { column: 'note', strftime_format: '%Y' },
      },
      { type: 'expect_column_values_to_be_of_type', kwargs: { column: 'total', type_: 'numeric(30,10)' } },
    ]);
    // By the key: 3 → 2, 5 → 9, 7 → 1.
    expect(results[0]!.result).toMatchObject({ unexpected_count: 1, partial_unexpected_list: [1] });
    expect(results[1]!.samples).toEqual([{ at: { id: 5 }, value: 9 }]);
    expect(results[2]!.result).toEqual({
      observed_value: 1,
      details: { unexpected_rows: [{ id: 3, note: null }] },
    });
    expect(results[3]!.result).toEqual({ observed_value: { self: 3, other: 2 } });
    expect(results[4]!.exception_info.exception_message).toMatch(/^QLT2004: .*strftime/);
    expect(results[5]!.success).toBe(true);
  });
  test('other kinds of text', async () => {
    await client.query(`CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE kinds (u UUID, m mood, c CHAR(5), j JSONB);
      INSERT INTO kinds VALUES (gen_random_uuid(), 'good', 'ab', '{"a": 1}'), (gen_random_uuid(), 'bad', 'abc', '[]')`);
    const { results } = await check(
      [
        { type: 'expect_column_value_lengths_to_equal', kwargs: { column: 'u', value: 36 } },
        { type: 'expect_column_values_to_match_regex', kwargs: { column: 'u', regex: '^[0-9a-f-]+$' } },
        { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'm', value_set: ['good', 'bad'] } },
        { type: 'expect_column_values_to_match_regex', kwargs: { column: 'c', regex: '^abc?$' } },
        { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'j' } },
        { type: 'expect_column_values_to_be_unique', kwargs: { column: 'u' } },
      ],
      { table: 'kinds' },
    );
    expect(results.map((r) => r.exception_info.exception_message ?? r.success)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
  });
  test('a query instead of a table', async () => {
    const from = { query: 'SELECT customer, count(*) AS n FROM "Sales".orders GROUP BY customer;' };
    const { results, meta } = await check(
      [{ type: 'expect_column_sum_to_be_between', kwargs: { column: 'n', min_value: 3, max_value: 3 } }],
      from,
    );
    expect(results[0]!.success).toBe(true);
    expect(meta.rows).toBe(3);
  });
  test('nothing is written, and no message has the password', async () => {
    const { results } = await check([
      {
        type: 'unexpected_rows_expectation',
        kwargs: { unexpected_rows_query: 'WITH d AS (DELETE FROM customers RETURNING *) SELECT * FROM d' },
      },
    ]);
    expect(results[0]!.exception_info.exception_message).toMatch(/QLT2006/);
    expect((await client.query('SELECT count(*)::int AS n FROM customers')).rows).toEqual([{ n: 2 }]);
    const secret = 'postgres://nobody:hunter2@127.0.0.1:1/none';
    await expect(openPostgresTable({ connection: secret, table: 't' })).rejects.toMatchObject({
      code: 'QLT3002',
    });
    const error = await openPostgresTable({ connection: secret, table: 't' }).catch((e: unknown) => e);
    expect(String((error as Error).message)).not.toContain('hunter2');
    await expect(
      openPostgresTable({ connection: 'mysql://x:hunter2@y/z', table: 't' }),
    ).rejects.toMatchObject({ code: 'QLT1018' });
    await expect(openPostgresTable({ connection, table: 'nowhere' })).rejects.toMatchObject({
      code: 'QLT2006',
    });
  });
});
