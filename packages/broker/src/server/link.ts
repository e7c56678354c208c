/* A client in the same process: what a socket would carry, as calls. One request at a time, as on a connection. */

import { ExternalError } from '#base';
import { unbounded } from './request-memory.ts';
import type { Session } from './session.ts';

export class BrokerLink {
  readonly #session: Session;
  readonly #closed: () => void;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  /** Ends waiting for the request in work. */
  #cut: ((reason: Error) => void) | undefined;

  /** `closed` is called once, when either side ends it. */
  constructor(session: Session, closed: () => void) {
    this.#session = session;
    this.#closed = closed;
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
      const answering = this.#session.answer(frame, unbounded, this.#abort.signal);
      // What waits in a broker that stops is answered by nobody.
      const { response, ends } = await new Promise<Awaited<typeof answering>>((resolve, reject) => {
        this.#cut = reject;
        answering.then(resolve, reject);
      });
      if (ends !== undefined) this.close();
      if (ends !== undefined && response === undefined) throw new Error(ends);
      return response && Buffer.concat(response);
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
    if (!this.open) return;
    this.#abort.abort();
    this.#cut?.(new Error('closed before the answer'));
    this.#closed();
  }
}
