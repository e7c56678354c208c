/* Takes checkpoints now and then, one at a time, and judges those that fail (Flink docs, "Checkpointing").
 *
 *   start ── interval ──▶ checkpoint ── at least min-pause, and interval from its start ──▶ the next */

import { ExternalError, type Timer, type World } from '#base';
import type { JobSnapshot, SnapshotForm } from '#dataflow';

export interface CheckpointRhythm {
  /** Ms from the start of one to the start of the next; 0: none but the last. */
  readonly intervalMs: number;
  /** Ms from the end of one to the start of the next, at least. */
  readonly minPauseMs: number;
  /** Ms after which one that is under way counts as failed. */
  readonly timeoutMs: number;
  /** Failed ones in a row that the job survives. */
  readonly tolerable: number;
}

export interface TakesCheckpoints {
  checkpoint(form?: SnapshotForm): Promise<JobSnapshot>;
  /** Gives up the one under way: it rejects with `reason`. Nothing where it is being made durable already. */
  abandonCheckpoint(reason: Error): void;
}

export class CheckpointTimer {
  readonly #world: World;
  readonly #rhythm: CheckpointRhythm;
  readonly #job: TakesCheckpoints;
  readonly #failed: (error: unknown) => void;
  #timer: Timer | undefined;
  #underWay: Promise<JobSnapshot> | undefined;
  #failures = 0;
  #stopped = false;

  /** `failed`: more failed than can be borne. */
  constructor(
    world: World,
    rhythm: CheckpointRhythm,
    job: TakesCheckpoints,
    failed: (error: unknown) => void,
  ) {
    this.#world = world;
    this.#rhythm = rhythm;
    this.#job = job;
    this.#failed = failed;
    this.#after(rhythm.intervalMs);
  }
  #after(delayMs: number): void {
    if (this.#rhythm.intervalMs === 0 || this.#stopped) return;
    this.#timer = this.#world.after(delayMs, () => {
      void this.#tick();
    });
  }
  async #tick(): Promise<void> {
    const { intervalMs, minPauseMs, tolerable } = this.#rhythm;
    const startedAt = this.#world.monotonic();
    try {
      await this.take();
      this.#failures = 0;
    } catch (error) {
      if (this.#stopped) return;
      if (++this.#failures > tolerable) return this.#failed(error);
    }
    const took = this.#world.monotonic() - startedAt;
    this.#after(Math.max(minPauseMs, intervalMs - took, 0));
  }
  /** One now, behind the one that is under way. */
  async take(form: SnapshotForm = 'any'): Promise<JobSnapshot> {
    while (this.#underWay !== undefined) await this.#underWay.catch(() => {});
    const taking = this.#inTime(this.#job.checkpoint(form));
    this.#underWay = taking;
    try {
      return await taking;
    } finally {
      this.#underWay = undefined;
    }
  }
  async #inTime(taking: Promise<JobSnapshot>): Promise<JobSnapshot> {
    const { timeoutMs } = this.#rhythm;
    const timer = this.#world.after(timeoutMs, () => {
      this.#job.abandonCheckpoint(
        new ExternalError('CHK2003', {
          message: `a checkpoint took longer than ${timeoutMs} ms`,
          hint: "A sink or a slow operator held its barrier back. SET 'execution.checkpointing.timeout' allows more.",
        }),
      );
    });
    try {
      return await taking;
    } finally {
      timer.cancel();
    }
  }
  /** Takes no more; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    while (this.#underWay !== undefined) await this.#underWay.catch(() => {});
  }
}
