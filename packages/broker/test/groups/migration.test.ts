/* Groups with members of both protocols over time, in a simulated world: who does not come in time is out. */

import { describe, expect, test } from 'vitest';
import type { Messages } from '#kafka';
import { assignment, told, type Scene } from './scene.ts';
import { SimBroker } from './sim-broker.ts';

interface Mixed {
  readonly sim: SimBroker;
  readonly scene: Scene;
  readonly old: Messages['JoinGroup']['response'];
}
/** A classic member with a rebalance time-out of 10 s and a session of 10 s, and a consumer `new` that came to it. */
async function mixed(config: Record<string, string> = {}): Promise<Mixed> {
  const sim = await SimBroker.start({ 'group.initial.rebalance.delay.ms': '0', ...config });
  const scene = sim.scene();
  await scene.createTopicHere(4);
  const entering = scene.alone({}, assignment(scene.topic, 0, 1, 2, 3));
  await sim.pass(1);
  const old = await entering;
  await scene.beat({ memberId: 'new' });
  return { sim, scene, old };
}
const members = async (scene: Scene): Promise<unknown> => {
  const { groups } = await scene.ask('ConsumerGroupDescribe', { groupIds: [scene.group] });
  return groups[0]!.members.map((m) => m.memberType);
};
const [classic, consumer] = [0, 1];

describe('a classic member in a consumer group', () => {
  test('is asked to join again, and out when it does not within its rebalance time-out', async () => {
    const { sim, scene, old } = await mixed();
    for (let second = 0; second < 9; second += 3) {
      expect(await scene.heartbeat(old.memberId, old.generationId)).toBe('REBALANCE_IN_PROGRESS');
      await sim.pass(3000);
    }
    expect(await members(scene)).toEqual([classic, consumer]);
    expect(await scene.heartbeat(old.memberId, old.generationId)).toBe('REBALANCE_IN_PROGRESS');
    await sim.pass(1500);
    expect(await members(scene)).toEqual([consumer]);
    expect(await scene.heartbeat(old.memberId, old.generationId)).toBe('UNKNOWN_MEMBER_ID');
  });
  test('is out when it joins, and does not ask for its assignment', async () => {
    const { sim, scene, old } = await mixed();
    const again = await scene.join({ memberId: old.memberId });
    await sim.pass(6000);
    expect(await scene.heartbeat(old.memberId, again.generationId)).toBe('NONE');
    await sim.pass(5000);
    expect(await members(scene)).toEqual([consumer]);
  });
  test('stays when it does', async () => {
    const { sim, scene, old } = await mixed();
    const again = await scene.join({ memberId: old.memberId });
    await scene.sync(again);
    for (let second = 0; second < 30; second += 6) {
      await sim.pass(6000);
      await scene.heartbeat(old.memberId, again.generationId);
      await scene.join({ memberId: old.memberId });
      await scene.sync(again);
    }
    expect(await members(scene)).toEqual([classic, consumer]);
  });
  test('has the session that it joined with', async () => {
    const { sim, scene, old } = await mixed();
    const again = await scene.join({ memberId: old.memberId });
    await scene.sync(again);
    await sim.pass(10_500);
    expect(await members(scene)).toEqual([consumer]);
  });
});

describe('the last consumer', () => {
  test('is silent for its session: a classic group again, which rebalances', async () => {
    const { sim, scene, old } = await mixed();
    let { generationId } = old;
    for (let second = 0; second < 48; second += 6) {
      await sim.pass(6000);
      const heard = await scene.heartbeat(old.memberId, generationId);
      if ((await scene.state()) !== 'Dead GROUP_ID_NOT_FOUND') expect(heard).toBe('REBALANCE_IN_PROGRESS');
      else ({ generationId } = await scene.join({ memberId: old.memberId }));
      await scene.sync({ memberId: old.memberId, generationId });
    }
    expect(await scene.state()).toBe('PreparingRebalance NONE');
    const joined = await scene.join({ memberId: old.memberId });
    expect([joined.errorCode, joined.leader, joined.members.length]).toEqual([0, old.memberId, 1]);
  });
  test('goes where groups may not go back: a consumer group of classic members', async () => {
    const { scene, old } = await mixed({ 'group.consumer.migration.policy': 'upgrade' });
    await scene.join({ memberId: old.memberId });
    await scene.beat({ memberId: 'new', memberEpoch: -1 });
    expect(await members(scene)).toEqual([classic]);
  });
});

test('a consumer that is refused leaves the classic group as it was', async () => {
  const sim = await SimBroker.start({
    'group.initial.rebalance.delay.ms': '0',
    'group.consumer.max.size': '1',
  });
  const scene = sim.scene();
  await scene.createTopicHere(4);
  const entering = scene.alone({}, assignment(scene.topic, 0));
  await sim.pass(1);
  const { memberId, generationId } = await entering;
  expect(told(await scene.beat({ memberId: 'new' })).error).toBe('GROUP_MAX_SIZE_REACHED');
  expect(await scene.state()).toBe('Stable NONE');
  expect(await scene.heartbeat(memberId, generationId)).toBe('NONE');
  await sim.pass(11_000);
  expect(await scene.state()).toBe('Empty NONE');
});
