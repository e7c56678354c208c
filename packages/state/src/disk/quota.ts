/* How much of a job's state may be in memory, over all stores of a thread. Arrays grow in steps and never shrink, so two
 * things are looked at: what rows take, and what the arrays do.
 *
 *   rows above `liveShare`     whose share is large sends the excess to disk
 *   arrays above `heldShare`   they may not grow: every table keeps half of its slots free for what comes next */

/** Of the budget; images of checkpoints and buffers need room beside it. */
const liveShare = 0.4;
const heldShare = 0.55;

export interface Held {
  /** Bytes of rows in memory. */
  readonly liveBytes: number;
  /** Bytes of the arrays in which they lie. */
  readonly heldBytes: number;
}

export class StateQuota {
  readonly #bytesMax: number;
  /** Rows between two looks of a holder at what it has. */
  readonly rowsPerLook: number;
  readonly #holders: Held[] = [];

  constructor(bytesMax: number, rowsPerLook = 1024) {
    this.#bytesMax = bytesMax;
    this.rowsPerLook = rowsPerLook;
  }
  add(holder: Held): void {
    this.#holders.push(holder);
  }
  /** Bytes of rows that this holder is to give up. One that has less than half of an equal share gives nothing. */
  excessOf(holder: Held): number {
    let all = 0;
    for (const other of this.#holders) all += other.liveBytes;
    const max = this.#bytesMax * liveShare;
    if (all <= max) return 0;
    const own = holder.liveBytes;
    return own * this.#holders.length * 2 < all ? 0 : Math.min(own, all - max);
  }
  /** No array of any holder should grow. */
  get isFull(): boolean {
    let all = 0;
    for (const other of this.#holders) all += other.heldBytes;
    return all > this.#bytesMax * heldShare;
  }
}
