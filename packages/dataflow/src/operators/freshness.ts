/* Reports by the clock whether the newest row of a table is new enough.
 *
 *   rows ──▶ newest value a check ──▶ too old by the clock: a row that reports it ──▶ a newer one: a row that it holds again
 *
 * A table that gives nothing is as old as the time since it is watched. At the end of the input each check reports how it stands.
 * Keeps: the newest value a check, since when it is watched, and whether it fails.
 * Promises: a failure is reported once, when its time has come, whether rows come or not. What old rows report as a job catches up
 * counts from a second after the first of them on, whatever batches they come in. */

import { assert } from '#base';
import { formatTimestamp } from '#expr';
import { newestValue, type FreshnessCheckSpec, type FreshnessSpec } from '#job';
import type { Scalar } from '#state';
import type { Progress } from '../contracts/index.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { NewestValues } from './newest-values.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

/** How long rows that are too old may come before one of them counts. */
const catchUpMs = 1000;

interface Watched {
  readonly spec: FreshnessCheckSpec;
  /** Ms since the epoch; -Infinity: none came. */
  readonly newest: Scalar;
  /** By the clock, when the first one came. */
  readonly firstAt: Scalar;
  readonly fails: Scalar;
}

class FreshnessOperator implements RunOperator {
  readonly #windowMs: number;
  readonly #values: NewestValues;
  readonly #watched: readonly Watched[];
  readonly #seen: Scalar;
  /** By the clock, when the table began to be watched; -Infinity: it is not yet. */
  readonly #since: Scalar;
  /** At the end: the first check that has not reported how it stands. */
  #reported = 0;
  #ended = false;

  constructor(spec: FreshnessSpec, { store, evaluation, context }: RunSetup) {
    this.#windowMs = spec.windowMs;
    this.#values = new NewestValues(spec, evaluation);
    const scalar = (name: string, initial: number): Scalar => store.scalar({ name, initial, merge: 'max' });
    this.#seen = store.scalar({ name: 'seen', initial: 0, merge: 'sum' });
    this.#since = scalar('since', -Infinity);
    this.#watched = spec.checks.map((check, i) => ({
      spec: check,
      newest: scalar(`newest ${i}`, -Infinity),
      firstAt: scalar(`first at ${i}`, -Infinity),
      fails: scalar(`fails ${i}`, 0),
    }));
    for (const [i, { newest }] of this.#watched.entries())
      context.metrics.gauge(newestValue(i), () => newest.value);
  }
  rows({ batch, from, to, now }: Run, out: RunOutput): number {
    this.#watch(now);
    const times = this.#values.of(batch, from, to);
    let row = from;
    for (; row < to && out.room >= this.#watched.length; row++) {
      const kind = batch.kinds?.[row] ?? 0;
      if (kind !== 1 && kind !== 3) this.#seen.value++;
      for (let c = 0; c < times.length; c++) {
        const time = times[c]![row - from]!;
        const { newest, firstAt, fails } = this.#watched[c]!;
        // NaN is not greater either.
        if (!(time > newest.value)) continue;
        newest.value = time;
        if (firstAt.value === -Infinity) firstAt.value = now;
        if (fails.value === 0 || now >= this.#failsAt(c)) continue;
        fails.value = 0;
        this.#report(c, true, now, out);
      }
      out.through();
    }
    return row;
  }
  #watch(now: number): void {
    if (this.#since.value === -Infinity) this.#since.value = now;
  }
  /** When the newest value is too old. */
  #failsAt(check: number): number {
    const { spec, newest } = this.#watched[check]!;
    const from = newest.value === -Infinity ? this.#since.value : newest.value;
    return from + spec.delayMaxMs + (spec.strict ? 0 : 1);
  }
  /** When its failure is reported. */
  #dueAt(check: number): number {
    const { firstAt, fails } = this.#watched[check]!;
    if (fails.value === 1) return Infinity;
    return Math.max(this.#failsAt(check), firstAt.value + catchUpMs);
  }
  nextTimer(domain: Domain): number {
    if (domain === 'event' || this.#ended) return Infinity;
    // At once, to learn what time it is.
    if (this.#since.value === -Infinity) return -Infinity;
    return this.#watched.reduce((least, _, c) => Math.min(least, this.#dueAt(c)), Infinity);
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    this.#watch(at);
    for (const [c, { fails }] of this.#watched.entries()) {
      if (this.#dueAt(c) > at) continue;
      if (out.full) return 'more';
      fails.value = 1;
      this.#report(c, false, at, out);
    }
    return 'done';
  }
  end(_input: number, out: RunOutput): Progress {
    this.#ended = true;
    this.#watch(out.now);
    for (; this.#reported < this.#watched.length; this.#reported++) {
      if (out.full) return 'more';
      this.#report(this.#reported, out.now < this.#failsAt(this.#reported), out.now, out);
    }
    return 'done';
  }

  #report(check: number, holds: boolean, now: number, out: RunOutput): void {
    const { spec, newest } = this.#watched[check]!;
    const start = Math.floor(now / this.#windowMs) * this.#windowMs;
    const found = newest.value === -Infinity ? null : formatTimestamp({ ms: newest.value, ns: 0 }, 3);
    const seen = BigInt(this.#seen.value);
    const row = [
      { ms: start, ns: 0 },
      { ms: start + this.#windowMs, ns: 0 },
      spec.expectation,
      spec.subject,
      holds,
      seen,
      null,
      null,
      found,
      spec.severity,
    ];
    assert(row.length === out.columns.length, 'a row of results has the columns of the plan');
    for (const [i, value] of row.entries()) out.columns[i]!.append(value);
    out.endRow(0);
  }
}

registerRunOperator('freshness', (spec, setup) => new FreshnessOperator(spec, setup));
