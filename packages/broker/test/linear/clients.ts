/* Producers and readers of one partition that note what they did and saw. They find the leader, lose connections, and go on. */

import type { Rng, World } from '#base';
import { errorCodes } from '#kafka';
import { readRecordBatch } from '#records';
import type { Asking } from '../wire-codec.ts';
import { idempotent } from '../log/idempotent.ts';
import { recordTexts } from '../log/record-texts.ts';
import { batchOf } from '../wire-client.ts';
import type { Fetched, Kept, Produced } from './history.ts';

export const topic = 'orders';

/** What the clients of one run share. */
export interface Scene {
  readonly world: World;
  readonly rng: Rng;
  readonly connect: (node: number) => Promise<Asking>;
  readonly produced: Produced[];
  readonly fetched: Fetched[];
  /** The next moment. */
  readonly tick: () => number;
  /** Producers have all sent what they had to. */
  over: boolean;
}

const sleep = ({ world }: Scene, ms: number): Promise<void> =>
  new Promise((resolve) => {
    world.after(ms, resolve);
  });

/** A connection to the node that is believed to be the leader. */
class Leader {
  readonly #scene: Scene;
  #node = 1;
  #connection: Promise<Asking> | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
  }
  /** Rejects where the connection ends before the answer. */
  async ask<T>(request: (connection: Asking) => Promise<T>): Promise<T> {
    this.#connection ??= this.#scene.connect(this.#node);
    const connection = this.#connection;
    try {
      return await request(await connection);
    } catch (error) {
      if (this.#connection === connection) this.close();
      throw error;
    }
  }
  /** Asks who leads; stays where it is when nobody answers. */
  async find(): Promise<void> {
    const { rng } = this.#scene;
    await sleep(this.#scene, rng.below(5));
    const answer = await this.ask((c) => c.send('Metadata', { topics: [{ name: topic }] }, 9)).catch(
      () => undefined,
    );
    const leader = answer?.topics[0]?.partitions[0]?.leaderId ?? rng.between(1, 2);
    if (leader === this.#node) return;
    this.close();
    this.#node = leader;
  }
  close(): void {
    this.#connection?.then(
      (c) => {
        c.close();
      },
      () => {},
    );
    this.#connection = undefined;
  }
}

interface Sent {
  readonly outcome: 'ok' | 'refused' | 'unknown';
  readonly offset: number;
}
async function send(leader: Leader, batch: Buffer): Promise<Sent> {
  const topicData = [{ name: topic, partitionData: [{ index: 0, records: [batch] }] }];
  const request = { acks: -1, timeoutMs: 40, topicData };
  const answer = await leader.ask((c) => c.send('Produce', request, 9)).catch(() => undefined);
  const partition = answer?.responses[0]?.partitionResponses[0];
  if (partition === undefined || partition.errorCode === errorCodes.REQUEST_TIMED_OUT)
    return { outcome: 'unknown', offset: -1 };
  if (partition.errorCode !== 0) return { outcome: 'refused', offset: -1 };
  return { outcome: 'ok', offset: partition.baseOffset };
}

/** Sends each batch once, whatever comes of it. */
export async function produceOnce(scene: Scene, client: string, count: number): Promise<void> {
  const { rng, produced } = scene;
  const leader = new Leader(scene);
  for (let number = 0; number < count; number++) {
    const made = begun(scene, client, number, false);
    const { outcome, offset } = await send(leader, batchOf(made.values, 'none', scene.world.now()));
    const end = outcome === 'unknown' ? Infinity : scene.tick();
    Object.assign(made, { outcome, offset, end });
    produced.push(made);
    if (outcome !== 'ok') await leader.find();
    await sleep(scene, rng.below(8));
  }
  leader.close();
}
function begun({ rng, tick }: Scene, client: string, number: number, repeats: boolean): Produced {
  const values = Array.from({ length: rng.between(1, 3) }, (_, i) => `${client}/${number}/${i}`);
  return {
    client,
    idempotent: repeats,
    number,
    values,
    begin: tick(),
    end: Infinity,
    outcome: 'unknown',
    offset: -1,
  };
}

/** Keeps a few batches in flight and repeats, in order, what was not acknowledged. */
export async function produceIdempotently(
  scene: Scene,
  client: string,
  producerId: number,
  count: number,
): Promise<void> {
  const { rng, produced, tick, world } = scene;
  const leader = new Leader(scene);
  let sequence = 0;
  for (let number = 0; number < count; ) {
    // Of a producer that is not known yet any sequence is taken: the first batch goes alone.
    const window = Array.from({ length: number === 0 ? 1 : rng.between(1, 4) }, (_, i) => {
      const made = begun(scene, client, number + i, true);
      const first = sequence;
      sequence += made.values.length;
      return { made, bytes: idempotent(batchOf(made.values, 'none', world.now()), producerId, 0, first) };
    });
    number += window.length;
    produced.push(...window.map((w) => w.made));
    for (let left = window; left.length > 0; left = left.filter((w) => w.made.outcome !== 'ok')) {
      const sending = left.map(async ({ made, bytes }) => {
        const { outcome, offset } = await send(leader, bytes);
        if (outcome === 'ok') Object.assign(made, { outcome, offset, end: tick() });
      });
      await Promise.all(sending);
      if (left.some((w) => w.made.outcome !== 'ok')) await leader.find();
    }
    await sleep(scene, rng.below(8));
  }
  leader.close();
}

/** Reads on and on, until all is written and seen. */
export async function read(scene: Scene, client: string): Promise<void> {
  const { rng, fetched, tick } = scene;
  const leader = new Leader(scene);
  for (let from = 0, caughtUp = false; !(scene.over && caughtUp); ) {
    const partitions = [{ partition: 0, fetchOffset: from, partitionMaxBytes: rng.pick([1, 300, 10_000]) }];
    const request = {
      maxWaitMs: rng.pick([0, 3, 20]),
      minBytes: 1,
      maxBytes: 10_000,
      topics: [{ topic, partitions }],
    };
    const begin = tick();
    const answer = await leader.ask((c) => c.send('Fetch', request, 11)).catch(() => undefined);
    const partition = answer?.responses[0]?.partitions[0];
    if (partition === undefined || partition.errorCode !== 0) {
      await leader.find();
      continue;
    }
    const records = recordsFrom(Buffer.concat(partition.records ?? []), from);
    const { highWatermark } = partition;
    fetched.push({ client, from, begin, end: tick(), records, highWatermark });
    from += records.length;
    caughtUp = from === highWatermark;
    if (rng.below(3) === 0) await sleep(scene, rng.below(6));
  }
  leader.close();
}
/** The records of whole batches, those before `from` left off. */
function recordsFrom(data: Buffer, from: number): Kept[] {
  return wholeTexts(data)
    .map((text) => {
      const space = text.indexOf(' ');
      return { offset: Number(text.slice(0, space)), value: text.slice(space + 1) };
    })
    .filter(({ offset }) => offset >= from);
}
function wholeTexts(data: Buffer): string[] {
  if (data.length > 0 && readRecordBatch(data, 0) === undefined)
    throw new Error('a fetch began with half a batch');
  return recordTexts(data);
}
