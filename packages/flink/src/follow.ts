/* What becomes of the job of an INSERT. The gateway alone suffices (DESCRIBE JOB); where the JobManager's REST interface
 * answers too, records, checkpoints and the reason of a failure come from there. */

import { pause, type MillraceError, type Span, type World } from '#base';
import { flinkError } from './errors.ts';
import type { FlinkSession } from './gateway.ts';

const pollMs = { first: 100, most: 1000, growth: 1.3 } as const;
const requestMs = 10_000;

export interface JobProgress {
  /** As Flink names it: RUNNING, FINISHED, FAILED, CANCELED, … */
  readonly state: string;
  /** Records that its vertices passed on to each other; undefined where only the gateway answers. */
  readonly records?: number;
  /** Completed ones. */
  readonly checkpoints?: number;
}
const over = new Set(['FINISHED', 'FAILED', 'CANCELED', 'SUSPENDED']);

export class JobFollower {
  readonly #session: FlinkSession;
  readonly #world: World;
  #jobManager: string | undefined;

  /** `jobManager`: where its REST interface may be. */
  constructor(session: FlinkSession, world: World, jobManager: string | undefined) {
    this.#session = session;
    this.#world = world;
    this.#jobManager = jobManager;
  }

  /** Waits until the job is over, or `signal` aborts; `see` gets what changes. Throws the reason why it failed. */
  async follow(
    job: string,
    signal: AbortSignal,
    at: Span,
    see: (progress: JobProgress) => void = () => {},
  ): Promise<JobProgress> {
    let waitMs: number = pollMs.first;
    for (;;) {
      const progress = await this.progress(job);
      see(progress);
      if (progress.state === 'FAILED') throw await this.#failure(job, at);
      if (over.has(progress.state) || signal.aborted) return progress;
      await pause(this.#world, waitMs, signal);
      waitMs = Math.min(waitMs * pollMs.growth, pollMs.most);
    }
  }

  async progress(job: string): Promise<JobProgress> {
    const found = await this.#ask<{
      readonly state: string;
      readonly vertices?: readonly { readonly metrics?: { readonly 'write-records'?: number } }[];
    }>(`/jobs/${job}`);
    if (found?.state === undefined) return await this.#described(job);
    const records = (found.vertices ?? []).reduce((sum, v) => sum + (v.metrics?.['write-records'] ?? 0), 0);
    const checks = await this.#ask<{ readonly counts?: { readonly completed?: number } }>(
      `/jobs/${job}/checkpoints`,
    );
    return { state: found.state, records, checkpoints: checks?.counts?.completed ?? 0 };
  }

  async #described(job: string): Promise<JobProgress> {
    const [row] = await this.#session.rows(`DESCRIBE JOB '${job}'`, new AbortController().signal);
    return { state: String(row?.[2] ?? 'UNKNOWN') };
  }

  async #failure(job: string, at: Span): Promise<MillraceError> {
    const found = await this.#ask<{
      readonly exceptionHistory?: { readonly entries?: readonly { readonly stacktrace?: string }[] };
    }>(`/jobs/${job}/exceptions`);
    const trace = found?.exceptionHistory?.entries?.[0]?.stacktrace;
    return flinkError(trace ?? `the job ${job} failed; its JobManager knows why`, at);
  }

  /** Undefined where nothing answers: then the JobManager is not asked again. */
  async #ask<T>(path: string): Promise<T | undefined> {
    if (this.#jobManager === undefined) return undefined;
    try {
      const response = await fetch(this.#jobManager + path, { signal: AbortSignal.timeout(requestMs) });
      if (response.ok) return (await response.json()) as T;
    } catch {
      this.#jobManager = undefined;
    }
    return undefined;
  }
}
