/* A broker that is killed while clients write: what was acknowledged is there after a restart, once and in order, and
 * nothing is corrupt. MILLRACE_BROKER_KILLS says how often; the seed is printed with a failure. */

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

const kills = Number(process.env['MILLRACE_BROKER_KILLS'] ?? 30);
const seed = Number(process.env['MILLRACE_SEED'] ?? 1);
const child = join(import.meta.dirname, 'crash-child.ts');
const producers = 3;
const aliveMsMax = 150;

async function startBroker(dir: string): Promise<{ process: ChildProcess; address: string }> {
  const started = spawn(process.execPath, ['--conditions=source', child, dir], {
    stdio: ['ignore', 'pipe', 'pipe'],
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
}

/** Writes until the connection ends. */
async function write(address: string, topic: string, writer: Writer, rng: Rng): Promise<void> {
  const client = await WireClient.connect(address);
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
        if (!/closed|ECONNRESET|EPIPE/.test(error.message)) throw error;
      });
      if (sent === undefined) return;
      writer.acknowledged = first + count;
    }
  } finally {
    client.close();
  }
}

/** All batches of a partition, each looked at. */
async function readAll(client: WireClient, topic: string, partition: number): Promise<string[]> {
  const texts: string[] = [];
  for (let offset = 0; ; ) {
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
/** Everything that was acknowledged is there; what is there is numbered without a gap or a repetition. Gives the number of
 *  records that compaction took away. */
async function check(address: string, writers: readonly Writer[]): Promise<number> {
  const client = await WireClient.connect(address);
  for (const writer of writers) {
    const texts = await readAll(client, 'plain', writer.partition);
    const seen = texts.map((text) => text.replace(/^(\d+) k\d+=\d+:(\d+):x*$/, '$1/$2'));
    expect(seen).toEqual(texts.map((_, i) => `${i}/${i}`));
    expect(texts.length).toBeGreaterThanOrEqual(writer.acknowledged);
    writer.acknowledged = texts.length;
  }
  const last = new Map<string, number>();
  let previous = -1;
  const left = await readAll(client, 'compacted', 0);
  for (const text of left) {
    const [, offset, key, number] = /^(\d+) (k\d+)=\d+:(\d+):/.exec(text)!;
    expect(Number(offset)).toBeGreaterThan(previous);
    expect(offset).toBe(number);
    previous = Number(offset);
    last.set(key!, previous);
  }
  const [writer] = compacting;
  expect(previous + 1).toBeGreaterThanOrEqual(writer!.acknowledged);
  writer!.acknowledged = previous + 1;
  for (let i = Math.max(0, previous - 49); i <= previous; i++) expect(last.get(`k${i % 50}`)).toBe(i);
  client.close();
  return previous + 1 - left.length;
}
const compacting: readonly Writer[] = [{ partition: 0, producerId: 99, acknowledged: 0 }];

test(
  `${kills} kills lose nothing that was acknowledged, seed ${seed}`,
  async () => {
    const rng = new Rng(seed);
    const dir = join(temporaryFolder(), 'data');
    const writers = Array.from(
      { length: producers },
      (_, partition): Writer => ({ partition, producerId: partition + 1, acknowledged: 0 }),
    );
    let compacted = 0;
    for (let kill = 0; kill <= kills; kill++) {
      const { process: broker, address } = await startBroker(dir);
      const gone = new Promise((done) => broker.once('exit', done));
      if (kill === 0) {
        const client = await WireClient.connect(address);
        await client.createTopic('plain', {}, producers);
        await client.createTopic('compacted', {
          'cleanup.policy': 'compact',
          'min.cleanable.dirty.ratio': '0.1',
        });
        client.close();
      } else compacted = await check(address, writers);
      const writing = Promise.all([
        ...writers.map((w) => write(address, 'plain', w, rng)),
        ...compacting.map((w) => write(address, 'compacted', w, rng)),
      ]);
      await sleep(rng.below(aliveMsMax));
      broker.kill('SIGKILL');
      await gone;
      await writing;
    }
    expect(compacted).toBeGreaterThan(kills);
    expect(writers.every((w) => w.acknowledged > kills)).toBe(true);
  },
  40_000 + kills * 4000,
);
