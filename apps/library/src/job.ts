/* A job as the library hands it out. */

import type { EngineJob } from '#engine';

export interface JobMetrics {
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** Epoch milliseconds; -Infinity before the first watermark, Infinity at the end. */
  readonly watermark: number;
  readonly late: number;
  readonly counters: Readonly<Record<string, number>>;
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
  metrics(): JobMetrics {
    return this.#job.totals();
  }
}
