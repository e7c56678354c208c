/* Our results equal those of Great Expectations over pandas: every expectation that it evaluates there, over random tables with
 * NULL, duplicates, text, dates, times and decimals. MILLRACE_TABLES sets how many; `npm run proof -- quality` takes many. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { makers, randomCases } from '../../tools/quality/cases.ts';
import { compareFile, type Comparison } from '../../tools/quality/compare.ts';
import { Judge, judgeMissing, judgeVersion } from '../../tools/quality/judge.ts';
import { createSql, randomTable } from '../../tools/quality/tables.ts';

const tables = Number(process.env['MILLRACE_TABLES'] ?? 2);
const firstSeed = Number(process.env['MILLRACE_SEED'] ?? 1);
const missing = await judgeMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

const folder = mkdtempSync(join(tmpdir(), 'millrace-judge-'));
let judge: Judge | undefined;
beforeAll(async () => {
  if (missing === undefined) judge = await Judge.start();
}, 240_000);
afterAll(() => {
  judge?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`Great Expectations ${judgeVersion} over ${tables} tables`, async (context) => {
  if (judge === undefined) return context.skip(missing);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const found: Comparison = { compared: 0, unanswered: 0, differences: [] };
  const types = new Set<string>();
  for (let seed = firstSeed; seed < firstSeed + tables; seed++) {
    const rng = new Rng(seed);
    const table = randomTable(rng);
    for (const sql of createSql(`t${seed}`, table)) await connection.run(sql);
    const file = join(folder, `seed-${seed}.parquet`);
    await connection.run(`COPY t${seed} TO '${file}' (FORMAT parquet)`);
    await connection.run(`DROP TABLE t${seed}`);
    const cases = randomCases(rng, table);
    for (const { type } of cases) types.add(type);
    await compareFile(judge, file, cases, found);
  }
  connection.closeSync();
  console.log(`${found.compared} results equal, ${found.unanswered} that the judge fails at`);
  expect(found.differences).toEqual([]);
  // It would be no comparison if the judge mostly failed, or some expectation never came.
  expect(found.compared).toBeGreaterThan(tables * 40);
  expect([...types].sort()).toEqual(makers.map((m) => m.type).sort());
}, 3_600_000);
