/* Rows that were looked up, by key, bounded in number and in age.
 *
 * Those not used go first: one that was used since it came to the front goes to the back once more (second chance), so that a
 * use costs a look-up alone. */

import type { World } from '#base';
import type { Options } from '#catalog';
import type { LookupAnswer } from './lookup-answer.ts';

interface Entry {
  readonly answer: LookupAnswer;
  readonly writtenMs: number;
  usedMs: number;
  /** Since it was put at the back. */
  used: boolean;
}

export class LookupCache {
  /** In the order in which they go. */
  readonly #entries = new Map<string, Entry>();
  readonly #world: World;
  readonly #rowsMax: number;
  readonly #afterWriteMs: number;
  readonly #afterAccessMs: number;
  readonly #missing: boolean;

  constructor(world: World, options: Options) {
    this.#world = world;
    this.#rowsMax = options.number('lookup.partial-cache.max-rows') ?? Infinity;
    this.#afterWriteMs = options.durationMs('lookup.partial-cache.expire-after-write') ?? Infinity;
    this.#afterAccessMs = options.durationMs('lookup.partial-cache.expire-after-access') ?? Infinity;
    this.#missing = options.boolean('lookup.partial-cache.cache-missing-key');
  }
  get(key: string): LookupAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = true;
    if (this.#afterWriteMs !== Infinity || this.#afterAccessMs !== Infinity) {
      const now = this.#world.now();
      if (now - entry.writtenMs >= this.#afterWriteMs || now - entry.usedMs >= this.#afterAccessMs) {
        this.#entries.delete(key);
        return undefined;
      }
      entry.usedMs = now;
    }
    return entry.answer;
  }
  put(key: string, answer: LookupAnswer): void {
    if (answer.rows.length === 0 && !this.#missing) return;
    this.#entries.delete(key);
    this.#makeRoom();
    if (this.#entries.size >= this.#rowsMax) return;
    const now = this.#world.now();
    this.#entries.set(key, { answer, writtenMs: now, usedMs: now, used: false });
  }
  /** For one more, in front of it: else it would be the one that goes where all others are in use. Ends: each turn takes an
   *  entry away, or its mark. */
  #makeRoom(): void {
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size < this.#rowsMax) break;
      this.#entries.delete(oldest);
      if (!entry.used) continue;
      entry.used = false;
      this.#entries.set(oldest, entry);
    }
  }
}
