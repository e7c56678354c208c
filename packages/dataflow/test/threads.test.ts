/* What a job makes of a thread that dies: an error from outside that names it, after which the job may start again. */

import { expect, test } from 'vitest';
import { workerThreads } from '#host';
import { Basin, Rig, Script } from './rig.ts';

test('a thread that ends by itself fails the job with its number, and may be tried again', async () => {
  const rig = new Rig();
  rig.sink(new Basin(), rig.source(new Script()));
  const threads = workerThreads(new URL('lost-thread.ts', import.meta.url));
  const evaluation = { timeZone: 'UTC', queryStart: 0, batchMode: false, legacyCast: false, seed: 1 };
  const job = await rig.start(undefined, { parallelism: 2, threads, evaluation });
  await expect(job.done).rejects.toMatchObject({
    code: 'JOB2001',
    class: 'external',
    retryable: true,
    message: expect.stringMatching(/^thread 1 of the job 'job' ended: /) as string,
  });
  expect(job.state).toBe('failed');
});

test('a job that is canceled while another thread opens its share ends', async () => {
  const rig = new Rig();
  rig.sink(new Basin(), rig.source(new Script()));
  const threads = workerThreads(new URL('mute-thread.ts', import.meta.url));
  const evaluation = { timeZone: 'UTC', queryStart: 0, batchMode: false, legacyCast: false, seed: 1 };
  const job = rig.job(undefined, { parallelism: 2, threads, evaluation });
  const starting = job.start();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await job.cancel();
  await starting;
  expect(job.state).toBe('canceled');
});
