/* The suite that docs/quality.md shows is run, and what the page of expectations lists is what there is. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile, readSuite, validateTable } from '../src/index.ts';

test('the suite of docs/quality.md', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/quality.md'), 'utf8');
  const text = /```json suite\n(.*?)```/s.exec(page)?.[1];
  const folder = mkdtempSync(join(tmpdir(), 'millrace-page-'));
  const file = join(folder, 'orders.csv');
  writeFileSync(
    file,
    'id,status,total,created_at\n1,new,-5,2024-01-01 10:00:00\n2,paid,0,2024-01-02 10:00:00\n3,paid,7,\n',
  );
  const table = await openFile(file);
  const { results } = await validateTable(table, readSuite(text!, 'page'), {
    nowMs: Date.UTC(2024, 0, 3, 9),
  });
  await table.close();
  rmSync(folder, { recursive: true, force: true });
  expect(results.map((r) => [r.success, r.exception_info.exception_message])).toEqual([
    [true, null],
    [true, null],
    [true, null],
    [false, null],
  ]);
  expect(results[3]!.result).toEqual({ observed_value: 1 });
});
