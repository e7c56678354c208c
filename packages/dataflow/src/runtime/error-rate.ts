/* `millrace.max-error-rate`: of the records that an instance takes within a sliding window of processing time, no greater part
 * may be bad. So few that one bad record would be too many are not judged before the input ends. */

import { UserError } from '#base';
import type { ErrorRateMax } from '#job';

/** The window moves by parts of this many. */
const parts = 60;
/** Records that are judged, at least; more where a part of them allowed is less than one. */
const recordsMin = 100;

export class ErrorRate {
  readonly #table: string;
  readonly #max: ErrorRateMax;
  readonly #now: () => number;
  readonly #partMs: number;
  /** By part of the window, the newest at `#part % parts`. */
  readonly #seen = new Float64Array(parts);
  readonly #bad = new Float64Array(parts);
  #part = 0;
  #last: UserError | undefined;

  constructor(table: string, max: ErrorRateMax, now: () => number) {
    this.#table = table;
    this.#max = max;
    this.#now = now;
    this.#partMs = Math.max(1, max.windowMs / parts);
    this.#part = Math.floor(now() / this.#partMs);
  }
  seen(rows: number): void {
    this.#move();
    this.#seen[this.#part % parts]! += rows;
    this.#judge(this.#max.rate === 0 ? recordsMin : Math.max(recordsMin, 1 / this.#max.rate));
  }
  bad(error: UserError): void {
    this.#move();
    this.#bad[this.#part % parts]!++;
    this.#last = error;
  }
  ended(): void {
    this.#move();
    this.#judge(1);
  }
  #move(): void {
    const part = Math.floor(this.#now() / this.#partMs);
    for (let p = Math.max(this.#part + 1, part - parts + 1); p <= part; p++)
      this.#seen[p % parts] = this.#bad[p % parts] = 0;
    this.#part = Math.max(this.#part, part);
  }
  #judge(least: number): void {
    if (this.#last === undefined) return;
    const seen = this.#seen.reduce((sum, n) => sum + n, 0);
    const bad = this.#bad.reduce((sum, n) => sum + n, 0);
    if (seen < least || bad <= seen * this.#max.rate) return;
    const { code, message } = this.#last;
    throw new UserError('DATA4001', {
      message: `${bad} of ${seen} records of table '${this.#table}' within ${this.#max.windowMs / 1000} s were bad, a part of ${(bad / seen).toPrecision(3)}, and 'millrace.max-error-rate' is ${this.#max.rate}. The last one, ${code}: ${message}`,
      hint: 'Find out what became of the data; a larger rate lets the job go on.',
      cause: this.#last,
    });
  }
}
