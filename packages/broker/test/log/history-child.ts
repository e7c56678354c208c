/* A partition in a process of its own that makes history until it is killed. */

import { setImmediate } from 'node:timers/promises';
import { Rng } from '#base';
import { realWorld } from '#host';
import { DiskStore } from '../../src/cluster/disk-store.ts';
import { Topics } from '../../src/cluster/topics.ts';
import { historyConfigs, historyStep, type HistoryKind } from './random-history.ts';

const [dir, seed, kind] = process.argv.slice(2) as [string, string, HistoryKind];
const rng = new Rng(Number(seed));
const world = realWorld();
const topics = new Topics(new DiskStore(dir, world, console.error), world, new Map());
const topic = topics.get('history') ?? topics.create('history', 1, historyConfigs(kind));
console.log('ready');
for (;;) {
  await historyStep(topic.partitions[0]!, rng, kind);
  if (rng.below(8) === 0) await setImmediate();
}
