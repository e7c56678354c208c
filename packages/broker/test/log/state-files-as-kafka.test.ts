/* One history for a real Kafka and for ours, then both are stopped: Kafka's own tool shows the same producer snapshots and
 * aborted transactions in both folders, the epochs are the same text, and segments begin at the same offsets. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { kafkaMissing, kafkaTool, RealKafka } from '../../../../tools/kafka.ts';
import { Broker } from '../../src/broker.ts';
import { readProducers } from '../../src/log/disk/producer-snapshot.ts';
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
async function fillIndexes(servers: string): Promise<void> {
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
  client.close();
}

const kinds = /\.(snapshot|txnindex)$/;
/** Ids are told by the order in which they came, and times not at all. */
async function shown(folder: string): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const name of readdirSync(folder)
    .filter((n) => kinds.test(n))
    .sort()) {
    const text = await kafkaTool('kafka.tools.DumpLogSegments', ['--files', join(folder, name)]);
    const lines = text.split('\n').filter((line) => line.includes('producerId:'));
    found[name] = lines.map((line) => line.replace(/[tT]imestamp: \d{13}/g, 'time')).sort();
  }
  const ids = [...new Set(JSON.stringify(found).match(/producerId: \d+/g))];
  ids.sort((x, y) => Number(x.slice(12)) - Number(y.slice(12)));
  return Object.fromEntries(
    Object.entries(found).map(([name, lines]) => [
      name,
      lines.map((line) => line.replace(/producerId: \d+/, (id) => `producer ${ids.indexOf(id)}`)).sort(),
    ]),
  );
}

const logsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();

describe.skipIf(missing !== undefined)(`state files${missing === undefined ? '' : ` (${missing})`}`, () => {
  let kafka: RealKafka | undefined;
  afterAll(() => kafka?.close());

  test('are those of Kafka', { timeout: 120_000 }, async () => {
    kafka = await RealKafka.start(['log.segment.bytes=1048576']);
    await live(kafka.bootstrapServers);
    await fillIndexes(kafka.bootstrapServers);
    await kafka.stop();
    const dir = temporaryFolder();
    const config = { 'log.segment.bytes': '1048576' };
    const ours = await Broker.start({ dir, world: realWorld(), config, log: console.warn });
    await live(ours.bootstrapServers);
    await fillIndexes(ours.bootstrapServers);
    await ours.stop();

    const [theirFolder, folder] = [kafka.partitionFolder(topic, 0), join(dir, `${topic}-0`)];
    const expected = await shown(theirFolder);
    expect(Object.keys(expected).length).toBeGreaterThan(3);
    expect(await shown(folder)).toEqual(expected);
    const names = readdirSync(theirFolder).filter((name) => name !== 'partition.metadata');
    expect(readdirSync(folder).sort()).toEqual(names.sort());
    const epochs = 'leader-epoch-checkpoint';
    expect(readFileSync(join(folder, epochs), 'utf8')).toBe(readFileSync(join(theirFolder, epochs), 'utf8'));
    for (const name of Object.values(indexed)) {
      const segments = logsIn(kafka.partitionFolder(name, 0));
      expect(segments.length).toBeGreaterThan(3);
      expect(logsIn(join(dir, `${name}-0`))).toEqual(segments);
    }
    for (const name of names.filter((n) => n.endsWith('.snapshot')))
      expect(readProducers(readFileSync(join(theirFolder, name)))?.size).toBe(expected[name]!.length);
  });
});
