/* How the rows of one owner stand: by arrival (chain.ts) or by sort keys (tree.ts). Slots; -1 for none. */

import type { StateReader, StateWriter } from '../bytes.ts';

export interface RowOrder {
  ensure(owners: number, slots: number): void;
  count(owner: number): number;
  first(owner: number): number;
  last(owner: number): number;
  next(slot: number): number;
  previous(slot: number): number;
  /** Puts a slot whose row is written in its place. */
  insert(owner: number, slot: number): void;
  remove(owner: number, slot: number): void;
  clear(): void;
  readonly bytes: number;
  /** What it keeps by owner. Whoever inserts or removes touches the owner's page before. */
  snapshotOwners(to: StateWriter, owners: number): void;
  restoreOwners(from: StateReader): void;
  /** What it keeps by slot, in arrays whose pages it was given. */
  snapshotSlots(to: StateWriter, slots: number): void;
  restoreSlots(from: StateReader): void;
  /** What it keeps in arrays with pages of their own. */
  snapshotApart(to: StateWriter, slots: number): void;
  restoreApart(from: StateReader): void;
}
