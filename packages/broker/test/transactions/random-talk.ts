/* A talk of several clients under one transactional id, made up from a seed: whatever comes, in whatever order, by whichever
 * protocol and with identities that were right at some time. Kafka is the judge of every answer. */

import { Rng } from '#base';
import { nobody, type Actor, type Identity } from './actor.ts';
import { newer, older, stranger, type OddInput } from './odd-input.ts';

const steps = 60;
const sequencesMax = 4;

class Talk {
  readonly #rng: Rng;
  readonly #actor: Actor;
  readonly #say: (what: string, answer: string) => void;
  /** Every identity that was given, the newest last. */
  readonly #given: Identity[] = [];
  /** The sequences that follow, by identity and partition. */
  readonly #sequences = new Map<string, number>();

  constructor(seed: number, actor: Actor, say: (what: string, answer: string) => void) {
    this.#rng = new Rng(seed);
    this.#actor = actor;
    this.#say = say;
  }
  async all(): Promise<void> {
    await this.#init();
    for (let step = 0; step < steps; step++) {
      await this.#step();
      // Kafka writes its markers behind the answer.
      this.#say('described', await this.#actor.described());
    }
    for (const committed of [true, false]) this.#say('fetched', await this.#actor.fetched(committed));
  }
  async #step(): Promise<void> {
    const dice = this.#rng.below(100);
    if (dice < 35) await this.#send();
    else if (dice < 43) await this.#add();
    else if (dice < 53) await this.#offsets();
    else if (dice < 65) await this.#endByProtocol1();
    else if (dice < 85) await this.#end();
    else if (dice < 93) await this.#init();
    else if (dice < 96) await this.#mark();
    else this.#say('producers', await this.#actor.producers());
  }
  /** Ids differ from broker to broker: told by when they came. */
  #told({ producerId, producerEpoch }: Identity): string {
    const ids = [...new Set(this.#given.map((g) => g.producerId))];
    return `${producerId === -1 ? 'nobody' : ids.indexOf(producerId)} epoch ${producerEpoch}`;
  }
  /** Most often the newest. */
  #who(): Identity {
    const dice = this.#rng.below(20);
    const newest = this.#given.at(-1)!;
    if (dice < 14) return newest;
    if (dice < 18) return this.#rng.pick(this.#given);
    const other = [older, newer, stranger][this.#rng.below(3)]!(newest);
    return other.producerEpoch < 0 ? newest : other;
  }
  #give(answer: Identity & { readonly error: string }): string {
    const { error, producerId, producerEpoch } = answer;
    if (error !== 'NONE') return error;
    this.#given.push({ producerId, producerEpoch });
    return `${error} ${this.#told(answer)}`;
  }

  async #init(): Promise<void> {
    const known = this.#given.length === 0 || this.#rng.below(2) === 0 ? nobody : this.#who();
    const version = this.#rng.between(3, 5);
    const answer = await this.#actor.init(known, { version });
    this.#say(`init as ${this.#told(known)} version ${version}`, this.#give(answer));
  }
  async #send(): Promise<void> {
    const who = this.#who();
    const partition = this.#rng.below(2);
    const version = this.#rng.below(3) === 0 ? this.#rng.between(10, 11) : 12;
    const transactional = this.#rng.below(15) > 0;
    const key = `${who.producerId}/${who.producerEpoch}/${partition}`;
    const next = this.#sequences.get(key) ?? 0;
    const sequence = this.#rng.below(4) > 0 ? next : this.#rng.below(sequencesMax);
    const answer = await this.#actor.send({ ...who, sequence, partition, version, transactional });
    if (answer.startsWith('at')) this.#sequences.set(key, Math.max(next, sequence + 1));
    const what = `send ${sequence} to ${partition} by ${this.#told(who)} version ${version}`;
    this.#say(transactional ? what : `${what}, not transactional`, answer);
  }
  async #add(): Promise<void> {
    const who = this.#who();
    const partitions = this.#rng.pick([[0], [1], [0, 1]]);
    const what = `add ${partitions.join()} by ${this.#told(who)}`;
    this.#say(what, await this.#actor.add(who, { partitions }));
  }
  async #offsets(): Promise<void> {
    const who = this.#who();
    const group = `${this.#actor.topic}-group`;
    const version = this.#rng.between(3, 5);
    if (version < 5 && this.#rng.below(2) === 0)
      this.#say(`group by ${this.#told(who)}`, await this.#actor.addGroup(who, group));
    const answer = await this.#actor.commitOffsets(who, group, { version });
    this.#say(`offsets by ${this.#told(who)} version ${version}`, answer);
  }
  async #endByProtocol1(): Promise<void> {
    const who = this.#who();
    const commit = this.#rng.below(2) === 0;
    const version = this.#rng.between(1, 4);
    const what = `${commit ? 'commit' : 'abort'} by ${this.#told(who)} version ${version}`;
    this.#say(what, await this.#actor.end(who, commit, { version }));
  }
  async #end(): Promise<void> {
    const who = this.#who();
    const commit = this.#rng.below(2) === 0;
    const answer = await this.#actor.endAsked(who, commit);
    this.#say(`${commit ? 'commit' : 'abort'} by ${this.#told(who)}`, this.#give(answer));
  }
  /** By an identity that was given: with a newer epoch Kafka's own coordinator cannot write its markers any more. */
  async #mark(): Promise<void> {
    const who = this.#rng.pick(this.#given);
    const commit = this.#rng.below(2) === 0;
    const what = `mark ${commit ? 'commit' : 'abort'} by ${this.#told(who)}`;
    this.#say(what, await this.#actor.mark(who, commit));
  }
}

export const randomTalk = (seed: number): OddInput => ({
  name: `seed ${seed}`,
  script: (actor, say) => new Talk(seed, actor, say).all(),
});
