/* A savepoint of version 1 stays in the repository and is read for ever. With RECORD=1 it is written anew; only a new version
 * of the format is a reason for that, in a folder of its own. */

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Row, Value } from '#data';
import { Executor, type Execution } from '#engine';
import { realDisk } from '#host';
import { parseScript } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

const fixtures = join(import.meta.dirname, 'fixtures');
const fixture = join(fixtures, 'savepoint-v1');

const tables = `
CREATE TABLE orders (id INT, region STRING, price DECIMAL(10, 2), who STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'test');
CREATE TABLE people (name STRING, age INT) WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D');
CREATE TABLE totals (region STRING, n BIGINT, total DECIMAL(38, 2), top DECIMAL(10, 2), people BIGINT, names STRING) WITH ('connector' = 'test');
CREATE TABLE windows (w TIMESTAMP(3), n BIGINT, least DECIMAL(10, 2)) WITH ('connector' = 'test');
CREATE TABLE sessions (w TIMESTAMP(3), who STRING, n BIGINT) WITH ('connector' = 'test');
CREATE TABLE joined (id INT, age INT) WITH ('connector' = 'test');`;
const inserts = `
EXECUTE STATEMENT SET BEGIN
INSERT INTO totals SELECT region, COUNT(*), SUM(price), MAX(price), COUNT(DISTINCT who), LISTAGG(who) FROM orders GROUP BY region;
INSERT INTO windows SELECT window_start, COUNT(*), MIN(price) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
INSERT INTO sessions SELECT window_start, who, COUNT(*) FROM TABLE(SESSION(TABLE orders PARTITION BY who, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, who;
INSERT INTO joined SELECT o.id, p.age FROM orders o LEFT JOIN people p ON o.who = p.name;
END;`;

class Setting {
  readonly world = Object.assign(new SimWorld(1), { disk: realDisk });
  readonly board = new TestBoard();
  readonly executor = new Executor({
    world: this.world,
    connectors: new Map([['test', testConnector(this.board)]]),
  });

  async tables(): Promise<void> {
    for (const { statement } of parseScript(tables)) await this.executor.execute(statement);
  }
  push(name: string, rows: readonly Row[]): void {
    const object = this.executor.session.get([
      { text: name, quoted: false, span: { start: 0, end: 0, line: 1, column: 1 } },
    ]);
    if (object.kind !== 'table') throw new Error(`${name} is no table`);
    const names = object.columns.map((c) => c.name);
    this.board.push(
      object.path,
      rows.map((row) => ({
        kind: 0,
        physical: new Map(names.map((n, i): [string, Value] => [n, row[i]!])),
        metadata: new Map(),
      })),
    );
  }
  /** What was written into a table, one change a text. */
  written(name: string): string[] {
    const { path } = this.executor.session.get([
      { text: name, quoted: false, span: { start: 0, end: 0, line: 1, column: 1 } },
    ]) as { path: Parameters<TestBoard['table']>[0] };
    return this.board
      .table(path)
      .written.map(({ kind, row }) => `${['+I', '-U', '+U', '-D'][kind]} ${row.map(text).join(' ')}`);
  }
}
const text = (value: Value): string => {
  if (value !== null && typeof value === 'object' && 'ms' in value) return new Date(value.ms).toISOString();
  return String(value);
};
const at = (seconds: number): Value => ({ ms: Date.UTC(2024, 0, 1, 12, 0, seconds), ns: 0 });
const first: readonly Row[] = [
  [1, 'north', 1000n, 'ann', at(1)],
  [2, 'south', 550n, 'bob', at(2)],
  [3, 'north', 250n, 'bob', at(3)],
];
const then: readonly Row[] = [
  [4, 'north', 100n, 'ann', at(20)],
  [5, 'south', 900n, 'cid', at(80)],
];
type JobExecution = Extract<Execution, { kind: 'job' }>;

async function record(): Promise<void> {
  const setting = new Setting();
  await setting.tables();
  setting.push('orders', first);
  setting.push('people', [['ann', 41]]);
  const { statement } = parseScript(inserts)[0]!;
  const { job } = (await setting.executor.execute(statement, { name: 'v1' })) as JobExecution;
  await job.settled();
  mkdirSync(fixtures, { recursive: true });
  const path = await job.savepoint(fixtures);
  rmSync(fixture, { recursive: true, force: true });
  renameSync(path, fixture);
  await job.cancel();
}
if (process.env['RECORD'] === '1') test('the savepoint is written', record);

test.each([1, 3])('version 1 is taken up, parallelism %i', async (parallelism) => {
  expect(readdirSync(fixture).sort()).toEqual(['_metadata', 'state']);
  const setting = new Setting();
  await setting.tables();
  // What was read before stands in front: the positions are behind it.
  setting.push('orders', first);
  setting.push('people', [['ann', 41]]);
  setting.push('orders', then);
  setting.push('people', [['bob', 7]]);
  const { statement } = parseScript(inserts)[0]!;
  const stateDir = mkdtempSync(join(tmpdir(), 'millrace-v1-'));
  try {
    const { job } = (await setting.executor.execute(statement, {
      name: 'v1',
      parallelism,
      state: { stateDir, fresh: true, fromSavepoint: fixture },
    })) as JobExecution;
    await job.settled();
    expect(job.fits.filter((f) => f.status !== 'kept' || f.dropped.length + f.added.length > 0)).toEqual([]);
    expect(setting.written('totals').sort()).toEqual(
      [
        '-U north 2 1250 1000 2 ann,bob',
        '+U north 3 1350 1000 2 ann,bob,ann',
        '-U south 1 550 550 1 bob',
        '+U south 2 1450 900 2 bob,cid',
      ].sort(),
    );
    expect(setting.written('windows')).toEqual(['+I 2024-01-01T12:00:00.000Z 4 100']);
    expect(setting.written('sessions').sort()).toEqual([
      '+I 2024-01-01T12:00:01.000Z ann 1',
      '+I 2024-01-01T12:00:02.000Z bob 2',
      '+I 2024-01-01T12:00:20.000Z ann 1',
    ]);
    const joined = setting.written('joined');
    expect(joined).toContain('+I 4 41');
    expect(joined.filter((c) => /^\+I [23] 7$/.test(c))).toHaveLength(2);
    expect(joined.some((c) => c.startsWith('+I 1 '))).toBe(false);
    await job.cancel();
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
