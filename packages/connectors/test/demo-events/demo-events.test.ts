import { expect, test } from 'vitest';
import { types } from '#data';
import { DemoLines } from '../../src/demo-events/lines.ts';
import { demoEventsRuntime } from '../../src/demo-events/runtime.ts';
import { sourceContract } from '../contract/source.ts';
import { runSql } from '../run-sql.ts';

sourceContract('demo-events', async () => ({
  table: {
    fields: [{ name: 'line', type: types.STRING }],
    options: { 'number-of-rows': '9000', paced: 'false', seed: '5' },
  },
  runtime: demoEventsRuntime,
  rows: 9000,
  ordered: true,
  close: async () => {},
}));

const settings = {
  stream: 'all',
  rowsPerSecond: 100,
  lateShare: 0.02,
  lateByMs: 120_000,
  malformedShare: 0.01,
  users: 500,
} as const;

interface Line {
  readonly type: string;
  readonly at: string;
}
const parsed = (line: string): Line | undefined => {
  try {
    const value = JSON.parse(line) as Line;
    return /^\d{4}/.test(value.at) ? value : undefined;
  } catch {
    return undefined;
  }
};

test('clicks and orders, some late, some malformed', () => {
  const lines = new DemoLines(settings, 1, 0);
  const all = Array.from({ length: 20_000 }, (_, i) => parsed(lines.at(i)));
  const good = all.filter((l) => l !== undefined);
  expect(good.length / all.length).toBeCloseTo(0.99, 2);
  expect(good.filter((l) => l.type === 'order').length / good.length).toBeCloseTo(0.2, 1);
  const late = all.filter(
    (l, i) => l !== undefined && Date.parse(`${l.at.replace(' ', 'T')}Z`) < i * 10 - 1000,
  );
  expect(late.length / all.length).toBeCloseTo(0.02, 2);
});

test('read and parsed by SQL', async () => {
  const { changes } = await runSql(`
    CREATE TABLE shop (line STRING) WITH ('connector' = 'demo-events', 'stream' = 'orders', 'malformed-share' = '0',
      'number-of-rows' = '3', 'paced' = 'false', 'seed' = '1');
    SELECT CHAR_LENGTH(line) > 50 FROM shop;
  `);
  expect(changes).toEqual(['+I[true]', '+I[true]', '+I[true]']);
  await expect(
    runSql(`CREATE TABLE two (a STRING, b INT) WITH ('connector' = 'demo-events'); SELECT * FROM two;`),
  ).rejects.toThrow(
    'a demo-events table without a format has one column, of type STRING; found (a STRING, b INT)',
  );
});

test('with a format its columns; malformed lines fail or are skipped', async () => {
  const table = (options: string): string => `CREATE TABLE shop (id STRING, amount DECIMAL(10, 2)) WITH (
    'connector' = 'demo-events', 'stream' = 'orders', 'number-of-rows' = '1000', 'paced' = 'false', 'seed' = '1',
    'format' = 'json', ${options});`;
  const good = await runSql(`${table("'malformed-share' = '0'")} SELECT id, amount FROM shop;`);
  expect(good.changes).toHaveLength(1000);
  expect(good.changes[0]).toMatch(/^\+I\[o-0, \d+\.\d\d\]$/);
  const some = await runSql(
    `${table("'malformed-share' = '0.5', 'json.ignore-parse-errors' = 'true'")} SELECT id FROM shop;`,
  );
  expect(some.changes.length).toBeGreaterThan(400);
  expect(some.changes.length).toBeLessThan(600);
  await expect(runSql(`${table("'malformed-share' = '0.5'")} SELECT id FROM shop;`)).rejects.toThrow(
    /malformed json record/,
  );
});
