/* Rows that were looked up, by key: bounded in number, those not used for longest go first, and in age. */

import type { World } from '#base';
import type { Options } from '#catalog';
import type { LookupAnswer } from './lookup-answer.ts';

interface Entry {
  readonly answer: LookupAnswer;
  readonly writtenMs: number;
  usedMs: number;
}

export class LookupCache {
  /** In the order of use, the oldest first. */
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
    const now = this.#world.now();
    this.#entries.delete(key);
    if (now - entry.writtenMs >= this.#afterWriteMs || now - entry.usedMs >= this.#afterAccessMs)
      return undefined;
    entry.usedMs = now;
    this.#entries.set(key, entry);
    return entry.answer;
  }
  put(key: string, answer: LookupAnswer): void {
    if (answer.rows.length === 0 && !this.#missing) return;
    const now = this.#world.now();
    this.#entries.delete(key);
    this.#entries.set(key, { answer, writtenMs: now, usedMs: now });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#rowsMax) break;
      this.#entries.delete(oldest);
    }
  }
}
