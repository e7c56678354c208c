/* One connection to a broker: requests go out one behind the other, responses come back in the same order.
 *
 *   request ──▶ [waiting] ──▶ socket ──▶ broker ──▶ socket ──▶ ResponseBuffers ──▶ the first waiting one's answer
 *
 * Bodies of answers that are lent lie in slots, where there is one; a slot that a read may still land in is given back only
 * when the socket has closed. */

import type { Socket } from 'node:net';
import { assert, ExternalError, toMillraceError, type MillraceError, type Timer, type World } from '#base';
import { correlationOf, WireError } from '#kafka';
import type { FetchSlots } from '#records';
import type { KafkaRequest } from '../requests/request.ts';
import type { SocketReader } from './open-socket.ts';
import { ResponseBuffers } from './response-buffers.ts';
import type { BrokerLink } from './transport.ts';

export interface LinkOptions {
  /** Of the broker, in messages. */
  readonly name: string;
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  /** No response may be larger. */
  readonly responseBytesMax: number;
  /** Where bodies of answers that are lent go; without, into ordinary memory. */
  readonly slots: FetchSlots | undefined;
}

/** A request on its way. */
interface Waiting {
  readonly name: string;
  readonly lends: boolean;
  readonly answer: (response: Buffer) => void;
  readonly fail: (error: MillraceError) => void;
  readonly timer: Timer;
}
/** How TLS says that it wanted to hear TLS: an alert, where the size of a response should be. */
const tlsAlert = 0x1503;

export class SocketLink implements BrokerLink, SocketReader {
  readonly #world: World;
  readonly #options: LinkOptions;
  readonly #buffers: ResponseBuffers;
  readonly #waiting: Waiting[] = [];
  readonly #closed: Promise<void>;
  #socket: Socket | undefined;
  /** Where the response being read lies, if that is a slot. */
  #slot: Buffer | undefined;
  #correlation = 0;
  #failure: { readonly reason: string; readonly cause: unknown } | undefined;
  #retired = false;
  #retirement: Timer | undefined;
  #onClosed: () => void = () => {};

  constructor(world: World, options: LinkOptions) {
    this.#world = world;
    this.#options = options;
    this.#closed = new Promise((resolve) => (this.#onClosed = resolve));
    this.#buffers = new ResponseBuffers(options.responseBytesMax, {
      body: (size) => this.#body(size),
      deliver: (response) => this.#deliver(response),
    });
  }
  /** Requests may be sent from now on. */
  start(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => this.#end(error.message, error));
    const closed = (): void => {
      this.#end('the connection was closed');
      this.#giveSlotBack();
      this.#onClosed();
    };
    if (socket.closed) closed();
    else socket.on('close', closed);
  }
  /** After this time the link takes no new requests, and closes once those it has are answered. */
  retireAfter(delayMs: number): void {
    this.#retirement = this.#world.after(delayMs, () => {
      this.#retired = true;
      this.#closeIfRetired();
    });
  }
  #closeIfRetired(): void {
    if (this.#retired && this.#waiting.length === 0) this.#end('its session was over');
  }

  get open(): boolean {
    return this.#socket !== undefined && this.#failure === undefined && !this.#retired;
  }

  request<T>(request: KafkaRequest<T>): Promise<T> {
    const { name, read, lends } = request;
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#noAnswer(name));
      this.#correlation = (this.#correlation + 1) & 0x7fffffff;
      const correlation = this.#correlation;
      const frame = request.frame({ clientId: this.#options.clientId, correlation });
      if (read === undefined) {
        // Nobody says that it arrived: what can be waited for is that the system has it, for closing drops what it has not.
        this.#send(frame, (failed) => (failed ? reject(this.#noAnswer(name)) : resolve(undefined as T)));
        return;
      }
      this.#send(frame);
      const timer = this.#world.after(this.#options.requestTimeoutMs, () => this.#end('no answer in time'));
      const answer = (response: Buffer): void => {
        if (correlationOf(response) !== correlation) throw new WireError('the answer to another request');
        resolve(read(response, () => this.#options.slots?.giveBack(response)));
      };
      this.#waiting.push({ name, lends, answer, fail: reject, timer });
    });
  }
  #send(parts: readonly Buffer[], sent?: (failed?: Error | null) => void): void {
    const socket = this.#socket;
    assert(socket !== undefined, 'a link is started before it is used');
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(parts.reduce((bytes, part) => bytes + part.length, 0));
    socket.cork();
    socket.write(length);
    parts.forEach((part, i) => {
      socket.write(part, i === parts.length - 1 ? sent : undefined);
    });
    socket.uncork();
  }

  next(): Buffer {
    return this.#buffers.next();
  }
  received(count: number): void {
    try {
      this.#buffers.received(count);
    } catch (error) {
      this.#endSenseless(error);
    }
  }
  #body(size: number): Buffer {
    if (size >> 16 === tlsAlert && this.#correlation <= 1) throw new WireError('this listener speaks TLS');
    const lent = this.#waiting[0]?.lends === true ? this.#options.slots?.take(size) : undefined;
    this.#slot = lent;
    return lent ?? Buffer.allocUnsafeSlow(size);
  }
  #deliver(response: Buffer): void {
    const slot = this.#slot;
    this.#slot = undefined;
    const waiting = this.#waiting.shift();
    try {
      if (waiting === undefined) throw new WireError('an answer that nobody waits for');
      waiting.timer.cancel();
      waiting.answer(response);
    } catch (error) {
      // The socket may yet write there: it was told of no other place.
      this.#slot = slot;
      this.#endSenseless(error);
      waiting?.fail(error instanceof WireError ? this.#noAnswer(waiting.name) : toMillraceError(error));
    }
    this.#closeIfRetired();
  }
  /** No response after this one can be trusted. */
  #endSenseless(error: unknown): void {
    this.#end(
      `an answer that makes no sense: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
  #giveSlotBack(): void {
    if (this.#slot !== undefined) this.#options.slots?.giveBack(this.#slot);
    this.#slot = undefined;
  }

  #noAnswer(request: string): ExternalError {
    const { reason, cause } = this.#failure ?? { reason: 'the connection was closed', cause: undefined };
    const message = `Kafka at ${this.#options.name} did not answer ${request}: ${reason}`;
    return new ExternalError('KAF2001', { message, cause });
  }
  #end(reason: string, cause?: unknown): void {
    this.#failure ??= { reason, cause };
    this.#retirement?.cancel();
    this.#socket?.destroy();
    for (const { name, fail, timer } of this.#waiting.splice(0)) {
      timer.cancel();
      fail(this.#noAnswer(name));
    }
  }
  close(): Promise<void> {
    this.#end('the connection was closed');
    return this.#closed;
  }
}
