/* Where a registry keeps its records: a log that is read from its beginning, and of which one writes at a time.
 *
 *   exclusively(work) ──▶ nobody else writes, all that was written is applied ──▶ work decides, appends
 *
 * Promises: what `append` was given is durable, and applied, when it resolves. */

import type { LogRecord } from '../state/log-records.ts';

export type Apply = (record: LogRecord) => void;
export type Append = (record: LogRecord) => Promise<void>;

export interface SchemaStorage {
  /** Applies every record there is, then goes on as others write. Called once, before anything else. */
  open(apply: Apply): Promise<void>;
  /** Runs work that decides by what is known and appends. It may be run again when another writer came between: then what
   *  it appended before stands, and it sees it. */
  exclusively<T>(work: (append: Append) => Promise<T>): Promise<T>;
  /** All that others had written when it was called is applied. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** One after the other, in the order in which they came; a failure ends its own work alone. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {});
    return done;
  }
}
