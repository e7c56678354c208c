/* What clients do wrong, or twice, or too late: each a short script whose observations are compared between brokers. Those
 * of protocol 2 (KIP-890) have a file of their own. */

import { setTimeout as sleep } from 'node:timers/promises';
import { named, type Identity } from './actor.ts';
import { oddInputs2 } from './odd-inputs-2.ts';
import { begun, newer, older, stranger, type OddInput } from './odd-input.ts';
import { batchOf } from './wire-client.ts';

const initialising: readonly OddInput[] = [
  {
    name: 'a producer without a transactional id',
    script: async (a, say) => {
      const first = await a.init(undefined, { id: null });
      const second = await a.init(undefined, { id: null });
      say('first', `${first.error} ${first.producerEpoch}`);
      say('another id', String(second.producerId !== first.producerId));
      say('its own id again', (await a.init(first, { id: null })).error);
    },
  },
  {
    name: 'transactional ids and time-outs that are not allowed',
    script: async (a, say) => {
      say('empty', (await a.init(undefined, { id: '' })).error);
      for (const timeoutMs of [3_600_001, 0, -1, 3_600_000])
        say(`time-out ${timeoutMs}`, (await a.init(undefined, { timeoutMs })).error);
      say('id without epoch', (await a.init({ producerId: 1, producerEpoch: -1 })).error);
      say('epoch without id', (await a.init({ producerId: -1, producerEpoch: 1 })).error);
      say('of a half known', await a.described());
    },
  },
  {
    name: 'an identity that goes on',
    script: async (a, say) => {
      const first = await a.init({ producerId: 4_000_000, producerEpoch: 7 });
      say('a new id with an identity', `${first.error} ${first.producerEpoch}`);
      const second = await a.init(first);
      say('bumped', `${second.error} ${second.producerEpoch}`);
      say('the answer was lost', String((await a.init(first)).producerEpoch));
      say('bumped again', String((await a.init(second)).producerEpoch));
      const third = await a.init();
      say('a new instance', `${third.error} ${third.producerEpoch}`);
      say('the older one goes on', (await a.init(second)).error);
      say('in version 3', (await a.init(second, { version: 3 })).error);
      say('a stranger', (await a.init(stranger(third))).error);
      say('the future', (await a.init(newer(third))).error);
      say('same producer', String(third.producerId === first.producerId));
    },
  },
  {
    name: 'a new instance while a transaction is open',
    script: async (a, say) => {
      const first = await begun(a);
      say('produce', await a.send({ ...first, sequence: 0 }));
      say('init', (await a.initOnce()).error);
      const second = await a.init();
      say('init again', `${second.error} ${second.producerEpoch}`);
      say('described', await a.described());
      say('the first adds', await a.add(first));
      say('adds, version 1', await a.add(first, { version: 1 }));
      say('produces', await a.send({ ...first, sequence: 1 }));
      say('commits', await a.end(first, true));
      say('commits, version 1', await a.end(first, true, { version: 1 }));
      say('aborts', await a.end(first, false));
      say('adds a group', await a.addGroup(first, 'g'));
      say('adds a group, version 1', await a.addGroup(first, 'g', { version: 1 }));
      say('commits offsets', await a.commitOffsets(first, 'g'));
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
    },
  },
  {
    name: 'an identity that goes on while its transaction is open',
    script: async (a, say) => {
      const first = await begun(a);
      say('init', (await a.initOnce(first)).error);
      say('init again', (await a.init(first)).error);
      say('described', await a.described());
    },
  },
];

const ending: readonly OddInput[] = [
  {
    name: 'ends of what was not begun',
    script: async (a, say) => {
      say('unknown id', await a.end({ producerId: 1, producerEpoch: 0 }, true));
      say('empty id', await a.end({ producerId: 1, producerEpoch: 0 }, true, { id: '' }));
      const who = await a.init();
      say('commit', await a.end(who, true));
      say('abort', await a.end(who, false));
      say('older', await a.end(older(who), true));
      say('newer', await a.end(newer(who), true));
      say('stranger', await a.end(stranger(who), true));
      say('described', await a.described());
    },
  },
  {
    name: 'ends that come again',
    script: async (a, say) => {
      const who = await begun(a);
      say('produce', await a.send({ ...who, sequence: 0 }));
      say('open', await a.fetched(true));
      say('commit', await a.end(who, true));
      say('described', await a.described());
      say('commit again', await a.end(who, true));
      say('abort after commit', await a.end(who, false));
      say('fetched', await a.fetched(true));
      say('begin', await a.add(who));
      say('produce', await a.send({ ...who, sequence: 1 }));
      say('abort', await a.end(who, false));
      say('abort again', await a.end(who, false));
      say('commit after abort', await a.end(who, true));
      say('fetched', await a.fetched(true));
      say('uncommitted', await a.fetched(false));
      say('described', await a.described());
      say('the next instance', String((await a.init()).producerEpoch));
      say('commit of the one before', await a.end(who, true));
    },
  },
  {
    name: 'an empty transaction',
    script: async (a, say) => {
      const who = await begun(a);
      say('commit', await a.end(who, true));
      await a.described();
      say('fetched', await a.fetched(true));
      say('producers', await a.producers());
      say('a sequence that is not the first', await a.send({ ...who, sequence: 3, transactional: false }));
      say('the first', await a.send({ ...who, sequence: 0, transactional: false }));
    },
  },
];

const timing: readonly OddInput[] = [
  {
    name: 'a transaction whose time is over',
    script: async (a, say) => {
      const who = await a.init(undefined, { timeoutMs: 400 });
      say('begin', await a.add(who));
      say('produce', await a.send({ ...who, sequence: 0 }));
      let state = await a.described();
      for (let tries = 0; tries < 1000 && state.startsWith('Ongoing'); tries++) {
        await sleep(20);
        state = await a.described();
      }
      say('described', state);
      say('fetched', await a.fetched(true));
      say('produce', await a.send({ ...who, sequence: 1 }));
      say('begin', await a.add(who));
      say('commit', await a.end(who, true));
      say('abort', await a.end(who, false));
      const next = await a.init(who);
      say('goes on', `${next.error} ${next.producerEpoch}`);
      say('goes on anew', String((await a.init()).producerEpoch));
    },
  },
];

const joining: readonly OddInput[] = [
  {
    name: 'partitions that cannot join',
    script: async (a, say) => {
      const who = await a.init();
      say('unknown topic', await a.add(who, { topic: `${a.topic}-not-there` }));
      say('unknown partition, and one that is', await a.add(who, { partitions: [0, 9] }));
      say('unknown id', await a.add(who, { id: `${a.id}-not-there` }));
      say('empty id', await a.add(who, { id: '' }));
      say('older', await a.add(older(who)));
      say('newer', await a.add(newer(who)));
      say('stranger', await a.add(stranger(who)));
      say('none', await a.add(who, { partitions: [] }));
      say('described', await a.described());
      say('two', await a.add(who, { partitions: [1, 0] }));
      say('again', await a.add(who, { partitions: [1] }));
      say('described', await a.described());
    },
  },
  {
    name: 'many transactions at once, verified only',
    script: async (a, say) => {
      const who = await begun(a);
      const asked = (identity: Identity, partitions: number[], verifyOnly: boolean, id = a.id) => ({
        transactionalId: id,
        ...identity,
        verifyOnly,
        topics: [{ name: a.topic, partitions }],
      });
      for (const [what, transaction] of [
        ['in and not in', asked(who, [0, 1], true)],
        ['older', asked(older(who), [0], true)],
        ['stranger', asked(stranger(who), [0], true)],
        ['unknown partition', asked(who, [0, 7], true)],
        ['unknown id', asked(who, [0], true, `${a.id}-not-there`)],
        ['added', asked(who, [1], false)],
      ] as const) {
        const answer = await a.client.ask('AddPartitionsToTxn', { transactions: [transaction] }, 5);
        const errors = answer.resultsByTransaction
          .flatMap((t) => t.topicResults.flatMap((r) => [...r.resultsByPartition]))
          .sort((p, q) => p.partitionIndex - q.partitionIndex)
          .map((p) => named(p.partitionErrorCode));
        say(what, `${named(answer.errorCode)} ${errors.join()}`);
      }
      say('described', await a.described());
    },
  },
  {
    name: 'groups and their offsets',
    script: async (a, say) => {
      const who = await a.init();
      const group = `${a.topic}-group`;
      say('offsets before the group', await a.commitOffsets(who, group));
      say('in version 3', await a.commitOffsets(who, group, { version: 3 }));
      say('in version 0', await a.commitOffsets(who, group, { version: 0 }));
      say('group under an unknown id', await a.addGroup(who, group, { id: `${a.id}-not-there` }));
      say('group of an older one', await a.addGroup(older(who), group));
      say('group of a stranger', await a.addGroup(stranger(who), group));
      say('group', await a.addGroup(who, group));
      say('described', await a.described());
      say('a generation of no group', await a.commitOffsets(who, group, { generationId: 3, memberId: 'm' }));
      say('unknown topic', await a.commitOffsets(who, group, { topic: `${a.topic}-not-there` }));
      say('no group', await a.commitOffsets(who, ''));
      say('long metadata', await a.commitOffsets(who, group, { metadata: 'x'.repeat(5000) }));
      say('older', await a.commitOffsets(older(who), group));
      say('stranger', await a.commitOffsets(stranger(who), group));
      say('offsets', await a.commitOffsets(who, group));
      say('commit', await a.end(who, true));
      say('described', await a.described());
      say('offsets after the end', await a.commitOffsets(who, group));
    },
  },
];

const producing: readonly OddInput[] = [
  {
    name: 'transactional records outside of a transaction',
    script: async (a, say) => {
      const who = await a.init();
      say('not added', await a.send({ ...who, sequence: 0 }));
      say('in version 10', await a.send({ ...who, sequence: 0, version: 10 }));
      say('another partition added', await a.add(who, { partitions: [1] }));
      say('not added', await a.send({ ...who, sequence: 0 }));
      say('added', await a.add(who));
      say('overtaking what was turned away', await a.send({ ...who, sequence: 1 }));
      say('older', await a.send({ ...older(who), sequence: 0 }));
      say('newer', await a.send({ ...newer(who), sequence: 0 }));
      say('stranger', await a.send({ ...stranger(who), sequence: 0 }));
      say('another transactional id', await a.send({ ...who, sequence: 0, transactionalId: `${a.id}-x` }));
      say('empty transactional id', await a.send({ ...who, sequence: 0, transactionalId: '' }));
      say('no transactional id', await a.send({ ...who, sequence: 0, transactionalId: null }));
      say('right', await a.send({ ...who, sequence: 0 }));
      say('not transactional meanwhile', await a.send({ ...who, sequence: 1, transactional: false }));
      say('another id meanwhile', await a.send({ ...who, sequence: 1, transactionalId: `${a.id}-x` }));
      say('commit', await a.end(who, true));
      await a.described();
      say('after the end', await a.send({ ...who, sequence: 2 }));
      say('a repeat after the end', await a.send({ ...who, sequence: 1 }));
      say('not transactional after the end', await a.send({ ...who, sequence: 2, transactional: false }));
    },
  },
  {
    name: 'sequences',
    script: async (a, say) => {
      const who = { ...(await a.init(undefined, { id: null })), transactional: false };
      say('the first is not 0', await a.send({ ...who, sequence: 4, values: ['a', 'b'] }));
      say('gap', await a.send({ ...who, sequence: 7 }));
      say('repeat', await a.send({ ...who, sequence: 4, values: ['a', 'b'] }));
      say('part of a repeat', await a.send({ ...who, sequence: 4 }));
      say('end of a repeat', await a.send({ ...who, sequence: 5 }));
      say('before', await a.send({ ...who, sequence: 3 }));
      for (let i = 6; i < 12; i++) say(`next ${i}`, await a.send({ ...who, sequence: i }));
      say('the fifth last', await a.send({ ...who, sequence: 7 }));
      say('too long ago', await a.send({ ...who, sequence: 6 }));
      say('negative', await a.send({ ...who, sequence: -1 }));
      say('a new epoch in the middle', await a.send({ ...newer(who), sequence: 12, transactional: false }));
      say('a new epoch', await a.send({ ...newer(who), sequence: 0, transactional: false }));
      say('the old epoch', await a.send({ ...who, sequence: 12 }));
      say('a repeat in the old epoch', await a.send({ ...who, sequence: 11 }));
      say('producers', await a.producers());
    },
  },
  {
    name: 'the end of all sequences',
    script: async (a, say) => {
      const who = { ...(await a.init(undefined, { id: null })), transactional: false };
      const three = ['a', 'b', 'c'];
      say('across the end', await a.send({ ...who, sequence: 2 ** 31 - 2, values: three }));
      say('repeat', await a.send({ ...who, sequence: 2 ** 31 - 2, values: three }));
      say('gap', await a.send({ ...who, sequence: 2 }));
      say('on', await a.send({ ...who, sequence: 1 }));
      say('producers', await a.producers());
    },
  },
  {
    name: 'sequences across transactions and epochs',
    script: async (a, say) => {
      const first = await begun(a);
      say('first', await a.send({ ...first, sequence: 0, values: ['a', 'b'] }));
      say('commit', await a.end(first, true));
      await a.described();
      say('begin', await a.add(first));
      say('from 0', await a.send({ ...first, sequence: 0 }));
      say('on', await a.send({ ...first, sequence: 2 }));
      say('repeat of the last transaction', await a.send({ ...first, sequence: 0, values: ['a', 'b'] }));
      say('producers', await a.producers());
      say('abort', await a.end(first, false));
      const second = await a.init(first);
      say('bumped', String(second.producerEpoch));
      say('begin', await a.add(second));
      say('on', await a.send({ ...second, sequence: 3 }));
      say('from 0', await a.send({ ...second, sequence: 0 }));
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
    },
  },
  {
    name: 'two producers in one request',
    script: async (a, say) => {
      const first = await begun(a);
      const records = (who: Identity) => [batchOf(['x'], { ...who, sequence: 0, transactional: true })];
      const { responses } = await a.client.ask('Produce', {
        transactionalId: a.id,
        acks: -1,
        timeoutMs: 10_000,
        topicData: [
          {
            name: a.topic,
            partitionData: [
              { index: 0, records: records(first) },
              { index: 1, records: records(stranger(first)) },
            ],
          },
        ],
      });
      for (const p of [...responses[0]!.partitionResponses].sort((p, q) => p.index - q.index))
        say(`partition ${p.index}`, named(p.errorCode));
    },
  },
];

const looking: readonly OddInput[] = [
  {
    name: 'lists and descriptions',
    script: async (a, say) => {
      const who = await begun(a);
      say('unknown', await a.described(`${a.id}-not-there`));
      say('empty', await a.described(''));
      const list = async (what: string, filter: object): Promise<void> => {
        const answer = await a.client.ask('ListTransactions', {
          transactionalIdPattern: `${a.id}.*`,
          durationFilter: -1,
          ...filter,
        });
        const found = answer.transactionStates.map((t) => t.transactionState);
        say(what, `${named(answer.errorCode)} ${found.join()} unknown ${answer.unknownStateFilters.join()}`);
      };
      await list('all', {});
      await list('ongoing', { stateFilters: ['Ongoing', 'Sleeping'] });
      await list('unknown states', { stateFilters: ['Sleeping'] });
      await list('empty ones', { stateFilters: ['Empty', 'Dead', 'PrepareEpochFence'] });
      await list('of a producer', { producerIdFilters: [who.producerId] });
      await list('of another', { producerIdFilters: [who.producerId + 1_000_000] });
      await list('old', { durationFilter: 3_600_000 });
      await list('a part of the id', { transactionalIdPattern: a.id.slice(1) });
      await list('no pattern', { transactionalIdPattern: '(' });
      const { topics } = await a.client.ask('DescribeProducers', {
        topics: [
          { name: a.topic, partitionIndexes: [0, 5] },
          { name: `${a.topic}-not-there`, partitionIndexes: [0] },
        ],
      });
      for (const t of topics)
        for (const p of t.partitions)
          say(`producers of ${p.partitionIndex}`, `${named(p.errorCode)} ${p.activeProducers.length}`);
    },
  },
  {
    name: 'coordinators',
    script: async (a, say) => {
      const answers = async (version: number, keyType: number): Promise<string> => {
        const asked = version >= 4 ? { coordinatorKeys: [a.id] } : { key: a.id };
        const answer = await a.client.ask('FindCoordinator', { ...asked, keyType }, version);
        const one = version >= 4 ? answer.coordinators[0]! : answer;
        return `${named(one.errorCode)} ${one.nodeId}`;
      };
      await a.init();
      for (const version of [1, 3, 4, 5])
        for (const keyType of [0, 1, 7]) {
          let answer = await answers(version, keyType);
          for (let i = 0; i < 100 && answer.startsWith('COORD'); i++)
            answer = await answers(version, keyType);
          say(`version ${version} type ${keyType}`, answer);
        }
    },
  },
];

export const oddInputs: readonly OddInput[] = [
  ...initialising,
  ...ending,
  ...timing,
  ...joining,
  ...producing,
  ...looking,
  ...oddInputs2,
];
