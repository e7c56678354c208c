/* The matches of one partition that have begun: how a row moves them, which become whole, and which of those go out.
 *
 *   row ─▶ each run: stays, goes on, forks, or ends     [a run for every row that may begin a match]
 *            └─ whole ─▶ waits until no match that began earlier can become whole ─▶ goes out, and prunes
 *
 * Flink's CEP (NFA.java), over rows without gaps. Promises: matches go out in the order of their first rows; of those that
 * begin at one row the first that becomes whole, and in the order of the runs within a row. */

import { UserError } from '#base';
import { matchEnd, type MatchSpec, type MatchState } from '#job';
import type { Covered } from './match-values.ts';

/** A match that has begun; `matchEnd`: it is whole. */
export interface MatchRun extends Covered {
  readonly state: number;
  /** The time of its first row, ms. */
  readonly startMs: number;
}

/** A match that goes out, and the event time that lets it. */
export interface FoundMatch {
  readonly covered: Covered;
  readonly timeMs: number;
}

export class MatchRuns {
  readonly #spec: MatchSpec;
  readonly #holds: (variable: number, covered: Covered) => boolean;
  /** In the order of their first rows, and then of their making. */
  partial: MatchRun[] = [];
  whole: MatchRun[] = [];

  constructor(spec: MatchSpec, holds: (variable: number, covered: Covered) => boolean) {
    this.#spec = spec;
    this.#holds = holds;
  }
  /** A run that was kept. */
  add(run: MatchRun): void {
    if (run.state === matchEnd) this.whole.push(run);
    else this.partial.push(run);
  }
  /** The row of this number comes. Matches that go out, in order. */
  step(row: number, timeMs: number): FoundMatch[] {
    const beginning: MatchRun = {
      state: 0,
      start: row,
      startMs: timeMs,
      counts: this.#spec.variables.map(() => 0),
    };
    const moved = [...this.partial, beginning].flatMap((run) => this.#moved(run));
    this.partial = moved.filter((run) => run.state !== matchEnd);
    const whole = moved.filter((run) => run.state === matchEnd);
    return this.#release(whole, () => timeMs);
  }
  /** Time has come as far as this: what would take too long ends. Matches that this lets out, in order. */
  advance(timeMs: number): FoundMatch[] {
    const { withinMs } = this.#spec;
    if (withinMs === 0) return [];
    const ended: MatchRun[] = [];
    const partial: MatchRun[] = [];
    for (const run of this.partial) (timeMs - run.startMs < withinMs ? partial : ended).push(run);
    this.partial = partial;
    if (timeMs < Infinity) return this.#release([], () => timeMs);
    // The end of the input is no time: a match goes out when the last that it waited for would have ended.
    return this.#release([], ({ start, startMs }) => {
      const last = ended.findLast((run) => run.start < start);
      return (last?.startMs ?? startMs) + withinMs;
    });
  }

  /** What a run becomes with the row behind it: nothing, or one run for each way to go on. */
  #moved(run: MatchRun): MatchRun[] {
    const runs: MatchRun[] = [];
    for (let at: number | undefined = run.state; at !== undefined && at !== matchEnd; ) {
      const state: MatchState = this.#spec.states[at]!;
      if (this.#bars(at, run)) break;
      if (this.#holds(state.variable, withRow(run, state.variable))) {
        const taken = { ...run, state: state.take, counts: withRow(run, state.variable).counts };
        runs.push(taken);
        // What may be left out behind the row may be left out at once.
        if (taken.state !== matchEnd && this.#endsBehind(taken.state, run))
          runs.push({ ...taken, state: matchEnd });
      }
      at = state.proceed;
    }
    return runs;
  }
  /** A greedy variable in front of the state would take the row. */
  #bars(at: number, run: MatchRun): boolean {
    const { unless } = this.#spec.states[at]!;
    return unless !== undefined && this.#holds(unless, withRow(run, unless));
  }
  #endsBehind(from: number, run: MatchRun): boolean {
    let at: number | undefined = from;
    while (at !== undefined && at !== matchEnd) {
      const { proceed }: MatchState = this.#spec.states[at]!;
      if (proceed === undefined || this.#bars(at, run)) return false;
      at = proceed;
    }
    return at === matchEnd;
  }

  #release(whole: readonly MatchRun[], timeOf: (run: MatchRun) => number): FoundMatch[] {
    this.whole = [...this.whole, ...whole].sort((a, b) => a.start - b.start);
    const out: FoundMatch[] = [];
    for (;;) {
      const [first] = this.whole;
      if (first === undefined) return out;
      const earlier = this.partial[0];
      if (earlier !== undefined && earlier.start < first.start) return out;
      this.whole.shift();
      const next = this.#nextStart(first);
      this.partial = this.partial.filter((run) => run.start >= next);
      this.whole = this.whole.filter((run) => run.start >= next);
      out.push({ covered: first, timeMs: timeOf(first) });
    }
  }
  /** The number of the first row at which a match may begin behind this one. */
  #nextStart({ start, counts }: MatchRun): number {
    const { skip, variables } = this.#spec;
    if (!('variable' in skip))
      return start + (skip.kind === 'to-next' ? 1 : counts.reduce((sum, n) => sum + n, 0));
    const count = counts[skip.variable]!;
    const first = start + counts.slice(0, skip.variable).reduce((sum, n) => sum + n, 0);
    const next = skip.kind === 'to-first' ? first : first + count - 1;
    const where = `${skip.kind === 'to-first' ? 'FIRST' : 'LAST'} ${variables[skip.variable]!}`;
    if (count === 0)
      throw new UserError('DATA3008', {
        message: `AFTER MATCH SKIP TO ${where}: the match has no row of "${variables[skip.variable]!}"`,
        hint: 'Skip to a variable that takes a row in every match, or PAST LAST ROW.',
      });
    if (next === start)
      throw new UserError('DATA3008', {
        message: `AFTER MATCH SKIP TO ${where} is the first row of the match: it would be found again and again`,
        hint: 'Skip TO NEXT ROW, or to a variable behind the first row.',
      });
    return next;
  }
}

const withRow = ({ start, counts }: Covered, variable: number): Covered => ({
  start,
  counts: counts.map((n, v) => (v === variable ? n + 1 : n)),
});
