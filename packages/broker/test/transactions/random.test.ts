/* Several producers at random, of both protocols and changing between them at the last epochs of their ids: transactions that
 * commit, abort, are fenced and time out, batches and ends that are sent twice, brokers that stop and brokers that die in
 * the middle of a write. A reader of committed records sees exactly the
 * committed ones, each partition's in the order that they were acknowledged in, and never one that it would have to take
 * back. The seeds of a failure are in the name of the test; MILLRACE_TXN_SEEDS runs more of them. */

import { afterEach, expect, test } from 'vitest';
import { Rng } from '#base';
import { SimWorld } from '#testkit';
import { Broker } from '../../src/broker.ts';
import { journalKey } from '../../src/cluster/journal.ts';
import { newTransaction, toJson } from '../../src/cluster/transactions/transaction.ts';
import { Actor, nobody, type Identity } from './actor.ts';
import { readCommitted } from './committed-reader.ts';
import { KeptStore } from './kept-store.ts';

const seeds = Array.from({ length: Number(process.env['MILLRACE_TXN_SEEDS'] ?? 30) }, (_, i) => i + 1);
const steps = 150;
const partitions = 2;
const later = Date.UTC(2100, 0, 1);
const timeoutMs = 60_000;
/** The last epoch that a client may have. */
const last = 0x7ffe;

interface Sent {
  readonly partition: number;
  readonly text: string;
  offset: number;
}
/** What one producer believes. */
interface Producer {
  readonly id: string | null;
  who: Identity | undefined;
  /** Of its transactions, from its next initialisation on. */
  protocol: 1 | 2;
  readonly sequences: number[];
  joined: Set<number>;
  /** Records of the open transaction. */
  open: Sent[];
}

class Run {
  readonly #rng: Rng;
  readonly #store = new KeptStore();
  readonly #world: SimWorld;
  readonly #producers: readonly Producer[];
  readonly #committed: Sent[] = [];
  /** What a reader that never goes back has seen. */
  readonly #seen = Array.from({ length: partitions }, () => ({ next: 0, texts: [] as string[] }));
  #broker: Broker | undefined;
  #actor: Actor | undefined;
  #texts = 0;
  /** How often what happened. */
  readonly counts = {
    commit: 0,
    abort: 0,
    fence: 0,
    expire: 0,
    stop: 0,
    death: 0,
    repeat: 0,
    nextEpoch: 0,
    nextId: 0,
    abortOfNothing: 0,
    endAgain: 0,
    abortAfterExpiry: 0,
  };

  constructor(seed: number) {
    this.#rng = new Rng(seed);
    this.#world = new SimWorld(seed, later);
    this.#producers = ['a', 'b', 'c', null].map((id) => ({
      id,
      who: undefined,
      protocol: 1,
      sequences: [],
      joined: new Set(),
      open: [],
    }));
  }
  async all(): Promise<void> {
    for (const [id, producerId, epochsLeft] of [
      ['a', 1, this.#rng.below(40)],
      ['b', 2, this.#rng.below(20)],
    ] as const) {
      const fresh = newTransaction(id, producerId, timeoutMs, later);
      const nearEnd = { ...fresh, producerEpoch: last - epochsLeft };
      this.#store.journal.put(journalKey('transaction', id), toJson(nearEnd));
    }
    this.#store.journal.put(journalKey('producer-ids'), 1000);
    await this.#start();
    for (let step = 0; step < steps; step++) await this.#step();
    for (const producer of this.#producers) if (producer.open.length > 0) await this.#end(producer, true);
    await this.#check(true);
  }
  async close(): Promise<void> {
    this.#actor?.close();
    await this.#broker?.stop();
  }
  async #start(): Promise<void> {
    this.#store.writesLeft = Infinity;
    this.#broker = await Broker.start({ world: this.#world, store: this.#store });
    this.#actor = await Actor.on(this.#broker.bootstrapServers, 'topic');
  }
  async #restart(): Promise<void> {
    await this.close();
    await this.#start();
  }
  /** Asks until a broker that lives answers: one that dies over it is followed by another. */
  async #ask<T>(ask: (actor: Actor) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await ask(this.#actor!);
        if (!this.#store.died) return answer;
      } catch (error) {
        if (!this.#store.died) throw error;
      }
      this.counts.death++;
      await this.#restart();
    }
  }

  async #step(): Promise<void> {
    const producer = this.#rng.pick(this.#producers);
    const dice = this.#rng.below(100);
    if (dice < 4) {
      this.counts.stop++;
      await this.#restart();
    } else if (dice < 12) this.#store.writesLeft = 1 + this.#rng.below(6);
    else if (dice < 18) await this.#check(false);
    else if (producer.who === undefined) await this.#init(producer);
    else if (dice < 60) await this.#send(producer, producer.who);
    else if (producer.id === null) return;
    else if (dice < 80) await this.#end(producer, true);
    else if (dice < 90) await this.#end(producer, false);
    else if (dice < 93) await this.#fence(producer);
    else if (dice < 97) await this.#bump(producer, producer.who);
    else await this.#expire(producer);
  }
  #forget(producer: Producer, who: Identity | undefined): void {
    producer.who = who;
    producer.open = [];
    producer.joined = new Set();
    producer.sequences.length = 0;
  }
  async #init(producer: Producer): Promise<void> {
    const { error, ...who } = await this.#ask((a) => a.init(nobody, { id: producer.id, timeoutMs }));
    expect(error).toBe('NONE');
    producer.protocol = this.#rng.below(2) === 0 ? 1 : 2;
    this.#forget(producer, who);
  }
  /** An identity that follows another: the next epoch, or the first of another id. */
  #expectNext(who: Identity, known: Identity): void {
    if (known.producerEpoch < last) expect(who).toEqual({ ...known, producerEpoch: known.producerEpoch + 1 });
    else {
      this.counts.nextId++;
      expect(who.producerId).not.toBe(known.producerId);
      expect(who.producerEpoch).toBe(0);
    }
  }
  /** KIP-360: the next epoch for the same instance, between transactions. */
  async #bump(producer: Producer, known: Identity): Promise<void> {
    if (producer.joined.size > 0) return;
    const { error, ...who } = await this.#ask((a) => a.init(known, { id: producer.id, timeoutMs }));
    expect(error).toBe('NONE');
    this.#expectNext(who, known);
    this.#forget(producer, who);
  }
  async #send(producer: Producer, who: Identity): Promise<void> {
    const partition = this.#rng.below(partitions);
    const transactional = producer.id !== null;
    const id = producer.id ?? '';
    const { protocol } = producer;
    if (transactional && protocol === 1 && !producer.joined.has(partition))
      expect(await this.#ask((a) => a.add(who, { id, partitions: [partition] }))).toBe('NONE');
    if (transactional) producer.joined.add(partition);
    const sequence = producer.sequences[partition] ?? 0;
    const values = Array.from({ length: this.#rng.between(1, 3) }, () => `${id}${this.#texts++}`);
    const version = protocol === 1 ? 11 : 12;
    const options = {
      ...who,
      sequence,
      partition,
      values,
      transactional,
      transactionalId: producer.id,
      version,
    };
    const answer = await this.#ask((a) => a.send(options));
    expect(answer).toMatch(/^at \d+$/);
    if (this.#rng.below(4) === 0) {
      this.counts.repeat++;
      expect(await this.#ask((a) => a.send(options))).toBe(answer);
    }
    producer.sequences[partition] = sequence + values.length;
    const first = Number(answer.slice(3));
    const sent = values.map((text, i): Sent => ({ partition, text, offset: first + i }));
    if (transactional) producer.open.push(...sent);
    else this.#committed.push(...sent);
  }
  async #end(producer: Producer, commit: boolean): Promise<void> {
    const { who, joined, protocol } = producer;
    if (who === undefined || producer.id === null) return;
    const id = producer.id;
    if (joined.size === 0 && (protocol === 1 || commit)) return;
    if (commit) this.#committed.push(...producer.open);
    this.counts[joined.size === 0 ? 'abortOfNothing' : commit ? 'commit' : 'abort']++;
    if (protocol === 2) return this.#endWithNextEpoch(producer, id, who, commit);
    expect(await this.#ask((a) => a.end(who, commit, { id }))).toBe('NONE');
    producer.open = [];
    producer.joined = new Set();
  }
  async #endWithNextEpoch(producer: Producer, id: string, known: Identity, commit: boolean): Promise<void> {
    const { error, ...who } = await this.#ask((a) => a.endAsked(known, commit, { id }));
    expect(error).toBe('NONE');
    this.#expectNext(who, known);
    this.counts.nextEpoch++;
    if (this.#rng.below(3) === 0) {
      this.counts.endAgain++;
      expect(await this.#ask((a) => a.endAsked(known, commit, { id }))).toEqual({ error, ...who });
    }
    this.#forget(producer, who);
  }
  /** Another instance takes over; the one before gets nothing in any more. */
  async #fence(producer: Producer): Promise<void> {
    const { who: older, joined, id } = producer;
    this.counts.fence++;
    await this.#init(producer);
    if (older === undefined || id === null) return;
    // Of another producer id: the coordinator knows the older one no more, or as the one before.
    const isOther = older.producerId !== producer.who?.producerId;
    const fenced = isOther ? /^PRODUCER_FENCED$|^INVALID_PRODUCER_ID_MAPPING$/ : /^PRODUCER_FENCED$/;
    expect(await this.#ask((a) => a.end(older, true, { id }))).toMatch(fenced);
    expect((await this.#ask((a) => a.endAsked(older, true, { id }))).error).toMatch(fenced);
    const [partition = 0] = joined;
    for (const version of [11, 12]) {
      const late = { ...older, sequence: 0, partition, values: ['late'], transactionalId: id, version };
      const answer = await this.#ask((a) => a.send(late));
      if (isOther) expect(answer).toMatch(/^INVALID_PRODUCER_(EPOCH|ID_MAPPING)$/);
      else expect(answer).toBe('INVALID_PRODUCER_EPOCH');
    }
  }
  /** By a test's hand, or by the clock, which then ends every open transaction. */
  async #expire(producer: Producer): Promise<void> {
    const { joined, who, id } = producer;
    if (joined.size === 0 || who === undefined || id === null) return;
    this.counts.expire++;
    const byClock = this.#rng.below(2) === 0;
    await this.#ask(async () => {
      if (byClock) this.#world.moveTo(this.#world.now() + timeoutMs);
      else if ((await this.#actor!.described(id)).startsWith('Ongoing')) this.#broker!.expireTransaction(id);
    });
    const ended = byClock ? this.#producers.filter((p) => p.joined.size > 0) : [producer];
    for (const each of ended) await this.#afterExpiry(each, each.who!, each.id!);
  }
  /** The epoch is over; a producer of protocol 2 may abort what was aborted for it, and goes on. */
  async #afterExpiry(producer: Producer, known: Identity, id: string): Promise<void> {
    // The largest epoch, which a producer has only after such an abort, is followed by another id at once.
    const isLargest = known.producerEpoch > last;
    const fenced = isLargest ? 'INVALID_PRODUCER_ID_MAPPING' : 'PRODUCER_FENCED';
    expect(await this.#ask((a) => a.end(known, true, { id }))).toBe(fenced);
    expect((await this.#ask((a) => a.endAsked(known, true, { id }))).error).toBe('INVALID_TXN_STATE');
    if (producer.protocol === 1) return this.#forget(producer, undefined);
    const { error, ...who } = await this.#ask((a) => a.endAsked(known, false, { id }));
    expect(error).toBe('NONE');
    if (isLargest) this.#expectNext(who, known);
    else expect(who).toEqual({ ...known, producerEpoch: known.producerEpoch + 1 });
    this.counts.abortAfterExpiry++;
    this.#forget(producer, who);
  }

  async #check(whole: boolean): Promise<void> {
    for (const [partition, seen] of this.#seen.entries()) {
      const bytes = this.#rng.between(1, 600);
      const { texts, next } = await this.#ask((a) =>
        readCommitted(a.client, 'topic', partition, seen.next, bytes),
      );
      seen.texts.push(...texts);
      seen.next = next;
      const expected = this.#committed
        .filter((s) => s.partition === partition)
        .sort((a, b) => a.offset - b.offset)
        .map((s) => s.text);
      if (whole) {
        expect(seen.texts).toEqual(expected);
        const again = await this.#ask((a) => readCommitted(a.client, 'topic', partition, 0, bytes));
        expect(again.texts).toEqual(expected);
      } else expect(seen.texts).toEqual(expected.slice(0, seen.texts.length));
    }
  }
}

let run: Run | undefined;
afterEach(async () => run?.close());

const counts: Record<string, number> = {};
test.for(seeds)('exactly the committed records appear, seed %i', async (seed) => {
  run = new Run(seed);
  await run.all();
  for (const [what, count] of Object.entries(run.counts)) counts[what] = (counts[what] ?? 0) + count;
});
test('the seeds between them saw everything', () => {
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0);
  expect(Object.keys(counts).length).toBeGreaterThan(0);
});
