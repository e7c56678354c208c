/* One run: producers and readers of a partition, and somebody who makes trouble meanwhile. */

import { Rng, type World } from '#base';
import type { Broker } from '#broker';
import type { ApiName, ErrorName } from '#kafka';
import type { Asking } from '../wire-codec.ts';
import { produceIdempotently, produceOnce, read, topic, type Scene } from './clients.ts';
import type { History } from './history.ts';

export interface RunSettings {
  readonly broker: Broker;
  readonly world: World;
  readonly seed: number;
  readonly connect: (node: number) => Promise<Asking>;
  /** By each producer. */
  readonly batches: number;
}

/** What a request of this kind may meet; the error tells that nothing was carried out. */
const errors: readonly ErrorName[] = [
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'KAFKA_STORAGE_ERROR',
];
const requests: readonly ApiName[] = ['Produce', 'Produce', 'Fetch', 'Metadata'];

const lateMs = 100;
const sleep = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => {
    world.after(ms, resolve);
  });

async function trouble(scene: Scene, broker: Broker): Promise<void> {
  const { rng, world } = scene;
  while (!scene.over) {
    await sleep(world, rng.below(12));
    const request = rng.pick(requests);
    switch (rng.below(7)) {
      case 0:
        broker.inject({ request, error: rng.pick(errors), times: rng.between(1, 3) });
        break;
      case 1:
        broker.inject({ request, drop: 'before' });
        break;
      case 2:
        broker.inject({ request, drop: 'after' });
        break;
      case 3:
        broker.inject({ request, delayMs: rng.below(30) });
        break;
      case 4:
        broker.moveLeader(topic, 0, rng.between(1, 2));
        break;
      case 5:
        broker.dropConnections();
        break;
      default: {
        const resume = broker.pause(topic, 0);
        await sleep(world, rng.below(60));
        resume();
      }
    }
  }
}

/** Gives what was done and seen, and the log at the end. The broker has `nodes: 2`. */
export async function run({ broker, world, seed, connect, batches }: RunSettings): Promise<History> {
  broker.topics.create(topic);
  let moment = 0;
  const rng = new Rng(seed);
  const scene: Scene = {
    world,
    rng,
    connect,
    produced: [],
    fetched: [],
    tick: () => ++moment,
    over: false,
  };
  const others = Promise.all([trouble(scene, broker), read(scene, 'r1'), read(scene, 'r2')]);
  await Promise.all([
    produceOnce(scene, 'p1', batches),
    produceOnce(scene, 'p2', batches),
    produceIdempotently(scene, 'i1', 1001, batches),
    produceIdempotently(scene, 'i2', 1002, batches),
  ]);
  // What was sent on a connection that ended may still be carried out.
  await sleep(world, lateMs);
  scene.over = true;
  await others;
  const log = broker.read(topic).map(({ offset, value }) => ({ offset, value: String(value) }));
  return { produced: scene.produced, fetched: scene.fetched, log };
}
