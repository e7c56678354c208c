/* Kafka Streams 4.1 with exactly_once_v2 on our broker: an application that counts words is killed on the way and started
 * again. What a read_committed reader finds at the end is each count once, in its order: 1, 2, 3 … */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { compileJava, javaMissing } from '../../../../tools/clients.ts';
import { kafkaMissing } from '../../../../tools/kafka.ts';

const reason = (await kafkaMissing()) ?? (await javaMissing());
if (reason !== undefined && process.env['CI'] === 'true') throw new Error(reason);

const lines = 6000;
const words = 7;
const partitions = 3;
const batchLines = 100;
/** The job takes some seconds. */
const fetchDelayMs = 40;

describe.skipIf(reason !== undefined)(`Kafka Streams${reason === undefined ? '' : ` (${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-streams-'));
  const children: ChildProcess[] = [];
  let broker: Broker;
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('exactly once, though it is killed', { timeout: 120_000 }, async () => {
    const classPath = await compileJava(join(import.meta.dirname, 'java'));
    broker = await Broker.start({
      world: realWorld(),
      config: { 'group.initial.rebalance.delay.ms': '0' },
    });
    for (const topic of ['lines', 'counts']) broker.topics.create(topic, { partitions });
    for (let first = 0; first < lines; first += batchLines) {
      const batch = Array.from({ length: batchLines }, (_, i) => ({
        value: `all word${(first + i) % words}`,
      }));
      broker.produce('lines', batch, (first / batchLines) % partitions);
    }
    const start = (): ChildProcess => {
      const args = ['-cp', classPath, 'StreamsCount', broker.bootstrapServers, join(folder, 'state')];
      const child = spawn('java', args, { stdio: ['pipe', 'ignore', 'inherit'] });
      children.push(child);
      return child;
    };
    const hurry = broker.inject({ request: 'Fetch', delayMs: fetchDelayMs, times: Infinity });
    const killed = start();
    await expect.poll(isMidway, { timeout: 60_000, interval: 10 }).toBe(true);
    killed.kill('SIGKILL');
    hurry();
    const second = start();
    await expect.poll(() => countsOf('all').length, { timeout: 60_000, interval: 100 }).toBe(lines);
    second.stdin!.end();
    expect(await new Promise((done) => second.once('exit', done))).toBe(0);
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
    expect(countsOf('all')).toEqual(upTo(lines));
    for (let word = 0; word < words; word++)
      expect(countsOf(`word${word}`)).toEqual(upTo(Math.ceil((lines - word) / words)));
  });

  /** Some counts are committed, some are written and not committed, and some are still to come. */
  function isMidway(): boolean {
    const written = broker.read('counts').length;
    const committed = broker.read('counts', { committed: true }).length;
    return committed > 0 && committed < written && committed < lines;
  }
  /** What a reader of committed records finds for a word. */
  const countsOf = (word: string): number[] =>
    broker
      .read('counts', { committed: true })
      .filter((r) => String(r.key) === word)
      .map((r) => Number(r.value));
});
