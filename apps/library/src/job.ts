/* A job as the library hands it out. */

import type { Accounts, CheckCounts, CheckpointStats, EngineJob } from '#engine';

export type { Accounts, CheckCounts, CheckpointStats };

export interface JobMetrics {
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** Epoch milliseconds; -Infinity before the first watermark, Infinity at the end. */
  readonly watermark: number;
  readonly late: number;
  readonly counters: Readonly<Record<string, number>>;
  /** What became of all that was read. */
  readonly account: Accounts;
  /** What was found of what is expected of its tables' rows. */
  readonly checks: readonly CheckCounts[];
}

export class Job {
  readonly name: string;
  /** Resolves when the job ended; rejects with what failed it. */
  readonly done: Promise<void>;
  readonly #job: EngineJob;

  constructor(job: EngineJob) {
    this.#job = job;
    this.name = job.name;
    this.done = job.done;
  }
  get state(): EngineJob['state'] {
    return this.#job.state;
  }
  /** Sources stop, what was read goes through, sinks flush. Windows that are open are not emitted, unless `drain` ends the
   *  input for good. */
  stop(options: { readonly drain?: boolean } = {}): Promise<void> {
    return this.#job.stop(options);
  }
  /** A checkpoint, and behind it a savepoint below the directory, from which a later or changed query can go on: returns its
   *  path. Throws UserError when the job has ended, ExternalError when it cannot be written. */
  savepoint(directory: string): Promise<string> {
    return this.#job.savepoint(directory);
  }
  /** Calls `listener` behind every checkpoint that is on disk. */
  on(_event: 'checkpoint', listener: (checkpoint: CheckpointStats) => void): this {
    this.#job.onCheckpoint(listener);
    return this;
  }
  metrics(): JobMetrics {
    return { ...this.#job.totals(), account: this.#job.accounts(), checks: this.#job.checks() };
  }
}
