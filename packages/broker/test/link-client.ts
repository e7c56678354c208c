/* A client without a socket, for a broker whose world is simulated. */

import type { BrokerLink } from '#broker';
import { apis, type ApiName, type Messages, type Sparse } from '#kafka';
import { readAnswer, requestFrame, type Asking } from './wire-codec.ts';

export class LinkClient implements Asking {
  readonly #link: BrokerLink;

  constructor(link: BrokerLink) {
    this.#link = link;
  }
  async send<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version: number = apis[name].max,
  ): Promise<Messages[N]['response']> {
    const answer = await this.#link.send(requestFrame(name, version, request, 1));
    if (answer === undefined) throw new Error('no answer');
    return readAnswer(name, version, answer);
  }
  close(): void {
    this.#link.close();
  }
}
