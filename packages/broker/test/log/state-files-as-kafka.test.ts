/* One history for a real Kafka and for ours, then both are stopped: the folders have the same files, Kafka's own tool shows the
 * same producer snapshots and aborted transactions in them, and the epochs are the same text. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { kafkaMissing, kafkaTool, quickJvm, RealKafka } from '../../../../tools/kafka.ts';
import { Broker } from '../../src/broker.ts';
import { readProducers } from '../../src/log/disk/snapshot-format.ts';
import { Actor, nobody, type Identity } from '../transactions/actor.ts';
import { batchOf, WireClient } from '../wire-client.ts';
import { temporaryFolder } from './log-rig.ts';

const missing = await kafkaMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

const topic = 'history';
const startedAt = Date.now();
const large = 'x'.repeat(400_000);

/** Commits and aborts that lie across ends of segments, overlapping ones, a fenced producer, and one left open. */
async function live(servers: string): Promise<void> {
  const actor = await Actor.on(servers, topic);
  const begin = async (id: string): Promise<Identity> => {
    const who = await actor.init(nobody, { id });
    expect(who.error).toBe('NONE');
    return who;
  };
  const sequences = new Map<string, number>();
  const send = async (id: string | null, who: Identity, ...values: string[]): Promise<void> => {
    const place = `${who.producerId}/${who.producerEpoch}`;
    const sequence = sequences.get(place) ?? 0;
    sequences.set(place, sequence + values.length);
    if (id !== null) expect(await actor.add(who, { id })).toBe('NONE');
    const transactional = id !== null;
    const sent = { ...who, sequence, transactional, transactionalId: id, values };
    expect(await actor.send(sent)).toMatch(/^at /);
  };
  const end = async (id: string, who: Identity, committed: boolean): Promise<void> => {
    expect(await actor.end(who, committed, { id })).toBe('NONE');
    // Kafka answers before the marker is written.
    expect(await actor.described(id)).toMatch(/^Complete/);
  };

  const [a, b] = [await begin('a'), await begin('b')];
  const plain = await actor.init(nobody, { id: null });
  await send(null, plain, 'one', 'two');
  await send('a', a, 'first', large);
  await send('b', b, 'among');
  await end('a', a, false);
  await send(null, plain, large);
  await send('a', a, large, 'second');
  await end('b', b, false);
  await end('a', a, true);
  await send('b', b, large, 'third');
  const fencing = await begin('b');
  await send('b', fencing, large, 'fourth');
  await end('b', fencing, false);
  await send(null, plain, 'three');
  await send('a', a, 'left open');
  actor.close();
}

const indexed = { offsets: 'by-offset-index', times: 'by-time-index' } as const;
/** Indexes of 200 bytes are full after 25 offsets or 15 times. */
async function fillIndexes(servers: string, folderOf: (topic: string) => string): Promise<void> {
  const client = await WireClient.connect(servers);
  const configs = { 'segment.index.bytes': '200', 'index.interval.bytes': '100' };
  for (const [kind, name] of Object.entries(indexed)) {
    await client.createTopic(name, configs);
    for (let i = 0; i < 120; i++) {
      const batch = batchOf([`value ${i}`.padEnd(120)], 'none', startedAt + (kind === 'times' ? i : 0));
      // A topic that was just made has no leader yet.
      await expect.poll(() => client.produce(name, 0, batch).catch(() => undefined)).toBeDefined();
    }
  }
  // What lies below goes, and the files of the segments with it.
  const topics = [{ name: indexed.offsets, partitions: [{ partitionIndex: 0, offset: 70 }] }];
  await client.send('DeleteRecords', { topics, timeoutMs: 5000 });
  client.close();
  const first = (): number => Number.parseInt(logsIn(folderOf(indexed.offsets))[0]!, 10);
  await expect.poll(first, { timeout: 20_000 }).toBeGreaterThan(0);
}

const kinds = /\.(snapshot|txnindex)$/;
/** Ids are told by the order in which they came, and times not at all. */
async function shown(folder: string): Promise<Record<string, readonly string[]>> {
  const names = namesIn(folder).filter((name) => kinds.test(name));
  const files = names.map((name) => join(folder, name)).join(',');
  const text = await kafkaTool('kafka.tools.DumpLogSegments', ['--files', files]);
  const parts = text.split(/^Dumping .*\n/m).slice(1);
  const found = Object.fromEntries(
    names.map((name, i) => {
      const lines = parts[i]!.split('\n').filter((line) => line.includes('producerId:'));
      return [name, lines.map((line) => line.replace(/[tT]imestamp: \d{13}/g, 'time'))];
    }),
  );
  const ids = [...new Set(JSON.stringify(found).match(/producerId: \d+/g))];
  ids.sort((x, y) => Number(x.slice(12)) - Number(y.slice(12)));
  return Object.fromEntries(
    Object.entries(found).map(([name, lines]) => [
      name,
      lines.map((line) => line.replace(/producerId: \d+/, (id) => `producer ${ids.indexOf(id)}`)).sort(),
    ]),
  );
}

const namesIn = (folder: string): readonly string[] => readdirSync(folder).sort();
const logsIn = (folder: string): readonly string[] => namesIn(folder).filter((name) => name.endsWith('.log'));

describe.skipIf(missing !== undefined)(`state files${missing === undefined ? '' : ` (${missing})`}`, () => {
  let kafka: RealKafka | undefined;
  afterAll(() => kafka?.close());

  test('are those of Kafka', { timeout: 120_000 }, async () => {
    const config = {
      'log.segment.bytes': '1048576',
      'log.retention.ms': '-1',
      'log.retention.check.interval.ms': '200',
      // Kafka's own: when it first looks, and how long it waits.
      'log.initial.task.delay.ms': '200',
      'log.segment.delete.delay.ms': '0',
    };
    const lines = Object.entries(config).map(([name, value]) => `${name}=${value}`);
    const real = await RealKafka.start(lines, quickJvm);
    kafka = real;
    await live(real.bootstrapServers);
    await fillIndexes(real.bootstrapServers, (name) => real.partitionFolder(name, 0));
    await kafka.stop();
    const dir = temporaryFolder();
    const ours = await Broker.start({ dir, world: realWorld(), config, log: console.warn });
    await live(ours.bootstrapServers);
    await fillIndexes(ours.bootstrapServers, (name) => join(dir, `${name}-0`));
    await ours.stop();

    for (const name of [topic, ...Object.values(indexed)]) {
      const [theirFolder, folder] = [real.partitionFolder(name, 0), join(dir, `${name}-0`)];
      const expected = await shown(theirFolder);
      expect(await shown(folder)).toEqual(expected);
      const names = namesIn(theirFolder).filter((n) => n !== 'partition.metadata');
      expect(names.length).toBeGreaterThan(9);
      expect(namesIn(folder)).toEqual(names);
      const epochs = 'leader-epoch-checkpoint';
      expect(readFileSync(join(folder, epochs), 'utf8')).toBe(
        readFileSync(join(theirFolder, epochs), 'utf8'),
      );
      for (const n of names.filter((n) => n.endsWith('.snapshot')))
        expect(readProducers(readFileSync(join(theirFolder, n)))?.size).toBe(expected[n]!.length);
    }
  });
});
