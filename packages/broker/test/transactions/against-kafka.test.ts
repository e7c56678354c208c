/* The same clients and the same mistakes, against Kafka 4.1 and against the embedded broker: equal observations. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import {
  installKafka,
  kafkaMissing,
  kafkaTool,
  quickJvm,
  RealKafka,
  shortLived,
} from '../../../../tools/kafka.ts';
import { Broker } from '../../src/broker.ts';
import { journalKey } from '../../src/cluster/journal.ts';
import { servedApis } from '../../src/requests/index.ts';
import { Actor } from './actor.ts';
import type { OddInput } from './odd-input.ts';
import { KeptStore } from './kept-store.ts';
import { lastEpochs } from './last-epochs.ts';
import { oddInputs } from './odd-inputs.ts';
import { randomTalk } from './random-talk.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../java/TransactionScenario.java', import.meta.url));

/** Why these tests cannot run, or undefined. */
async function missing(): Promise<string | undefined> {
  const kafka = await kafkaMissing();
  if (kafka !== undefined) return kafka;
  const { stdout } = await run('java', ['--list-modules']);
  return stdout.includes('jdk.compiler') ? undefined : "a JDK is needed, and 'java' here has no compiler";
}
const reason = await missing();
if (reason !== undefined && process.env['CI'] === 'true') throw new Error(reason);

async function observe({ script }: OddInput, servers: string, name: string): Promise<readonly string[]> {
  const actor = await Actor.on(servers, name);
  const observed: string[] = [];
  try {
    await script(actor, (what, answer) => observed.push(`${what}: ${answer.replaceAll(name, 'NAME')}`));
  } finally {
    actor.close();
  }
  return observed;
}

/** What the Java program sees. */
async function scenario(servers: string, name: string): Promise<readonly string[]> {
  const lib = await installKafka();
  const groups = servedApis().includes('OffsetFetch') ? ['groups'] : [];
  const { stdout } = await run('java', [...shortLived, '-cp', `${lib}/*`, program, servers, name, ...groups]);
  return stdout.trim().replaceAll(name, 'NAME').split('\n');
}

/** More of them: MILLRACE_TXN_TALKS. */
const talks = Array.from({ length: Number(process.env['MILLRACE_TXN_TALKS'] ?? 8) }, (_, i) => i + 1);
let attempts = 0;

describe.skipIf(reason !== undefined)(`beside Kafka${reason === undefined ? '' : ` (${reason})`}`, () => {
  let kafka: RealKafka | undefined;
  let ours: Broker | undefined;
  let servers = { kafka: '', ours: '' };

  beforeAll(async () => {
    kafka = await RealKafka.start(
      ['transaction.abort.timed.out.transaction.cleanup.interval.ms=200'],
      quickJvm,
    );
    ours = await Broker.start({
      world: realWorld(),
      config: { 'transaction.max.timeout.ms': '3600000', 'offsets.topic.num.partitions': '1' },
    });
    servers = { kafka: kafka.bootstrapServers, ours: ours.bootstrapServers };
  }, 120_000);
  afterAll(async () => {
    await ours?.stop();
    await kafka?.close();
  });

  test.for(oddInputs.map((input, i) => [input.name, input, i] as const))('%s', async ([, input, i]) => {
    const name = `odd-${i}`;
    const expected = await observe(input, servers.kafka, name);
    expect(await observe(input, servers.ours, name)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  test.for(talks)('a talk made up from a seed, %i', async (seed) => {
    const name = `talk-${seed}`;
    const talk = randomTalk(seed);
    const expected = await observe(talk, servers.kafka, name);
    expect(await observe(talk, servers.ours, name)).toEqual(expected);
  });

  test.for(lastEpochs.map((input, i) => [input.name, input, i] as const))(
    'the last epochs of a producer id: %s',
    { timeout: 60_000 },
    async ([, input, i]) => {
      const name = `last-${i}`;
      const expected = await observe(input, servers.kafka, name);
      expect(await observe(input, servers.ours, name)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
    },
  );

  // A coordinator that knows nothing of a transaction is what versions of Kafka before 3.6 could be brought to.
  test('kafka-transactions finds what hangs, and aborts it', { timeout: 120_000 }, async () => {
    const store = new KeptStore();
    const first = await Broker.start({ world: realWorld(), store });
    const writer = await Actor.on(first.bootstrapServers, 'hangs');
    const who = await writer.init();
    expect(await writer.send({ ...who, sequence: 0, version: 12 })).toBe('at 0');
    writer.close();
    await first.stop();
    store.journal.put(journalKey('transaction', 'hangs'), undefined);

    const second = await Broker.start({ world: realWorld(), store });
    try {
      const tool = (...args: string[]): Promise<string> =>
        kafkaTool('org.apache.kafka.tools.TransactionsCommand', [
          ...['--bootstrap-server', second.bootstrapServers],
          ...args,
        ]);
      const hanging = ['find-hanging', '--broker-id', '1', '--max-transaction-timeout', '0'];
      expect(await tool(...hanging)).toMatch(/^hangs\s+0\s/m);
      await tool('abort', '--topic', 'hangs', '--partition', '0', '--start-offset', '0');
      expect(await tool(...hanging)).not.toContain('hangs');
      expect(second.offsets('hangs')[0]).toEqual({ partition: 0, start: 0, end: 2, stable: 2 });
    } finally {
      await second.stop();
    }
  });

  // Its threads take the course that the machine gives them: a talk that went another way is had again.
  test("Kafka's Java clients", { retry: 2, timeout: 120_000 }, async () => {
    const name = `java${attempts++}`;
    const [expected, got] = await Promise.all([scenario(servers.kafka, name), scenario(servers.ours, name)]);
    expect(got).toEqual(expected);
    expect(expected.length).toBeGreaterThan(30);
    expect(expected).toContain('protocol of plain: 2');
  });
});
