/* Classic groups over time: sessions, delays, members that do not come; in a simulated world. */

import { describe, expect, test } from 'vitest';
import { errorName } from '#kafka';
import { SimBroker } from './sim-broker.ts';

const error = ({ errorCode }: { readonly errorCode: number }): string => errorName(errorCode);
const atOnce = { 'group.initial.rebalance.delay.ms': '0' };
/** What a promise resolved to, or 'waits'. */
async function now<T>(sim: SimBroker, promise: Promise<T>): Promise<T | 'waits'> {
  await sim.settle();
  return Promise.race([promise, Promise.resolve('waits' as const)]);
}

describe('the initial delay', () => {
  test('a new group waits for more members, 3 s from each, within the rebalance time-out', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    const one = scene.enter();
    await sim.pass(2900);
    const two = scene.enter();
    await sim.pass(200);
    expect(await now(sim, one)).toBe('waits');
    await sim.pass(3000);
    const [first, second] = await Promise.all([one, two]);
    expect([first.generationId, second.generationId]).toEqual([1, 1]);
    expect(first.members).toHaveLength(2);
    expect(second.members).toHaveLength(0);
  });
  test('never longer than the rebalance time-out', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    const rebalanceTimeoutMs = 5000;
    const one = scene.enter({ rebalanceTimeoutMs });
    for (let i = 0; i < 4; i++) {
      await sim.pass(1000);
      void scene.enter({ rebalanceTimeoutMs });
    }
    await sim.pass(1500);
    expect((await one).members).toHaveLength(5);
  });
});

describe('sessions', () => {
  test('a member that is silent for its session is out, and its group empty', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    const entering = scene.alone();
    await sim.pass(1);
    const { memberId } = await entering;
    await sim.pass(9000);
    expect(await scene.heartbeat(memberId, 1)).toBe('NONE');
    await sim.pass(9990);
    expect(await scene.state()).toBe('Stable NONE');
    await sim.pass(20);
    expect(await scene.heartbeat(memberId, 1)).toBe('UNKNOWN_MEMBER_ID');
    expect(await scene.state()).toBe('Empty NONE');
  });
  test('a commit is a sign of life', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    await scene.createTopicHere();
    const entering = scene.alone();
    await sim.pass(1);
    const { memberId } = await entering;
    await sim.pass(9000);
    expect(await scene.commit(1, { memberId, generationIdOrMemberEpoch: 1 })).toBe('NONE');
    await sim.pass(9000);
    expect(await scene.heartbeat(memberId, 1)).toBe('NONE');
  });
  test('an id that was given out and not used is taken back, and holds up nobody for longer', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    const { memberId } = await scene.join();
    const other = scene.enter();
    await sim.pass(9990);
    expect(error(await scene.join({ memberId: 'nobody' }))).toBe('UNKNOWN_MEMBER_ID');
    await sim.pass(20);
    expect((await other).members).toHaveLength(1);
    expect(error(await scene.join({ memberId }))).toBe('UNKNOWN_MEMBER_ID');
  });
  test('who does not join again within the rebalance time-out is out', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    const entering = scene.alone({ sessionTimeoutMs: 30_000 });
    await sim.pass(1);
    const one = await entering;
    const two = scene.enter();
    await sim.pass(9990);
    expect(await scene.heartbeat(one.memberId, 1)).toBe('REBALANCE_IN_PROGRESS');
    expect(await now(sim, two)).toBe('waits');
    await sim.pass(20);
    expect((await two).generationId).toBe(2);
    expect(await scene.heartbeat(one.memberId, 1)).toBe('UNKNOWN_MEMBER_ID');
  });
  test('a static member that is away stays in for its session', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    const entering = scene.alone({ groupInstanceId: 'fixed', sessionTimeoutMs: 30_000 });
    await sim.pass(1);
    await entering;
    const two = scene.enter();
    await sim.pass(10_100);
    const member = await two;
    expect(member.generationId).toBe(2);
    expect(member.members.map((m) => m.groupInstanceId)).toEqual(['fixed', null]);
  });
  test('who does not ask for its assignment is out after the rebalance time-out', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    const entering = scene.enter({ sessionTimeoutMs: 60_000 });
    await sim.pass(1);
    await entering;
    await sim.pass(9990);
    expect(await scene.state()).toBe('CompletingRebalance NONE');
    await sim.pass(20);
    expect(await scene.state()).toBe('Empty NONE');
  });
});

test('a group is full', async () => {
  const sim = await SimBroker.start({ ...atOnce, 'group.max.size': '1' });
  const scene = sim.scene();
  const entering = scene.alone();
  await sim.pass(1);
  const one = await entering;
  expect(error(await scene.join())).toBe('GROUP_MAX_SIZE_REACHED');
  const again = scene.join({ memberId: one.memberId });
  await sim.pass(1);
  expect((await again).generationId).toBe(2);
});

test('member ids come from the seed', async () => {
  const ids = [];
  for (const seed of [7, 7, 8])
    ids.push((await (await SimBroker.start(atOnce, seed)).scene().join()).memberId);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
  expect(ids[0]).toMatch(/^test-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe('offsets that nobody uses', () => {
  const days = 86_400_000;
  test('of a group without members go after the retention time', async () => {
    const sim = await SimBroker.start(atOnce);
    const scene = sim.scene();
    await scene.createTopicHere();
    await scene.commit(5);
    await sim.pass(6.9 * days);
    expect((await scene.committed()).offsets).toEqual([5]);
    await sim.pass(0.2 * days);
    expect((await scene.committed()).offsets).toEqual([-1]);
    expect(await scene.state()).toBe('Dead GROUP_ID_NOT_FOUND');
  });
  test('of a group that had members, counted from when the last one left', async () => {
    const sim = await SimBroker.start({ ...atOnce, 'offsets.retention.minutes': '60' });
    const scene = sim.scene();
    await scene.createTopicHere();
    const entering = scene.alone({ sessionTimeoutMs: 1_800_000 });
    await sim.pass(1);
    const { memberId } = await entering;
    await scene.commit(5, { memberId, generationIdOrMemberEpoch: 1 });
    for (let i = 0; i < 5; i++) {
      await sim.pass(1_200_000);
      expect(await scene.heartbeat(memberId, 1)).toBe('NONE');
    }
    await scene.ask('LeaveGroup', { groupId: scene.group, members: [{ memberId }] });
    await sim.pass(50 * 60_000);
    expect((await scene.committed()).offsets).toEqual([5]);
    await sim.pass(21 * 60_000);
    expect((await scene.committed()).offsets).toEqual([-1]);
  });
  test('with a time of their own', async () => {
    const sim = await SimBroker.start({ ...atOnce, 'offsets.retention.check.interval.ms': '1000' });
    const scene = sim.scene();
    await scene.createTopicHere();
    await scene.commit(5, { retentionTimeMs: 60_000 }, 2);
    await sim.pass(59_000);
    expect((await scene.committed()).offsets).toEqual([5]);
    await sim.pass(2000);
    expect((await scene.committed()).offsets).toEqual([-1]);
  });
});
