/* A client in the same process: what a socket would carry, as calls. One request at a time, as on a connection. */

import { ExternalError } from '#base';
import { unbounded } from './request-memory.ts';
import type { Session } from './session.ts';

export class BrokerLink {
  readonly #session: Session;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }
  get open(): boolean {
    return !this.#abort.signal.aborted;
  }
  /** Sends a request frame, which is taken over, and resolves with the response's, or undefined where none is sent. Rejects with
   *  ExternalError when the broker ends the connection. */
  send(frame: Buffer): Promise<Buffer | undefined> {
    const answer = this.#last.then(() => this.#answer(frame));
    this.#last = answer.catch(() => undefined);
    return answer;
  }
  async #answer(frame: Buffer): Promise<Buffer | undefined> {
    if (!this.open) throw this.#gone(undefined);
    try {
      const parts = await this.#session.answer(frame, unbounded, this.#abort.signal);
      return parts && Buffer.concat(parts);
    } catch (cause) {
      this.close();
      throw this.#gone(cause);
    }
  }
  #gone(cause: unknown): ExternalError {
    const message = 'the broker ended the connection';
    return new ExternalError('BRK2002', cause === undefined ? { message } : { message, cause });
  }
  close(): void {
    this.#abort.abort();
  }
}
