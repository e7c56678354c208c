/* Where a log keeps what follows from its batches, so that a start reads but the last of them.
 *
 *   start   what was kept, as of some offset ─▶ producers, epochs        batches behind it ─▶ one by one
 *   later   each aborted transaction, each new epoch, and all producers whenever a segment ends ─▶ kept
 *
 * A log in memory keeps nothing of the kind: its batches are at hand. */

import type { LeaderEpochs } from './leader-epochs.ts';
import type { StoredBatch } from './stored-batch.ts';
import type { AbortedTransaction, Producers } from './producers.ts';

/** What the partition knows, and the keeper looks at whenever it keeps it. */
export interface KeptState {
  readonly producers: Producers;
  readonly epochs: LeaderEpochs;
}

export interface StateKeeper {
  /** Brings an empty state to the log's end: fills in what was kept, then gives every batch behind that to `account`, as if
   *  it were just appended. From now on the state is looked at. */
  restore(state: KeptState, account: (batch: StoredBatch) => void): void;
  /** The batch that was appended last, or given to `account`, ended this transaction. */
  aborted(transaction: AbortedTransaction): void;
  /** The epochs are others than before. */
  epochsChanged(): void;
}
