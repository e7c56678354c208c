/* The transport over plain sockets of our own, for connections without TLS and SASL: what a read brings
 * lands where it is parsed, without an allocation a read. */

import { connect, type Socket } from 'node:net';
import { assert, ExternalError, type Timer, type World } from '#base';
import { requestHead, ResponseReader, type KafkaRequest } from '../protocol/wire.ts';
import { ResponseBuffers } from './response-buffers.ts';
import type { BrokerLink, Transport } from './transport.ts';

export interface SocketOptions {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** No response may be larger. */
  readonly responseBytesMax: number;
}

export class SocketTransport implements Transport {
  readonly #world: World;
  readonly #options: SocketOptions;

  constructor(world: World, options: SocketOptions) {
    this.#world = world;
    this.#options = options;
  }

  connect(host: string, port: number): Promise<BrokerLink> {
    const name = `${host}:${port}`;
    return new Promise((resolve, reject) => {
      const fail = (reason: string, cause?: unknown): void => {
        timer.cancel();
        socket.destroy();
        reject(
          new ExternalError('KAF2001', { message: `no connection to Kafka at ${name}: ${reason}`, cause }),
        );
      };
      const timer = this.#world.after(this.#options.connectTimeoutMs, () => fail('no answer in time'));
      const buffers = new ResponseBuffers(this.#options.responseBytesMax, (response) =>
        link.respond(response),
      );
      const socket = connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: () => buffers.next(),
          callback: (count) => link.read(count),
        },
      });
      const link = new SocketLink(this.#world, this.#options, name, socket, buffers);
      socket.once('error', (error) => fail(error.message, error));
      socket.once('connect', () => {
        timer.cancel();
        socket.removeAllListeners('error');
        link.start();
        resolve(link);
      });
    });
  }
}

/** A request on its way. */
interface Waiting {
  readonly correlation: number;
  readonly name: string;
  readonly answer: (response: Buffer) => void;
  readonly fail: (error: ExternalError) => void;
  readonly timer: Timer;
}

class SocketLink implements BrokerLink {
  readonly #world: World;
  readonly #options: SocketOptions;
  readonly #name: string;
  readonly #socket: Socket;
  readonly #buffers: ResponseBuffers;
  readonly #waiting: Waiting[] = [];
  #correlation = 0;
  open = false;

  constructor(world: World, options: SocketOptions, name: string, socket: Socket, buffers: ResponseBuffers) {
    this.#world = world;
    this.#options = options;
    this.#name = name;
    this.#socket = socket;
    this.#buffers = buffers;
  }
  start(): void {
    this.open = true;
    this.#socket.on('error', (error) => this.#end(error.message, error));
    this.#socket.on('close', () => this.#end('the connection was closed'));
  }

  request<T>(request: KafkaRequest<T>): Promise<T> {
    const { read } = request;
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(this.#failure(request.name, 'the connection was closed'));
      this.#correlation = (this.#correlation + 1) & 0x7fffffff;
      const correlation = this.#correlation;
      this.#send(request, correlation);
      if (read === undefined) return resolve(undefined as T);
      const timer = this.#world.after(this.#options.requestTimeoutMs, () => this.#end('no answer in time'));
      const answer = (response: Buffer): void => {
        const reader = new ResponseReader(response);
        assert(reader.int32() === correlation, 'responses come in the order of their requests');
        resolve(read(reader));
      };
      this.#waiting.push({ correlation, name: request.name, answer, fail: reject, timer });
    });
  }
  #send<T>(request: KafkaRequest<T>, correlation: number): void {
    const head = requestHead(request, correlation, this.#options.clientId);
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(head.length + request.body.length);
    this.#socket.cork();
    this.#socket.write(length);
    this.#socket.write(head);
    this.#socket.write(request.body);
    this.#socket.uncork();
  }

  /** The socket put `count` bytes where it was told to. True: read on. */
  read(count: number): boolean {
    try {
      this.#buffers.received(count);
    } catch (error) {
      // A defect of ours or of the broker's: no response after it can be trusted.
      this.#end('an answer that makes no sense', error);
    }
    return true;
  }
  respond(response: Buffer): void {
    const waiting = this.#waiting.shift();
    assert(waiting !== undefined, 'a response answers a request');
    waiting.timer.cancel();
    waiting.answer(response);
  }
  recycle(memory: ArrayBufferLike): void {
    this.#buffers.recycle(memory);
  }

  #failure(request: string, reason: string, cause?: unknown): ExternalError {
    return new ExternalError('KAF2001', {
      message: `Kafka at ${this.#name} did not answer ${request}: ${reason}`,
      cause,
    });
  }
  #end(reason: string, cause?: unknown): void {
    this.open = false;
    this.#socket.destroy();
    for (const { name, fail, timer } of this.#waiting.splice(0)) {
      timer.cancel();
      fail(this.#failure(name, reason, cause));
    }
  }
  async close(): Promise<void> {
    this.#end('the connection was closed');
  }
}
