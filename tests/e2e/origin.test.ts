/* An expression that fails names the record that it failed on: of a topic by its offset, of a file by its line; whichever way
 * the record was read, and wherever in a batch it stands. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Millrace } from '../../apps/library/src/index.ts';
import { ownKafka } from '../../tools/test-kafka.ts';

const kafka = await ownKafka();
const folder = mkdtempSync(join(tmpdir(), 'millrace-origin-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await kafka?.close();
});

/** Ids 1 … 9000 but for one that is 0. */
const rows = 9000;
const bad = 7654;
const ids = Array.from({ length: rows }, (_, i) => (i === bad ? 0 : i + 1));
const ways = [
  ['by a scanner', 'id BIGINT, s STRING'],
  ['by row', 'id BIGINT, s STRING, tags ARRAY<STRING>'],
] as const;

/** The message and hint of the job that divides by id. */
async function failure(columns: string, options: string): Promise<string> {
  const m = new Millrace();
  try {
    const job = await m.execute(`CREATE TABLE t (${columns}) WITH (${options});
      CREATE TABLE o (x BIGINT, s STRING) WITH ('connector' = 'blackhole');
      INSERT INTO o SELECT 10 / id, s FROM t WHERE id < 100000;`);
    await job!.done;
  } catch (error) {
    const { message, hint } = error as { readonly message: string; readonly hint: string };
    return `${message}\n${hint}`;
  }
  return 'no error';
}

describe.each(ways)('files, %s', (_, columns) => {
  test.each(['csv', 'json'])('%s', async (format) => {
    const path = join(folder, `${columns.length}.${format}`);
    const tags = columns.includes('tags');
    const line = (id: number): string =>
      format === 'csv'
        ? `${id},x${tags ? ',a;b' : ''}`
        : JSON.stringify({ id, s: 'x', ...(tags ? { tags: ['a'] } : {}) });
    writeFileSync(path, `${ids.map(line).join('\n')}\n`);
    const found = await failure(
      columns,
      `'connector' = 'filesystem', 'path' = '${path}', 'format' = '${format}'`,
    );
    expect(found).toContain('division by zero: 10 / 0');
    expect(found).toContain(`from ${path}:${bad + 1}`);
  });
});

test('NULL in a NOT NULL column, behind a filter and a projection', async () => {
  const path = join(folder, 'nulls.csv');
  writeFileSync(path, `${ids.map((id) => (id === 0 ? 'x,' : `${id},y`)).join('\n')}\n`);
  const m = new Millrace();
  const job =
    await m.execute(`CREATE TABLE t (id BIGINT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
    CREATE TABLE o (x BIGINT NOT NULL) WITH ('connector' = 'blackhole');
    INSERT INTO o SELECT id + 1 FROM t WHERE s <> '' OR id IS NULL;`);
  await expect(job!.done).rejects.toMatchObject({
    hint: expect.stringContaining(`from ${path}:${bad + 1}`) as string,
  });
});

test('a rowtime that is NULL', async () => {
  const path = join(folder, 'times.jsonl');
  writeFileSync(path, '{"id":1,"ts":"2024-01-01 12:00:00"}\n{"id":2,"ts":null}\n');
  const m = new Millrace();
  const job =
    await m.execute(`CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'json');
    CREATE TABLE o (n BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO o SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;`);
  await expect(job!.done).rejects.toMatchObject({
    code: 'DATA1001',
    hint: expect.stringMatching(/The row was \(.*NULL.*\), from .*times\.jsonl:2\./) as string,
  });
});

describe.skipIf(kafka === undefined).each(ways)('topics, %s', (_, columns) => {
  test('json', async () => {
    const topic = `origin-${columns.length}`;
    const m = new Millrace();
    const at = `'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka!.bootstrapServers}', 'format' = 'json'`;
    m.createTable('fresh', {
      schema: { id: 'BIGINT', s: 'STRING' },
      from: ids.map((id) => ({ id: BigInt(id), s: 'x' })),
    });
    const filled = await m.execute(
      `CREATE TABLE topic (id BIGINT, s STRING) WITH (${at}); INSERT INTO topic SELECT * FROM fresh;`,
    );
    await filled!.done;
    const found = await failure(
      columns,
      `${at}, 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'`,
    );
    expect(found).toContain('division by zero: 10 / 0');
    expect(found).toContain(`from topic '${topic}', partition 0, offset ${bad}`);
  });
});
