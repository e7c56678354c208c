/* Columns whose type a format has no form for are found when a query is planned, by EXPLAIN and `check` too, and only where the
 * query reads or writes them. */

import { expect, test } from 'vitest';
import { connectors } from '#connectors';
import { parseStatement } from '#sql';
import { SimWorld } from '#testkit';
import { Executor } from '../src/index.ts';

const files = (columns: string, format: string, more = ''): string =>
  `CREATE TABLE t (${columns}) ${more} WITH ('connector' = 'filesystem', 'path' = '/none', 'format' = '${format}')`;
const topic = (columns: string, options: string): string =>
  `CREATE TABLE t (${columns}) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'none:1', 'scan.startup.mode' = 'earliest-offset', ${options})`;
const upserts = (columns: string, options: string): string =>
  `CREATE TABLE t (${columns}) WITH ('connector' = 'upsert-kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'none:1', ${options})`;

/** Undefined: it can be planned. */
async function refusal(table: string, query: string): Promise<string | undefined> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map(connectors.map((c) => [c.name, c])),
  });
  await executor.execute(parseStatement(table));
  try {
    await executor.execute(parseStatement(`EXPLAIN ${query}`));
    return undefined;
  } catch (error) {
    const { code, message, at } = error as { code: string; message: string; at: unknown };
    expect(code).toBe('FMT1003');
    expect(at).toBeDefined();
    return message;
  }
}

test.each<[table: string, query: string, refused: string | undefined]>([
  [
    files('a INT, v VARIANT', 'json'),
    'SELECT v FROM t',
    "column 'v' of table 't': the json format has no form for VARIANT",
  ],
  [files('a INT, v VARIANT', 'json'), 'SELECT a FROM t', undefined],
  [
    files('a INT, v VARIANT', 'json'),
    'SELECT a FROM t WHERE v IS NULL',
    "column 'v' of table 't': the json format has no form for VARIANT",
  ],
  [files('a INT, c AS a + 1, v VARIANT', 'json'), 'SELECT c FROM t', undefined],
  [
    files('a INT, m MAP<INT, INT>', 'json'),
    'INSERT INTO t SELECT 1, MAP[1, 2]',
    "column 'm' of table 't': the json format takes only strings as keys of a map, found MAP<INT, INT>",
  ],
  [files('a INT, m MAP<STRING, INT>', 'json'), "INSERT INTO t SELECT 1, MAP['1', 2]", undefined],
  [
    files('a INT, m MAP<STRING, INT>', 'csv'),
    'SELECT m FROM t',
    "column 'm' of table 't': the csv format has no form for MAP<STRING, INT>",
  ],
  [
    files('a INT, r ROW<b ARRAY<INT>>', 'csv'),
    'SELECT r FROM t',
    "column 'r' of table 't': the csv format cannot nest ARRAY<INT> in an array or a row",
  ],
  [
    files('a INT, r ROW<b ARRAY<INT>>', 'csv'),
    'INSERT INTO t SELECT 1, ROW(ARRAY[1])',
    "column 'r' of table 't': the csv format cannot nest ARRAY<INT> in an array or a row",
  ],
  [files('a DATE', 'raw'), 'SELECT a FROM t', "column 'a' of table 't': the raw format has no form for DATE"],
  // What lies in the names of folders is no format's.
  [files('a STRING, d DATE', 'raw', 'PARTITIONED BY (d)'), 'SELECT a, d FROM t', undefined],
  [
    topic('v VARIANT', "'format' = 'debezium-json'"),
    'SELECT v FROM t',
    "column 'v' of table 't': the debezium-json format has no form for VARIANT",
  ],
  [
    topic('k DATE, a INT', "'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'json'"),
    'SELECT k FROM t',
    "column 'k' of table 't': the raw format has no form for DATE",
  ],
  [
    topic(
      'k DATE, a INT',
      "'key.format' = 'json', 'key.fields' = 'k', 'value.format' = 'raw', 'value.fields-include' = 'EXCEPT_KEY'",
    ),
    'SELECT k, a FROM t',
    undefined,
  ],
  [
    upserts('k DATE, a INT, PRIMARY KEY (k) NOT ENFORCED', "'key.format' = 'raw', 'value.format' = 'json'"),
    "INSERT INTO t SELECT DATE '2024-01-01', 1",
    "column 'k' of table 't': the raw format has no form for DATE NOT NULL",
  ],
  [
    upserts('k DATE, a INT, PRIMARY KEY (k) NOT ENFORCED', "'key.format' = 'csv', 'value.format' = 'json'"),
    "INSERT INTO t SELECT DATE '2024-01-01', 1",
    undefined,
  ],
])('%s: %s', async (table, query, refused) => {
  expect(await refusal(table, query)).toBe(refused);
});
