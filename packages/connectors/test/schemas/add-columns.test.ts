/* Tables that get columns while a job runs (`millrace.schema.evolution` = 'add-columns'). Embedded Kafka and registry, a real
 * PostgreSQL, files. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExternalError } from '#base';
import type { ConnectorDescriptor } from '#catalog';
import type { ConnectorRuntime } from '#dataflow';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { connectors } from '../../src/index.ts';
import { testServer, type TestServer } from '../jdbc/server.ts';
import { Services, message } from './services.ts';

const services = new Services();
let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await testServer();
  folder = mkdtempSync(join(tmpdir(), 'millrace-columns-'));
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withText = (options: Readonly<Record<string, string>>): string =>
  `WITH (${Object.entries(options)
    .map(([key, value]) => `'${key}' = '${value}'`)
    .join(', ')})`;
const produce = (topic: string, ...messages: object[]): void => {
  services.broker.produce(
    topic,
    messages.map((m) => ({ value: Buffer.from(JSON.stringify(m)) })),
  );
};
const fromTopic = (topic: string, more: Readonly<Record<string, string>> = {}): string =>
  withText({
    connector: 'kafka',
    topic,
    'properties.bootstrap.servers': services.broker.bootstrapServers,
    'scan.startup.mode': 'earliest-offset',
    format: 'json',
    'millrace.schema.evolution': 'add-columns',
    ...more,
  });
const intoDatabase = (table: string, more: Readonly<Record<string, string>> = {}): string =>
  withText({
    connector: 'jdbc',
    ...server.options,
    'table-name': table,
    'millrace.jdbc.create-table': 'if-not-exists',
    'sink.delivery-guarantee': 'exactly-once',
    ...more,
  });

interface Started {
  readonly job: EngineJob;
  readonly warnings: string[];
}
interface Choice {
  readonly stateDir?: string;
  readonly fromSavepoint?: string;
  readonly connectors?: readonly ConnectorDescriptor[];
  readonly parallelism?: number;
}
/** The job of the last statement. */
async function start(sql: string, choice: Choice = {}): Promise<Started> {
  const warnings: string[] = [];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map((choice.connectors ?? connectors).map((c) => [c.name, c])),
    warn: (text) => {
      warnings.push(text);
    },
  });
  executor.session.settings.set('execution.checkpointing.interval', '50 ms');
  const { stateDir, fromSavepoint, parallelism } = choice;
  const state = stateDir === undefined ? undefined : { stateDir, fresh: false, fromSavepoint };
  let job: EngineJob | undefined;
  for (const { statement } of parseScript(sql)) {
    const execution = await executor.execute(statement, {
      name: 'j',
      inBackground: true,
      ...(state && { state }),
      ...(parallelism !== undefined && { parallelism }),
    });
    if (execution.kind === 'job') job = execution.job;
  }
  return { job: job!, warnings };
}

const ordersInto = (topic: string, table: string): string => `
  CREATE TABLE orders (id BIGINT, name STRING) ${fromTopic(topic)};
  CREATE TABLE kept (id BIGINT, name STRING, upper STRING) ${intoDatabase(table)};
  INSERT INTO kept SELECT *, UPPER(name) FROM orders WHERE id > 0;`;
const columnsOf = async (table: string): Promise<string> => {
  const rows = await server.query(
    `SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
     WHERE attrelid = '"${table}"'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  return rows.flat().join(', ');
};
const rowsOf = (table: string): Promise<(string | null)[][]> =>
  server.query(`SELECT * FROM "${table}" ORDER BY id`);

test('a new field becomes a column of the table in the database, from the record on that has it', async () => {
  const topic = services.freshTopic();
  produce(topic, { id: 1, name: 'a' }, { id: 0, name: 'left out' }, { id: 2, name: 'b', zip: null });
  produce(
    topic,
    { id: 3, name: 'c', zip: 12, vip: true },
    { id: 4, name: 'd', rate: 2.5, tags: ['x', { y: 1 }], note: 'n' },
  );
  const { job, warnings } = await start(ordersInto(topic, 'kept_json'), { stateDir: join(folder, 'json') });
  await expect
    .poll(() => rowsOf('kept_json'), { timeout: 10_000 })
    .toEqual([
      ['1', 'a', 'A', null, null, null, null, null],
      ['2', 'b', 'B', null, null, null, null, null],
      ['3', 'c', 'C', '12', 't', null, null, null],
      ['4', 'd', 'D', null, null, '2.5', '["x",{"y":1}]', 'n'],
    ]);
  expect(await columnsOf('kept_json')).toBe(
    'id bigint, name text, upper text, zip bigint, vip boolean, rate double precision, tags text, note text',
  );
  expect(job.evolved.map(({ table, name, type, sinks }) => [table, name, type, ...sinks])).toEqual([
    ['orders', 'zip', 'BIGINT', 'kept'],
    ['orders', 'vip', 'BOOLEAN', 'kept'],
    ['orders', 'rate', 'DOUBLE', 'kept'],
    ['orders', 'tags', 'STRING', 'kept'],
    ['orders', 'note', 'STRING', 'kept'],
  ]);
  expect(warnings).toEqual(
    ['zip BIGINT', 'vip BOOLEAN', 'rate DOUBLE', 'tags STRING', 'note STRING'].map((column) => {
      const [name, type] = column.split(' ');
      return `table 'orders' got the column '${name}' ${type}, and so did 'kept'`;
    }),
  );
  // Counted over both plans; what is a column now differs no more.
  expect(job.totals()).toMatchObject({ rowsIn: 5, rowsOut: 4 });
  expect(job.drift().filter((d) => d.kind === 'unknown')).toEqual([]);
  await job.cancel();
});

test('whole numbers are told from others by their digits', async () => {
  const topic = services.freshTopic();
  services.broker.produce(topic, [
    { value: Buffer.from('{"id":1,"a":1.0,"b":9223372036854775807,"c":9223372036854775808,"d":1e3,"e":-7}') },
  ]);
  const { job } = await start(`
    CREATE TABLE orders (id BIGINT) ${fromTopic(topic)};
    CREATE TABLE kept (id BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO kept SELECT * FROM orders;`);
  await expect.poll(() => job.totals().rowsOut).toBe(1);
  expect(job.evolved.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'a DOUBLE',
    'b BIGINT',
    'c DOUBLE',
    'd DOUBLE',
    'e BIGINT',
  ]);
  await job.cancel();
});

/** The connectors, with something that happens around ALTER TABLE. */
function around(happens: (alter: () => Promise<void>) => Promise<void>): ConnectorDescriptor[] {
  return connectors.map((descriptor) => {
    if (descriptor.name !== 'jdbc') return descriptor;
    const load = async (): Promise<ConnectorRuntime> => {
      const runtime = (await descriptor.load()) as ConnectorRuntime;
      return { ...runtime, addColumns: (added) => happens(() => runtime.addColumns!(added)) };
    };
    return { ...descriptor, load };
  });
}
const gone = async (): Promise<void> => {
  throw new ExternalError('TEST', { message: 'the process is gone', retryable: false });
};

test.each([
  ['in front of ALTER TABLE', () => gone()],
  ['between ALTER TABLE and the first row', (alter: () => Promise<void>) => alter().then(gone)],
])('lost %s: every row is there once, by a second start with the same statements', async (_, happens) => {
  const topic = services.freshTopic();
  const table = `kept_${topic}`;
  const stateDir = join(folder, topic);
  produce(topic, { id: 1, name: 'a' }, { id: 2, name: 'b', zip: 'z' }, { id: 3, name: 'c' });
  const lost = await start(ordersInto(topic, table), { stateDir, connectors: around(happens) });
  await expect(lost.job.done).rejects.toThrow('the process is gone');
  expect((await rowsOf(table)).map((row) => row.slice(0, 3))).toEqual([['1', 'a', 'A']]);
  const { job } = await start(ordersInto(topic, table), { stateDir });
  const rows = [
    ['1', 'a', 'A', null],
    ['2', 'b', 'B', 'z'],
    ['3', 'c', 'C', null],
  ];
  await expect.poll(() => rowsOf(table), { timeout: 20_000 }).toEqual(rows);
  await job.stop();
  expect(await rowsOf(table)).toEqual(rows);
});

test('a target that is away is tried again; the job goes on from its checkpoint', async () => {
  const topic = services.freshTopic();
  let failures = 2;
  produce(topic, { id: 1, name: 'a' }, { id: 2, name: 'b', zip: 'z' });
  const { job, warnings } = await start(ordersInto(topic, 'kept_away'), {
    stateDir: join(folder, 'away'),
    connectors: around(async (alter) => {
      if (failures-- > 0) throw new ExternalError('TEST', { message: 'away' });
      await alter();
    }),
  });
  await expect
    .poll(() => rowsOf('kept_away'), { timeout: 20_000 })
    .toEqual([
      ['1', 'a', 'A', null],
      ['2', 'b', 'B', 'z'],
    ]);
  expect(job.restarts).toBe(2);
  expect(warnings.filter((w) => w.includes('starts again'))).toHaveLength(2);
  await job.cancel();
});

test('a start, and a savepoint of either side of the change, go on with the statements as they are', async () => {
  const topic = services.freshTopic();
  const table = `kept_${topic}`;
  const statements = ordersInto(topic, table);
  const stateDir = join(folder, topic);
  produce(topic, { id: 1, name: 'a' });
  const first = await start(statements, { stateDir });
  await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(1);
  const before = await first.job.savepoint(folder);
  produce(topic, { id: 2, name: 'b', zip: 'z' });
  await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(2);
  const behind = await first.job.stopWithSavepoint(folder);

  // The newest checkpoint knows of the column: nothing has to be found out again.
  produce(topic, { id: 3, name: 'c', zip: 'y' });
  const again = await start(statements, { stateDir });
  await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(3);
  expect([again.warnings, again.job.evolved]).toEqual([[], []]);
  await again.job.stop();

  // Rows behind a savepoint come once more, in front of the change or not.
  for (const [fromSavepoint, asked, count] of [
    [behind, [], 4],
    [before, ['zip'], 6],
  ] as const) {
    const from = await start(statements, { stateDir: `${stateDir}-${count}`, fromSavepoint });
    await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(count);
    expect(from.job.evolved.map((c) => c.name)).toEqual(asked);
    await from.job.stop();
  }
  expect(await rowsOf(table)).toEqual([
    ['1', 'a', 'A', null],
    ['2', 'b', 'B', 'z'],
    ['2', 'b', 'B', 'z'],
    ['3', 'c', 'C', 'y'],
    ['3', 'c', 'C', 'y'],
    ['3', 'c', 'C', 'y'],
  ]);
  // Who then declares the column goes on as well.
  const declared = statements
    .replace('name STRING) WITH', 'name STRING, zip STRING) WITH')
    .replace('upper STRING)', 'upper STRING, zip STRING)')
    .replace('kept SELECT *, UPPER(name)', 'kept (id, name, zip, upper) SELECT *, UPPER(name)');
  const own = await start(declared, { stateDir: `${stateDir}-own`, fromSavepoint: behind });
  await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(7);
  expect(own.job.evolved).toEqual([]);
  await own.job.cancel();
  // So does a query that names its columns by then, and the file that changed from no checkpoint.
  const named = statements.replace('SELECT *, UPPER(name)', 'SELECT id, name, UPPER(name)');
  const less = await start(named, { stateDir: `${stateDir}-less`, fromSavepoint: behind });
  await expect.poll(async () => (await rowsOf(table)).length, { timeout: 20_000 }).toBe(8);
  await less.job.cancel();
  await expect(start(named, { stateDir })).rejects.toMatchObject({ code: 'CHK1001' });
});

const record = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'Order', fields });
const id = { name: 'id', type: 'long' };

test('a new version of a schema brings its types, to a database and to files; what is counted beside goes on', async () => {
  const topic = services.freshTopic();
  const register = async (text: string): Promise<number> =>
    (await services.client.register(`${topic}-value`, { type: 'AVRO', text })).id;
  const first = await register(record(id));
  const second = await register(
    record(
      id,
      { name: 'zip', type: ['null', 'int'], default: null },
      {
        name: 'at',
        type: { type: 'long', logicalType: 'timestamp-millis' },
        default: 0,
      },
    ),
  );
  services.broker.produce(topic, [message(first, 2), message(second, 4, 2, 24, 0), message(first, 6)]);
  const { 'scan.bounded.mode': _, ...options } = services.options(topic, 'avro-confluent', {
    'millrace.schema.evolution': 'add-columns',
  });
  const path = join(folder, `files-${topic}`);
  const { job } = await start(
    `CREATE TABLE orders (id BIGINT) ${withText(options)};
     CREATE TABLE kept (id BIGINT) ${intoDatabase(`kept_${topic}`)};
     CREATE TABLE files (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'json');
     CREATE TABLE per_id (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) ${intoDatabase(`per_${topic}`)};
     EXECUTE STATEMENT SET BEGIN
       INSERT INTO kept SELECT * FROM orders;
       INSERT INTO files SELECT * FROM orders;
       INSERT INTO per_id SELECT id % 2, COUNT(*) FROM orders GROUP BY id % 2;
     END;`,
    { stateDir: join(folder, topic) },
  );
  await expect
    .poll(() => rowsOf(`kept_${topic}`), { timeout: 20_000 })
    .toEqual([
      ['1', null, null],
      ['2', '12', '1970-01-01 00:00:00+00'],
      ['3', null, null],
    ]);
  expect(await columnsOf(`kept_${topic}`)).toBe('id bigint, zip integer, at timestamp(3) with time zone');
  // What is counted went on from the checkpoint.
  await expect
    .poll(() => rowsOf(`per_${topic}`))
    .toEqual([
      ['0', '1'],
      ['1', '2'],
    ]);
  await job.stop();
  const lines = readdirSync(path)
    .sort()
    .flatMap((file) => readFileSync(join(path, file), 'utf8').trim().split('\n'));
  expect(lines.sort()).toEqual([
    '{"id":1}',
    '{"id":2,"zip":12,"at":"1970-01-01 00:00:00Z"}',
    '{"id":3,"zip":null,"at":null}',
  ]);
});

test.each([
  [
    'a query that names its columns',
    "CREATE TABLE kept (id BIGINT) WITH ('connector' = 'blackhole')",
    'SELECT id FROM orders',
    'no INSERT of the job passes it on, as SELECT * does; its query names its columns',
  ],
  [
    'a sink that takes none',
    "CREATE TABLE kept (id BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = '/nowhere', 'format' = 'csv')",
    'SELECT * FROM orders',
    "the table 'kept' of the connector 'filesystem' gets no columns while a job runs",
  ],
  [
    'an operator that keeps whole rows',
    "CREATE TABLE kept (id BIGINT, name STRING) WITH ('connector' = 'blackhole')",
    'SELECT DISTINCT * FROM orders',
    'other operators would run than before',
  ],
])('%s: it is said at the start, and the field is told of', async (_, sink, query, why) => {
  const topic = services.freshTopic();
  produce(topic, { id: 1, name: 'a', zip: 12 });
  const { job, warnings } = await start(
    `CREATE TABLE orders (id BIGINT, name STRING) ${fromTopic(topic)}; ${sink}; INSERT INTO kept ${query};`,
  );
  await expect
    .poll(() => warnings)
    .toEqual([
      `table 'orders': 'add-columns' adds none in this job: ${why}`,
      `table 'orders': topic '${topic}', partition 0, offset 0: the field 'zip' is no column of the table: 12`,
    ]);
  await job.cancel();
});

test('a type that the target cannot hold gets no column, and the rows go on', async () => {
  const topic = services.freshTopic();
  const register = async (text: string): Promise<number> =>
    (await services.client.register(`${topic}-value`, { type: 'AVRO', text })).id;
  const nested = { type: 'record', name: 'At', fields: [{ name: 'x', type: 'int' }] };
  const only = await register(record(id, { name: 'place', type: nested }, { name: 'zip', type: 'int' }));
  services.broker.produce(topic, [message(only, 2, 4, 6)]);
  const { 'scan.bounded.mode': _, ...options } = services.options(topic, 'avro-confluent', {
    'millrace.schema.evolution': 'add-columns',
  });
  const { job, warnings } = await start(
    `CREATE TABLE orders (id BIGINT) ${withText(options)};
     CREATE TABLE kept (id BIGINT) ${intoDatabase(`kept_${topic}`)};
     INSERT INTO kept SELECT * FROM orders;`,
    { stateDir: join(folder, topic) },
  );
  await expect.poll(() => rowsOf(`kept_${topic}`), { timeout: 20_000 }).toEqual([['1', '3']]);
  expect(warnings[0]).toMatch(
    /^table 'orders': no column for the new field 'place': column "place": the jdbc connector has no form/,
  );
  expect(warnings[1]).toBe("table 'orders' got the column 'zip' INT, and so did 'kept'");
  await job.cancel();
});

test('two instances meet new fields of their own', async () => {
  const topic = services.freshTopic(2);
  services.broker.produce(
    topic,
    [1, 2, 3].map((n) => ({ value: Buffer.from(`{"id":${n},"name":"x","left":${n}}`) })),
    0,
  );
  services.broker.produce(
    topic,
    [4, 5, 6].map((n) => ({ value: Buffer.from(`{"id":${n},"name":"x","right":${n}}`) })),
    1,
  );
  const { job } = await start(ordersInto(topic, `kept_${topic}`), {
    stateDir: join(folder, topic),
    parallelism: 2,
  });
  const found = (): Promise<(string | null)[][]> =>
    server.query(`SELECT id, "left", "right" FROM "kept_${topic}" ORDER BY id`);
  await expect
    .poll(() => found().catch(() => []), { timeout: 20_000 })
    .toEqual([1, 2, 3, 4, 5, 6].map((n) => [`${n}`, n < 4 ? `${n}` : null, n < 4 ? null : `${n}`]));
  expect(job.evolved.map((c) => c.name).sort()).toEqual(['left', 'right']);
  await job.cancel();
});
