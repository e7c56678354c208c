/* The last epochs of a producer id (KIP-890): what a producer is given when there are no more. Bumped up to there one by
 * one, because there is no other way in Kafka: some seconds each. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Identity } from './actor.ts';
import { told, type OddInput } from './odd-input.ts';

/** The last epoch that a client may have. */
const last = 0x7ffe;
const inFlight = 1000;

/** A producer that was initialised until it has this epoch. */
async function withEpoch(a: Actor, epoch: number, timeoutMs = 60_000): Promise<Identity> {
  for (let done = 0; done < epoch; done += inFlight)
    await Promise.all(Array.from({ length: Math.min(inFlight, epoch - done) }, () => a.init()));
  return a.init(undefined, { timeoutMs });
}
const send = (a: Actor, who: Identity, sequence: number): Promise<string> =>
  a.send({ ...who, sequence, version: 12 });

export const lastEpochs: readonly OddInput[] = [
  {
    name: 'an end',
    script: async (a, say) => {
      const first = await withEpoch(a, last - 1);
      say('produce', await send(a, first, 0));
      const second = await a.endAsked(first, true);
      say('commit', told(second, first));
      say('produce', await send(a, second, 0));
      const third = await a.endAsked(second, true);
      say('commit', told(third, second));
      say('described', await a.described());
      say('producers', await a.producers());
      say('again', told(await a.endAsked(second, true), second));
      say('abort after commit', told(await a.endAsked(second, false), second));
      say('the one before', told(await a.endAsked(first, true), second));
      say('goes on as before', told(await a.init(second), second));
      say('goes on', told(await a.init(third), second));
      say('by protocol 1', await a.end(third, true));
      say('the old id', await send(a, second, 1));
      const fourth = await a.init();
      say('a new instance', told(fourth, third));
      say('produce', await send(a, fourth, 0));
      say('abort', told(await a.endAsked(fourth, false), third));
      await a.described();
      say('producers', await a.producers());
      say('fetched', await a.fetched(true));
    },
  },
  {
    name: 'an end of nothing, and the answer is lost',
    script: async (a, say) => {
      const first = await withEpoch(a, last);
      const second = await a.endAsked(first, false);
      say('abort', told(second, first));
      say('again', told(await a.endAsked(first, false), first));
      say('described', await a.described());
      say('produce', await send(a, second, 0));
      say('again', told(await a.endAsked(first, false), first));
      say('commit', told(await a.endAsked(second, true), first));
      say('again, too late', told(await a.endAsked(first, true), first));
    },
  },
  {
    name: 'an end by protocol 1',
    script: async (a, say) => {
      const first = await withEpoch(a, last);
      say('produce', await send(a, first, 0));
      say('commit', await a.end(first, true));
      say('described', await a.described());
      say('produce', await send(a, first, 1));
      say('init', (await a.initOnce()).error);
      const second = await a.init();
      say('init again', told(second, first));
      say('producers', await a.producers());
    },
  },
  {
    name: 'a time that is over',
    script: async (a, say) => {
      const first = await withEpoch(a, last, 400);
      say('produce', await send(a, first, 0));
      for (let i = 0; i < 1000 && (await a.described()).startsWith('Ongoing'); i++) await sleep(20);
      say('described', await a.described());
      say('commit', told(await a.endAsked(first, true), first));
      const fenced = await a.endAsked(first, false);
      say('abort', told(fenced, first));
      // With the epoch before, which has the next one already, Kafka fails.
      say('goes on', told(await a.init(fenced), first));
      say('described', await a.described());
    },
  },
];
