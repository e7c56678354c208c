/* Group requests, mostly odd ones, sent to a real Kafka 4.1 and to ours: what both answer is equal but for ids and times. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { realKafka } from '../../../../tools/test-kafka.ts';
import { Scene } from './scene.ts';
import { WireClient } from './wire-client.ts';
import { classicScripts } from './classic-scripts.ts';
import { consumerScripts } from './consumer-scripts.ts';
import { migrationScripts } from './migration-scripts.ts';
import type { Script } from './script.ts';

const kafka = await realKafka();
const realServers = 'missing' in kafka ? undefined : kafka.bootstrapServers;
const run = `${process.pid}-${Math.round(performance.timeOrigin).toString(36)}`;

describe.skipIf(realServers === undefined)('as Kafka 4.1', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start({ world: realWorld(), config: { 'group.initial.rebalance.delay.ms': '0' } });
  });
  afterAll(() => broker.stop());

  async function observed(
    servers: string,
    script: Script,
    name: string,
    partitions: number,
  ): Promise<unknown> {
    const scene = new Scene(() => WireClient.connect(servers), name);
    try {
      await scene.findCoordinator();
      await scene.createTopic(partitions);
      return await script.run(scene);
    } finally {
      scene.close();
    }
  }
  const compare = (script: Script, name: string, partitions: number): void => {
    test.concurrent(script.name, async () => {
      const [real, ours] = await Promise.all(
        [realServers!, broker.bootstrapServers].map((s) => observed(s, script, `${run}-${name}`, partitions)),
      );
      expect(ours).toEqual(real);
    });
  };
  describe('classic groups', () => {
    classicScripts.forEach((script, i) => {
      compare(script, `classic-${i}`, 1);
    });
  });
  describe('consumer groups', () => {
    consumerScripts.forEach((script, i) => {
      compare(script, `consumer-${i}`, 4);
    });
  });
  describe('groups that change their protocol', () => {
    migrationScripts.forEach((script, i) => {
      compare(script, `migration-${i}`, 4);
    });
  });
});
