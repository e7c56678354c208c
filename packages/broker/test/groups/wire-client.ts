/* A client that speaks the wire protocol and nothing more: a request, its version, its answer. */

import { connect, type Socket } from 'node:net';
import type { BrokerLink } from '#broker';
import {
  apis,
  WireReader,
  WireWriter,
  writeRequestHead,
  type ApiName,
  type Messages,
  type Sparse,
} from '#kafka';

interface AnyApi {
  readonly flexibleFrom: number;
  writeRequest(w: WireWriter, m: object, version: number): void;
  readResponse(r: WireReader, version: number): unknown;
}
interface Waiting {
  readonly take: (body: Buffer) => void;
  readonly fail: (error: Error) => void;
}

/** A whole request as it goes over the wire, without its length. */
export function requestFrame<N extends ApiName>(
  name: N,
  version: number,
  request: Sparse<Messages[N]['request']>,
  correlation: number,
  clientId: string,
): Buffer {
  const api = apis[name] as unknown as AnyApi;
  const w = new WireWriter(version >= api.flexibleFrom);
  writeRequestHead(w, name, { version, correlation, clientId });
  api.writeRequest(w, request, version);
  return Buffer.concat(w.finish());
}
/** The answer in a frame without its length. */
export function readAnswer<N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
): Messages[N]['response'] {
  const api = apis[name] as unknown as AnyApi;
  const r = new WireReader(frame, 4, version >= api.flexibleFrom);
  if (name !== 'ApiVersions') r.tags();
  return api.readResponse(r, version) as Messages[N]['response'];
}

/** Asks requests over one connection. */
export interface Asking {
  ask<N extends ApiName>(
    name: N,
    version: number,
    request: Sparse<Messages[N]['request']>,
  ): Promise<Messages[N]['response']>;
  close(): void;
}

/** The same without a socket, for a broker whose world is simulated. */
export class LinkClient implements Asking {
  readonly #link: BrokerLink;
  readonly #clientId: string;

  constructor(link: BrokerLink, clientId = 'wire') {
    this.#link = link;
    this.#clientId = clientId;
  }
  async ask<N extends ApiName>(
    name: N,
    version: number,
    request: Sparse<Messages[N]['request']>,
  ): Promise<Messages[N]['response']> {
    const answer = await this.#link.send(requestFrame(name, version, request, 1, this.#clientId));
    if (answer === undefined) throw new Error('no answer');
    return readAnswer(name, version, answer);
  }
  close(): void {
    this.#link.close();
  }
}

export class WireClient implements Asking {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #clientId: string;
  #received = Buffer.alloc(0);
  #correlation = 0;

  private constructor(socket: Socket, clientId: string) {
    this.#socket = socket;
    this.#clientId = clientId;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    const end = (): void => {
      for (const { fail } of this.#waiting.values()) fail(new Error('the connection ended'));
      this.#waiting.clear();
    };
    socket.on('close', end);
    socket.on('error', end);
  }
  static connect(bootstrapServers: string, clientId = 'wire'): Promise<WireClient> {
    const [host, port] = bootstrapServers.split(':');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host!, () => {
        resolve(new WireClient(socket, clientId));
      });
      socket.once('error', reject);
    });
  }
  #read(): void {
    while (this.#received.length >= 4) {
      const size = this.#received.readInt32BE(0);
      if (this.#received.length < 4 + size) return;
      const frame = this.#received.subarray(4, 4 + size);
      this.#received = this.#received.subarray(4 + size);
      const correlation = frame.readInt32BE(0);
      const waiting = this.#waiting.get(correlation);
      this.#waiting.delete(correlation);
      waiting?.take(frame);
    }
  }
  /** Fails when the connection ends first. */
  ask<N extends ApiName>(
    name: N,
    version: number,
    request: Sparse<Messages[N]['request']>,
  ): Promise<Messages[N]['response']> {
    if (this.#socket.destroyed) return Promise.reject(new Error('the connection ended'));
    const correlation = ++this.#correlation;
    const frame = requestFrame(name, version, request, correlation, this.#clientId);
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    this.#socket.write(Buffer.concat([length, frame]));
    return new Promise((take, fail) => {
      this.#waiting.set(correlation, {
        take: (answer) => {
          take(readAnswer(name, version, answer));
        },
        fail,
      });
    });
  }
  close(): void {
    this.#socket.destroy();
  }
}
