/* Frames that no client would send, over sockets: connections may be closed for them, with a line each; the broker goes on,
 * serves others, and never meets what it did not expect ("defect" in a line).
 *
 * MILLRACE_BROKER_FRAMES says how many; a failure names the seed and what was sent. */

import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { makeCertificates } from '../certificates.ts';
import { batchOf, WireClient } from '../wire-client.ts';
import { brokenShot, oddShot, type Shot } from './mutations.ts';
import { samples, type Known } from './requests.ts';

const frames = Number(process.env['MILLRACE_BROKER_FRAMES'] ?? 5000);
const seed = Number(process.env['MILLRACE_SEED'] ?? 1);
const connectionsAtOnce = 25;
const framesPerConnection = 4;
/** A connection of which nothing more is heard for so long is left. */
const quietMs = 15;
const tellEvery = 10_000;

const lines: string[] = [];
let broker: Broker | undefined;
afterAll(() => broker?.stop());

async function startBroker(): Promise<Broker> {
  const { server } = makeCertificates();
  broker = await Broker.start({
    world: realWorld(),
    listeners: [
      { protocol: 'PLAINTEXT' },
      { protocol: 'SASL_PLAINTEXT' },
      { name: 'TLS', protocol: 'SSL', tls: server },
    ],
    users: { u: 'p' },
    config: {
      'log.cleaner.backoff.ms': '50',
      'log.retention.check.interval.ms': '70',
      'group.initial.rebalance.delay.ms': '1',
    },
    log: (line) => lines.push(line),
  });
  return broker;
}

/** Sends the shots; resolves when the broker closed the connection or has no more to say. Gives its local port. */
function fire(address: string, shots: readonly Shot[]): Promise<number> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(port), host!);
    let from = 0;
    const left = setTimeout(() => socket.destroy(), 40 * quietMs);
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('connect', () => {
      from = socket.localPort ?? 0;
      for (const { bytes } of shots) socket.write(bytes);
    });
    socket.on('data', () => {});
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(left);
      resolve(from);
    });
  });
}

async function prepare(client: WireClient): Promise<Known> {
  const small = { 'internal.segment.bytes': '4000' };
  await client.createTopic('plain', small, 2);
  await client.createTopic('keyed', { ...small, 'cleanup.policy': 'compact' }, 2);
  await client.createTopic('gzipped', {
    ...small,
    'compression.type': 'gzip',
    'message.timestamp.type': 'LogAppendTime',
  });
  await client.createTopic('healthy', small);
  const { topics } = await client.send('Metadata', { topics: null });
  const joining = {
    groupId: 'g1',
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 50,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(2) }],
  };
  const { memberId } = await client.send('JoinGroup', joining, 3);
  const heartbeat = { groupId: 'c1', memberEpoch: 0, rebalanceTimeoutMs: 5000, topicPartitions: [] };
  const member = await client.send('ConsumerGroupHeartbeat', {
    ...heartbeat,
    memberId: 'AAAAAAAAAAAAAAAAAAAAAA',
    subscribedTopicNames: ['plain'],
  });
  return { topicIds: topics.map((t) => t.topicId), memberIds: [memberId, member.memberId ?? ''] };
}

/** What another client sees meanwhile: its records come back, and soon. */
async function checkHealth(address: string, round: number): Promise<void> {
  const client = await WireClient.connect(address);
  const started = performance.now();
  const value = `round ${round}`;
  const { baseOffset } = await client.produce('healthy', 0, batchOf([value], 'none', Date.now()));
  const data = await client.fetch('healthy', 0, baseOffset);
  expect(data.toString('latin1')).toContain(value);
  const { topics } = await client.send('Metadata', { topics: [{ name: 'healthy' }] });
  expect(topics[0]!.partitions).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
  client.close();
}

test(
  `${frames} frames that no client sends, seed ${seed}`,
  async () => {
    const { address } = await startBroker().then((b) => ({ address: (name: string) => b.address(name) }));
    const main = address('PLAINTEXT');
    const client = await WireClient.connect(main);
    const known = await prepare(client);
    client.close();
    const rng = new Rng(seed);
    for (let sent = 0, round = 0; sent < frames; round++) {
      const lots = Array.from({ length: connectionsAtOnce }, () => {
        const shots = Array.from({ length: framesPerConnection - 1 }, () =>
          oddShot(rng, samples(rng, known)),
        );
        shots.push(brokenShot(rng, samples(rng, known)));
        const listener = rng.below(10) < 8 ? 'PLAINTEXT' : rng.pick(['SASL_PLAINTEXT', 'TLS']);
        return { shots, listener };
      });
      sent += connectionsAtOnce * framesPerConnection;
      lines.length = 0;
      const ports = await Promise.all(lots.map(({ shots, listener }) => fire(address(listener), shots)));
      await checkHealth(main, round);
      const defects = lines.filter((line) => line.includes('defect'));
      const guilty = lots.filter((_, i) => defects.some((line) => line.includes(`:${ports[i]} `)));
      const told = guilty.map(({ shots }) =>
        shots.map(({ name, bytes }) => `${name}: ${bytes.toString('base64').slice(0, 400)}`),
      );
      expect({ seed, round, defects, told }).toEqual({ seed, round, defects: [], told: [] });
      if (sent % tellEvery === 0) tell(sent);
    }
  },
  60_000 + frames * 20,
);
function tell(sent: number): void {
  console.log(`${sent} frames, ${Math.round(process.memoryUsage().rss / 1048576)} MiB`);
}
