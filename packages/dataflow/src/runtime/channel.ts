/* One way into a node instance: a bounded queue, with the watermark state of what came through it. */

import type { Batch, BatchFrame } from '#data';

/** Cuts the stream: a snapshot holds what was in front of it. `last`: nothing comes behind it. */
export interface Barrier {
  readonly kind: 'barrier';
  readonly epoch: number;
  readonly last?: boolean;
  /** An epoch whose snapshot is kept: this one may refer to it. */
  readonly base?: number | undefined;
  /** State goes out while it is copied, where the job has a place for it: nobody reads the snapshot from memory. */
  readonly streams?: boolean;
}
export type Item =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | Barrier
  /** Nothing follows. `stopped`: the job ends before its input did, so nothing is final that was not before. */
  | { readonly kind: 'end'; readonly stopped?: boolean };

/** Where items are put: a channel of this thread, or one of another. */
export interface Target {
  /** Whether another item may be put in. */
  readonly room: boolean;
  put(item: Item): void;
  /** A batch that lies in a frame, which is not written again while it waits in a channel of this thread. */
  putFrame(frame: BatchFrame): void;
}

export class Channel implements Target {
  /** The operator's numbered input that it feeds, and the node that its items come from. */
  readonly input: number;
  readonly from: string;
  readonly queue: Item[] = [];
  /** How far the first batch in the queue was taken. */
  taken = 0;
  /** The first batch already had its marks merged with the other channels'. */
  merged: Batch | undefined;
  watermark = -Infinity;
  idle = false;
  ended = false;
  /** Its barrier came; the other channels' are awaited. */
  aligned = false;
  #closed = false;

  constructor(input: number, from = '') {
    this.input = input;
    this.from = from;
  }
  /** Whether another batch may be put in: one at a time, so that a producer may reuse its frames. */
  get room(): boolean {
    return this.queue.length === 0;
  }
  put(item: Item): void {
    if (!this.#closed) this.queue.push(item);
  }
  putFrame(frame: BatchFrame): void {
    if (!this.#closed) this.queue.push({ kind: 'batch', batch: frame.view() });
  }
  /** Its reader had finished before this start: what comes is of no account, and nobody in front waits for it. */
  close(): void {
    this.#closed = true;
    this.queue.length = 0;
  }
}
