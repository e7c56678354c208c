/* Which expressions go into one statement. One that Flink fails on costs the statement, so shapes on which it failed
 * before go in small company.
 *
 *   asked ──▶ our answer ─┬─ values ─────────────────▶ a large batch
 *                         ├─ values, a doubtful shape ▶ a small one
 *                         └─ none, or Flink fails ───▶ alone, and of those some only */

import type { Asked, Corpus } from './corpus.ts';
import { mayFail, surelyFails } from './trouble.ts';

/** What came of an expression here. */
export interface Answered {
  readonly shape: string;
  readonly sql: string;
  /** Whether Flink can be asked for it beside others. */
  readonly gives: boolean;
}
interface Doubt {
  asked: number;
  failed: number;
}

/** How many small batches a large one is worth: about one of them fails. */
const doubtfulAtOnce = 8;
const doubtfulFrom = 1 / 16;

export class Batches<T extends Answered> {
  readonly #asked: readonly Asked[];
  readonly #answer: (asked: Asked) => readonly T[];
  readonly #atOnce: number;
  readonly #share: Corpus['refused'];
  readonly #doubts = new Map<string, Doubt>();
  readonly #shapesAlone = new Set<string>();
  #next = 0;
  #alone = 0;
  readonly #answered: T[] = [];
  #sound: T[] = [];
  #doubtful: T[] = [];

  constructor(
    asked: readonly Asked[],
    answer: (asked: Asked) => readonly T[],
    atOnce: number,
    share: Corpus['refused'],
  ) {
    this.#asked = asked;
    this.#answer = answer;
    this.#atOnce = atOnce;
    this.#share = share;
  }
  /** Expressions that were answered here so far. */
  get taken(): number {
    return this.#next;
  }
  /** The next statement's, or undefined at the end. */
  next(): T[] | undefined {
    while (this.#answered.length > 0 || this.#next < this.#asked.length) {
      if (this.#answered.length === 0) this.#answered.push(...this.#answer(this.#asked[this.#next++]!));
      const one = this.#answered.shift()!;
      const { sql } = one;
      if (!one.gives || surelyFails(sql)) {
        if (this.#isAsked(one.shape)) return [one];
      } else if (mayFail(sql) || this.#isDoubtful(one.shape)) {
        if (this.#doubtful.push(one) === doubtfulAtOnce) return this.#take('doubtful');
      } else if (this.#sound.push(one) === this.#atOnce) return this.#take('sound');
    }
    if (this.#sound.length > 0) return this.#take('sound');
    return this.#doubtful.length > 0 ? this.#take('doubtful') : undefined;
  }
  /** Says what came of one there. */
  learn(shape: string, failed: boolean): void {
    const doubt = this.#doubts.get(shape) ?? { asked: 0, failed: 0 };
    this.#doubts.set(shape, doubt);
    doubt.asked++;
    if (failed) doubt.failed++;
  }
  #isDoubtful(shape: string): boolean {
    const doubt = this.#doubts.get(shape);
    return doubt !== undefined && doubt.failed > 0 && doubt.failed / doubt.asked >= doubtfulFrom;
  }
  #isAsked(shape: string): boolean {
    if (this.#share !== 'one of a shape') return this.#alone++ % this.#share === 0;
    if (this.#shapesAlone.has(shape)) return false;
    this.#shapesAlone.add(shape);
    return true;
  }
  #take(which: 'sound' | 'doubtful'): T[] {
    const batch = which === 'sound' ? this.#sound : this.#doubtful;
    if (which === 'sound') this.#sound = [];
    else this.#doubtful = [];
    return batch;
  }
}
