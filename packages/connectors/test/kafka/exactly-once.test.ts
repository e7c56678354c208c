/* The Kafka sink in transactions: what a reader of committed records sees, whatever happens between two barriers. */

import { afterEach, describe, expect, test } from 'vitest';
import { bootstrapServers, createTopic, noKafka, openSink, readAll, tableOf } from './support.ts';
import {
  closeAll,
  columns,
  committed,
  freshPrefix,
  range,
  rowsOf,
  sees,
  startRun,
  type Run,
} from './transactional-sink.ts';

afterEach(closeAll);

/** Rows of one epoch, as far as its manifest. */
async function epoch(run: Run, from: number, to: number): Promise<Uint8Array | undefined> {
  await run.write(rowsOf(from, to));
  return run.prepare();
}

describe.skipIf(noKafka)('a sink in transactions', () => {
  test('nothing is seen before its commit, and all of it afterwards, however often that comes', async () => {
    const topic = await createTopic(3);
    const run = await startRun(topic, freshPrefix());
    const first = await epoch(run, 0, 20_000);
    // The next epoch is written while the first still waits.
    const second = await epoch(run, 20_000, 30_000);
    expect(await committed(topic)).toEqual([]);
    await run.commit(first);
    await run.commit(first);
    await sees(topic, range(0, 20_000));
    await run.commit(second);
    await run.commit(second);
    await sees(topic, range(0, 30_000));
  });

  test('an epoch without rows has nothing to commit', async () => {
    const topic = await createTopic();
    const run = await startRun(topic, freshPrefix());
    expect(await run.prepare()).toBeUndefined();
    await run.commit(await epoch(run, 0, 10));
    expect(await run.prepare()).toBeUndefined();
    await run.close();
    await sees(topic, range(0, 10));
  });

  for (const codec of ['lz4', 'zstd'])
    test(`many epochs with compression ${codec} in many partitions`, async () => {
      const topic = await createTopic(5);
      const run = await startRun(
        topic,
        freshPrefix(),
        {},
        {
          'properties.compression.type': codec,
          'properties.batch.size': '2000',
          'key.format': 'json',
          'key.fields': 'id',
        },
      );
      let waiting: Uint8Array | undefined;
      for (let n = 0; n < 12; n++) {
        const prepared = await epoch(run, n * 500, n * 500 + 500);
        if (waiting !== undefined) await run.commit(waiting);
        waiting = prepared;
      }
      await run.commit(waiting);
      await sees(topic, range(0, 6000));
    });
});

describe.skipIf(noKafka)('upsert-kafka in transactions', () => {
  for (const buffer of ['none', 'rows gathered by key'])
    test(`updates and deletes by key, ${buffer}`, async () => {
      const topic = await createTopic();
      const gathered = { 'sink.buffer-flush.max-rows': '3', 'sink.buffer-flush.interval': '10 ms' };
      const options = {
        connector: 'upsert-kafka',
        topic,
        'properties.bootstrap.servers': bootstrapServers,
        'key.format': 'json',
        'value.format': 'json',
        'sink.delivery-guarantee': 'exactly-once',
        'sink.transactional-id-prefix': freshPrefix(),
        ...(buffer === 'none' ? {} : gathered),
      };
      const table = tableOf(columns, options, ['id']);
      const sink = await openSink(table, { flavour: 'upsert-kafka' });
      const read = async (): Promise<string[]> => {
        const { rows, kinds } = await readAll(
          tableOf(
            columns,
            {
              ...options,
              'scan.bounded.mode': 'latest-offset',
              'properties.isolation.level': 'read_committed',
            },
            ['id'],
          ),
          { flavour: 'upsert-kafka' },
        );
        const last = new Map(rows.map((row, i) => [row[0], `${kinds[i]} ${row.join(' ')}`]));
        return [...last.values()].sort();
      };
      await sink.write(rowsOf(0, 4), [0, 0, 0, 0]);
      await sink.sink.commit!((await sink.sink.prepare!(false))!);
      await sink.write([...rowsOf(0, 1), [1n, 'new'], ...rowsOf(2, 3)], [3, 2, 1]);
      const second = (await sink.sink.prepare!(false))!;
      expect(await read()).toEqual(['+I 0 name 0', '+I 1 name 1', '+I 2 name 2', '+I 3 name 3']);
      await sink.sink.commit!(second);
      expect(await read()).toEqual(['+I 1 new', '+I 2 name 2', '+I 3 name 3', '-D 0 ']);
      await sink.close();
    });
});

describe.skipIf(noKafka)('a crash', () => {
  /** Where the second epoch is when the process dies; whether the manifest of that epoch is there. */
  const points = {
    'before a row': async () => false,
    'after rows': async (run: Run) => {
      await run.write(rowsOf(10, 15));
      return false;
    },
    'after rows reached Kafka': async (run: Run) => {
      await run.write(rowsOf(10, 15));
      await run.flush();
      return false;
    },
    'after prepare': async (run: Run) => {
      await epoch(run, 10, 20);
      return false;
    },
    'after the manifest': async (run: Run, manifest: (p: Uint8Array) => void) => {
      manifest((await epoch(run, 10, 20))!);
      return true;
    },
    'after the commit': async (run: Run, manifest: (p: Uint8Array) => void) => {
      const prepared = (await epoch(run, 10, 20))!;
      manifest(prepared);
      await run.commit(prepared);
      return true;
    },
    'after the commit, with the next rows written': async (run: Run, manifest: (p: Uint8Array) => void) => {
      const prepared = (await epoch(run, 10, 20))!;
      manifest(prepared);
      await run.commit(prepared);
      await run.write(rowsOf(20, 25));
      await run.flush();
      return true;
    },
  };
  for (const [name, point] of Object.entries(points))
    test(`${name}: each row once`, async () => {
      const topic = await createTopic(2);
      const prefix = freshPrefix();
      const run = await startRun(topic, prefix);
      let manifest = await epoch(run, 0, 10);
      await run.commit(manifest);
      const durable = await point(run, (prepared) => {
        manifest = prepared;
      });
      run.crash();
      const again = await startRun(topic, prefix, { prepared: [manifest!] });
      await again.commit(await epoch(again, durable ? 20 : 10, 30));
      await again.close();
      await sees(topic, range(0, 30));
      // The same once more: a manifest may be the last one for long.
      const last = await startRun(topic, prefix, { prepared: [manifest!] });
      await last.close();
      await sees(topic, range(0, 30));
    });

  test('of three instances, and one goes on', async () => {
    const topic = await createTopic(2);
    const prefix = freshPrefix();
    const runs: Run[] = [];
    for (const instance of [0, 1, 2]) runs.push(await startRun(topic, prefix, { instance }));
    const manifest: Uint8Array[] = [];
    for (const [i, run] of runs.entries()) manifest.push((await epoch(run, i * 10, i * 10 + 10))!);
    await runs[1]!.commit(manifest[1]);
    for (const run of runs) {
      await run.write(rowsOf(30, 40));
      await run.flush();
    }
    for (const run of runs) run.crash();
    const one = await startRun(topic, prefix, { prepared: manifest });
    await sees(topic, range(0, 30));
    await one.commit(await epoch(one, 30, 40));
    await sees(topic, range(0, 40));
  });

  test('a fresh start drops what the last incarnation left', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const run = await startRun(topic, prefix, { writer: { incarnation: 'a1' } });
    const prepared = await epoch(run, 0, 10);
    await run.write(rowsOf(10, 20));
    await run.flush();
    run.crash();
    const fresh = await startRun(topic, prefix, { writer: { incarnation: 'b2' } });
    await fresh.commit(await epoch(fresh, 100, 110));
    await sees(topic, range(100, 110));
    await expect(fresh.commit(prepared)).rejects.toMatchObject({ code: 'KAF2004', retryable: false });
  });

  test('an old manifest whose transactional ids were used again is known to be committed', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const run = await startRun(topic, prefix);
    const old = (await epoch(run, 0, 10))!;
    await run.commit(old);
    for (let n = 1; n < 8; n++) await run.commit(await epoch(run, n * 10, n * 10 + 10));
    run.crash();
    const again = await startRun(topic, prefix, { prepared: [old] });
    await again.commit(old);
    // Ids that nobody uses for a week are forgotten.
    const forgotten = { ...(JSON.parse(String(Buffer.from(old))) as object), id: `${prefix}-1-0-0-0` };
    await again.commit(Buffer.from(JSON.stringify(forgotten)));
    expect(again.warnings).toEqual([]);
    await sees(topic, range(0, 80));
  });
});

describe.skipIf(noKafka)('who may write', () => {
  test('a newer run of the job takes over, and the older one stops', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const older = await startRun(topic, prefix);
    const manifest = (await epoch(older, 0, 10))!;
    await older.write(rowsOf(10, 20));
    await older.flush();
    const newer = await startRun(topic, prefix, { prepared: [manifest] });
    const late = older.write(rowsOf(20, 30)).then(() => older.prepare());
    await expect(late).rejects.toMatchObject({ code: 'KAF2005', retryable: false });
    await newer.commit(await epoch(newer, 10, 20));
    await sees(topic, range(0, 20));
  });

  test('an older run that goes on does not take an id from the newer one', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const older = await startRun(topic, prefix);
    for (const n of [0, 1]) await older.commit(await epoch(older, n * 10, n * 10 + 10));
    await older.write(rowsOf(20, 30));
    await older.flush();
    const newer = await startRun(topic, prefix, { prepared: [] });
    // All its rows are in Kafka: it knows nothing yet, and makes the id after the next ready.
    const late = (await older.prepare())!;
    await expect(older.commit(late)).rejects.toMatchObject({ code: 'KAF2004' });
    for (const n of [2, 3, 4, 5]) await newer.commit(await epoch(newer, n * 10, n * 10 + 10));
    await sees(topic, range(0, 60));
  });

  test('a second job under the prefix is refused while the first lives', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const first = await startRun(topic, prefix, { writer: { job: 'first' } });
    await first.write(rowsOf(0, 10));
    await first.flush();
    const second = { writer: { job: 'second' } };
    await expect(startRun(topic, prefix, second)).rejects.toMatchObject({
      code: 'KAF2005',
      retryable: false,
      message: expect.stringContaining(`'sink.transactional-id-prefix' = '${prefix}'`) as string,
    });
    // Nothing of the first was aborted, and a longer prefix is another one.
    const other = await startRun(topic, `${prefix}-more`, second);
    await other.close();
    await first.commit(await first.prepare());
    await first.close();
    const now = await startRun(topic, prefix, second);
    await now.commit(await epoch(now, 10, 20));
    await sees(topic, range(0, 20));
  });

  test('two sinks of one job share a prefix, and end only what is their own', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const a = await startRun(topic, prefix, { writer: { sink: 'a' } });
    const b = await startRun(topic, prefix, { writer: { sink: 'b' } });
    const ofA = (await epoch(a, 0, 10))!;
    const ofB = (await epoch(b, 10, 20))!;
    a.crash();
    b.crash();
    const a2 = await startRun(topic, prefix, { writer: { sink: 'a' }, prepared: [ofA] });
    const b2 = await startRun(topic, prefix, { writer: { sink: 'b' }, prepared: [ofB] });
    await sees(topic, range(0, 20));
    await a2.close();
    await b2.close();
  });

  test('a time limit that the broker does not take is refused', async () => {
    const topic = await createTopic();
    const long = { 'properties.transaction.timeout.ms': '360000000' };
    await expect(startRun(topic, freshPrefix(), {}, long)).rejects.toMatchObject({
      code: 'KAF1009',
      message: expect.stringContaining('360000000') as string,
    });
  });

  test('a transaction open for too long: before its manifest the job starts again, after it rows are lost', async () => {
    const topic = await createTopic();
    const prefix = freshPrefix();
    const short = { 'properties.transaction.timeout.ms': '1000' };
    const run = await startRun(topic, prefix, {}, short);
    const prepared = await epoch(run, 0, 10);
    await run.write(rowsOf(10, 20));
    await run.flush();
    // The broker looks for such transactions now and then; a row of nobody's behind them shows that they are gone.
    const free = await startRun(topic, freshPrefix());
    await free.commit(await epoch(free, 100, 101));
    while ((await committed(topic)).length === 0) await new Promise((done) => setTimeout(done, 200));
    await expect(run.commit(prepared)).rejects.toMatchObject({ code: 'KAF2004', retryable: false });
    const late = run.write(rowsOf(20, 30)).then(() => run.prepare());
    await expect(late).rejects.toMatchObject({ code: 'KAF2006', retryable: true });
    expect(await committed(topic)).toEqual([100]);
  }, 60_000);
});
