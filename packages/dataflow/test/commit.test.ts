/* What is committed when: barrier, prepare, a snapshot that is durable, commit; and who starts from that snapshot. */

import { expect, test } from 'vitest';
import { ExternalError } from '#base';
import type { JobSnapshot } from '../src/runtime/settings.ts';
import { Basin, Rig, Script } from './rig.ts';

class Setting {
  readonly rig = new Rig();
  readonly script = new Script();
  readonly basin = new Basin();
  /** What became durable. */
  readonly durable: JobSnapshot[] = [];
  failure: unknown;
  readonly persist = async (snapshot: JobSnapshot): Promise<void> => {
    this.basin.log.push(`persist ${snapshot.epoch}${snapshot.finished ? ' finished' : ''}`);
    if (this.failure !== undefined) throw this.failure;
    this.durable.push(snapshot);
  };
  constructor() {
    this.basin.twoPhase = true;
    this.rig.sink(this.basin, this.rig.source(this.script));
  }
  start(restore?: JobSnapshot) {
    return this.rig.start(restore, { persist: this.persist });
  }
}

test('a commit comes behind the snapshot that lists it', async () => {
  const s = new Setting();
  s.script.give('+ 1', '+ 2');
  const job = await s.start();
  await job.settled();
  await job.checkpoint();
  s.script.give('+ 3');
  await job.settled();
  await job.checkpoint();
  expect(s.basin.log).toEqual([
    'open',
    'prepare 1 2',
    'persist 1',
    'commit 1 2',
    'prepare 3',
    'persist 2',
    'commit 3',
  ]);
  expect(s.basin.flushes).toBe(0);
  await job.cancel();
});

test('a snapshot that cannot be written commits nothing; the next one covers it', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  const job = await s.start();
  await job.settled();
  s.failure = new ExternalError('TEST', { message: 'the disk is full' });
  await expect(job.checkpoint()).rejects.toMatchObject({ message: 'the disk is full' });
  s.failure = undefined;
  s.script.give('+ 2');
  await job.settled();
  await job.checkpoint();
  expect(s.basin.log).toEqual([
    'open',
    'prepare 1',
    'persist 1',
    'prepare 2',
    'persist 2',
    'commit 1',
    'commit 2',
  ]);
  await job.cancel();
  const again = new Setting();
  const next = await again.start(s.durable[0]);
  expect(again.basin.log).toEqual(['open 1, 2']);
  await next.cancel();
});

test('a commit that fails, fails the job; who starts from the snapshot commits again', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  s.basin.commitFailure = new ExternalError('TEST', { message: 'the target is away' });
  const job = await s.start();
  await job.settled();
  await expect(job.checkpoint()).rejects.toMatchObject({ message: 'the target is away' });
  await expect(job.done).rejects.toMatchObject({ message: 'the target is away' });
  const again = new Setting();
  again.script.give('+ 1');
  const next = await again.start(s.durable[0]);
  await next.settled();
  expect(again.basin.log).toEqual(['open 1']);
  expect(again.basin.values).toEqual([]);
  await next.cancel();
});

test('the end is committed before it is known; a start in between commits it', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  s.script.end();
  const job = await s.start();
  await job.done;
  expect(s.basin.log).toEqual(['open', 'prepare 1 last', 'persist 1', 'commit 1', 'persist 2 finished']);
  expect(s.durable.map((d) => d.finished)).toEqual([false, true]);
  const again = new Setting();
  again.script.give('+ 1');
  again.script.end();
  await (await again.start(s.durable[0])).done;
  expect(again.basin.log).toEqual(['open 1', 'persist 2', 'persist 3 finished']);
  expect(again.script.opens).toEqual([]);
});

test('a stop takes a last snapshot, and reads nothing behind it', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  const job = await s.start();
  await job.settled();
  s.basin.holdFlush = true;
  const stopping = job.stopWithCheckpoint();
  await new Promise((resolve) => setImmediate(resolve));
  s.script.give('+ 2');
  s.basin.release();
  await stopping;
  await job.done;
  expect(job.state).toBe('finished');
  expect(s.basin.values).toEqual([1]);
  expect(s.basin.log).toEqual(['open', 'prepare 1 last', 'persist 1', 'commit 1']);
  expect(s.durable.map((d) => d.finished)).toEqual([false]);
});

test('without a place for snapshots what is prepared is committed at once', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  const job = await s.rig.start();
  await job.settled();
  await job.checkpoint();
  s.script.give('+ 2');
  s.script.end();
  await job.done;
  expect(s.basin.log).toEqual(['open', 'prepare 1', 'commit 1', 'prepare 2 last', 'commit 2']);
});

test('a checkpoint that is given up leaves the next one whole', async () => {
  const s = new Setting();
  s.script.give('+ 1');
  const job = await s.start();
  await job.settled();
  s.basin.holdFlush = true;
  const late = job.checkpoint();
  await new Promise((resolve) => setImmediate(resolve));
  job.abandonCheckpoint(new ExternalError('TEST', { message: 'too late' }));
  await expect(late).rejects.toMatchObject({ message: 'too late' });
  s.basin.release();
  await job.checkpoint();
  expect(s.basin.log).toEqual(['open', 'prepare 1', 'prepare ', 'persist 2', 'commit 1']);
  await job.cancel();
});

test('what a sink prepares behind its snapshot is not committed with it', async () => {
  const s = new Setting();
  const other = new Script();
  const slow = new Basin();
  slow.twoPhase = true;
  s.rig.sink(slow, s.rig.source(other));
  s.script.give('+ 1');
  other.give('+ 10');
  const job = await s.start();
  await job.settled();
  slow.holdFlush = true;
  const taken = job.checkpoint();
  await expect.poll(() => s.basin.log).toContain('prepare 1');
  // One sink comes to its end while the other still prepares for the snapshot.
  s.script.give('+ 2');
  s.script.end();
  await expect.poll(() => s.basin.log).toContain('prepare 2 last');
  slow.release();
  await taken;
  expect(s.basin.log).toEqual(['open', 'prepare 1', 'prepare 2 last', 'persist 1', 'commit 1']);
  other.end();
  await job.done;
  expect(s.basin.log.slice(5)).toEqual(['persist 2', 'commit 2', 'persist 3 finished']);
});
