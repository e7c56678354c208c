/* A checkpoint under way: the parts that came so far, and whoever waits for it. */

import type { BarrierTiming, JobSnapshot } from './settings.ts';
import type { NodeStates, Share } from './share.ts';

export class Checkpoint {
  readonly epoch: number;
  /** By the monotonic clock, ms. */
  readonly startedAt: number;
  readonly parts = new Map<Share, NodeStates>();
  timing: BarrierTiming = { alignmentMs: 0, stopMs: 0 };
  /** Every part is there. */
  complete = false;
  /** Resolves when it is durable and committed. */
  readonly done: Promise<JobSnapshot>;
  resolve!: (snapshot: JobSnapshot) => void;
  reject!: (error: unknown) => void;

  constructor(epoch: number, startedAt: number) {
    this.epoch = epoch;
    this.startedAt = startedAt;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
