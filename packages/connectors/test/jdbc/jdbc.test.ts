import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectorTable } from '#catalog';
import { notNull, types, type Field, type Row } from '#data';
import { realWorld } from '#host';
import { jdbcConnector } from '../../src/jdbc/descriptor.ts';
import { jdbcRuntime } from '../../src/jdbc/runtime.ts';
import {
  batchOf,
  connectorTable,
  readRows,
  rowText,
  sinkContext,
  sourceContext,
  writeAll,
  type TestTable,
} from '../contexts.ts';
import { sinkContract } from '../contract/sink.ts';
import { sourceContract } from '../contract/source.ts';
import { runSql } from '../run-sql.ts';
import { testServer, type TestServer } from './server.ts';

const world = realWorld();
let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(async () => {
  await server.stop();
});

let made = 0;
/** A name that no other test uses. */
const freshName = (): string => `t${made++}`;
const create = { 'millrace.jdbc.create-table': 'if-not-exists' };
const table = (
  name: string,
  fields: readonly Field[],
  options: Record<string, string> = {},
  primaryKey: readonly string[] = [],
): TestTable => ({
  name,
  fields,
  primaryKey,
  options: { ...server.options, 'table-name': name, ...options },
});

const everyType: readonly Field[] = [
  { name: 'id', type: notNull(types.BIGINT) },
  { name: 'ok', type: types.BOOLEAN },
  { name: 'tiny', type: types.TINYINT },
  { name: 'n', type: types.INT },
  { name: 'f', type: types.FLOAT },
  { name: 'd', type: types.DOUBLE },
  { name: 'price', type: types.decimal(38, 4) },
  { name: 'c', type: types.char(3) },
  { name: 'say "text"', type: types.STRING },
  { name: 'b', type: types.BYTES },
  { name: 'day', type: types.DATE },
  { name: 'clock', type: types.time(3) },
  { name: 'at', type: types.timestamp(6) },
  { name: 'seen', type: types.timestampLtz(6) },
  { name: 'tags', type: types.array(types.STRING) },
  { name: 'grid', type: types.array(types.array(types.INT)) },
];
const nasty = [
  '',
  'NULL',
  '\\N',
  'tab\there',
  'line\nbreak\r',
  'back\\slash',
  '"quoted", {braced}',
  'ünï 🎉',
  "o'clock",
  'NULL',
];
const row = (i: number): Row => [
  BigInt(i),
  i % 2 === 0,
  (i % 256) - 128,
  i * 1000 - 5,
  Math.fround(i / 3),
  i % 5 === 0 ? Number.NaN : i / 7,
  i % 7 === 0 ? 9999999999999999999999999999999999n : BigInt(-i),
  'abc',
  nasty[i % nasty.length]!,
  Uint8Array.of(i & 255, 0, 255),
  i - 1000,
  (i * 1001) % 86_400_000,
  { ms: i * 86_400_001 - 10 ** 12, ns: (i % 1000) * 1000 },
  { ms: i, ns: 0 },
  [nasty[i % nasty.length]!, null],
  [
    [i, 1],
    [2, i],
  ],
];
const nulls: Row = [-1n, ...everyType.slice(1).map(() => null)];
const rows = [nulls, ...Array.from({ length: 4500 }, (_, i) => row(i))];

async function readAll(from: TestTable, fields = from.fields): Promise<Row[]> {
  const { context, told } = sourceContext(world, from, { fields });
  const source = jdbcRuntime.createSource!(context);
  await source.open(undefined);
  try {
    return await readRows(source, told, fields);
  } finally {
    await source.close();
  }
}
async function write(
  to: TestTable,
  changes: readonly Row[],
  kinds: readonly number[] = [],
): Promise<Record<string, number>> {
  const { context, told } = sinkContext(world, to);
  const sink = jdbcRuntime.createSink!(context);
  try {
    await sink.open();
    await writeAll(
      sink,
      told,
      batchOf(
        to.fields.map((f) => f.type),
        changes,
        kinds,
      ),
    );
    await sink.flush();
  } finally {
    await sink.close();
  }
  return told.counters;
}

for (const key of [[], ['id']]) {
  sinkContract(`jdbc ${key.length > 0 ? 'upsert' : 'append'}`, async () => {
    const to = table(freshName(), everyType, create, key);
    return {
      table: to,
      runtime: jdbcRuntime,
      rows,
      close: async () => {},
      contents: async () => readAll(to),
    };
  });
}

let filled: string | undefined;
sourceContract('jdbc', async () => {
  if (filled === undefined) {
    filled = freshName();
    await write(table(filled, everyType, create), rows);
  }
  return {
    table: table(filled, everyType),
    runtime: jdbcRuntime,
    rows: rows.length,
    ordered: true,
    close: async () => {},
  };
});

sourceContract('jdbc in ranges', async () => {
  const options = {
    'scan.partition.column': 'id',
    'scan.partition.num': '4',
    'scan.partition.lower-bound': '100',
    'scan.partition.upper-bound': '3000',
  };
  return {
    table: table(filled!, everyType, options),
    runtime: jdbcRuntime,
    rows: rows.length,
    ordered: true,
    close: async () => {},
  };
});

test('values of every type come back as they went', async () => {
  const to = table(freshName(), everyType, create, ['id']);
  await write(to, rows);
  const back = await readAll(to);
  expect(back.map(rowText).sort()).toEqual(rows.map(rowText).sort());
  expect(
    await server.query(
      `SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '${to.name}'::regclass AND attnum > 0 ORDER BY attnum`,
    ),
  ).toEqual(
    [
      'bigint',
      'boolean',
      'smallint',
      'integer',
      'real',
      'double precision',
      'numeric(38,4)',
      'character(3)',
      'text',
      'bytea',
      'date',
      'time(3) without time zone',
      'timestamp(6) without time zone',
      'timestamp(6) with time zone',
      'text[]',
      'integer[]',
    ].map((t) => [t]),
  );
});

test('types of the database that are others are read as the table declares them', async () => {
  const name = freshName();
  await server.query(`CREATE TABLE ${name} (j jsonb, u uuid, n numeric, t timestamptz, s smallint, d date, big timestamp);
    INSERT INTO ${name} VALUES ('{"a": 1}', '00000000-0000-0000-0000-000000000001', 12.345, '2024-01-01 12:00:00+02', 7, '0044-03-15 BC', '12024-01-01 00:00:00')`);
  const from = table(name, [
    { name: 'j', type: types.STRING },
    { name: 'u', type: types.STRING },
    { name: 'n', type: types.decimal(10, 2) },
    { name: 't', type: types.timestamp(3) },
    { name: 's', type: types.BIGINT },
    { name: 'd', type: types.DATE },
    { name: 'big', type: types.timestamp(3) },
  ]);
  expect(await readAll(from)).toEqual([
    [
      '{"a": 1}',
      '00000000-0000-0000-0000-000000000001',
      1235n,
      { ms: Date.UTC(2024, 0, 1, 10), ns: 0 },
      7n,
      -735160,
      { ms: Date.UTC(12024, 0, 1), ns: 0 },
    ],
  ]);
  await expect(readAll(table(name, [{ name: 'u', type: types.INT }]))).rejects.toThrow(
    `column "u": found '00000000-0000-0000-0000-000000000001', expected a INT`,
  );
});

const pair: readonly Field[] = [
  { name: 'k', type: notNull(types.INT) },
  { name: 'v', type: types.STRING },
];

test('of one key the last change counts, within a buffer and over several', async () => {
  const to = table(freshName(), pair, create, ['k']);
  const [insert, before, after, remove] = [0, 1, 2, 3];
  await write(
    to,
    [
      [1, 'a'],
      [2, 'b'],
      [1, 'a'],
      [1, 'a2'],
      [3, 'c'],
      [2, null],
      [3, null],
      [3, 'again'],
    ],
    [insert, insert, before, after, insert, remove, remove, insert],
  );
  const stored = (): Promise<(string | null)[][]> => server.query(`SELECT k, v FROM ${to.name} ORDER BY k`);
  expect(await stored()).toEqual([
    ['1', 'a2'],
    ['3', 'again'],
  ]);
  await write(
    to,
    [
      [1, null],
      [4, 'd'],
      [3, 'x'],
    ],
    [remove, insert, after],
  );
  expect(await stored()).toEqual([
    ['3', 'x'],
    ['4', 'd'],
  ]);
  await write(
    to,
    [
      [3, null],
      [4, null],
    ],
    [remove, remove],
  );
  expect(await stored()).toEqual([]);
});

test('a key of several columns, one of them text, and no other column', async () => {
  const fields: readonly Field[] = [
    { name: 'a', type: notNull(types.STRING) },
    { name: 'B', type: notNull(types.BIGINT) },
  ];
  const to = table(freshName(), fields, create, ['a', 'B']);
  await write(
    to,
    [
      ['x\t1', 1n],
      ['x', 1n],
      ['x\t1', 1n],
      ['gone', 2n],
      ['gone', 2n],
    ],
    [0, 0, 0, 0, 3],
  );
  expect(await server.query(`SELECT a, "B" FROM ${to.name} ORDER BY a`)).toEqual([
    ['x', '1'],
    ['x\t1', '1'],
  ]);
});

test('rows that wait are written after the interval; many rows go in few writes', async () => {
  const to = table(freshName(), pair, { ...create, 'sink.buffer-flush.interval': '50 ms' });
  const { context, told } = sinkContext(world, to);
  const sink = jdbcRuntime.createSink!(context);
  await sink.open();
  sink.write(
    batchOf(
      pair.map((f) => f.type),
      [[1, 'x']],
    ),
    0,
  );
  for (let i = 0; i < 100 && (await server.query(`SELECT * FROM ${to.name}`)).length === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await server.query(`SELECT k FROM ${to.name}`)).toEqual([['1']]);
  await writeAll(
    sink,
    told,
    batchOf(
      pair.map((f) => f.type),
      Array.from({ length: 200_000 }, (_, i) => [i, 'x'.repeat(20)]),
    ),
  );
  await sink.flush();
  expect(await server.query(`SELECT count(*) FROM ${to.name}`)).toEqual([['200001']]);
  expect(told.counters['numWrites']).toBeLessThan(20);
  await sink.close();
});

test('a broken connection is made again, and nothing is lost', async () => {
  const to = table(freshName(), pair, create, ['k']);
  const { context, told } = sinkContext(world, to);
  const sink = jdbcRuntime.createSink!(context);
  await sink.open();
  const breakAll = (): Promise<unknown> =>
    server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace'`,
    );
  for (let i = 0; i < 5; i++) {
    await writeAll(
      sink,
      told,
      batchOf(
        pair.map((f) => f.type),
        Array.from({ length: 500 }, (_, j) => [i * 500 + j, 'v']),
      ),
    );
    await breakAll();
  }
  await sink.flush();
  await sink.close();
  expect(await server.query(`SELECT count(*) FROM ${to.name}`)).toEqual([['2500']]);
});

test('a sink that waits for the database says why, and since when', async () => {
  const to = table(freshName(), pair, { ...create, 'sink.buffer-flush.max-rows': '1' });
  const { context } = sinkContext(world, to);
  const sink = jdbcRuntime.createSink!(context);
  await sink.open();
  expect(sink.trouble).toBeUndefined();
  await server.query('BEGIN');
  await server.query(`LOCK TABLE ${to.name}`);
  const before = world.now();
  sink.write(
    batchOf(
      pair.map((f) => f.type),
      [[1, 'v']],
    ),
    0,
  );
  await expect.poll(() => sink.trouble, { timeout: 20_000 }).toBeDefined();
  expect(sink.trouble!.message).toMatch(/the database has not answered yet; is the table locked\?$/);
  expect(sink.trouble!.since).toBeGreaterThanOrEqual(before);
  await server.query('COMMIT');
  await sink.flush();
  expect(sink.trouble).toBeUndefined();
  await sink.close();
}, 30_000);

test("what the database refuses is the user's to mend, and is not tried again", async () => {
  const to = table(freshName(), pair, create);
  await expect(write(to, [[1, 'a\u0000b']])).rejects.toMatchObject({ class: 'user', code: 'JDBC1006' });
  await server.query(`CREATE TABLE nokey (k int, v text)`);
  await expect(write(table('nokey', pair, {}, ['k']), [[1, 'a']])).rejects.toMatchObject({
    code: 'JDBC1006',
    hint: 'The table needs a primary key or unique constraint on exactly the columns of PRIMARY KEY.',
  });
  await expect(write(table(to.name!, pair, { password: 'wrong-secret' }), [])).rejects.toThrow(
    /^(?!.*wrong-secret).*password authentication failed/,
  );
  await expect(readAll(table('gone', pair))).rejects.toMatchObject({
    code: 'JDBC1003',
    message: 'there is no table "gone" in the database "millrace"',
    hint: `Set 'millrace.jdbc.create-table' = 'if-not-exists', or: CREATE TABLE "gone" ("k" integer NOT NULL, "v" text);`,
  });
  await expect(readAll(table(to.name!, [{ name: 'w', type: types.INT }]))).rejects.toMatchObject({
    code: 'JDBC1004',
    hint: 'Did you mean "k"?',
  });
});

test('a server that does not answer is an external failure, after the time that was set', async () => {
  const away = {
    ...table('t', pair),
    options: {
      url: 'jdbc:postgresql://127.0.0.1:1/x?user=u&password=hidden',
      'table-name': 't',
      'connection.max-retry-timeout': '200 ms',
    },
  };
  await expect(readAll(away)).rejects.toMatchObject({ class: 'external', code: 'JDBC2001' });
  const { context } = sinkContext(world, away);
  const sink = jdbcRuntime.createSink!(context);
  const opening = sink.open();
  await Promise.all([
    expect(opening).rejects.toMatchObject({ class: 'external' }),
    expect.poll(() => sink.trouble).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') }),
  ]);
  await sink.close();
  // Whoever starts against it hears so, long before it gives up.
  const slow = { ...away, options: { ...away.options, 'connection.max-retry-timeout': '2 s' } };
  const { context: waiting, told } = sinkContext(world, slow);
  const late = jdbcRuntime.createSink!({ ...waiting, signal: AbortSignal.timeout(5_000) });
  await expect(late.open()).rejects.toMatchObject({ class: 'external' });
  await late.close();
  expect(told.warnings).toEqual([expect.stringMatching(/cannot connect to PostgreSQL .*; trying again$/)]);
  await expect(readAll(away)).rejects.toThrow(
    /^(?!.*hidden).*cannot connect to PostgreSQL at 127.0.0.1:1\/x: connect ECONNREFUSED/,
  );
});

test('secrets come from the environment, and their absence is named', async () => {
  process.env['MILLRACE_TEST_PASSWORD'] = server.address.password;
  const to = table(freshName(), pair, { ...create, password: '${env:MILLRACE_TEST_PASSWORD}' });
  await write(to, [[1, 'a']]);
  expect(await readAll(to)).toEqual([[1, 'a']]);
  await expect(readAll(table(to.name!, pair, { password: '${env:NOT_THERE}' }))).rejects.toThrow(
    `\${env:NOT_THERE}: the environment has no variable 'NOT_THERE'`,
  );
});

test('lookups: many keys in one query, columns as asked', async () => {
  const name = freshName();
  await server.query(
    `CREATE TABLE ${name} (id bigint, code char(3), v text); INSERT INTO ${name} SELECT i % 1000, 'c' || i % 10, 'v' || i FROM generate_series(1, 3000) i`,
  );
  const fields: readonly Field[] = [
    { name: 'id', type: types.BIGINT },
    { name: 'code', type: types.STRING },
    { name: 'v', type: types.STRING },
  ];
  const context = (options: Record<string, string> = {}) => ({
    world,
    table: connectorTable(table(name, fields, options)),
    fields,
    key: [0, 1],
    signal: new AbortController().signal,
    warn: () => {},
  });
  const lookup = jdbcRuntime.createLookup!(context());
  await lookup.open();
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, i) => lookup.findAsync!([BigInt(i), `c${i % 10}`])),
  );
  expect(answers[7]!.map((r) => r[2]).sort()).toEqual(['v1007', 'v2007', 'v7']);
  expect(answers.every((a, i) => a.length === (i === 0 ? 3 : 3))).toBe(true);
  expect(await lookup.findAsync!([5n, 'c6'])).toEqual([]);
  expect(await lookup.findAsync!([5n, 'c5 and more'])).toEqual([]);
  await lookup.close();

  const cached = jdbcRuntime.createLookup!(
    context({
      'lookup.cache': 'PARTIAL',
      'lookup.partial-cache.max-rows': '10',
      'lookup.partial-cache.expire-after-write': '200 ms',
    }),
  );
  await cached.open();
  expect(await cached.findAsync!([5n, 'c5'])).toHaveLength(3);
  await server.query(`DELETE FROM ${name} WHERE id = 5`);
  expect(await cached.findAsync!([5n, 'c5'])).toHaveLength(3);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await cached.findAsync!([5n, 'c5'])).toEqual([]);
  await cached.close();
});

test('through SQL: a count per key is kept up to date, and read back', async () => {
  const options = Object.entries(server.options)
    .map(([k, v]) => `'${k}' = '${v}'`)
    .join(', ');
  const { changes, warnings } = await runSql(`
    CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '10000');
    CREATE TABLE counts (k BIGINT, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'jdbc', ${options},
      'table-name' = 'public.counts', 'millrace.jdbc.create-table' = 'if-not-exists', 'driver' = 'x');
    INSERT INTO counts SELECT MOD(n, 3), COUNT(*) FROM numbers GROUP BY MOD(n, 3);
    SELECT k, n FROM counts;
  `);
  expect([...changes].sort()).toEqual(['+I[0, 3333]', '+I[1, 3334]', '+I[2, 3333]']);
  expect(warnings).toContain(`the option 'driver' has no effect: PostgreSQL is spoken to directly`);
});

test('through SQL: a lookup join', async () => {
  const name = freshName();
  await server.query(`CREATE TABLE ${name} (id bigint PRIMARY KEY, name text);
    INSERT INTO ${name} SELECT i, 'user ' || i FROM generate_series(1, 10) i`);
  const options = Object.entries(server.options)
    .map(([k, v]) => `'${k}' = '${v}'`)
    .join(', ');
  const { changes } = await runSql(`
    CREATE TABLE orders (n BIGINT, at AS PROCTIME()) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '8', 'fields.n.end' = '12');
    CREATE TABLE users (id BIGINT, name STRING) WITH ('connector' = 'jdbc', ${options}, 'table-name' = '${name}');
    SELECT o.n, u.name FROM orders o LEFT JOIN users FOR SYSTEM_TIME AS OF o.at AS u ON u.id = o.n;
  `);
  expect(changes).toEqual([
    '+I[8, user 8]',
    '+I[9, user 9]',
    '+I[10, user 10]',
    '+I[11, null]',
    '+I[12, null]',
  ]);
});

test('tables that cannot be planned', () => {
  const plan =
    (options: Record<string, string>, fields: readonly Field[] = pair) =>
    (): void => {
      const given: ConnectorTable = connectorTable({
        fields,
        options: { url: 'jdbc:postgresql://h/db', 'table-name': 't', ...options },
      });
      jdbcConnector.source!(given);
    };
  expect(plan({ url: 'jdbc:mysql://h/db' })).toThrow(
    `there is no jdbc connector for 'mysql', only for postgresql`,
  );
  expect(plan({ url: 'postgres://u:hidden@h/db' })).toThrow(
    /^(?!.*hidden).*expected an address that starts with jdbc:postgresql:/,
  );
  expect(plan({ 'scan.partition.column': 'k' })).toThrow(
    `needs the options 'scan.partition.num', 'scan.partition.lower-bound', 'scan.partition.upper-bound' too`,
  );
  expect(plan({}, [{ name: 'm', type: types.map(types.STRING, types.INT) }])).toThrow(
    `column "m": the jdbc connector has no form for MAP<STRING, INT>`,
  );
});
