/* The same requests to a real Kafka and to ours, and their answers side by side. */

import { expect } from 'vitest';
import { realWorld } from '#host';
import { apis, type ApiName, type Messages, type Sparse } from '#kafka';
import type { WireClient } from './wire-client.ts';

/** Ids, times and addresses differ; everything else must not. */
const hidden = new Set([
  'topicId',
  'clusterId',
  'host',
  'port',
  'throttleTimeMs',
  'sessionId',
  'brokers',
  'logDir',
  'totalBytes',
  'usableBytes',
  'brokerId',
]);
function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return ordered(value).map(shown);
  if (typeof value !== 'object' || value === null) return value;
  // Kafka sets this one for the whole cluster when it formats its disk.
  if ('name' in value && value.name === 'min.insync.replicas') return value.name;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !hidden.has(key))
      .map(([key, v]) => [key, shown(v)]),
  );
}
/** Kafka gives partitions in no order. */
const ordered = (items: readonly unknown[]): unknown[] => [...items].sort((a, b) => indexOf(a) - indexOf(b));
const indexOf = (item: unknown): number => (item as { partitionIndex?: number } | null)?.partitionIndex ?? 0;

export type Ask = <N extends ApiName>(
  name: N,
  request: Sparse<Messages[N]['request']>,
  version?: number,
) => Promise<Messages[N]['response']>;
export type Script = (ask: Ask, client: WireClient, topic: string) => Promise<void>;

/** Has the same talk with all; what each step answers must be equal, also where it is the end of the connection. */
export async function sameTalk(
  clients: readonly WireClient[],
  topic: string,
  script: Script,
): Promise<unknown[]> {
  const heard: unknown[][] = [];
  for (const client of clients) {
    const answers: unknown[] = [];
    heard.push(answers);
    const ask: Ask = async (name, request, version = apis[name].max) => {
      const answer = await client
        .send(name, request, version)
        .catch((error: unknown) => ({ closed: String(error) }));
      answers.push({ name, version, answer: shown(answer) });
      return answer as never;
    };
    await script(ask, client, topic);
  }
  expect(heard[1]).toEqual(heard[0]);
  return heard[0]!;
}
/** Waits until the topic is led, and its leader knows: Kafka takes a while. */
export async function made(
  client: WireClient,
  topic: string,
  configs: Record<string, string> = {},
  partitions = 1,
): Promise<void> {
  await client.createTopic(topic, configs, partitions);
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }));
  for (let tries = 0; tries < 1000; tries++) {
    const led = await client.send('ListOffsets', {
      replicaId: -1,
      topics: [{ name: topic, partitions: asked }],
    });
    if (led.topics[0]!.partitions.every((p) => p.errorCode === 0)) return;
    await realWorld().breathe();
  }
}
/** Waits until all that was changed is known to who answers: Kafka's controller and its broker are two. When the second topic
 *  is there, all is done that the first brought along. */
export async function settled(client: WireClient, topic: string): Promise<void> {
  for (const marker of ['settled', 'settled-again']) await made(client, `${topic}-${marker}`);
}
export const produce = (
  topic: string,
  index: number,
  records: Uint8Array | null,
  acks = -1,
): Sparse<Messages['Produce']['request']> => ({
  acks,
  timeoutMs: 5000,
  topicData: [{ name: topic, partitionData: [{ index, records: records === null ? null : [records] }] }],
});
