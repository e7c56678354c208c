/* Alerts of a run: its jobs are looked at by the clock, and once more when they have ended. */

import { toMillraceError, type World } from '#base';
import { JobWatch, type AlertConfig, type AlertState, type JobSample } from '#alerts';
import type { EngineJob } from '#engine';
import { every } from '../results/within.ts';
import { deliver, readState } from '../validate/alerts.ts';

export interface AlertWatchOptions {
  readonly config: AlertConfig;
  /** What was told before. */
  readonly stateFile: string;
  readonly everyMs: number;
  readonly world: World;
  readonly jobs: () => readonly EngineJob[];
  readonly warn: (message: string) => void;
}

export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #watch: JobWatch;
  readonly #stop: () => void;
  #state: AlertState | undefined;
  /** Said of once. */
  readonly #heldBack = new Set<string>();
  /** A message that takes long holds back the next look, no job. */
  #looking: Promise<void> | undefined;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#watch = new JobWatch(options.config);
    this.#stop = every(options.world, options.everyMs, () => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    });
  }
  /** Once more, for what became of the jobs. */
  async close(): Promise<void> {
    this.#stop();
    await this.#looking;
    await this.#look();
  }
  async #look(): Promise<void> {
    const { config, stateFile, world, jobs, warn } = this.#options;
    try {
      const before = (this.#state ??= await readState(stateFile));
      const now = world.now();
      const decision = this.#watch.decide(
        jobs().map((job) => sampleOf(job, now)),
        before,
        now,
      );
      for (const { title, reason } of decision.held) {
        if (this.#heldBack.has(title)) continue;
        this.#heldBack.add(title);
        warn(`not told now: ${title} (${reason})`);
      }
      if (decision.deliveries.length === 0) return;
      this.#state = await deliver(config, decision, before, stateFile, (thrown) => {
        warn(toMillraceError(thrown).message);
      });
    } catch (thrown) {
      warn(`alerts: ${toMillraceError(thrown).message}`);
    }
  }
}

function sampleOf(job: EngineJob, now: number): JobSample {
  const { rowsIn, rowsOut, watermark, heldBytes, blockedMs } = job.totals();
  const { dead, skipped, late } = job.accounts();
  const { lastCheckpoint } = job;
  const ended = job.endedAt !== undefined;
  return {
    name: job.name,
    state: ended && job.stopping && job.state === 'finished' ? 'stopped' : job.state,
    error: job.error === undefined ? job.restarting?.error.message : toMillraceError(job.error).message,
    ended,
    blockedMs,
    checks: job.checks(),
    figures: {
      rows_in: rowsIn,
      rows_out: rowsOut,
      ...(Number.isFinite(watermark) ? { lag_seconds: Math.max(0, now - watermark) / 1000 } : {}),
      late_rows: late,
      dead_letters: dead,
      skipped_rows: skipped,
      restarts: job.restarts,
      held_bytes: heldBytes,
      checkpoint_age_seconds: (now - (lastCheckpoint?.takenAt ?? job.startedAt)) / 1000,
      ...(lastCheckpoint === undefined
        ? {}
        : {
            checkpoint_seconds: lastCheckpoint.durationMs / 1000,
            checkpoint_bytes: lastCheckpoint.bytes,
          }),
    },
  };
}
