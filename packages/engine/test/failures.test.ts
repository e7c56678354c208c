/* Jobs started by SQL that fail, stall, are canceled and come back: what their user sees, and what others must not. */

import { describe, expect, test } from 'vitest';
import type { Row } from '#data';
import type { EngineJob, Execution } from '#engine';
import { aWhile, unrulyExecutor } from './unruly.ts';

const table = (name: string, options: Readonly<Record<string, string>> = {}): string =>
  `CREATE TABLE ${name} (id INT, k STRING) WITH (${Object.entries({ connector: 'unruly', ...options })
    .map(([k, v]) => `'${k}' = '${v}'`)
    .join(', ')})`;
function jobOf(execution: Execution): EngineJob {
  if (execution.kind !== 'job' && execution.kind !== 'query') throw new TypeError('a job is expected');
  return execution.job;
}
const ids = (rows: readonly Row[]): number[] => rows.map((r) => r[0] as number);

describe('failures', () => {
  test.each([
    ['user', { class: 'user', code: 'TEST1' }],
    ['external', { class: 'external', code: 'TEST2' }],
    ['bug', { class: 'bug', code: 'BUG' }],
  ] as const)(
    'a source that fails with a %s error: the job fails with it, rows before it are written, all is closed',
    async (as, error) => {
      const { run, knob } = unrulyExecutor();
      await run(table('src', { 'fail-at': '4', 'fail-as': as }));
      await run(table('dst'));
      const job = jobOf(await run('INSERT INTO dst SELECT id, k FROM src'));
      await expect(job.done).rejects.toMatchObject(error);
      expect(job.state).toBe('failed');
      expect(job.error).toMatchObject(error);
      expect(ids(knob('dst').written)).toEqual([1, 2, 3, 4]);
      expect([knob('src').closed, knob('dst').closed]).toEqual([1, 1]);
    },
  );
  test.each(['user', 'external'] as const)(
    'a sink that fails with a %s error fails its job, and no other',
    async (as) => {
      const { run, knob } = unrulyExecutor();
      await run(table('src', { rows: '10' }));
      await run(table('bad', { 'fail-at': '3', 'fail-as': as }));
      await run(table('good'));
      const failing = jobOf(await run('INSERT INTO bad SELECT id, k FROM src'));
      const other = jobOf(await run('INSERT INTO good SELECT id, k FROM src'));
      await expect(failing.done).rejects.toMatchObject({ class: as });
      await other.done;
      expect(other.state).toBe('finished');
      expect(knob('good').written.length).toBe(10);
      expect(knob('bad').written.length).toBe(3);
    },
  );
  test('one sink of a STATEMENT SET that fails takes the whole job with it', async () => {
    const { run, knob } = unrulyExecutor();
    await run(table('src'));
    await run(table('bad', { 'fail-at': '3', 'fail-as': 'user' }));
    await run(table('good'));
    const job = jobOf(
      await run(
        'EXECUTE STATEMENT SET BEGIN INSERT INTO bad SELECT id, k FROM src; INSERT INTO good SELECT id, k FROM src; END',
      ),
    );
    await expect(job.done).rejects.toMatchObject({ code: 'TEST1' });
    expect(knob('src').opened).toBe(1);
    expect([knob('src').closed, knob('bad').closed, knob('good').closed]).toEqual([1, 1, 1]);
  });
  test('the reader of a query gets the rows before the failure, then the failure', async () => {
    const { run } = unrulyExecutor();
    await run(table('src', { 'fail-at': '4', 'fail-as': 'external' }));
    const execution = await run('SELECT id FROM src');
    if (execution.kind !== 'query') throw new TypeError('a query is expected');
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for (
        let changes = await execution.changes.next();
        changes !== undefined;
        changes = await execution.changes.next()
      )
        seen.push(...ids(changes.map((c) => c.row)));
    };
    await expect(read()).rejects.toMatchObject({ code: 'TEST2' });
    expect(seen).toEqual([1, 2, 3, 4]);
  });
  test('with dml-sync the statement itself fails', async () => {
    const { run } = unrulyExecutor();
    await run(table('src', { 'fail-at': '1' }));
    await run(table('dst'));
    await run(`SET 'table.dml-sync' = 'true'`);
    await expect(run('INSERT INTO dst SELECT id, k FROM src')).rejects.toMatchObject({ code: 'TEST1' });
  });
});

describe('slow and canceled', () => {
  test('a slow sink: the source is not polled while it is full', async () => {
    const { run, knob } = unrulyExecutor();
    await run(table('src'));
    await run(table('dst', { room: '4' }));
    const job = jobOf(await run('INSERT INTO dst SELECT id + 1, UPPER(k) FROM src'));
    await aWhile();
    const { polls } = knob('src');
    expect(polls).toBeLessThan(10);
    await aWhile();
    expect(knob('src').polls).toBe(polls);
    knob('dst').more(40);
    await aWhile();
    expect(ids(knob('dst').written)).toEqual(Array.from({ length: 44 }, (_, i) => i + 2));
    expect(knob('src').polls).toBeLessThan(40);
    await job.cancel();
  });
  test('a reader that does not read holds an endless query back', async () => {
    const { run, knob } = unrulyExecutor();
    await run(table('src'));
    const execution = await run('SELECT id FROM src');
    if (execution.kind !== 'query') throw new TypeError('a query is expected');
    while (knob('src').polls < 5000) await aWhile();
    await aWhile();
    const { polls } = knob('src');
    await aWhile();
    expect(knob('src').polls).toBe(polls);
    expect(polls).toBeLessThan(6000);
    expect((await execution.changes.next())!.length).toBe(10_000);
    await aWhile();
    expect(knob('src').polls).toBeGreaterThan(polls);
    await execution.job.cancel();
  });
  test('cancel while rows are under way: nothing hangs, the reader comes to its end', async () => {
    const { run, knob } = unrulyExecutor();
    await run(table('src'));
    const execution = await run('SELECT id FROM src');
    if (execution.kind !== 'query') throw new TypeError('a query is expected');
    await execution.changes.next();
    await execution.job.cancel();
    await execution.job.done;
    expect(execution.job.state).toBe('canceled');
    while ((await execution.changes.next()) !== undefined) {
      /* what was under way */
    }
    expect(knob('src').closed).toBe(1);
  });
  test('stop: what was read is written, then the job is finished', async () => {
    const { run, knob } = unrulyExecutor();
    await run(table('src'));
    await run(table('dst'));
    const job = jobOf(await run('INSERT INTO dst SELECT id, k FROM src'));
    await aWhile();
    await job.stop();
    expect(job.state).toBe('finished');
    expect(knob('dst').written.length).toBe(job.totals().rowsIn);
  });
});

describe('a stop before the input ended', () => {
  const windows =
    "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end";
  const counting = 'SELECT CAST(NULL AS TIMESTAMP(3)), COUNT(*) AS n FROM src';
  test.each([
    ['an open window', 'streaming', windows],
    ['a result of batch mode', 'batch', counting],
  ])('%s is not emitted; with drain it is', async (_, mode, query) => {
    for (const drain of [false, true]) {
      const { run, knob } = unrulyExecutor();
      await run(`SET 'execution.runtime-mode' = '${mode}'`);
      await run(
        `CREATE TABLE src (id INT, ts AS TO_TIMESTAMP_LTZ(id, 3), WATERMARK FOR ts AS ts) WITH ('connector' = 'unruly'${mode === 'batch' ? ", 'rows' = '1000000000'" : ''})`,
      );
      await run("CREATE TABLE dst (w TIMESTAMP(3), n BIGINT) WITH ('connector' = 'unruly')");
      const job = jobOf(await run(`INSERT INTO dst ${query}`));
      await aWhile();
      await job.stop({ drain });
      expect(job.state).toBe('finished');
      expect(job.totals().rowsIn).toBeGreaterThan(0);
      expect(knob('dst').written.map((r) => r[1])).toEqual(drain ? [BigInt(job.totals().rowsIn)] : []);
    }
  });
});

describe('checkpoints', () => {
  const counting = 'SELECT k, COUNT(*) AS n, MAX(id) AS m FROM u GROUP BY k';

  test('taken while rows are in flight, with one source at its end: a restore counts every row once', async () => {
    const build = async (): Promise<ReturnType<typeof unrulyExecutor>> => {
      const made = unrulyExecutor();
      await made.run(table('a', { rows: '5' }));
      await made.run(table('b', { rows: '40' }));
      await made.run('CREATE VIEW u AS SELECT id, k FROM a UNION ALL SELECT id + 100, k FROM b');
      await made.run(
        `CREATE TABLE dst (k STRING, n BIGINT, m INT) WITH ('connector' = 'unruly', 'room' = '21')`,
      );
      return made;
    };
    const first = await build();
    const job = jobOf(await first.run(`INSERT INTO dst ${counting}`));
    await aWhile();
    const checkpoint = job.checkpoint();
    await aWhile();
    first.knob('dst').more(Infinity);
    const snapshot = await checkpoint;
    await job.cancel();
    const second = await build();
    second.knob('dst').opened = 1; // keeps its room
    await jobOf(await second.run(`INSERT INTO dst ${counting}`, { restore: snapshot })).done;
    const last = new Map(second.knob('dst').written.map((row) => [row[0], row]));
    expect([...last.values()].map((r) => [r[0], r[1]]).sort()).toEqual([
      ['k0', 14n],
      ['k1', 16n],
      ['k2', 15n],
    ]);
  });

  test('a job that has ended has no checkpoint to take', async () => {
    const { run } = unrulyExecutor();
    await run(table('src', { rows: '2' }));
    await run(table('dst'));
    const job = jobOf(await run('INSERT INTO dst SELECT id, k FROM src'));
    await job.done;
    await expect(job.checkpoint()).rejects.toMatchObject({ code: 'JOB1001' });
  });
});

describe('several jobs of one session', () => {
  test('read the same table each for itself, and are told apart', async () => {
    const { run, executor, knob } = unrulyExecutor();
    await run(table('src', { rows: '6' }));
    await run(table('one'));
    await run(table('two'));
    const jobs = [
      jobOf(await run('INSERT INTO one SELECT id, k FROM src WHERE id > 3')),
      jobOf(await run('INSERT INTO two SELECT id, k FROM src')),
    ];
    await Promise.all(jobs.map((j) => j.done));
    expect(ids(knob('one').written)).toEqual([4, 5, 6]);
    expect(ids(knob('two').written)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(executor.jobs.map((j) => [j.name, j.state])).toEqual([
      ['insert-into_one', 'finished'],
      ['insert-into_two', 'finished'],
    ]);
    expect(knob('src').opened).toBe(2);
  });
});
