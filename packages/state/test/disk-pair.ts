/* The store that keeps little in memory beside the slow one: rows leave and come back between any two steps, snapshots are
 * gone back to, the machine stops. */

import { expect } from 'vitest';
import { Rng } from '#base';
import {
  BytesReader,
  BytesWriter,
  DiskStore,
  readSavedRest,
  readSavedRows,
  StateQuota,
  type PersistentStore,
} from '#state';
import { SimMaps, SlowStore } from '#testkit';
import { savedOf, sorted } from './store-script.ts';

export const folder = '/state';
export const newStore = (maps: SimMaps, name?: string): DiskStore =>
  new DiskStore({ maps, folder, name }, new StateQuota(0));
export const bytesOf = (store: PersistentStore): Uint8Array => {
  const writer = new BytesWriter();
  store.snapshot(writer);
  return writer.finish();
};

/** What a test declares, and how it sees what is in there. */
export interface Kind<D extends { readonly store: PersistentStore }> {
  declare(store: PersistentStore): D;
  contents(declared: D): unknown;
}
export function read<D extends { readonly store: PersistentStore }>(
  store: PersistentStore,
  kind: Kind<D>,
  bytes: Uint8Array,
): D {
  const declared = kind.declare(store);
  const reader = new BytesReader(bytes);
  store.restore(reader);
  expect(reader.done).toBe(true);
  return declared;
}

interface Saved {
  readonly fast: Uint8Array;
  readonly slow: Uint8Array;
}
/** Both stores, and the snapshots that may be gone back to. */
export class Pair<D extends { readonly store: PersistentStore }> {
  readonly #kind: Kind<D>;
  readonly #rng: Rng;
  readonly #maps: SimMaps;
  fast: D;
  slow: D;
  #saved: Saved[] = [];

  constructor(kind: Kind<D>, seed: number) {
    this.#kind = kind;
    this.#rng = new Rng(seed);
    this.#maps = new SimMaps(this.#rng);
    this.fast = kind.declare(newStore(this.#maps, 'a'));
    this.slow = kind.declare(new SlowStore());
  }
  /** All rows leave memory, sometimes, and are written, or wait, or are under way. */
  async maybeEvict(): Promise<void> {
    if (this.#rng.below(2) === 0) this.fast.store.endRun(4096);
    if (this.#rng.below(3) > 0) return;
    const writing = this.fast.store.disk!.flush();
    if (this.#rng.below(2) === 0) await writing;
  }
  async snapshot(): Promise<void> {
    const fast = bytesOf(this.fast.store);
    this.#saved.push({ fast, slow: bytesOf(this.slow.store) });
    if (this.#rng.below(3) === 0) await this.maybeEvict();
    await this.fast.store.disk!.flush();
    this.fast.store.disk!.kept(2);
    this.#saved = this.#saved.slice(-2);
  }
  async goBack(): Promise<void> {
    const saved = this.#saved[this.#rng.below(this.#saved.length)];
    if (saved === undefined) return;
    await this.fast.store.disk!.close();
    if (this.#rng.below(2) === 0) this.#maps.crash();
    // Snapshots behind it are gone.
    this.#saved = this.#saved.slice(0, this.#saved.indexOf(saved) + 1);
    this.fast = read(newStore(this.#maps, 'a'), this.#kind, saved.fast);
    this.slow = read(new SlowStore(), this.#kind, saved.slow);
  }
  /** What a snapshot names, read by others while its owner goes on. */
  checkReader(): void {
    const saved = this.#saved[this.#rng.below(this.#saved.length)];
    if (saved === undefined) return;
    const reader = read(newStore(this.#maps), this.#kind, saved.fast);
    const slow = read(new SlowStore(), this.#kind, saved.slow);
    this.#same(reader, slow);
  }
  async check(): Promise<void> {
    await this.fast.store.disk!.flush();
    this.#same(this.fast, this.slow);
  }
  #same(fast: D, slow: D): void {
    const crossed = this.#kind.declare(new SlowStore());
    const reader = savedOf(fast.store);
    for (const row of [...readSavedRows(reader)]) crossed.store.import(row);
    crossed.store.importRest([readSavedRest(reader)], 0, 1);
    expect(sorted(this.#kind.contents(crossed))).toEqual(sorted(this.#kind.contents(slow)));
  }
}
