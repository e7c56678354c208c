/* What the comparison with Kafka cannot show: restarts, deaths between two writes, the clock, exhausted epochs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { UserError } from '#base';
import { SimWorld } from '#testkit';
import { Broker } from '../../src/broker.ts';
import { journalKey, type Json } from '../../src/cluster/journal.ts';
import { toJson, newTransaction } from '../../src/cluster/transactions/transaction.ts';
import { Acls, clusterName, operations, patterns, permissions, resources } from '../../src/security/acls.ts';
import { Actor, named, nobody, type Identity } from './actor.ts';
import { readCommitted } from './committed-reader.ts';
import { KeptStore } from './kept-store.ts';
import { batchOf } from './wire-client.ts';

const hour = 3_600_000;
/** Later than the times of the records, which are the machine's. */
const later = Date.UTC(2100, 0, 1);
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

interface Setting {
  readonly store?: KeptStore;
  readonly world?: SimWorld;
  readonly config?: Readonly<Record<string, string>>;
}
async function start({ store = new KeptStore(), world = new SimWorld(1, later), config = {} }: Setting = {}) {
  const broker = await Broker.start({ world, store, config });
  open.push(broker);
  const actor = await Actor.on(broker.bootstrapServers, 'orders');
  open.push({ stop: async () => actor.close() });
  return { broker, actor, store, world };
}
const texts = async (actor: Actor): Promise<readonly string[]> =>
  (await readCommitted(actor.client, actor.topic, 0, 0, 200)).texts;

test('a commit is repeated by another process after a restart, by producer id and epoch', async () => {
  const first = await start();
  const who = await first.actor.init();
  await first.actor.add(who);
  expect(await first.actor.send({ ...who, sequence: 0 })).toMatch('at ');
  await first.broker.stop();

  const second = await start(first);
  expect(await second.actor.described()).toBe('Ongoing epoch 0 timeout 60000 [topic-0]');
  expect(await texts(second.actor)).toEqual([]);
  expect(await second.actor.end(who, true)).toBe('NONE');
  expect(await second.actor.end(who, true)).toBe('NONE');
  await second.broker.stop();

  const third = await start(first);
  expect(await third.actor.end(who, true)).toBe('NONE');
  expect(await third.actor.end(who, false)).toBe('INVALID_TXN_STATE');
  expect(await texts(third.actor)).toEqual(['a']);
});

test('a commit by protocol 2 is repeated by another process after a restart, and gives the same next epoch', async () => {
  const first = await start();
  const who = await first.actor.init();
  expect(await first.actor.send({ ...who, sequence: 0, version: 12 })).toMatch('at ');
  await first.broker.stop();

  const second = await start(first);
  expect(await second.actor.described()).toBe('Ongoing epoch 0 timeout 60000 [topic-0]');
  const next = { error: 'NONE', producerId: who.producerId, producerEpoch: 1 };
  expect(await second.actor.endAsked(who, true)).toEqual(next);
  expect(await second.actor.endAsked(who, true)).toEqual(next);
  await second.broker.stop();

  const third = await start(first);
  expect(await third.actor.endAsked(who, true)).toEqual(next);
  expect((await third.actor.endAsked(who, false)).error).toBe('INVALID_TXN_STATE');
  expect(await third.actor.send({ ...who, sequence: 1, version: 12 })).toBe('INVALID_PRODUCER_EPOCH');
  expect(await texts(third.actor)).toEqual(['a']);
});

test('a transaction in a journal from before protocol 2 is ended by it', async () => {
  const store = new KeptStore();
  const { nextProducerId: _, ...before } = toJson({
    ...newTransaction('orders', 7, 60_000, later),
    producerEpoch: 3,
    state: 'PrepareCommit',
    partitions: [{ topic: 'orders', partition: 0 }],
    startedAt: later,
  }) as Record<string, Json>;
  store.journal.put(journalKey('transaction', 'orders'), before);
  const { actor } = await start({ store });
  expect(await actor.described()).toBe('CompleteCommit epoch 3 timeout 60000 []');
  const who = { producerId: 7, producerEpoch: 3 };
  expect(await actor.send({ ...who, sequence: 0, version: 12 })).toBe('at 0');
  expect(await actor.endAsked(who, true)).toEqual({ error: 'NONE', producerId: 7, producerEpoch: 4 });
});

test.for([true, false])(
  'a broker that dies while it ends a transaction finishes it (commit %s)',
  async (commit) => {
    for (let writes = 0; ; writes++) {
      const first = await start();
      const who = await first.actor.init();
      await first.actor.add(who, { partitions: [0, 1] });
      expect(await first.actor.send({ ...who, sequence: 0 })).toMatch('at ');
      expect(await first.actor.send({ ...who, sequence: 0, partition: 1, values: ['b'] })).toMatch('at ');
      await first.actor.addGroup(who, 'group');
      await first.actor.commitOffsets(who, 'group');
      first.store.writesLeft = writes;
      const answer = await first.actor.end(who, commit).catch(() => 'closed');
      first.store.writesLeft = 0;
      await first.broker.stop();

      first.store.writesLeft = Infinity;
      const second = await start(first);
      const state = await second.actor.described();
      if (writes === 0) expect(state).toContain('Ongoing');
      else expect(state).toContain(commit ? 'CompleteCommit' : 'CompleteAbort');
      expect(await second.actor.end(who, commit)).toBe('NONE');
      expect(await texts(second.actor)).toEqual(commit ? ['a'] : []);
      const other = await readCommitted(second.actor.client, 'orders', 1, 0, 200);
      expect(other).toEqual({ texts: commit ? ['b'] : [], next: 2 });
      const committed = [...first.store.journal.entries()].filter(([key]) => key.startsWith('offset/'));
      expect(committed.map(([key]) => key)).toEqual(commit ? ['offset/group/orders/0'] : []);
      await second.broker.stop();
      if (answer === 'NONE') {
        expect(writes).toBeGreaterThan(4);
        return;
      }
    }
  },
);

test('a broker that dies over the last epoch of a producer id goes on with another id, and with one', async () => {
  for (let writes = 0; ; writes++) {
    const store = new KeptStore();
    const nearEnd = { ...newTransaction('orders', 7, 60_000, later), producerEpoch: 32_766 };
    store.journal.put(journalKey('transaction', 'orders'), toJson(nearEnd));
    store.journal.put(journalKey('producer-ids'), 1000);
    const first = await start({ store });
    const who = { producerId: 7, producerEpoch: 32_766 };
    expect(await first.actor.send({ ...who, sequence: 0, version: 12 })).toBe('at 0');
    store.writesLeft = writes;
    const answer = await first.actor.endAsked(who, true).catch(() => undefined);
    store.writesLeft = 0;
    await first.broker.stop();

    store.writesLeft = Infinity;
    const second = await start({ store });
    const next = await second.actor.endAsked(who, true);
    expect(next).toMatchObject({ error: 'NONE', producerEpoch: 0 });
    expect(next.producerId).toBeGreaterThanOrEqual(1000);
    expect(answer ?? next).toEqual(next);
    expect(await texts(second.actor)).toEqual(['a']);
    expect(await second.actor.send({ ...next, sequence: 0, version: 12 })).toBe('at 2');
    await second.broker.stop();
    if (answer === undefined) continue;
    expect(writes).toBeGreaterThan(3);
    return;
  }
});

test('an open transaction is aborted when its time is over, also across a restart', async () => {
  const first = await start();
  const who = await first.actor.init(nobody, { timeoutMs: 10_000 });
  await first.actor.add(who);
  expect(await first.actor.send({ ...who, sequence: 0 })).toMatch('at ');
  first.world.moveTo(first.world.now() + 9_999);
  expect(await first.actor.described()).toContain('Ongoing');
  await first.broker.stop();

  const second = await start(first);
  expect(await second.actor.described()).toContain('Ongoing');
  second.world.moveTo(second.world.now() + 1);
  expect(await second.actor.described()).toBe('CompleteAbort epoch 1 timeout 10000 []');
  expect(await second.actor.send({ ...who, sequence: 1 })).toBe('INVALID_PRODUCER_EPOCH');
  expect(await second.actor.end(who, true)).toBe('PRODUCER_FENCED');
  await second.broker.stop();
  expect(second.world.nextTimer).toBe(Infinity);
});

test('a transaction that ended in time is left alone by the clock', async () => {
  const { actor, world } = await start();
  const who = await actor.init(nobody, { timeoutMs: 10_000 });
  await actor.add(who);
  await actor.end(who, true);
  await actor.add(who);
  world.moveTo(world.now() + 9_000);
  await actor.end(who, true);
  await actor.add(who);
  world.moveTo(world.now() + 9_000);
  expect(await actor.described()).toContain('Ongoing epoch 0');
});

test('a test expires a transaction', async () => {
  const { broker, actor } = await start();
  const who = await actor.init();
  expect(() => broker.expireTransaction(actor.id)).toThrow(UserError);
  expect(() => broker.expireTransaction('nobody')).toThrow('no transaction is open');
  await actor.add(who);
  expect(await actor.send({ ...who, sequence: 0 })).toMatch('at ');
  broker.expireTransaction(actor.id);
  expect(await actor.described()).toContain('CompleteAbort epoch 1');
  expect(await actor.fetched(true)).toContain('stable 2 end 2');
});

test('no producer id is given twice, whatever restarts come between', async () => {
  const given = new Set<number>();
  const store = new KeptStore();
  for (let round = 0; round < 3; round++) {
    const { broker, actor } = await start({ store });
    for (let i = 0; i < 1500; i++) given.add((await actor.init(nobody, { id: null })).producerId);
    await broker.stop();
  }
  expect(given.size).toBe(4500);
});

test('the last epoch of a producer id is followed by the first one of another', async () => {
  const store = new KeptStore();
  const nearEnd = { ...newTransaction('orders', 7, 60_000, later), producerEpoch: 32_764 };
  store.journal.put(journalKey('transaction', 'orders'), toJson(nearEnd));
  store.journal.put(journalKey('producer-ids'), 1000);
  const { actor } = await start({ store });
  const last = await actor.init({ producerId: 7, producerEpoch: 32_764 });
  expect(last).toEqual({ error: 'NONE', producerId: 7, producerEpoch: 32_765 });
  const exhausted = await actor.init(last);
  expect(exhausted).toEqual({ error: 'NONE', producerId: 7, producerEpoch: 32_766 });
  const fresh = await actor.init(exhausted);
  expect(fresh).toEqual({ error: 'NONE', producerId: 1000, producerEpoch: 0 });
  // The answer was lost: the same again.
  expect(await actor.init(exhausted)).toEqual(fresh);
  expect((await actor.init(last)).error).toBe('PRODUCER_FENCED');
});

test('fencing at the last epoch takes the one that is kept for it', async () => {
  const store = new KeptStore();
  const nearEnd = { ...newTransaction('orders', 7, 60_000, later), producerEpoch: 32_766 };
  store.journal.put(journalKey('transaction', 'orders'), toJson(nearEnd));
  const { actor } = await start({ store });
  await actor.add({ producerId: 7, producerEpoch: 32_766 });
  expect((await actor.initOnce()).error).toBe('CONCURRENT_TRANSACTIONS');
  expect(await actor.described()).toContain('epoch 32767');
  expect(await actor.init()).toMatchObject({ error: 'NONE', producerId: 0, producerEpoch: 0 });
});

test('an id that nobody uses is forgotten, an open transaction never', async () => {
  const { actor, world } = await start({ config: { 'transactional.id.expiration.ms': `${10 * hour}` } });
  await actor.init();
  const other = await actor.init(nobody, { id: 'other', timeoutMs: 900_000 });
  expect(other.error).toBe('NONE');
  for (let i = 0; i < 9; i++) world.moveTo(world.now() + hour);
  expect(await actor.described()).toContain('Empty');
  await actor.end(other, true, { id: 'other' });
  await actor.init(other, { id: 'other' });
  for (let i = 0; i < 2; i++) world.moveTo(world.now() + hour);
  expect(await actor.described()).toBe('TRANSACTIONAL_ID_NOT_FOUND');
  expect(await actor.described('other')).toContain('Empty epoch 1');
});

test('a reader of committed records that waits is answered by the commit', async () => {
  const { actor, broker } = await start();
  const who = await actor.init();
  await actor.add(who);
  expect(await actor.send({ ...who, sequence: 0 })).toMatch('at ');
  const reader = await Actor.on(broker.bootstrapServers, 'orders');
  open.push({ stop: async () => reader.close() });
  const wanted = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 };
  const waiting = reader.client.ask(
    'Fetch',
    {
      maxWaitMs: 60_000,
      minBytes: 1,
      maxBytes: 1 << 20,
      isolationLevel: 1,
      topics: [{ topic: 'orders', partitions: [wanted] }],
    },
    12,
  );
  await actor.described();
  await actor.end(who, true);
  const { responses } = await waiting;
  expect(responses[0]!.partitions[0]).toMatchObject({ lastStableOffset: 2, abortedTransactions: [] });
});

test('a transaction is complete, and its end answered, when its markers are on the disk', async () => {
  const { actor, broker, store } = await start();
  const who = await actor.init();
  await actor.add(who);
  expect(await actor.send({ ...who, sequence: 0 })).toMatch('at ');
  let flushed = (): void => {};
  store.flushing = new Promise((resolve) => {
    flushed = resolve;
  });
  let answer = 'waits';
  const ending = actor.end(who, true).then((error) => {
    answer = error;
  });
  const other = await Actor.on(broker.bootstrapServers, 'elsewhere');
  open.push({ stop: async () => other.close() });
  const { transactionStates } = await other.client.ask('DescribeTransactions', {
    transactionalIds: [actor.id],
  });
  expect(transactionStates[0]?.transactionState).toBe('PrepareCommit');
  expect((await other.initOnce(nobody, { id: actor.id })).error).toBe('CONCURRENT_TRANSACTIONS');
  expect(answer).toBe('waits');
  flushed();
  await ending;
  expect(answer).toBe('NONE');
  expect(await actor.described()).toContain('CompleteCommit');
});

test('until its markers are on the disk the next transaction waits', async () => {
  const { actor, broker, store } = await start();
  const who = await actor.init();
  expect(await actor.send({ ...who, sequence: 0, version: 12 })).toMatch('at ');
  let flushed = (): void => {};
  store.flushing = new Promise((resolve) => {
    flushed = resolve;
  });
  const ending = actor.endAsked(who, true);
  const other = await Actor.on(broker.bootstrapServers, 'elsewhere');
  open.push({ stop: async () => other.close() });
  const next = { ...who, producerEpoch: who.producerEpoch + 1 };
  const answer = async (version: number, identity: Identity): Promise<string> => {
    const records = batchOf(['b'], { ...identity, sequence: 0, transactional: true });
    const { responses } = await other.client.ask(
      'Produce',
      {
        transactionalId: actor.id,
        acks: 1,
        timeoutMs: 1000,
        topicData: [{ name: 'orders', partitionData: [{ index: 1, records: [records] }] }],
      },
      version,
    );
    return named(responses[0]!.partitionResponses[0]!.errorCode);
  };
  expect(await answer(12, next)).toBe('CONCURRENT_TRANSACTIONS');
  // Clients of protocol 1 do not know that of a Produce; this they send again.
  expect(await answer(11, next)).toBe('NOT_ENOUGH_REPLICAS');
  const request = { transactionalId: actor.id, ...next, committed: false };
  for (const version of [4, 5])
    expect(named((await other.client.ask('EndTxn', request, version)).errorCode)).toBe(
      'CONCURRENT_TRANSACTIONS',
    );
  flushed();
  expect(await ending).toEqual({ ...next, error: 'NONE' });
  store.flushing = undefined;
  expect(await answer(12, next)).toBe('NONE');
});

test('a transaction that its coordinator knows nothing of is ended from outside', async () => {
  const { actor, broker, store } = await start();
  const who = await actor.init();
  expect(await actor.send({ ...who, sequence: 0, version: 12 })).toMatch('at ');
  await broker.stop();
  store.journal.put(journalKey('transaction', 'orders'), undefined);

  const { actor: second } = await start({ store });
  expect(await second.fetched(true)).toContain('stable 0 end 1');
  expect(await second.described()).toBe('TRANSACTIONAL_ID_NOT_FOUND');
  expect(await second.mark(who, false)).toBe('NONE');
  expect(await second.fetched(true)).toContain('stable 2 end 2');
});

test.for([
  ['nothing', undefined, 'CLUSTER_AUTHORIZATION_FAILED'],
  ['describe', 'describe', 'CLUSTER_AUTHORIZATION_FAILED'],
  ['alter', 'alter', 'UNKNOWN_TOPIC_OR_PARTITION'],
  ['act for it', 'clusterAction', 'UNKNOWN_TOPIC_OR_PARTITION'],
] as const)('who may %s of the cluster and asks for markers', async ([, operation, answer]) => {
  const store = new KeptStore();
  const acls = new Acls(store.journal, { enabled: true, superUsers: [], allowIfNone: false });
  if (operation !== undefined)
    acls.add({
      resourceType: resources.cluster,
      resourceName: clusterName,
      patternType: patterns.literal,
      principal: 'User:ANONYMOUS',
      host: '*',
      operation: operations[operation],
      permission: permissions.allow,
    });
  const authorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
  const { actor } = await start({ store, config: { 'authorizer.class.name': authorizer } });
  expect(await actor.mark({ producerId: 0, producerEpoch: 0 }, false)).toBe(answer);
});

test('only who may write to a transactional id may use it', async () => {
  const { actor } = await start({
    config: { 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer' },
  });
  const who = { producerId: 0, producerEpoch: 0 };
  const forbidden = 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  expect((await actor.init()).error).toBe(forbidden);
  expect((await actor.init(nobody, { id: null })).error).toBe('CLUSTER_AUTHORIZATION_FAILED');
  expect(await actor.add(who)).toBe(forbidden);
  expect(await actor.addGroup(who, 'group')).toBe(forbidden);
  expect(await actor.commitOffsets(who, 'group')).toBe(forbidden);
  expect(await actor.end(who, true)).toBe(forbidden);
  expect(await actor.described()).toBe(forbidden);
  expect(await actor.send({ ...who, sequence: 0 })).toBe(forbidden);
});

test('a log on disk gives many batches at once, and tells of every aborted transaction among them', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-aborted-'));
  const broker = await Broker.start({ world: new SimWorld(1, later), dir });
  const actor = await Actor.on(broker.bootstrapServers, 'orders');
  open.push({ stop: async () => actor.close() }, broker, {
    stop: async () => rmSync(dir, { recursive: true }),
  });
  const who = await actor.init();
  for (const [sequence, commit] of [true, false, false, true, false].entries()) {
    await actor.add(who);
    await actor.send({ ...who, sequence, values: [`${sequence}`] });
    expect(await actor.end(who, commit)).toBe('NONE');
  }
  expect((await readCommitted(actor.client, actor.topic, 0, 0, 1 << 20)).texts).toEqual(['0', '3']);
});
