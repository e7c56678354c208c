/* The transport to a broker in this process: frames as calls, no socket and no port, so that a seed replays a whole run
 * with Kafka in it. */

import { assert, ExternalError } from '#base';
import { correlationOf } from '#kafka';
import type { KafkaRequest } from '../requests/request.ts';
import type { BrokerLink, Transport } from './transport.ts';

/** What carries frames, without their lengths: an embedded broker's `connect()`. */
export interface FrameLink {
  readonly open: boolean;
  /** Undefined where the request gets no response. Rejects when the broker ends the connection. */
  send(frame: Buffer): Promise<Buffer | undefined>;
  close(): void;
}
/** Opens a link to the broker at this address; throws where nobody answers there. */
export type Dial = (host: string, port: number) => FrameLink;

export class InProcessTransport implements Transport {
  readonly #dial: Dial;
  readonly #clientId: string;

  constructor(dial: Dial, clientId: string) {
    this.#dial = dial;
    this.#clientId = clientId;
  }
  async connect(host: string, port: number): Promise<BrokerLink> {
    try {
      return new InProcessLink(this.#dial(host, port), this.#clientId, `${host}:${port}`);
    } catch (cause) {
      throw new ExternalError('KAF2001', { message: `no connection to Kafka at ${host}:${port}`, cause });
    }
  }
}

class InProcessLink implements BrokerLink {
  readonly #link: FrameLink;
  readonly #clientId: string;
  readonly #name: string;
  #correlation = 0;

  constructor(link: FrameLink, clientId: string, name: string) {
    this.#link = link;
    this.#clientId = clientId;
    this.#name = name;
  }
  get open(): boolean {
    return this.#link.open;
  }
  async request<T>({ name, frame, read }: KafkaRequest<T>): Promise<T> {
    this.#correlation = (this.#correlation + 1) & 0x7fffffff;
    const correlation = this.#correlation;
    let response: Buffer | undefined;
    try {
      response = await this.#link.send(Buffer.concat(frame({ clientId: this.#clientId, correlation })));
    } catch (cause) {
      throw new ExternalError('KAF2001', {
        message: `Kafka at ${this.#name} did not answer ${name}: the connection was closed`,
        cause,
      });
    }
    if (read === undefined || response === undefined) return undefined as T;
    assert(correlationOf(response) === correlation, 'a response answers its request');
    return read(response, () => {});
  }
  async close(): Promise<void> {
    this.#link.close();
  }
}
