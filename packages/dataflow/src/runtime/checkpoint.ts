/* A checkpoint under way: the parts that came so far, and whoever waits for it. */

import type { JobSnapshot } from './settings.ts';
import type { NodeStates, Share } from './share.ts';

export class Checkpoint {
  readonly epoch: number;
  readonly parts = new Map<Share, NodeStates>();
  /** Every part is there. */
  complete = false;
  /** Resolves when it is durable and committed. */
  readonly done: Promise<JobSnapshot>;
  resolve!: (snapshot: JobSnapshot) => void;
  reject!: (error: unknown) => void;

  constructor(epoch: number) {
    this.epoch = epoch;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
