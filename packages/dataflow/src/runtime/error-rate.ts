/* `millrace.max-error-rate`: of the records that all instances of a node take within a sliding window of processing time, no greater
 * part may be bad. So few that one bad record would be too many are not judged before the input ends.
 *
 *   instance 0 ─▶ its counts ─┐
 *   instance 1 ─▶ its counts ─┴─ memory that all of them read, in whichever thread they run
 *
 * An instance writes its own counts alone, and judges those of all when it has met a bad record. */

import { UserError } from '#base';
import type { ErrorRateMax, JobPlan } from '#job';

/** The window moves by parts of this many. */
const parts = 60;
/** Records that are judged, at least; more where a part of them allowed is less than one. */
const recordsMin = 100;

/** Of an instance: the newest part; by part, at its number modulo `parts`, how many came; and how many of them were bad. */
const wordsEach = 1 + 2 * parts;

/** Where the counts of the instances of one node lie. */
export interface RateCounts {
  readonly words: Float64Array;
  /** Of the node's first instance. */
  readonly from: number;
  readonly instance: number;
  readonly instances: number;
}
/** Counts of all nodes of a job that have a rate. */
export class RateBoard {
  readonly #words: Float64Array;
  readonly #nodes: readonly number[];
  readonly #parallelism: number;

  constructor(plan: JobPlan, parallelism: number, memory: SharedArrayBuffer | ArrayBuffer) {
    this.#words = new Float64Array(memory);
    this.#nodes = ratedNodes(plan);
    this.#parallelism = parallelism;
  }
  /** Bytes that it needs. */
  static bytes(plan: JobPlan, parallelism: number): number {
    return ratedNodes(plan).length * parallelism * wordsEach * 8;
  }
  counts(node: number, instance: number, instances: number): RateCounts {
    const from = this.#nodes.indexOf(node) * this.#parallelism * wordsEach;
    return { words: this.#words, from, instance, instances };
  }
}
const ratedNodes = ({ nodes }: JobPlan): number[] =>
  nodes.flatMap((node, i) => (node.badRows?.rateMax === undefined ? [] : [i]));

export class ErrorRate {
  readonly #table: string;
  readonly #max: ErrorRateMax;
  readonly #now: () => number;
  readonly #partMs: number;
  readonly #counts: RateCounts;
  /** Where this instance's counts lie. */
  readonly #own: number;
  #last: UserError | undefined;

  constructor(table: string, max: ErrorRateMax, now: () => number, counts: RateCounts) {
    this.#table = table;
    this.#max = max;
    this.#now = now;
    this.#counts = counts;
    this.#partMs = Math.max(1, max.windowMs / parts);
    this.#own = counts.from + counts.instance * wordsEach;
    counts.words[this.#own] = Math.floor(now() / this.#partMs);
  }
  seen(rows: number): void {
    const part = this.#move();
    this.#counts.words[this.#own + 1 + (part % parts)]! += rows;
    this.#judge(this.#max.rate === 0 ? recordsMin : Math.max(recordsMin, 1 / this.#max.rate));
  }
  bad(error: UserError): void {
    const part = this.#move();
    this.#counts.words[this.#own + 1 + parts + (part % parts)]!++;
    this.#last = error;
  }
  ended(): void {
    this.#move();
    this.#judge(1);
  }
  /** The part of now; parts that the window has left are empty again. */
  #move(): number {
    const { words } = this.#counts;
    const known = words[this.#own]!;
    const part = Math.floor(this.#now() / this.#partMs);
    for (let p = Math.max(known + 1, part - parts + 1); p <= part; p++)
      words[this.#own + 1 + (p % parts)] = words[this.#own + 1 + parts + (p % parts)] = 0;
    words[this.#own] = Math.max(known, part);
    return words[this.#own]!;
  }
  #judge(least: number): void {
    if (this.#last === undefined) return;
    const [seen, bad] = this.#sums();
    if (seen < least || bad <= seen * this.#max.rate) return;
    const { code, message } = this.#last;
    throw new UserError('DATA4001', {
      message: `${bad} of ${seen} records of table '${this.#table}' within ${this.#max.windowMs / 1000} s were bad, a part of ${(bad / seen).toPrecision(3)}, and 'millrace.max-error-rate' is ${this.#max.rate}. The last one, ${code}: ${message}`,
      hint: 'Find out what became of the data; a larger rate lets the job go on.',
      cause: this.#last,
    });
  }
  /** Of all instances, within the window that ends now. */
  #sums(): readonly [seen: number, bad: number] {
    const { words, from, instances } = this.#counts;
    const now = words[this.#own]!;
    let seen = 0;
    let bad = 0;
    for (let i = 0; i < instances; i++) {
      const at = from + i * wordsEach;
      const newest = words[at]!;
      for (let p = Math.max(0, newest - parts + 1, now - parts + 1); p <= newest; p++) {
        seen += words[at + 1 + (p % parts)]!;
        bad += words[at + 1 + parts + (p % parts)]!;
      }
    }
    return [seen, bad];
  }
}
