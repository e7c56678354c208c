/* Transactions of protocol 2 (KIP-890) as they go right and wrong: partitions and groups join by what is written, every end
 * gives the next epoch; clients of both protocols under one id; markers from outside. */

import { setTimeout as sleep } from 'node:timers/promises';
import { apis } from '#kafka';
import { named, type Actor, type Identity } from './actor.ts';
import { newer, older, stranger, told, type OddInput } from './odd-input.ts';
import { batchOf } from './wire-client.ts';

/** As a client of protocol 2 sends. */
const send = (
  a: Actor,
  who: Identity,
  sequence: number,
  more: Partial<Parameters<Actor['send']>[0]> = {},
): Promise<string> => a.send({ ...who, sequence, version: 12, ...more });
const commitOffsets = (
  a: Actor,
  who: Identity,
  group: string,
  more: NonNullable<Parameters<Actor['commitOffsets']>[2]> = {},
): Promise<string> => a.commitOffsets(who, group, { version: 5, ...more });

const going: readonly OddInput[] = [
  {
    name: 'protocol 2: partitions join with their first records',
    script: async (a, say) => {
      const first = await a.init();
      say('first', await send(a, first, 0));
      say('described', await a.described());
      say('on', await send(a, first, 1));
      say('another partition', await send(a, first, 0, { partition: 1 }));
      say('described', await a.described());
      say('open', await a.fetched(true));
      const second = await a.endAsked(first, true);
      say('commit', told(second, first));
      say('described', await a.described());
      say('fetched', await a.fetched(true));
      say('producers', await a.producers());
      say('by the epoch before', await send(a, first, 2));
      say('a repeat by the epoch before', await send(a, first, 1));
      say('in the middle', await send(a, second, 2));
      say('from 0', await send(a, second, 0));
      say('a repeat', await send(a, second, 0));
      say('gap', await send(a, second, 2));
      say('on', await send(a, second, 1));
      say('producers', await a.producers());
      const third = await a.endAsked(second, false);
      say('abort', told(third, second));
      say('described', await a.described());
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
      say('not transactional', await send(a, third, 0, { transactional: false }));
      say('uncommitted', await a.fetched(false));
    },
  },
  {
    name: 'protocol 2: ends that come again',
    script: async (a, say) => {
      const first = await a.init();
      say('commit of nothing', told(await a.endAsked(first, true), first));
      say('older commit', told(await a.endAsked(older(first), true), first));
      say('older abort', told(await a.endAsked(older(first), false), first));
      say('newer abort', told(await a.endAsked(newer(first), false), first));
      say('produce', await send(a, first, 0));
      say('older commit', told(await a.endAsked(older(first), true), first));
      say('newer commit', told(await a.endAsked(newer(first), true), first));
      const second = await a.endAsked(first, true);
      say('commit', told(second, first));
      await a.described();
      say('commit again', told(await a.endAsked(first, true), first));
      say('abort after commit', told(await a.endAsked(first, false), first));
      say('the next commit', told(await a.endAsked(second, true), second));
      say('newer', told(await a.endAsked(newer(second), true), second));
      say('older than that', told(await a.endAsked(older(first), true), second));
      say('described', await a.described());
      const third = await a.endAsked(second, false);
      say('the next abort', told(third, second));
      say('described', await a.described());
      say('abort again', told(await a.endAsked(second, false), second));
      say('commit after abort', told(await a.endAsked(second, true), second));
      say('commit of nothing', told(await a.endAsked(third, true), third));
      say('two ends ago', told(await a.endAsked(first, true), first));
      const fourth = await a.endAsked(third, false);
      say('abort of nothing', told(fourth, third));
      say('described', await a.described());
      say('fetched', await a.fetched(true));
      say('producers', await a.producers());
      say('produce', await send(a, fourth, 0));
      say('while another is open', told(await a.endAsked(third, false), third));
      say('commit', told(await a.endAsked(fourth, true), fourth));
    },
  },
  {
    name: 'protocol 2: ends of what was not begun',
    script: async (a, say) => {
      const nobodys = { producerId: 1, producerEpoch: 0 };
      say('unknown id', told(await a.endAsked(nobodys, true), nobodys));
      say('empty id', told(await a.endAsked(nobodys, true, { id: '' }), nobodys));
      const who = await a.init();
      say('stranger', told(await a.endAsked(stranger(who), true), who));
      const next = await a.endAsked(who, false);
      say('abort', told(next, who));
      say('described', await a.described());
      say('abort again', told(await a.endAsked(who, false), who));
      say('goes on', told(await a.init(who), who));
      say('described', await a.described());
      say('ends as before', told(await a.endAsked(who, false), who));
      say('ends as the next', told(await a.endAsked(next, false), who));
      const another = await a.init();
      say('a new instance', told(another, who));
      say('by the one before', told(await a.endAsked(next, false), who));
      say('by this one', told(await a.endAsked(another, false), who));
      say('described', await a.described());
    },
  },
  {
    name: 'protocol 2: an identity that goes on',
    script: async (a, say) => {
      const first = await a.init();
      say('produce', await send(a, first, 0));
      const second = await a.endAsked(first, true);
      await a.described();
      const third = await a.init(second);
      say('goes on', told(third, first));
      say('the answer was lost', told(await a.init(second), first));
      say('from the first', told(await a.init(first), first));
      say('end by the second', told(await a.endAsked(second, true), first));
      say('produce', await send(a, third, 0));
      say('init while open', told(await a.initOnce(third), first));
      say('init again', told(await a.init(third), first));
      say('described', await a.described());
      say('produce by the third', await send(a, third, 1));
      say('commit by the third', told(await a.endAsked(third, true), first));
      say('abort by the third', told(await a.endAsked(third, false), first));
      say('described', await a.described());
      say('producers', await a.producers());
    },
  },
  {
    name: 'protocol 2: the answer to an end is lost, and the identity before goes on',
    script: async (a, say) => {
      const first = await a.init();
      say('produce', await send(a, first, 0));
      say('commit', told(await a.endAsked(first, true), first));
      await a.described();
      const got = await a.init(first);
      say('init by the one before', told(got, first));
      say('described', await a.described());
      say('commit again', told(await a.endAsked(first, true), first));
      say('produce', await send(a, got, 0));
      say('commit', told(await a.endAsked(got, true), first));
    },
  },
];

const fencing: readonly OddInput[] = [
  {
    name: 'protocol 2: a new instance while a transaction is open',
    script: async (a, say) => {
      const first = await a.init();
      say('produce', await send(a, first, 0));
      say('offsets', await commitOffsets(a, first, `${a.topic}-group`));
      say('init', (await a.initOnce()).error);
      const second = await a.init();
      say('init again', told(second, first));
      say('described', await a.described());
      say('the first produces', await send(a, first, 1));
      say('in another partition', await send(a, first, 0, { partition: 1 }));
      say('commits offsets', await commitOffsets(a, first, `${a.topic}-group`));
      say('commits', told(await a.endAsked(first, true), first));
      say('aborts', told(await a.endAsked(first, false), first));
      say('commits by protocol 1', await a.end(first, true));
      say('the one between aborts', told(await a.endAsked(newer(first), false), first));
      say('the second produces', await send(a, second, 0));
      say('commits', told(await a.endAsked(second, true), second));
      await a.described();
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
      say('committed', await a.committed(`${a.topic}-group`));
    },
  },
  {
    name: 'protocol 2: a transaction whose time is over',
    script: async (a, say) => {
      const who = await a.init(undefined, { timeoutMs: 400 });
      say('produce', await send(a, who, 0));
      await expired(a);
      say('described', await a.described());
      say('fetched', await a.fetched(true));
      say('producers', await a.producers());
      say('produce', await send(a, who, 1));
      say('produce elsewhere', await send(a, who, 0, { partition: 1 }));
      say('offsets', await commitOffsets(a, who, 'g'));
      say('commit', told(await a.endAsked(who, true), who));
      const next = await a.endAsked(who, false);
      say('abort', told(next, who));
      say('goes on', told(await a.init(who), who));
      say('produce', await send(a, next, 0));
      say('commit', told(await a.endAsked(next, true), who));
      say('described', await a.described());
    },
  },
  {
    name: 'protocol 2: time is over and a new instance comes',
    script: async (a, say) => {
      const who = await a.init(undefined, { timeoutMs: 400 });
      say('produce', await send(a, who, 0));
      await expired(a);
      const next = await a.init();
      say('init', told(next, who));
      say('abort', told(await a.endAsked(who, false), who));
      say('goes on', told(await a.init(who), who));
      say('commit', told(await a.endAsked(next, true), who));
      say('described', await a.described());
    },
  },
];
async function expired(a: Actor): Promise<void> {
  for (let tries = 0; tries < 1000 && (await a.described()).startsWith('Ongoing'); tries++) await sleep(20);
}

const joining: readonly OddInput[] = [
  {
    name: 'protocol 2: groups and their offsets',
    script: async (a, say) => {
      const who = await a.init();
      const group = `${a.topic}-group`;
      say('unknown topic', await commitOffsets(a, who, group, { topic: `${a.topic}-not-there` }));
      say('no group', await commitOffsets(a, who, ''));
      say('unknown id', await commitOffsets(a, who, group, { id: `${a.id}-not-there` }));
      say('empty id', await commitOffsets(a, who, group, { id: '' }));
      say('older', await commitOffsets(a, older(who), group));
      say('newer', await commitOffsets(a, newer(who), group));
      say('stranger', await commitOffsets(a, stranger(who), group));
      say('described', await a.described());
      say('a generation of no group', await commitOffsets(a, who, group, { generationId: 3, memberId: 'm' }));
      say('described', await a.described());
      say('long metadata', await commitOffsets(a, who, group, { metadata: 'x'.repeat(5000) }));
      say('offsets', await commitOffsets(a, who, group));
      say('in version 4', await a.commitOffsets(who, group));
      say('committed', await a.committed(group));
      const next = await a.endAsked(who, true);
      say('commit', told(next, who));
      say('described', await a.described());
      say('committed', await a.committed(group));
      say('by the epoch before', await commitOffsets(a, who, group));
      say('in version 4 without the group', await a.commitOffsets(next, group));
      say('the next', await commitOffsets(a, next, `${group}-2`));
      say('described', await a.described());
      say('abort', told(await a.endAsked(next, false), who));
      await a.described();
      say('committed', await a.committed(`${group}-2`));
    },
  },
  {
    name: 'protocol 2: records that are not taken',
    script: async (a, say) => {
      const who = await a.init();
      say('older', await send(a, older(who), 0));
      say('newer', await send(a, newer(who), 0));
      say('stranger', await send(a, stranger(who), 0));
      say('another transactional id', await send(a, who, 0, { transactionalId: `${a.id}-x` }));
      say('empty transactional id', await send(a, who, 0, { transactionalId: '' }));
      say('no transactional id', await send(a, who, 0, { transactionalId: null }));
      say('described', await a.described());
      say('not the first sequence', await send(a, who, 3));
      say('described', await a.described());
      say('by protocol 1', await send(a, who, 3, { version: 11 }));
      say('the first sequence', await send(a, who, 0));
      say('not transactional meanwhile', await send(a, who, 1, { transactional: false }));
      say('another id meanwhile', await send(a, who, 1, { transactionalId: `${a.id}-x` }));
      say('a new epoch meanwhile', await send(a, newer(who), 0));
      const next = await a.endAsked(who, false);
      say('abort', told(next, who));
      say('overtaking', await send(a, next, 1));
      say('described', await a.described());
      say('the first', await send(a, next, 0));
      say('the other', await send(a, next, 1));
    },
  },
  {
    name: 'protocol 2: the first sequence in a partition that knows nobody',
    script: async (a, say) => {
      const who = await a.init();
      say('added by protocol 1', await a.add(who, { partitions: [0, 1] }));
      say('by protocol 1', await send(a, who, 5, { version: 11 }));
      say('by protocol 2', await send(a, who, 5, { partition: 1 }));
      say('by protocol 1 after it', await send(a, who, 5, { partition: 1, version: 11 }));
      say('the first', await send(a, who, 0, { partition: 1 }));
    },
  },
  {
    name: 'protocol 2: several partitions in one request',
    script: async (a, say) => {
      const who = await a.init();
      const produce = async (what: string, batches: readonly [number, number, Identity][]): Promise<void> => {
        const { responses } = await a.client.ask(
          'Produce',
          {
            transactionalId: a.id,
            acks: -1,
            timeoutMs: 10_000,
            topicData: [
              {
                name: a.topic,
                partitionData: batches.map(([index, sequence, by]) => ({
                  index,
                  records: [batchOf(['x'], { ...by, sequence, transactional: true })],
                })),
              },
            ],
          },
          12,
        );
        const answers = responses
          .flatMap((r) => [...r.partitionResponses])
          .sort((p, q) => p.index - q.index)
          .map((p) => `${p.index} ${named(p.errorCode)}`);
        say(what, answers.join());
      };
      await produce('two producers', [
        [0, 0, who],
        [1, 0, stranger(who)],
      ]);
      say('described', await a.described());
      await produce('one that is not there', [
        [0, 0, who],
        [9, 0, who],
      ]);
      say('described', await a.described());
      await produce('one out of order', [
        [0, 4, who],
        [1, 0, who],
      ]);
      say('described', await a.described());
      const next = await a.endAsked(who, true);
      await a.described();
      await produce('both, of which one by another epoch', [
        [0, 0, next],
        [1, 0, who],
      ]);
      await produce('both', [
        [0, 0, next],
        [1, 0, next],
      ]);
      say('described', await a.described());
    },
  },
];

const mixed: readonly OddInput[] = [
  {
    name: 'both protocols: a producer that changes between them',
    script: async (a, say) => {
      const first = await a.init();
      say('added by protocol 1', await a.add(first));
      say('produce by protocol 1', await send(a, first, 0, { version: 11 }));
      say('produce by protocol 2', await send(a, first, 1));
      say('elsewhere by protocol 2', await send(a, first, 0, { partition: 1 }));
      say('commit by protocol 1', await a.end(first, true));
      say('described', await a.described());
      say('commit again by protocol 2', told(await a.endAsked(first, true), first));
      say('by protocol 1', await a.end(first, true));
      say('begun by protocol 2', await send(a, first, 2));
      say('described', await a.described());
      const second = await a.endAsked(first, true);
      say('commit by protocol 2', told(second, first));
      await a.described();
      say('commit again by protocol 1', await a.end(first, true));
      say('by the next', await a.end(second, true));
      say('abort by the next', await a.end(second, false));
      say('added by protocol 1', await a.add(second));
      say('in the middle', await send(a, second, 3, { version: 11 }));
      say('from 0', await send(a, second, 0, { version: 11 }));
      const third = await a.endAsked(second, false);
      say('abort by protocol 2', told(third, first));
      await a.described();
      say('abort again by protocol 1', await a.end(second, false));
      say('abort by protocol 1', await a.end(third, false));
      say('goes on', told(await a.init(third), first));
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
    },
  },
  {
    name: 'both protocols: the other takes an id over',
    script: async (a, say) => {
      const first = await a.init();
      say('by protocol 2', await send(a, first, 0));
      const second = await a.init(undefined, { version: 4 });
      say('a client of protocol 1', told(second, first));
      say('added', await a.add(second));
      say('produce', await send(a, second, 0, { version: 11 }));
      const third = await a.init();
      say('a client of protocol 2', told(third, first));
      say('the one of protocol 1 commits', await a.end(second, true));
      say('aborts', await a.end(second, false));
      say('aborts by protocol 2', told(await a.endAsked(second, false), first));
      say('goes on', told(await a.init(second), first));
      say('produce', await send(a, third, 0));
      say('commit', told(await a.endAsked(third, true), first));
      say('described', await a.described());
      say('producers', await a.producers());
    },
  },
  {
    name: 'both protocols: time is over for a producer of protocol 1',
    script: async (a, say) => {
      const who = await a.init(undefined, { timeoutMs: 400 });
      say('begin', await a.add(who));
      say('produce', await send(a, who, 0, { version: 11 }));
      await expired(a);
      say('described', await a.described());
      say('commit', await a.end(who, true));
      say('abort', await a.end(who, false));
      say('abort by protocol 2', told(await a.endAsked(who, false), who));
      say('commit by protocol 2', told(await a.endAsked(who, true), who));
      const next = await a.init(who);
      say('goes on', told(next, who));
      say('begin', await a.add(next));
      say('commit', await a.end(next, true));
    },
  },
  {
    name: 'both protocols: partitions that another broker adds',
    script: async (a, say) => {
      const who = await a.init();
      const add = async (what: string, identity: Identity, partitions: number[]): Promise<void> => {
        const answer = await a.client.ask('AddPartitionsToTxn', {
          transactions: [
            {
              transactionalId: a.id,
              producerId: identity.producerId,
              producerEpoch: identity.producerEpoch,
              verifyOnly: false,
              topics: [{ name: a.topic, partitions }],
            },
          ],
        });
        const errors = answer.resultsByTransaction
          .flatMap((t) => t.topicResults.flatMap((r) => [...r.resultsByPartition]))
          .sort((p, q) => p.partitionIndex - q.partitionIndex);
        say(what, errors.map((p) => named(p.partitionErrorCode)).join());
      };
      await add('added', who, [0, 1]);
      say('described', await a.described());
      say('produce', await send(a, who, 0, { version: 11 }));
      const next = await a.endAsked(who, true);
      await a.described();
      await add('by the epoch before', who, [0]);
      await add('by the next', next, [0]);
    },
  },
];

const outside: readonly OddInput[] = [
  {
    name: 'markers from outside',
    script: async (a, say) => {
      const who = await a.init();
      say('produce', await send(a, who, 0));
      say('elsewhere', await send(a, who, 0, { partition: 1 }));
      say('older', await a.mark(older(who), false));
      say('unknown topic', await a.mark(who, false, { topic: `${a.topic}-not-there` }));
      say('unknown partition, and one that is', await a.mark(who, false, { partitions: [0, 9] }));
      say('fetched', await a.fetched(true));
      say('producers', await a.producers());
      say('again', await a.mark(who, false));
      say('described', await a.described());
      say('produce', await send(a, who, 1));
      say('fetched', await a.fetched(true));
      say('commit from outside', await a.mark(who, true, { coordinatorEpoch: 3 }));
      say('an older coordinator', await a.mark(who, true, { coordinatorEpoch: 2 }));
      say('producers', await a.producers());
      say('a newer epoch', await a.mark(newer(who), true, { coordinatorEpoch: 3 }));
      say('produce', await send(a, who, 2));
      say('somebody unknown', await a.mark(stranger(who), true));
      say('no topics', await a.mark(who, true, { partitions: [] }));
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
      const { markers } = await a.client.ask('WriteTxnMarkers', { markers: [] });
      say('no markers', String(markers.length));
    },
  },
  {
    name: 'markers from outside for offsets',
    script: async (a, say) => {
      const who = await a.init();
      const group = `${a.topic}-group`;
      const topic = '__consumer_offsets';
      say('offsets', await commitOffsets(a, who, group));
      say('unknown partition', await a.mark(who, true, { topic, partitions: [77] }));
      say('committed', await a.committed(group));
      say('commit', await a.mark(who, true, { topic }));
      say('committed', await a.committed(group));
      say('described', await a.described());
      say('abort of all', told(await a.endAsked(who, false), who));
      await a.described();
      say('committed', await a.committed(group));
    },
  },
  {
    name: 'features',
    script: async (a, say) => {
      for (const version of [3, 4]) {
        const asked = { clientSoftwareName: 'x', clientSoftwareVersion: '1' };
        const answer = await a.client.ask('ApiVersions', asked, version);
        const ours = (f: { readonly name: string }): boolean =>
          ['transaction.version', 'group.version'].includes(f.name);
        const supported = answer.supportedFeatures.filter(ours);
        const finalized = answer.finalizedFeatures.filter(ours);
        const byName = (p: string, q: string): number => (p < q ? -1 : 1);
        say(
          `supported, version ${version}`,
          String(supported.map((f) => `${f.name} ${f.minVersion}-${f.maxVersion}`).sort(byName)),
        );
        say(
          `in force, version ${version}`,
          String(finalized.map((f) => `${f.name} ${f.minVersionLevel}-${f.maxVersionLevel}`).sort(byName)),
        );
        const keys = [0, 22, 24, 25, 26, 27, 28];
        for (const key of keys) {
          const api = answer.apiKeys.find((k) => k.apiKey === key)!;
          const name = Object.entries(apis).find(([, each]) => each.key === key)![0];
          // Of Produce Kafka has a newer version yet.
          say(name, key === 0 ? String(api.maxVersion >= 12) : `${api.minVersion}-${api.maxVersion}`);
        }
      }
    },
  },
];

export const oddInputs2: readonly OddInput[] = [...going, ...fencing, ...joining, ...mixed, ...outside];
