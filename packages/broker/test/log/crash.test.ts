/* A broker that is killed while clients write: what was acknowledged is there after a restart, once and in order, and
 * nothing is corrupt. MILLRACE_BROKER_KILLS says how often; the seed is printed with a failure.
 *
 *   deleted │ read whole at every tenth kill │ new since the last kill: read at once
 *           start                            checked                               end
 *
 * Each restart reads what is new. At every tenth the whole log is read again, and then deleted by request, so that the
 * time that a kill takes does not grow. */

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Rng } from '#base';
import { attributesOffset, readRecordBatch } from '#records';
import { crc32c } from '#wasm';
import { batchOf, WireClient } from '../wire-client.ts';
import { idempotent } from './idempotent.ts';
import { temporaryFolder } from './log-rig.ts';
import { recordTexts } from './record-texts.ts';

const kills = Number(process.env['MILLRACE_BROKER_KILLS'] ?? 12);
const seed = Number(process.env['MILLRACE_SEED'] ?? 1);
const child = join(import.meta.dirname, 'crash-child.ts');
const producers = 3;
const aliveMsMax = 150;
const wholeEvery = 10;
/** Told on the way where there are many. */
const tellEvery = 100;

async function startBroker(dir: string): Promise<{ process: ChildProcess; address: string }> {
  const started = spawn(process.execPath, ['--conditions=millrace-source', child, dir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dir, '..', 'compiled') },
  });
  let errors = '';
  started.stderr.on('data', (text) => {
    errors += String(text);
  });
  for await (const line of createInterface(started.stdout)) return { process: started, address: line };
  throw new Error(`the broker did not start:\n${errors}`);
}

/** What one client knows: it numbers its records, and goes on where the last acknowledgement came. */
interface Writer {
  readonly partition: number;
  readonly producerId: number;
  /** Records that were sent and acknowledged. */
  acknowledged: number;
  /** Where the log must begin: what lies below was deleted by request. */
  start: number;
  /** Everything below was read and found right. */
  checked: number;
}
const newWriter = (partition: number, producerId: number): Writer => ({
  partition,
  producerId,
  acknowledged: 0,
  start: 0,
  checked: 0,
});

/** Writes until the connection ends. */
async function write(address: string, topic: string, writer: Writer, rng: Rng): Promise<void> {
  // The broker may be gone before anybody came.
  const client = await WireClient.connect(address).catch(() => undefined);
  if (client === undefined) return;
  const { partition, producerId } = writer;
  try {
    for (;;) {
      const first = writer.acknowledged;
      const count = rng.between(1, 4);
      const records = Array.from({ length: count }, (_, i) => ({
        key: `k${(first + i) % 50}`,
        value: `${producerId}:${first + i}:${'x'.repeat(rng.below(300))}`,
      }));
      const batch = batchOf(records, rng.pick(['none', 'lz4']), Date.now());
      const made = idempotent(batch, producerId, 0, first);
      const sent = await client.produce(topic, partition, made).catch((error: Error) => {
        if (!/closed|ECONNRESET|ECONNREFUSED|EPIPE/.test(error.message)) throw error;
      });
      if (sent === undefined) return;
      writer.acknowledged = first + count;
    }
  } finally {
    client.close();
  }
}

/** All batches of a partition from an offset on, each looked at. */
async function readFrom(
  client: WireClient,
  topic: string,
  partition: number,
  from: number,
): Promise<string[]> {
  const texts: string[] = [];
  for (let offset = from; ; ) {
    const data = await client.fetch(topic, partition, offset);
    if (data.length === 0) return texts;
    for (let at = 0; at < data.length; ) {
      const head = readRecordBatch(data, at);
      if (head === undefined) break;
      expect(head.crc).toBe(crc32c(data.subarray(at + attributesOffset, head.end), 0));
      if (topic === 'plain') expect(head.baseOffset).toBe(offset);
      offset = head.lastOffset + 1;
      at = head.end;
    }
    texts.push(...recordTexts(data));
  }
}
/** Everything that was acknowledged is there; what is there is numbered without a gap or a repetition. */
async function checkPlain(client: WireClient, writer: Writer, whole: boolean): Promise<void> {
  const { partition } = writer;
  const from = whole ? writer.start : writer.checked;
  const texts = await readFrom(client, 'plain', partition, from);
  const seen = texts.map((text) => text.replace(/^(\d+) k\d+=\d+:(\d+):x*$/, '$1/$2'));
  expect(seen).toEqual(texts.map((_, i) => `${from + i}/${from + i}`));
  const end = from + texts.length;
  expect(end).toBeGreaterThanOrEqual(writer.acknowledged);
  expect(await startOf(client, partition)).toBe(writer.start);
  writer.acknowledged = writer.checked = end;
  if (!whole) return;
  writer.start = end;
  const partitions = [{ partitionIndex: partition, offset: end }];
  const answer = await client.send('DeleteRecords', {
    topics: [{ name: 'plain', partitions }],
    timeoutMs: 1000,
  });
  expect(answer.topics[0]!.partitions).toEqual([
    { partitionIndex: partition, lowWatermark: end, errorCode: 0 },
  ]);
}
async function startOf(client: WireClient, partitionIndex: number): Promise<number> {
  const topics = [{ name: 'plain', partitions: [{ partitionIndex, timestamp: -2 }] }];
  const answer = await client.send('ListOffsets', { replicaId: -1, topics });
  return answer.topics[0]!.partitions[0]!.offset;
}
/** Of each key the last record is there. Gives the number of records that compaction took away. */
async function checkCompacted(client: WireClient, writer: Writer): Promise<number> {
  const last = new Map<string, number>();
  let previous = -1;
  const left = await readFrom(client, 'compacted', writer.partition, 0);
  for (const text of left) {
    const [, offset, key, number] = /^(\d+) (k\d+)=\d+:(\d+):/.exec(text)!;
    expect(Number(offset)).toBeGreaterThan(previous);
    expect(offset).toBe(number);
    previous = Number(offset);
    last.set(key!, previous);
  }
  expect(previous + 1).toBeGreaterThanOrEqual(writer.acknowledged);
  writer.acknowledged = previous + 1;
  for (let i = Math.max(0, previous - 49); i <= previous; i++) expect(last.get(`k${i % 50}`)).toBe(i);
  return previous + 1 - left.length;
}

async function createTopics(client: WireClient): Promise<void> {
  const small = { 'internal.segment.bytes': '20000' };
  await client.createTopic('plain', small, producers);
  const compacted = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1' };
  await client.createTopic('compacted', { ...small, ...compacted });
}

test(
  `${kills} kills lose nothing that was acknowledged, seed ${seed}`,
  async () => {
    const rng = new Rng(seed);
    const dir = join(temporaryFolder(), 'data');
    const writers = Array.from({ length: producers }, (_, partition) => newWriter(partition, partition + 1));
    const compacting = newWriter(0, 99);
    let compacted = 0;
    for (let kill = 0; kill <= kills; kill++) {
      const { process: broker, address } = await startBroker(dir);
      const gone = new Promise((done) => broker.once('exit', done));
      const client = await WireClient.connect(address);
      if (kill === 0) await createTopics(client);
      else {
        for (const writer of writers)
          await checkPlain(client, writer, kill % wholeEvery === 0 || kill === kills);
        compacted = await checkCompacted(client, compacting);
      }
      client.close();
      const writing = Promise.all([
        ...writers.map((w) => write(address, 'plain', w, rng)),
        write(address, 'compacted', compacting, rng),
      ]);
      await sleep(rng.below(aliveMsMax));
      broker.kill('SIGKILL');
      await gone;
      await writing;
      if (kill > 0 && kill % tellEvery === 0) tell(kill, [...writers, compacting]);
    }
    // The log has to become a few segments long first, however slow the machine is.
    if (kills >= 10 * wholeEvery) expect(compacted).toBeGreaterThan(0);
    expect(writers.every((w) => w.acknowledged > 0)).toBe(true);
  },
  40_000 + kills * 4000,
);
function tell(kill: number, writers: readonly Writer[]): void {
  const records = writers.reduce((n, w) => n + w.acknowledged, 0);
  console.log(`${kill} kills, ${records} records acknowledged`);
}
