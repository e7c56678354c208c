/* Which leader wrote from which offset on: what a client asks for when leadership moved (KIP-101, KIP-320). */

export interface EpochEnd {
  /** -1, with the offset, where the epoch is not known. */
  readonly epoch: number;
  readonly endOffset: number;
}

export class LeaderEpochs {
  #entries: { readonly epoch: number; readonly startOffset: number }[] = [];

  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? 0;
  }
  /** A leader of `epoch` writes from `startOffset` on. Of an epoch that is not newer nothing is noted. */
  began(epoch: number, startOffset: number): void {
    const last = this.#entries.at(-1);
    if (last !== undefined && epoch <= last.epoch) return;
    // A leader that wrote nothing leaves no trace.
    if (last?.startOffset === startOffset) this.#entries.pop();
    this.#entries.push({ epoch, startOffset });
  }
  /** Where the largest epoch at or below `epoch` ends. */
  endOf(epoch: number, current: number, endOffset: number): EpochEnd {
    if (epoch === current) return { epoch, endOffset };
    const above = this.#entries.find((e) => e.epoch > epoch);
    if (epoch < 0 || epoch > current) return { epoch: -1, endOffset: -1 };
    const below = this.#entries.findLast((e) => e.epoch <= epoch);
    return { epoch: below?.epoch ?? epoch, endOffset: above?.startOffset ?? endOffset };
  }
}
