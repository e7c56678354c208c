/* Jobs whose state does not fit into memory, killed at random moments: what was on disk is what the checkpoint says, in one
 * thread and in two. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { csvTable, Workspace, type Running } from './process.ts';

const kills = Number(process.env['MILLRACE_KILLS'] ?? 3);
const rows = 60_000;
const keys = 30_000;
const rate = 10_000;
const seed = Date.now() % 1_000_000;
const work = new Workspace();
afterAll(() => {
  work.close();
});

/** A table that counts, with a key of 36 characters that comes back `rows / keys` times. */
const counted = (name: string, factor: number): string =>
  `CREATE TABLE ${name} (id BIGINT, k AS CONCAT('00000000-0000-0000-0000-', LPAD(CAST(MOD(id * ${factor}, ${keys}) AS STRING), 12, '0')))
     WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${rows}',
           'rows-per-second' = '${rate}');\n`;
const keyOf = (id: number, factor: number): number => (id * factor) % keys;
const onDisk = `SET 'state.backend.type' = 'rocksdb'; SET 'millrace.memory.budget' = '20 mb';
SET 'execution.checkpointing.interval' = '200 ms';\n`;

/** Bytes of the maps on disk of all jobs. */
function bytesOnDisk(): number {
  const state = work.path('.millrace/state');
  if (!existsSync(state)) return 0;
  return readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('data.mdb'))
    .reduce((bytes, path) => bytes + statSync(join(state, path)).size, 0);
}

const newestCheckpoint = (job: string): number => work.checkpoints(job).at(-1) ?? 0;

/** Whether its last rows are committed: started again, it would begin anew. */
function hasFinished(job: string): boolean {
  const newest = `.millrace/state/${encodeURIComponent(job)}/chk-${newestCheckpoint(job)}/_metadata`;
  const manifest = work.path(newest);
  return existsSync(manifest) && readFileSync(manifest, 'latin1').includes('"finished":true');
}

/** Waits until the job took another one, or ended. */
async function nextCheckpoint(running: Running, job: string): Promise<void> {
  const before = newestCheckpoint(job);
  while (newestCheckpoint(job) === before && running.child.exitCode === null) await sleep(20);
}

/** Runs the file, in one thread and in two by turns, and kills it some moments behind a checkpoint, again and again; then it runs
 *  to its end. Its maps on disk came to some size. */
async function runKilled(file: string, job: string, rng: Rng): Promise<void> {
  let starts = 0;
  const start = (): Running => work.start(['run', file, '--parallelism', String(1 + (starts++ % 2))]);
  let running = start();
  let most = 0;
  let said = '';
  for (let n = 0; n < kills; n++) {
    await nextCheckpoint(running, job);
    await sleep(rng.below(600));
    most = Math.max(most, bytesOnDisk());
    // On a machine that is busy elsewhere it may be done by now.
    if (running.child.exitCode !== null || hasFinished(job)) break;
    running.child.kill('SIGKILL');
    said += (await running.end()).err;
    running = start();
  }
  const { code, err } = await running.end();
  expect(code, err).toBe(0);
  expect(said + err).toMatch(/goes on from checkpoint \d+/);
  expect(Math.max(most, bytesOnDisk())).toBeGreaterThan(1 << 20);
}

test(
  `a join of tables larger than the memory, killed ${kills} times: every pair once (seed ${seed})`,
  async () => {
    const rng = new Rng(seed);
    const file = work.file(
      'pairs.sql',
      `${onDisk}${counted('a', 7919)}${counted('b', 104_729)}${csvTable('pairs', 'a BIGINT, b BIGINT')}
       INSERT INTO pairs SELECT a.id, b.id FROM a JOIN b ON a.k = b.k;`,
    );
    await runKilled(file, 'pairs/pairs', rng);
    const byKey = Map.groupBy(
      Array.from({ length: rows }, (_, i) => i + 1),
      (id) => keyOf(id, 104_729),
    );
    const expected = Array.from({ length: rows }, (_, i) => i + 1).flatMap((a) =>
      (byKey.get(keyOf(a, 7919)) ?? []).map((b) => `${a},${b}`),
    );
    expect(work.rows('pairs')).toEqual(expected.sort());
  },
  60_000 + kills * 10_000,
);

test(`windows larger than the memory, killed ${kills} times: every window once (seed ${seed})`, async () => {
  const rng = new Rng(seed + 1);
  // Rows come a millisecond apart by their times: windows of 40 s hold 20,000 of the keys twice, and overlap by half.
  const file = work.file(
    'windows.sql',
    `${onDisk}CREATE TABLE a (id BIGINT, ts AS TO_TIMESTAMP_LTZ(id, 3), WATERMARK FOR ts AS ts,
         k AS CONCAT('00000000-0000-0000-0000-', LPAD(CAST(MOD(id * 7919, 20000) AS STRING), 12, '0')))
         WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0',
               'fields.id.end' = '${rows - 1}', 'rows-per-second' = '${rate}');
       ${csvTable('tumbled', 'w BIGINT, k STRING, n BIGINT, s BIGINT')}
       ${csvTable('hopped', 'w BIGINT, k STRING, n BIGINT, s BIGINT')}
       SET 'table.local-time-zone' = 'UTC';
       BEGIN STATEMENT SET;
       INSERT INTO tumbled SELECT UNIX_TIMESTAMP(CAST(window_start AS STRING)), k, COUNT(*), SUM(id)
         FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '40' SECOND)) GROUP BY window_start, window_end, k;
       INSERT INTO hopped SELECT UNIX_TIMESTAMP(CAST(window_start AS STRING)), k, COUNT(*), SUM(id)
         FROM TABLE(HOP(TABLE a, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '40' SECOND)) GROUP BY window_start, window_end, k;
       END;`,
  );
  await runKilled(file, 'windows/tumbled_hopped', rng);
  const windows = (sizeMs: number, stepMs: number): string[] => {
    const groups = new Map<string, { n: number; sum: number }>();
    for (let id = 0; id < rows; id++)
      for (let from = Math.floor(id / stepMs) * stepMs; from > id - sizeMs; from -= stepMs) {
        const key = `${from / 1000},"00000000-0000-0000-0000-${String((id * 7919) % 20_000).padStart(12, '0')}"`;
        const group = groups.get(key) ?? { n: 0, sum: 0 };
        groups.set(key, { n: group.n + 1, sum: group.sum + id });
      }
    return [...groups].map(([key, { n, sum }]) => `${key},${n},${sum}`).sort();
  };
  // As one text: a difference of many rows is not to be found row by row.
  expect(work.rows('tumbled').join('\n') === windows(40_000, 40_000).join('\n')).toBe(true);
  expect(work.rows('hopped').join('\n') === windows(40_000, 20_000).join('\n')).toBe(true);
}, 600_000);

test('a checkpoint is not gone on from with state in another place; a savepoint is', async () => {
  const text = (backend: string): string => `SET 'state.backend.type' = '${backend}';
SET 'execution.checkpointing.interval' = '200 ms';
${counted('c', 7)}CREATE TABLE n (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'blackhole');
INSERT INTO n SELECT k, COUNT(*) FROM c GROUP BY k;`;
  const disk = work.file('other/n.sql', text('rocksdb'));
  const running = work.start(['run', disk, '--name', 'n']);
  await nextCheckpoint(running, 'n');
  const stopped = await work.run(['jobs', 'stop', 'n', '--savepoint', work.path('saved'), '--json']);
  expect(stopped.code, stopped.err).toBe(0);
  await running.end();
  const memory = work.file('other/n.sql', text('hashmap'));
  const refused = await work.run(['run', memory, '--name', 'n']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("'state.backend.type' = 'rocksdb'");
  const savepoint = join(work.path('saved'), readdirSync(work.path('saved'))[0]!);
  const moved = await work.run(['run', memory, '--name', 'n2', '--from-savepoint', savepoint]);
  expect(moved.code, moved.err).toBe(0);
}, 60_000);
