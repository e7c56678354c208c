/* A partition under concurrent producers and readers, while requests fail, answers are lost, connections end, the leader
 * moves and the partition is held back: it stays one log. In simulated time, where a seed is a whole run, and over sockets.
 *
 * MILLRACE_BROKER_SEEDS says how many seeds, from MILLRACE_SEED on. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { SimWorld } from '#testkit';
import { LinkClient } from '../link-client.ts';
import { WireClient } from '../wire-client.ts';
import { temporaryFolder } from '../log/log-rig.ts';
import { violations } from './checker.ts';
import type { History } from './history.ts';
import { run } from './run.ts';

const first = Number(process.env['MILLRACE_SEED'] ?? 1);
const seeds = Number(process.env['MILLRACE_BROKER_SEEDS'] ?? 15);
const batches = 40;
const timeoutMs = 60_000 + seeds * 300;

/** The run was one: something was written and read. */
function expectLinear({ produced, fetched, log }: History, seed: number): void {
  expect({ seed, violations: violations({ produced, fetched, log }) }).toEqual({ seed, violations: [] });
  expect(produced.filter((p) => p.outcome === 'ok').length).toBeGreaterThan(batches);
  expect(fetched.length).toBeGreaterThan(batches);
  expect(fetched.filter((f) => f.from + f.records.length === log.length).length).toBeGreaterThan(0);
}

/** Moves the clock from timer to timer until the promise is settled. */
async function simulated<T>(world: SimWorld, promise: Promise<T>): Promise<T> {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  promise.then(done, done);
  while (!settled) {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
    if (!settled && world.nextTimer < Infinity) world.moveTo(world.nextTimer);
  }
  return promise;
}

test(
  `${seeds} seeds in simulated time, from ${first} on`,
  async () => {
    const outcomes = new Set<string>();
    for (let seed = first; seed < first + seeds; seed++) {
      const world = new SimWorld(seed);
      const broker = await Broker.start({ world, listen: false, nodes: 2 });
      const connect = (node: number): Promise<LinkClient> =>
        Promise.resolve(new LinkClient(broker.connect(node)));
      const history = await simulated(world, run({ broker, world, seed, connect, batches }));
      expectLinear(history, seed);
      for (const { outcome } of history.produced) outcomes.add(outcome);
      await broker.stop();
    }
    expect(outcomes).toEqual(new Set(['ok', 'refused', 'unknown']));
  },
  timeoutMs,
);

test('a seed gives the same run again', async () => {
  const once = async (): Promise<History> => {
    const world = new SimWorld(first);
    const broker = await Broker.start({ world, listen: false, nodes: 2 });
    const connect = (node: number): Promise<LinkClient> =>
      Promise.resolve(new LinkClient(broker.connect(node)));
    const history = await simulated(world, run({ broker, world, seed: first, connect, batches }));
    await broker.stop();
    return history;
  };
  expect(await once()).toEqual(await once());
});

test.each(['memory', 'disk'])(
  'over sockets, in %s',
  async (where) => {
    for (let seed = first; seed < first + Math.ceil(seeds / 40); seed++) {
      const world = realWorld();
      const broker = await Broker.start({
        world,
        nodes: 2,
        ...(where === 'memory' ? {} : { dir: join(temporaryFolder(), 'data') }),
        config: { 'log.flush.interval.messages': '1' },
      });
      const addresses = await addressesOf(broker);
      const connect = (node: number): Promise<WireClient> => WireClient.connect(addresses.get(node)!);
      expectLinear(await run({ broker, world, seed, connect, batches }), seed);
      await broker.stop();
    }
  },
  120_000,
);

async function addressesOf({ bootstrapServers }: Broker): Promise<Map<number, string>> {
  const client = await WireClient.connect(bootstrapServers);
  const { brokers } = await client.send('Metadata', { topics: [] }, 9);
  client.close();
  return new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
}
