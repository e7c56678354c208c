/* A connection that speaks Kafka's requests as they are: nothing is retried, hidden or corrected. */

import { connect, type Socket } from 'node:net';
import {
  apis,
  writeRequestHead,
  WireReader,
  WireWriter,
  type ApiName,
  type Messages,
  type Sparse,
} from '#kafka';
import { attributesOffset, BatchWriter, crcOffset } from '#records';
import { crc32c } from '#wasm';

interface AnyApi {
  readonly max: number;
  readonly flexibleFrom: number;
  writeRequest(w: WireWriter, m: object, version: number): void;
  readResponse(r: WireReader, version: number): unknown;
}

export class WireClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #correlation = 0;
  readonly #waiting: { done(frame: Buffer): void; fail(error: Error): void }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const { fail } of this.#waiting.splice(0)) fail(new Error('the broker closed the connection'));
    });
  }
  /** `servers`: host:port. */
  static connect(servers: string): Promise<WireClient> {
    const [host, port] = servers.split(':');
    return new Promise((done, fail) => {
      const socket = connect(Number(port), host!, () => done(new WireClient(socket)));
      socket.once('error', fail);
    });
  }
  close(): void {
    this.#socket.destroy();
  }
  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4 && this.#received.length >= 4 + this.#received.readInt32BE(0)) {
      const end = 4 + this.#received.readInt32BE(0);
      const frame = Buffer.from(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
      this.#waiting.shift()?.done(frame);
    }
  }

  /** Sends one request, in the newest version that both know unless told, and gives the answer. */
  async ask<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version: number = apis[name].max,
  ): Promise<Messages[N]['response']> {
    const api = apis[name] as unknown as AnyApi;
    const w = new WireWriter(version >= api.flexibleFrom);
    writeRequestHead(w, name, { version, correlation: this.#correlation++, clientId: 'wire' });
    api.writeRequest(w, request, version);
    const body = Buffer.concat(w.finish());
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    const frame = await new Promise<Buffer>((done, fail) => {
      this.#waiting.push({ done, fail });
      this.#socket.write(Buffer.concat([length, body]));
    });
    const flexible = version >= api.flexibleFrom;
    const r = new WireReader(frame, 4, flexible);
    if (name !== 'ApiVersions') r.tags();
    return api.readResponse(r, version) as Messages[N]['response'];
  }
}

/** Who a batch says that it is from. */
export interface BatchOrigin {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly transactional?: boolean;
}

/** A batch of text values. */
export function batchOf(values: readonly string[], origin: BatchOrigin, now = Date.now()): Buffer {
  const writer = new BatchWriter();
  for (const value of values) writer.add(null, Buffer.from(value), [], now);
  const batch = Buffer.from(writer.finish('none'));
  if (origin.transactional === true) batch.writeInt16BE(0x10, attributesOffset);
  batch.writeBigInt64BE(BigInt(origin.producerId), 43);
  batch.writeInt16BE(origin.producerEpoch, 51);
  batch.writeInt32BE(origin.sequence, 53);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}
