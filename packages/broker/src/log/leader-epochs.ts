/* Which leader wrote from which offset on: what a client asks for when leadership moved (KIP-101, KIP-320). */

export interface EpochEnd {
  /** -1, with the offset, where the epoch is not known. */
  readonly epoch: number;
  readonly endOffset: number;
}

export interface LeaderEpoch {
  readonly epoch: number;
  readonly startOffset: number;
}

export class LeaderEpochs {
  #entries: LeaderEpoch[] = [];

  /** By rising epoch and offset. */
  get entries(): readonly LeaderEpoch[] {
    return this.#entries;
  }
  /** Takes over what was kept. */
  restore(entries: readonly LeaderEpoch[]): void {
    this.#entries = [...entries];
  }

  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? 0;
  }
  /** A leader of `epoch` writes from `startOffset` on. Of an epoch that is not newer nothing is noted: false. */
  began(epoch: number, startOffset: number): boolean {
    const last = this.#entries.at(-1);
    if (last !== undefined && epoch <= last.epoch) return false;
    // A leader that wrote nothing leaves no trace.
    if (last?.startOffset === startOffset) this.#entries.pop();
    this.#entries.push({ epoch, startOffset });
    return true;
  }
  /** The log starts at `startOffset` now: who wrote there is known, who wrote before is not. True when that is news. */
  startAt(startOffset: number): boolean {
    const first = this.#entries.findLastIndex((e) => e.startOffset <= startOffset);
    if (first < 0 || this.#entries[first]!.startOffset === startOffset) return this.#drop(first);
    this.#entries.splice(0, first + 1, { epoch: this.#entries[first]!.epoch, startOffset });
    return true;
  }
  #drop(count: number): boolean {
    if (count <= 0) return false;
    this.#entries.splice(0, count);
    return true;
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
