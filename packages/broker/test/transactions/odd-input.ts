/* A short script of a client whose observations are compared between brokers, and who appears in such scripts. */

import type { Actor, Identity, Initialised } from './actor.ts';

export interface OddInput {
  readonly name: string;
  readonly script: (actor: Actor, say: (what: string, answer: string) => void) => Promise<void>;
}

/** A producer with its transaction begun in partition 0, by protocol 1. */
export async function begun(actor: Actor): Promise<Identity> {
  const who = await actor.init();
  await actor.add(who);
  return who;
}
export const older = (who: Identity): Identity => ({ ...who, producerEpoch: who.producerEpoch - 1 });
export const newer = (who: Identity): Identity => ({ ...who, producerEpoch: who.producerEpoch + 1 });
export const stranger = (who: Identity): Identity => ({ ...who, producerId: who.producerId + 1_000_000 });

/** Who one is after an end, told beside who one was: ids differ from broker to broker. */
export const told = ({ error, producerId, producerEpoch }: Initialised, before: Identity): string => {
  const id = producerId === -1 ? 'none' : producerId === before.producerId ? 'same id' : 'another id';
  return `${error} ${id} epoch ${producerEpoch}`;
};
