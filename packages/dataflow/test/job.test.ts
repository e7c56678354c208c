/* A job's life: several inputs, slow and failing connectors, checkpoints, ends that hold after a restore, cancel. */

import { describe, expect, test } from 'vitest';
import { ExternalError, UserError } from '#base';
import { types } from '#data';
import type { JobSnapshot } from '../src/runtime/settings.ts';
import { Basin, forward, Rig, Script } from './rig.ts';

const { INT } = types;
const sorted = (basin: Basin): number[] => basin.values.sort((a, b) => a - b);

describe('two inputs', () => {
  test('a slow sink with two inputs gets every row once: a batch taken in part is gone on with first', async () => {
    const rig = new Rig();
    const [a, b] = [new Script(), new Script()];
    const basin = new Basin();
    basin.room = 1;
    rig.sink(basin, rig.source(a), rig.source(b));
    a.give('+ 1', '+ 2', '+ 3');
    b.give('+ 11', '+ 12', '+ 13');
    a.end();
    b.end();
    const job = await rig.start();
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      basin.more(1);
    }
    await job.done;
    expect(sorted(basin)).toEqual([1, 2, 3, 11, 12, 13]);
  });
});

describe('backpressure', () => {
  test('no second batch is read while the first still waits behind an operator that hands columns on', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    basin.room = 1;
    rig.sink(basin, rig.union(rig.union(rig.source(script))));
    script.give('+ 1', '+ 2');
    const job = await rig.start();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const polls = script.polls;
    for (let n = 3; n < 20; n++) script.give(`+ ${n}`);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(script.polls).toBe(polls);
    basin.more(Infinity);
    await job.settled();
    expect(basin.rows.length).toBe(19);
    await job.cancel();
  });
  test('a full sink stops the polls: memory is bounded by one batch an edge', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    basin.room = 1;
    rig.sink(basin, rig.union(rig.source(script)));
    for (let n = 0; n < 200; n++) script.give(`+ ${n}`, `+ ${n}`);
    const job = await rig.start();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const polls = script.polls;
    expect(polls).toBeLessThan(6);
    basin.more(100);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(script.polls).toBeLessThan(60);
    basin.more(Infinity);
    await job.settled();
    expect(basin.rows.length).toBe(400);
    await job.cancel();
  });
});

describe('failures', () => {
  test('a source that throws fails the job with its error, and everything is closed', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    rig.sink(basin, rig.source(script));
    script.give('+ 1');
    script.failAt = 1;
    script.failure = new ExternalError('TEST1', { message: 'the broker is gone' });
    const job = await rig.start();
    await expect(job.done).rejects.toMatchObject({ class: 'external', code: 'TEST1' });
    expect(job.state).toBe('failed');
    expect([script.closed, basin.closed]).toEqual([1, 1]);
    expect(basin.values).toEqual([1]);
  });
  test.each(['write', 'flush'] as const)(
    'a sink whose %s fails: the error comes through as it is',
    async (where) => {
      const rig = new Rig();
      const script = new Script();
      const basin = new Basin();
      const failure = new UserError('TEST2', { message: 'this row does not fit' });
      if (where === 'write') Object.assign(basin, { failAtRow: 1, failure });
      else basin.flushFailure = failure;
      rig.sink(basin, rig.source(script));
      script.give('+ 1', '+ 2');
      script.end();
      const job = await rig.start();
      await expect(job.done).rejects.toBe(failure);
      expect(job.error).toBe(failure);
    },
  );
  test('what is not ours is a bug, with its cause', async () => {
    const rig = new Rig();
    const script = new Script();
    rig.sink(new Basin(), rig.source(script));
    script.failAt = 0;
    script.failure = new RangeError('index');
    const job = await rig.start();
    await expect(job.done).rejects.toMatchObject({ class: 'bug', cause: script.failure });
  });
  test("a connector that cannot close hides neither the first failure nor the others' close", async () => {
    const rig = new Rig();
    const [a, b] = [new Script(), new Script()];
    const basin = new Basin();
    a.closeFailure = new Error('close');
    a.failAt = 0;
    a.failure = new UserError('TEST3', { message: 'first' });
    rig.sink(basin, rig.source(a), rig.source(b));
    const job = await rig.start();
    await expect(job.done).rejects.toBe(a.failure);
    expect([b.closed, basin.closed]).toEqual([1, 1]);
  });
  test('a checkpoint under way when the job fails is refused with the reason', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    basin.holdFlush = true;
    rig.sink(basin, rig.source(script));
    script.give('+ 1');
    const job = await rig.start();
    await job.settled();
    const checkpoint = job.checkpoint();
    script.failAt = 1;
    script.failure = new UserError('TEST4', { message: 'no more' });
    script.context!.wake();
    await expect(checkpoint).rejects.toBe(script.failure);
  });
});

describe('cancel', () => {
  test.each([
    [
      'gives up',
      () => {
        throw new ExternalError('KAF2001', { message: 'no connection' });
      },
    ],
    ['opens after all', () => {}],
  ])('ends a job whose source still waits to be opened, and then %s', async (_, afterAbort) => {
    const rig = new Rig();
    const script = new Script();
    script.afterAbort = afterAbort;
    const basin = new Basin();
    rig.sink(basin, rig.source(script));
    script.give('+ 1');
    const job = rig.job();
    const starting = job.start();
    await expect.poll(() => script.context).toBeDefined();
    expect(job.state).toBe('created');
    await job.cancel();
    await starting;
    await job.done;
    expect(job.state).toBe('canceled');
    expect([script.closed, basin.closed, basin.rows.length]).toEqual([1, 1, 0]);
  });
  test('waits for nothing, resolves what waits, and tells connectors by their signal', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    basin.room = 0;
    rig.sink(basin, rig.source(script));
    script.give('+ 1');
    const job = await rig.start();
    const settled = job.settled();
    const checkpoint = job.checkpoint();
    const refused = expect(checkpoint).rejects.toMatchObject({ code: 'JOB1001' });
    await job.cancel();
    await settled;
    await refused;
    await job.done;
    expect(job.state).toBe('canceled');
    expect(script.context!.signal.aborted).toBe(true);
    expect(basin.context!.signal.aborted).toBe(true);
    expect([script.closed, basin.closed]).toEqual([1, 1]);
    await expect(job.checkpoint()).rejects.toMatchObject({ code: 'JOB1001' });
  });
  test('reaches an asynchronous operator with rows in flight', async () => {
    const rig = new Rig();
    const script = new Script();
    let signal: AbortSignal | undefined;
    let closed = 0;
    const connector = rig.lookup((context) => {
      signal = context.signal;
      return {
        open: async () => {},
        findAsync: () => new Promise(() => {}),
        close: async () => {
          closed++;
        },
      };
    });
    const spec = {
      connector,
      table: { options: [] },
      lookedUp: [],
      keys: [{ right: 0, left: 0 }],
      left: true,
      condition: undefined,
      async: true,
      ordered: true,
      capacity: 5,
    };
    rig.sink(new Basin(), rig.operator('lookup-join', spec, [forward(rig.source(script))]));
    script.give('+ 1');
    const job = await rig.start();
    await job.cancel();
    expect(signal!.aborted).toBe(true);
    expect(closed).toBe(1);
  });
});

describe('checkpoints', () => {
  const counting = (rig: Rig, node: number): number =>
    rig.operator('limit', { offset: 0, limit: 3 }, [forward(node)], { inputTypes: [[INT]] });

  test('a source that had ended is not read again after a restore', async () => {
    const build = (): { rig: Rig; a: Script; b: Script; basin: Basin } => {
      const rig = new Rig();
      const [a, b] = [new Script(), new Script()];
      const basin = new Basin();
      rig.sink(basin, counting(rig, rig.union(rig.source(a), rig.source(b))));
      a.give('+ 1', '+ 2');
      a.end();
      return { rig, a, b, basin };
    };
    const first = build();
    const job = await first.rig.start();
    await job.settled();
    const snapshot = await job.checkpoint();
    await job.cancel();
    const second = build();
    const again = await second.rig.start(snapshot);
    second.b.give('+ 3', '+ 4');
    second.b.end();
    await again.done;
    expect(second.a.opens).toEqual([]);
    expect(second.basin.values).toEqual([3]);
  });

  test('completes although a part of the job, behind sources that ended, finishes without a barrier', async () => {
    const rig = new Rig();
    const [ending, going] = [new Script(), new Script()];
    const [slow, other] = [new Basin(), new Basin()];
    rig.sink(slow, rig.source(ending));
    rig.sink(other, rig.source(going));
    slow.holdFlush = true;
    ending.give('+ 1');
    ending.end();
    const job = await rig.start();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const checkpoint = job.checkpoint();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    slow.release();
    const snapshot: JobSnapshot = await checkpoint;
    expect([...snapshot.states.keys()].sort()).toEqual(['sink-1#0', 'sink-3#0', 'source-0#0', 'source-2#0']);
    await job.cancel();
  });

  test('with rows in flight: taken when the sink has room again, and nothing is lost or said twice', async () => {
    const build = (): { rig: Rig; script: Script; basin: Basin } => {
      const rig = new Rig();
      const script = new Script();
      const basin = new Basin();
      rig.sink(basin, rig.union(rig.source(script)));
      for (let n = 0; n < 10; n++) script.give(`+ ${n}`);
      return { rig, script, basin };
    };
    const first = build();
    first.basin.room = 2;
    const job = await first.rig.start();
    const checkpoint = job.checkpoint();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    first.basin.more(Infinity);
    const snapshot = await checkpoint;
    await job.cancel();
    const position = first.basin.rows.length;
    expect(position).toBeGreaterThan(0);
    const second = build();
    second.script.end();
    await (await second.rig.start(snapshot)).done;
    const taken = second.basin.values[0] ?? 10;
    expect(second.basin.values).toEqual(Array.from({ length: 10 - taken }, (_, i) => taken + i));
    expect(first.basin.values.slice(0, taken)).toEqual(Array.from({ length: taken }, (_, i) => i));
  });

  test('flushes the sink before it is complete', async () => {
    const rig = new Rig();
    const script = new Script();
    const basin = new Basin();
    basin.holdFlush = true;
    rig.sink(basin, rig.source(script));
    const job = await rig.start();
    let done = false;
    const checkpoint = job.checkpoint().then(() => {
      done = true;
    });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect([basin.flushes, done]).toEqual([1, false]);
    basin.release();
    await checkpoint;
    await job.cancel();
  });
});

test('stop: what was read goes through, sinks flush, and the job is finished', async () => {
  const rig = new Rig();
  const script = new Script();
  const basin = new Basin();
  rig.sink(basin, rig.source(script));
  script.give('+ 1', '+ 2');
  const job = await rig.start();
  await job.settled();
  job.stop(false);
  await job.done;
  expect(job.state).toBe('finished');
  expect(basin.values).toEqual([1, 2]);
  expect(basin.flushes).toBe(1);
});

test('counters by node: rows in and out, watermark', async () => {
  const rig = new Rig();
  const script = new Script();
  rig.sink(new Basin(), rig.union(rig.source(script)));
  script.give('+ 1', '@ 7', '+ 2');
  const job = await rig.start();
  await job.settled();
  expect(job.metrics().map((m) => [m.id, m.rowsIn, m.rowsOut, m.watermark])).toEqual([
    ['source-0', 2, 2, 7],
    ['union-1', 2, 2, 7],
    ['sink-2', 2, 0, 7],
  ]);
  await job.cancel();
});
