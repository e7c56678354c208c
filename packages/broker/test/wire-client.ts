/* A client of Kafka's protocol for tests: one connection, requests by name, any served version. Nothing is retried, hidden
 * or corrected.
 *
 *   const client = await WireClient.connect(broker.bootstrapServers);
 *   const answer = await client.send('Metadata', { topics: null });
 *   await client.produce('clicks', 0, batchOf(['a', 'b']));
 */

import { connect, type Socket } from 'node:net';
import { apis, type ApiName, type Messages, type Sparse } from '#kafka';
import { BatchWriter, type Codec } from '#records';
import { readAnswer, requestFrame, type Asking } from './wire-codec.ts';

interface Waiting {
  readonly done: (frame: Buffer) => void;
  readonly failed: (error: Error) => void;
}

export class WireClient implements Asking {
  readonly socket: Socket;
  /** By correlation id. */
  readonly #waiting = new Map<number, Waiting>();
  #correlation = 0;
  #data: Buffer = Buffer.alloc(0);
  #ended: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }
  /** `servers`: host:port. */
  static connect(servers: string): Promise<WireClient> {
    const [host, port] = servers.split(':');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host!);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new WireClient(socket)));
    });
  }
  #take(chunk: Buffer): void {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
    while (this.#data.length >= 4 && this.#data.length >= 4 + this.#data.readInt32BE(0)) {
      const end = 4 + this.#data.readInt32BE(0);
      const frame = this.#data.subarray(4, end);
      this.#data = this.#data.subarray(end);
      this.#waiting.get(frame.readInt32BE(0))?.done(frame);
      this.#waiting.delete(frame.readInt32BE(0));
    }
  }
  #end(error: Error): void {
    this.#ended = error;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }
  /** Sends a request in `version`, the latest served unless told otherwise. Rejects when the connection ends. */
  async send<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version: number = apis[name].max,
  ): Promise<Messages[N]['response']> {
    const correlation = this.#correlation++;
    const frame = this.write(name, request, version, correlation);
    const answer = await new Promise<Buffer>((done, failed) => {
      if (this.#ended !== undefined) return failed(this.#ended);
      this.#waiting.set(correlation, { done, failed });
      this.socket.write(frame);
    });
    return readAnswer(name, version, answer);
  }
  /** The bytes of a request, with their length. */
  write<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version: number,
    correlation = 0,
  ): Buffer {
    const frame = requestFrame(name, version, request, correlation);
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    return Buffer.concat([length, frame]);
  }
  /** Produces one batch; gives the partition's answer. Throws for an error. */
  async produce(topic: string, index: number, batch: Uint8Array, acks = -1): Promise<{ baseOffset: number }> {
    const topicData = [{ name: topic, partitionData: [{ index, records: [batch] }] }];
    const answer = await this.send('Produce', { acks, timeoutMs: 30_000, topicData }, 9);
    const [partition] = answer.responses[0]!.partitionResponses;
    if (partition!.errorCode !== 0) throw new Error(`produce: error ${partition!.errorCode}`);
    return { baseOffset: partition!.baseOffset };
  }
  /** Makes a topic with one partition or more. */
  async createTopic(name: string, configs: Record<string, string> = {}, numPartitions = 1): Promise<void> {
    const answer = await this.send('CreateTopics', {
      topics: [
        {
          name,
          numPartitions,
          replicationFactor: 1,
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 30_000,
    });
    if (answer.topics[0]!.errorCode !== 0) throw new Error(`create: ${answer.topics[0]!.errorMessage}`);
  }
  /** Everything that lies in the partition from `offset` on, as one string of batches a fetch. */
  async fetch(topic: string, partition: number, offset: number, maxBytes = 1 << 20): Promise<Buffer> {
    const partitions = [{ partition, fetchOffset: offset, partitionMaxBytes: maxBytes }];
    const topics = [{ topic, partitions }];
    const answer = await this.send('Fetch', { maxWaitMs: 0, minBytes: 0, maxBytes, topics }, 12);
    const [found] = answer.responses[0]!.partitions;
    if (found!.errorCode !== 0) throw new Error(`fetch: error ${found!.errorCode}`);
    return Buffer.concat(found!.records ?? []);
  }
  close(): void {
    this.socket.destroy();
  }
}

export interface TestRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestamp?: number;
}

/** A batch of records; texts are values without a key. */
export function batchOf(
  records: readonly (string | TestRecord)[],
  codec: Codec = 'none',
  now = 1000,
): Buffer {
  const writer = new BatchWriter();
  for (const record of records) {
    const { key, value, timestamp } = typeof record === 'string' ? ({ value: record } as TestRecord) : record;
    const bytes = (text: string | null | undefined): Buffer | null =>
      text === null || text === undefined ? null : Buffer.from(text);
    writer.add(bytes(key), bytes(value), [], timestamp ?? now);
  }
  return Buffer.from(writer.finish(codec));
}
