/* The store that keeps little in memory against the slow one: rows leave and come back between any two steps, snapshots are
 * gone back to, the machine stops; and whatever is asked of both, they answer the same. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExternalError, Rng } from '#base';
import { types } from '#data';
import { BytesReader, BytesWriter, DiskStore, StateQuota, type PersistentStore } from '#state';
import { SimMaps, SlowStore } from '#testkit';
import { columnWith } from './arbitraries.ts';
import {
  apply,
  contents,
  declare,
  forms,
  imported,
  sorted,
  steps,
  type Declared,
  type Form,
} from './store-script.ts';

const folder = '/state';
const newStore = (maps: SimMaps, name?: string): DiskStore =>
  new DiskStore({ maps, folder, name }, new StateQuota(0));
const bytesOf = (store: PersistentStore): Uint8Array => {
  const writer = new BytesWriter();
  store.snapshot(writer);
  return writer.finish();
};
function read(store: PersistentStore, form: Form, bytes: Uint8Array): Declared {
  const declared = declare(store, form);
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
class Pair {
  readonly #form: Form;
  readonly #rng: Rng;
  readonly #maps: SimMaps;
  fast: Declared;
  slow: Declared;
  #saved: Saved[] = [];

  constructor(form: Form, seed: number) {
    this.#form = form;
    this.#rng = new Rng(seed);
    this.#maps = new SimMaps(this.#rng);
    this.fast = declare(newStore(this.#maps, 'a'), form);
    this.slow = declare(new SlowStore(), form);
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
    this.fast = read(newStore(this.#maps, 'a'), this.#form, saved.fast);
    this.slow = read(new SlowStore(), this.#form, saved.slow);
  }
  /** What a snapshot names, read by others while its owner goes on. */
  checkReader(): void {
    const saved = this.#saved[this.#rng.below(this.#saved.length)];
    if (saved === undefined) return;
    const reader = read(newStore(this.#maps), this.#form, saved.fast);
    const slow = read(new SlowStore(), this.#form, saved.slow);
    this.#same(reader, slow);
  }
  async check(): Promise<void> {
    await this.fast.store.disk!.flush();
    this.#same(this.fast, this.slow);
  }
  #same(fast: Declared, slow: Declared): void {
    const crossed = imported(fast, new SlowStore(), this.#form);
    expect(sorted(contents(crossed))).toEqual(sorted(contents(slow)));
  }
}

// Without timers, whose order is asked for, writes go on beside whoever works on the rows.
describe.each(forms)('$name', (form) => {
  test.each([true, false])('rows on disk answer as the slow store does, timers: %s', async (hasTimers) => {
    await fc.assert(
      fc.asyncProperty(steps(form, { saves: 6, minLength: 30 }), fc.nat(), async (script, seed) => {
        const pair = new Pair({ ...form, hasTimers }, seed);
        for (const step of script) {
          expect(apply(pair.fast, form, step)).toEqual(apply(pair.slow, form, step));
          await pair.maybeEvict();
          if (step.kind === 'snapshot') await pair.snapshot();
          else if (step.kind === 'cross') {
            pair.checkReader();
            await pair.goBack();
          }
        }
        await pair.check();
      }),
      { numRuns: 25 },
    );
  });
});

test.each([true, false])(
  'a disk that is full is reported, and nothing is taken for written, timers: %s',
  async (hasTimers) => {
    const maps = new SimMaps(new Rng(1));
    const declared = declare(newStore(maps, 'a'), { ...forms[1]!, hasTimers });
    const add = (key: number): void => {
      declared.keys.upsertRow([columnWith(types.INT, key).column], 0);
      declared.store.endRun(4096);
    };
    add(1);
    await declared.store.disk!.flush();
    const bytes = bytesOf(declared.store);
    await declared.store.disk!.flush();
    maps.before = () => {
      throw new ExternalError('SYS2001', { message: 'cannot write: ENOSPC: no space left on device' });
    };
    add(2);
    await expect(declared.store.disk!.flush()).rejects.toThrow('ENOSPC');
    maps.before = () => {};
    const back = read(newStore(maps, 'a'), { ...forms[1]!, hasTimers }, bytes);
    expect(back.keys.size).toBe(1);
    expect(back.keys.findRow([columnWith(types.INT, 2).column], 0)).toBe(-1);
  },
);

test('a map that is older than the snapshot that names it is an error', async () => {
  const maps = new SimMaps(new Rng(1));
  const [form] = forms;
  const declared = declare(newStore(maps, 'a'), form!);
  declared.keys.upsertRow([columnWith(types.BOOLEAN, true).column], 0);
  declared.store.endRun(4096);
  const bytes = bytesOf(declared.store);
  maps.remove(folder);
  expect(() => read(newStore(maps, 'a'), form!, bytes)).toThrow(/older than the checkpoint/);
});
