/* A contract against a job that runs: its columns, what its tables count, the age of its newest row, its keys; and what a job does
 * not know. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract as contractCommand } from '../src/commands/contract.ts';
import { counting, Workspace, type Running } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});
const contract = (name: string, more: string): string =>
  work.file(
    `${name}.yaml`,
    `contract: {name: ${name}, version: 1.0.0, owner: sales}
schema:
  - {name: id, type: integer, not_null: true, minimum: 0, primary_key: true}
  - {name: at, type: timestamp}
${more}`,
  );
contract(
  'orders',
  `sla: {freshness: {max_delay_hours: 1, column: at}, completeness: {min_percentage: 98}, accuracy: {duplicate_tolerance: 0.01}}\n`,
);
contract('changed', `  - {name: total, type: decimal}\nsla: {freshness: {max_delay_hours: 1, column: at}}\n`);
contract('late', `sla: {freshness: {max_delay_hours: 1, column: at}}\n`);

const table = (name: string, at: string, more = ''): string =>
  counting(name, { rate: 200 })
    .replace('(id BIGINT)', `(id BIGINT, at AS ${at}, WATERMARK FOR at AS at)`)
    .replace(');\n', `${more});\n`);
const sql = `${table('orders', 'CURRENT_TIMESTAMP', `, 'millrace.contract' = 'orders.yaml'`)}
${table('late', "TIMESTAMP '2024-01-01 00:00:00'")}
CREATE TABLE counts (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'blackhole');
CREATE TABLE rest (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO counts SELECT id, COUNT(*) FROM orders GROUP BY id;
INSERT INTO rest SELECT id FROM late;`;
let running: Running;
const check = (...args: readonly string[]) => work.run(['contract', 'check', ...args]);
const checked = async (...args: readonly string[]) => {
  const { out, code, err } = await check(...args, '--json');
  const report = JSON.parse(out === '' ? 'null' : out) as {
    readonly results: readonly {
      readonly success: boolean;
      readonly expectation_config: { readonly type: string; readonly kwargs: { readonly column?: string } };
    }[];
    readonly skipped: readonly { readonly reason: string }[];
  };
  return {
    code,
    err,
    lines: report.results.map(
      (r) =>
        `${r.expectation_config.kwargs.column} ${r.expectation_config.type.replace(/^expect_column_/, '')} ${r.success}`,
    ),
    skipped: report.skipped.map((s) => s.reason),
  };
};

beforeAll(async () => {
  running = work.start(['run', work.file('job.sql', sql)]);
  let rows = 0;
  while (rows < 100) {
    const { out } = await work.run(['jobs', 'list', '--json']);
    rows = Math.min(
      ...out
        .trim()
        .split('\n')
        .map((l) => (l === '' ? 0 : ((JSON.parse(l) as { rowsOut?: number }).rowsOut ?? 0))),
    );
    if (running.child.exitCode !== null) throw new Error(running.err);
  }
}, 60_000);

test('what its table counts holds, its newest row is new, and duplicates are not known', async () => {
  const found = await checked('orders.yaml', '--job', 'job/counts');
  expect([found.code, found.lines]).toEqual([
    0,
    [
      'id values_to_be_in_type_list true',
      'id values_to_not_be_null true',
      'id values_to_be_between true',
      'at values_to_be_in_type_list true',
      'at values_to_not_be_null true',
      'at max_to_be_between true',
    ],
  ]);
  expect(found.skipped).toEqual([expect.stringMatching(/^id: at most 1 % duplicates: a job keeps no keys/)]);
});
test('a column that is not there fails; what another contract asks is not counted', async () => {
  const found = await checked('changed.yaml', '--job', 'job/counts', '--table', 'orders');
  expect(found.code).toBe(4);
  expect(found.lines.filter((l) => l.endsWith('false'))).toEqual(['total to_exist false']);
});
test('the table that it writes: by the key that was promised, and no more is known', async () => {
  work.file(
    'counts.yaml',
    'contract: {name: counts, version: 1.0.0, owner: sales}\nschema:\n  - {name: id, type: integer, primary_key: true}\n  - {name: n, type: integer, minimum: 0}\n',
  );
  const found = await checked('counts.yaml', '--job', 'job/counts');
  expect([found.code, found.lines]).toEqual([
    0,
    ['id values_to_be_in_type_list true', 'n values_to_be_in_type_list true', 'id values_to_be_unique true'],
  ]);
  expect(found.skipped).toEqual([
    expect.stringMatching(/^id: .*it is counted where its rows are read WITH/),
    expect.stringMatching(/^n: range of the contract: the table does not count this/),
  ]);
});
test('without a contract of its own a table is as old as its watermark', async () => {
  const { out, code } = await check('late.yaml', '--job', 'job/rest', '--html', 'late.html');
  expect(code).toBe(4);
  expect(out).toContain('watermark 2024-01-01T00:00:00.000Z');
  expect(out).toContain('late of job job/rest');
});
test.each([
  ['orders', { job: 'job/gone' }, 'JOB1002', "no job 'job/gone' runs"],
  ['orders', { job: 'job/rest' }, 'CON1007', 'the job \'job/rest\' has no table "orders"'],
  ['orders', { job: 'job/counts', input: 'x.csv' }, 'CLI1001', 'exclude each other'],
])('%s, %j is refused', async (name, flags, code, message) => {
  const all = { property: [], reference: [], param: [], stateDir: work.path('.millrace/state'), ...flags };
  await expect(contractCommand('check', work.path(`${name}.yaml`), undefined, all)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});
