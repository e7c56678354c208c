/* INSERT OVERWRITE of files: a table, the partitions that are written, one partition. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runSql } from '../run-sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-overwrite-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const tables = `SET 'execution.runtime-mode' = 'batch';
CREATE TABLE flat (a INT) WITH ('connector' = 'filesystem', 'path' = '${folder}/flat', 'format' = 'json');
CREATE TABLE parts (a INT, p STRING) PARTITIONED BY (p) WITH ('connector' = 'filesystem', 'path' = '${folder}/parts', 'format' = 'json');
`;
const sorted = async (sql: string): Promise<string[]> => (await runSql(tables + sql)).changes.sort();

test('rows take the place of those there are; other partitions stay', async () => {
  expect(
    await sorted('INSERT INTO flat VALUES (1), (2); INSERT OVERWRITE flat VALUES (3); SELECT * FROM flat;'),
  ).toEqual(['+I[3]']);
  expect(
    await sorted(`INSERT INTO parts VALUES (1, 'x'), (2, 'y'), (3, 'z'); INSERT OVERWRITE parts VALUES (4, 'x');
      INSERT OVERWRITE parts PARTITION (p = 'y') SELECT 5; SELECT * FROM parts;`),
  ).toEqual(['+I[3, z]', '+I[4, x]', '+I[5, y]']);
});
test('not of what the query reads, and not in a stream', async () => {
  await expect(runSql(`${tables}INSERT OVERWRITE flat SELECT a + 1 FROM flat;`)).rejects.toMatchObject({
    code: 'PLAN2010',
  });
  await expect(
    runSql(`${tables}SET 'execution.runtime-mode' = 'streaming'; INSERT OVERWRITE flat VALUES (1);`),
  ).rejects.toMatchObject({ code: 'PLAN2010' });
});
