/* millrace validate as a user types it: reports, exit codes, files that are written, topics. */

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Broker } from '../../library/src/broker.ts';
import { Workspace, type Ran } from './process.ts';

const work = new Workspace();
const orders = `id,customer_id,status,total,created_at,updated_at
1,10,new,12.50,2024-01-01 10:00:00,2024-01-01 11:00:00
2,11,paid,-3.00,2024-01-01 10:00:00,2024-01-01 09:00:00
3,10,paid,99.99,2024-01-01 12:00:00,
3,,lost,5,2024-01-01 13:00:00,2024-01-01 13:30:00
`;
const suite = {
  name: 'orders',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'customer_id' } },
    {
      type: 'expect_column_values_to_be_in_set',
      kwargs: { column: 'status', value_set: ['new', 'paid'] },
      severity: 'warning',
    },
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'total', min_value: { $PARAMETER: 'lowest' } },
    },
  ],
};
beforeAll(() => {
  work.file('orders.csv', orders);
  work.file('customers.csv', 'id\n10\n12\n');
  work.file('suite.json', JSON.stringify(suite));
  work.file('warnings.json', JSON.stringify({ ...suite, expectations: [suite.expectations[1]] }));
  work.file(
    'schema.json',
    JSON.stringify({
      type: 'object',
      required: ['id', 'customer_id'],
      additionalProperties: false,
      properties: {
        id: { type: 'integer', 'x-primary-key': true },
        customer_id: { type: 'integer' },
        status: { enum: ['new', 'paid'] },
        total: { type: 'number', minimum: 0, multipleOf: 0.01 },
        created_at: { type: 'string', format: 'date-time' },
        updated_at: { type: ['string', 'null'], format: 'date-time' },
      },
    }),
  );
});
afterAll(() => {
  work.close();
});
const validate = (...args: readonly string[]): Promise<Ran> => work.run(['validate', ...args]);

describe('a suite', () => {
  test('says what failed, with rows, and ends with 4', async () => {
    const { code, out, err } = await validate(
      '--input',
      'orders.csv',
      '--suite',
      'suite.json',
      '--param',
      'lowest=0',
    );
    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(out).toContain('orders.csv  4 rows, 6 columns  suite orders');
    expect(out).toMatch(
      /✗ customer_id +values to not be null +███████▌░░ +1 of 4 unexpected \(25\.0 %\)\n +row 4: null/,
    );
    expect(out).toMatch(/! status .*\n +row 4: lost/);
    expect(out).toMatch(/✗ total .*\n +row 2: -3/);
    expect(out).toMatch(/2 failed, 1 warning, 0 passed in/);
  });
  test('warnings fail only when they shall', async () => {
    expect((await validate('--input', 'orders.csv', '--suite', 'warnings.json')).code).toBe(0);
    expect((await validate('--input', 'orders.csv', '--suite', 'warnings.json', '--strict')).code).toBe(4);
  });
  test('as JSON, and as files: JSON, a page, JUnit', async () => {
    const { out, code } = await validate(
      '--input',
      'orders.csv',
      '--suite',
      'suite.json',
      '--param',
      'lowest=-5',
      '--json',
      '--output',
      'out/report.json',
      '--html',
      'out/page.html',
      '--junit',
      'out/junit.xml',
      '--history',
      'out/history',
    );
    expect(code).toBe(4);
    const report = JSON.parse(out) as {
      success: boolean;
      statistics: object;
      results: { success: boolean; samples?: unknown }[];
    };
    expect(report).toMatchObject({
      success: false,
      suite_name: 'orders',
      statistics: { evaluated_expectations: 3, successful_expectations: 1 },
    });
    expect(report.results.map((r) => [r.success, r.samples])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, undefined],
    ]);
    expect(JSON.parse(readFileSync(work.path('out/report.json'), 'utf8'))).toMatchObject({ success: false });
    await validate(
      '--input',
      'orders.csv',
      '--suite',
      'suite.json',
      '--param',
      'lowest=-5',
      '--html',
      'out/page.html',
      '--history',
      'out/history',
    );
    const page = readFileSync(work.path('out/page.html'), 'utf8');
    expect(page).toContain('<td>row 4</td><td>lost</td>');
    expect(page).toContain('The last 2 runs');
    // One file, no network.
    expect(page).not.toMatch(/(src|href)=|https?:|@import|url\(/);
    expect(readFileSync(work.path('out/junit.xml'), 'utf8')).toContain(
      'tests="3" failures="1" errors="0" skipped="1"',
    );
  });
  test('text of the data is no markup', async () => {
    work.file('odd.csv', 'a\n<script>alert(1)</script>\n');
    work.file(
      'odd.json',
      JSON.stringify({
        name: '<b>',
        expectations: [
          { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'a', value_set: ['x&y'] } },
        ],
      }),
    );
    await validate('--input', 'odd.csv', '--suite', 'odd.json', '--html', 'odd.html', '--junit', 'odd.xml');
    for (const name of ['odd.html', 'odd.xml']) {
      const text = readFileSync(work.path(name), 'utf8');
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toContain('<script>alert');
    }
  });
});

describe('checks', () => {
  test('all of them, with a schema and another table', async () => {
    const { code, out } = await validate(
      '--input',
      'orders.csv',
      '--checks',
      'all',
      '--schema',
      'schema.json',
      '--reference',
      'customer=customers.csv',
      '--max-age',
      '1h',
    );
    expect(code).toBe(4);
    expect(out).toMatch(/✗ id .*values to be unique/);
    expect(out).toMatch(/✗ updated_at .*max to be between/);
    expect(out).toMatch(/✗ customer_id .*values to be in table .*1 of 4/);
    expect(out).toMatch(/✗ updated_at, created_at .*a to be greater than b/);
    expect(out).toMatch(/✗ status .*values to be in set/);
    expect(out).toMatch(/✗ total .*values to be between/);
    expect(out).toContain('validity: left out, of the schema it leaves out total.multipleOf');
    expect(out).toContain('drift: left out, it needs an earlier report');
  });
  test('volume and drift against an earlier report', async () => {
    const many = (n: number, value: (i: number) => string): string =>
      `id,kind\n${Array.from({ length: n }, (_, i) => `${i},${value(i)}`).join('\n')}\n`;
    work.file(
      'before.csv',
      many(100, (i) => ['a', 'b'][i % 2]!),
    );
    work.file(
      'same.csv',
      many(110, (i) => ['b', 'a'][i % 2]!),
    );
    work.file(
      'other.csv',
      many(300, (i) => (i % 20 === 0 ? 'a' : 'b')),
    );
    const first = await validate(
      '--input',
      'before.csv',
      '--checks',
      'volume,drift',
      '--baseline',
      'base.json',
      '--output',
      'base.json',
    );
    expect(first.code).toBe(0);
    expect(first.err).toContain('nothing to compare with yet');
    expect(
      (await validate('--input', 'same.csv', '--checks', 'volume,drift', '--baseline', 'base.json')).code,
    ).toBe(0);
    const other = await validate(
      '--input',
      'other.csv',
      '--checks',
      'volume,drift',
      '--baseline',
      'base.json',
    );
    expect(other.code).toBe(4);
    expect(other.out).toMatch(/✗ table .*row count to be between +found 300/);
    expect(other.out).toMatch(/✗ kind .*distribution to match/);
  });
});

test('a table and a view of an SQL file: what it defines, not what it runs', async () => {
  const statements = `CREATE TABLE orders (id INT, status STRING, total INT) WITH ('connector' = 'filesystem', 'path' = 'sql-orders.csv', 'format' = 'csv');
CREATE VIEW sums AS SELECT status, SUM(total) AS total FROM orders GROUP BY status;
CREATE TABLE written (id INT) WITH ('connector' = 'filesystem', 'path' = 'written', 'format' = 'csv');
INSERT INTO written SELECT id FROM orders;
CREATE TABLE endless (id BIGINT) WITH ('connector' = 'datagen');`;
  work.file('sql-orders.csv', '1,new,5\n2,paid,7\n2,paid,9007\n');
  work.file('tables.sql', statements);
  const of = (table: string): Promise<Ran> =>
    validate('--sql', 'tables.sql', '--table', table, '--checks', 'uniqueness', '--key', 'status', '--json');
  const [orders, sums, endless] = [await of('orders'), await of('sums'), await of('endless')];
  expect([orders.code, sums.code, endless.code, endless.err]).toEqual([
    4,
    0,
    2,
    expect.stringContaining('unbounded table'),
  ]);
  expect(JSON.parse(sums.out)).toMatchObject({ meta: { table: 'sums of tables.sql', rows: 2 } });
  expect(existsSync(work.path('written'))).toBe(false);
});

describe('mistakes', () => {
  test.each([
    [['--input', 'orders.csv'], 'CLI1001', 'neither --suite nor --checks'],
    [['--input', 'orders.csv', '--checks', 'compleness'], 'QLT1016', 'Did you mean "completeness"'],
    [['--input', 'nowhere.csv', '--checks', 'all'], 'QLT1002', 'there is no such file'],
    [['--input', 'orders.csv', '--suite', 'orders.csv'], 'QLT1013', 'is no JSON'],
    [['--input', 'orders.csv', '--checks', 'freshness', '--max-age', 'soon'], 'CLI1004', 'a duration'],
    [['--input', 'orders.csv', '--checks', 'validity', '--schema', 'suite.json'], 'QLT1015', 'no properties'],
    [
      ['--connection', 'postgres://u:hunter2@127.0.0.1:1/d', '--table', 't', '--checks', 'all'],
      'QLT3002',
      '127.0.0.1:1/d',
    ],
  ])('%j', async (args, code, part) => {
    const { code: exit, out, err } = await validate(...args);
    expect(exit).toBe(code === 'QLT3002' ? 3 : 2);
    expect(out).toBe('');
    expect(err.toLowerCase()).toContain(part.toLowerCase());
    expect(err).toMatch(new RegExp(`^${code}: `));
    expect(err).not.toContain('hunter2');
    expect(err.split('\n').length).toBeLessThan(5);
  });
});

test('a suggested suite is one that validates', async () => {
  expect((await validate('suggest', '--input', 'customers.csv', '--output', 'made/suite.json')).out).toMatch(
    /expectations written to made\/suite.json/,
  );
  const { code } = await validate('--input', 'customers.csv', '--suite', 'made/suite.json');
  expect(code).toBe(0);
});

describe('a topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
    broker.topics.create('orders', { partitions: 1 });
    broker.produce(
      'orders',
      ['{"id":1,"total":5}', '{"id":2,"total":-1}', 'broken', '{"id":2,"total":9007199254740993}'].map(
        (value) => ({ value }),
      ),
    );
  });
  afterAll(async () => {
    await broker.stop();
  });
  test('is read to its end as it is now; values that are no JSON are found', async () => {
    const { code, out } = await validate(
      '--topic',
      'orders',
      '--bootstrap-server',
      broker.bootstrapServers,
      '--checks',
      'uniqueness,volume',
    );
    expect(code).toBe(4);
    expect(out).toContain('topic orders  4 rows');
    expect(out).toMatch(/✗ \$malformed .*\n.*objects of JSON\n +row 3: broken/);
    expect(out).toMatch(/✗ id .*values to be unique/);
  });
  test('the last records alone, by columns', async () => {
    work.file(
      'total.json',
      JSON.stringify({
        name: 't',
        expectations: [
          { type: 'expect_column_max_to_be_between', kwargs: { column: 'total', max_value: 10 } },
        ],
      }),
    );
    const { code, out, err } = await validate(
      '--topic',
      'orders',
      '--bootstrap-server',
      broker.bootstrapServers,
      '--last',
      '1',
      '--columns',
      'id INT, total BIGINT',
      '--suite',
      'total.json',
      '--json',
    );
    expect(err).toBe('');
    expect(code).toBe(4);
    expect(out).toContain('"observed_value":9007199254740993');
  });
  test('--follow: the results of each window, as records come', async () => {
    broker.topics.create('live', { partitions: 1 });
    const written = Date.UTC(2024, 0, 1);
    broker.produce(
      'live',
      [
        ['{"id":1,"total":5}', 0],
        ['{"id":null,"total":-1}', 20_000],
        ['{"id":3,"total":1}', 70_000],
        // It closes the windows in front of it.
        ['{"id":4,"total":1}', 600_000],
      ].map(([value, at]) => ({ value: String(value), timestamp: written + Number(at) })),
    );
    work.file('live.json', JSON.stringify(liveSuite));
    const live = ['--topic', 'live', '--bootstrap-server', broker.bootstrapServers, '--last', '100'];
    const asked = [...live, '--columns', 'id INT, total DOUBLE', '--suite', 'live.json', '--follow'];
    const { code, out, err } = await validate(...asked, ...['--param', 'least=2', '--for', '3s', '--json']);
    expect(err).toBe('');
    expect(code).toBe(4);
    const results = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(results.map((r) => [r['window_end'], r['column'], r['success'], r['unexpected_count']])).toEqual([
      ['2024-01-01 00:01:00.000', 'id', false, 1],
      ['2024-01-01 00:01:00.000', null, true, null],
      ['2024-01-01 00:02:00.000', 'id', true, 0],
      ['2024-01-01 00:02:00.000', null, false, null],
    ]);
    const refused = await validate(...live, '--suite', 'live.json', '--follow');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--follow needs --columns');
    // What the command writes of the flags the user never sees: no place in it.
    work.file(
      'unique.json',
      '{"expectations":[{"type":"expect_column_values_to_be_unique","kwargs":{"column":"id"}}]}',
    );
    for (const [columns, suite, message] of [
      [
        'id INT',
        'unique.json',
        /^QLT3003: table "records": expect_column_values_to_be_unique is not available/,
      ],
      ['id INTT', 'live.json', /^SQL\d+: /],
    ] as const) {
      const mistaken = await validate(
        ...live,
        '--follow',
        '--columns',
        columns,
        '--suite',
        suite,
        '--for',
        '1s',
      );
      expect([mistaken.code, mistaken.err]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
const liveSuite = {
  name: 'live',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
    {
      type: 'expect_table_row_count_to_be_between',
      kwargs: { min_value: { $PARAMETER: 'least' } },
      severity: 'warning',
    },
  ],
};

test('a table of SQL with a suite: what was found of its rows, and expectations that streams do not have', async () => {
  work.file('rows.json', '{"id":1,"total":5}\n{"id":null,"total":7}\n{"id":2,"total":-1}\n');
  const line = (type: string, action?: string) => ({
    type,
    kwargs: { column: 'id' },
    ...(action === undefined ? {} : { meta: { millrace: { action } } }),
  });
  work.file(
    'rows-suite.json',
    JSON.stringify({ expectations: [line('expect_column_values_to_not_be_null', 'dead-letter')] }),
  );
  work.file('unique.json', JSON.stringify({ expectations: [line('expect_column_values_to_be_unique')] }));
  const sql = (
    suiteFile: string,
  ): string => `CREATE TABLE orders (id INT, total DOUBLE) WITH ('connector' = 'filesystem', 'path' = 'rows.json',
  'format' = 'json', 'millrace.suite' = '${suiteFile}');
CREATE TABLE sink (id INT) WITH ('connector' = 'blackhole');
INSERT INTO sink SELECT id FROM orders;`;
  work.file('rows.sql', sql('rows-suite.json'));
  const { code, out, err } = await work.run(['run', 'rows.sql', '--json']);
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  const last = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, unknown>;
  expect(last).toMatchObject({
    account: { read: 3, written: 2, dead: 1 },
    checks: [{ table: 'orders', column: 'id', action: 'dead-letter', evaluated: 3, unexpected: 1 }],
  });
  const listed = await work.run(['dlq', 'show', 'orders']);
  expect(listed.out).toContain('expect_column_values_to_not_be_null');
  work.file('unique.sql', sql('unique.json'));
  const refused = await work.run(['check', 'unique.sql']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('QLT3003');
  expect(refused.err).toContain('expect_column_proportion_of_unique_values_to_be_between');
});
