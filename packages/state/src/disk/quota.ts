/* How much of a job's state may be in memory, over all stores of a thread: whose share is large sends rows to disk first. */

export interface Held {
  /** Bytes of rows in memory. */
  readonly liveBytes: number;
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
  /** Bytes that this holder is to give up. One that has less than half of an equal share gives nothing. */
  excessOf(holder: Held): number {
    let all = 0;
    for (const other of this.#holders) all += other.liveBytes;
    if (all <= this.#bytesMax) return 0;
    const own = holder.liveBytes;
    return own * this.#holders.length * 2 < all ? 0 : Math.min(own, all - this.#bytesMax);
  }
}
