/* A job with state on disk over failures from outside: it starts again from its last checkpoint, as often as its strategy says. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { EngineJob } from '#engine';
import { unrulyExecutor, type Knob } from './unruly.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-restarts-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let jobs = 0;

interface Setting {
  readonly job: EngineJob;
  readonly dst: Knob;
  readonly src: Knob;
}
async function start(
  sink: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>>,
  rows: string | undefined = '400',
): Promise<Setting> {
  const { executor, run, knob } = unrulyExecutor();
  for (const [key, value] of Object.entries({ 'execution.checkpointing.interval': '5 ms', ...settings }))
    executor.session.settings.set(key, value);
  const options = (given: Readonly<Record<string, string>>): string =>
    Object.entries({ connector: 'unruly', ...given })
      .map(([k, v]) => `'${k}' = '${v}'`)
      .join(', ');
  await run(`CREATE TABLE src (id INT, k STRING) WITH (${options(rows === undefined ? {} : { rows })})`);
  await run(`CREATE TABLE dst (id INT, k STRING) WITH (${options(sink)})`);
  const execution = await run('INSERT INTO dst SELECT id, k FROM src', {
    name: `job-${++jobs}`,
    state: { stateDir: folder, fresh: false },
  });
  if (execution.kind !== 'job') throw new TypeError('a job is expected');
  return { job: execution.job, dst: knob('dst'), src: knob('src') };
}
const fixedDelay = (attempts: number, delay = '5 ms'): Readonly<Record<string, string>> => ({
  'restart-strategy.type': 'fixed-delay',
  'restart-strategy.fixed-delay.attempts': String(attempts),
  'restart-strategy.fixed-delay.delay': delay,
});
const failing = { 'fail-at': '100', 'fail-as': 'external' };

test('it goes on, and nothing is lost', async () => {
  const { job, dst, src } = await start({ ...failing, 'fail-times': '3' }, fixedDelay(3));
  await job.done;
  expect([job.state, job.restarts, dst.failures]).toEqual(['finished', 3, 3]);
  expect([src.opened, src.closed, dst.opened, dst.closed]).toEqual([4, 4, 4, 4]);
  const seen = new Set(dst.written.map((row) => row[0]));
  expect(Array.from({ length: 400 }, (_, i) => i + 1).filter((id) => !seen.has(id))).toEqual([]);
});

test('after as many failures as the strategy takes it fails with the last one', async () => {
  const { job, dst } = await start(failing, fixedDelay(2));
  await expect(job.done).rejects.toMatchObject({ code: 'TEST2' });
  expect([job.state, job.restarts, dst.failures]).toEqual(['failed', 2, 3]);
});

test('a mistake of the user is not tried again', async () => {
  const { job, dst } = await start({ 'fail-at': '100', 'fail-as': 'user' }, fixedDelay(5));
  await expect(job.done).rejects.toMatchObject({ class: 'user' });
  expect([job.restarts, dst.failures]).toEqual([0, 1]);
});

test('while it waits it says why, and a stop ends it', async () => {
  const { job } = await start(failing, fixedDelay(5, '1 h'));
  await expect.poll(() => job.state).toBe('restarting');
  expect(job.restarting!.error.message).toBe('the broker is gone');
  expect(job.error).toMatchObject({ code: 'TEST2' });
  await job.stop();
  await job.done;
  expect(job.stopping).toBe(true);
  // Its state is free: the next start takes it.
  const again = await start({}, {}, '10');
  await again.job.done;
});

test('a checkpoint that cannot be written fails the job where none may', async () => {
  const { job } = await start({}, fixedDelay(0), undefined);
  rmSync(join(folder, job.name), { recursive: true, force: true });
  // A file stands where the folder has to be.
  const { writeFileSync } = await import('node:fs');
  await expect
    .poll(() => {
      try {
        rmSync(join(folder, job.name), { recursive: true, force: true });
        writeFileSync(join(folder, job.name), '');
      } catch {
        // It is being written.
      }
      return job.state;
    })
    .toBe('failed');
  await expect(job.done).rejects.toMatchObject({ class: 'external', code: 'SYS2001' });
  rmSync(join(folder, job.name), { force: true });
});
