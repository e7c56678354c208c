/* Jobs in several threads: the results of one, kills and restarts at another parallelism, errors of any thread. */

import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { Workspace } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});

const files = 4;
const rowsAFile = 3000;
const rng = new Rng(20_261_129);

/** Events of several files; texts of any length, some NULL. No order of files makes a row late. */
function writeEvents(): void {
  for (let file = 0; file < files; file++) {
    const lines = Array.from({ length: rowsAFile }, (_, i) => {
      const at = new Date(Date.UTC(2024, 0, 1) + i * 20 + file).toISOString().replace('T', ' ').slice(0, -1);
      const text = rng.below(10) === 0 ? '' : `"${'é'.repeat(rng.below(60))}${rng.below(50)}"`;
      return `${rng.below(200)},${rng.below(1000) - 500}.25,${text},${at}`;
    });
    work.file(`events/part-${file}.csv`, `${lines.join('\n')}\n`);
  }
}
writeEvents();

const events = `CREATE TABLE events (k INT, price DECIMAL(10, 2), note STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE)
  WITH ('connector' = 'filesystem', 'path' = 'events', 'format' = 'csv', 'csv.null-literal' = '');\n`;
const sink = (name: string, columns: string): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${name}', 'format' = 'csv');\n`;

/** What a query leaves, whatever the order of its changes. */
interface Case {
  readonly name: string;
  readonly columns: string;
  readonly query: string;
}
const cases: readonly Case[] = [
  {
    name: 'filtered',
    columns: 'k INT, note STRING, ts TIMESTAMP(3)',
    query: `SELECT k, UPPER(note), ts FROM events WHERE price > 0`,
  },
  {
    name: 'tumbled',
    columns: 'w TIMESTAMP(3), k INT, n BIGINT, total DECIMAL(38, 2), longest STRING',
    query: `SELECT window_start, k, COUNT(*), SUM(price), MAX(note)
      FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k`,
  },
  {
    name: 'hopped',
    columns: 'w TIMESTAMP(3), note STRING, n BIGINT',
    query: `SELECT window_start, note, COUNT(DISTINCT k)
      FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end, note`,
  },
  {
    name: 'whole',
    columns: 'n BIGINT, total DECIMAL(38, 2)',
    query: `SELECT n, total FROM (SELECT window_start, COUNT(*) AS n, SUM(price) AS total
      FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '30' SECOND)) GROUP BY window_start, window_end)`,
  },
  {
    name: 'joined',
    columns: 'k INT, a TIMESTAMP(3), b TIMESTAMP(3)',
    query: `SELECT a.k, a.ts, b.ts FROM events a JOIN events b ON a.k = b.k WHERE a.price < -480 AND b.price > 480`,
  },
];
/** At the parallelism, in a process of its own; every case a job of one STATEMENT SET, or of its own. */
function script(suffix: string, together: boolean): string {
  const inserts = cases.map((c) => `INSERT INTO ${c.name}${suffix} ${c.query};`);
  const jobs = together ? `EXECUTE STATEMENT SET BEGIN ${inserts.join('\n')} END;` : inserts.join('\n');
  return `${events}${cases.map((c) => sink(`${c.name}${suffix}`, c.columns)).join('')}${jobs}`;
}

describe('in threads', () => {
  test('every query leaves what it leaves in one, alone and sharing its scan', async () => {
    const alone = await work.run(['run', work.file('one.sql', script('_1', false))]);
    expect(alone.code, alone.err).toBe(0);
    for (const [parallelism, together] of [
      [2, true],
      [3, true],
      [2, false],
    ] as const) {
      const suffix = `_${parallelism}${together ? 't' : 'a'}`;
      const file = work.file(`in${suffix}.sql`, script(suffix, together));
      const ran = await work.run(['run', file, '--parallelism', String(parallelism)]);
      expect(ran.code, ran.err).toBe(0);
      for (const { name } of cases)
        expect(work.rows(name + suffix), `${name} at ${parallelism}`).toEqual(work.rows(`${name}_1`));
    }
    expect(work.rows('joined_1').length).toBeGreaterThan(10);
  }, 120_000);

  test('an error in any of them is the error of the job, with its place', async () => {
    const bad = work.file(
      'bad.sql',
      `${events}${sink('bad', 'q DECIMAL(10, 2)')}INSERT INTO bad SELECT price / (k - 137) FROM events;`,
    );
    const { code, err } = await work.run(['run', bad, '--parallelism', '3', '--fresh']);
    expect(code).toBe(2);
    expect(err).toMatch(/Division by zero/i);
    expect(err).not.toMatch(/\n {4}at /);
  });

  test('what is malformed in the share of another thread names its file and line', async () => {
    writeFileSync(work.path('events/part-3.csv'), 'not a number,1,a,2024-01-01 00:00:00\n', { flag: 'a' });
    const file = work.file(
      'odd.sql',
      `${events}${sink('odd', 'k INT')}INSERT INTO odd SELECT k FROM events;`,
    );
    const { code, err } = await work.run(['run', file, '--parallelism', '4']);
    expect(code).toBe(2);
    expect(err).toMatch(/part-3\.csv:3001/);
  });
});
