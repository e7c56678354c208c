/* A line to the judge that outlives it: a statement that Flink does not answer in time, or on which it dies, costs this
 * statement alone.
 *
 *   statements ──▶ session ──▶ rows
 *                     │
 *                     └─ silent, or gone ──▶ another Flink ──▶ the lines of others ask again, this one says so */

import { FlinkError, type FlinkResult, type FlinkSession } from '../flink.ts';
import type { Judge } from '../conformance/judge.ts';

/** Flink did not answer: it was ended, and another started. */
export class NoAnswer extends Error {}

/** How long a statement may take, before a large one is asked in parts, and how long one of a single expression. */
export const limitMs = 90_000;
/** Reasons that lie with the cluster and not with the statement. */
const clusterLost =
  /NoResourceAvailable|TaskManager .* (?:lost|terminated|unreachable)|Heartbeat of TaskManager|OutOfMemoryError|Connection refused|Metaspace|TimeoutException/;

export class JudgeOfMany {
  readonly #judge: Judge;
  #round = 0;
  #renewal: Promise<void> | undefined;
  /** How often Flink was started again. */
  renewals = 0;

  constructor(judge: Judge) {
    this.#judge = judge;
  }
  get round(): number {
    return this.#round;
  }
  get folder(): string {
    return this.#judge.folder;
  }
  line(): Line {
    return new Line(this);
  }
  async session(): Promise<{ readonly session: FlinkSession; readonly round: number }> {
    await this.#renewal;
    return { session: await this.#judge.session(), round: this.#round };
  }
  /** Whether Flink of that round is gone already. */
  isOver(round: number): boolean {
    return round !== this.#round || this.#renewal !== undefined;
  }
  async renew(round: number): Promise<void> {
    if (round === this.#round && this.#renewal === undefined) {
      this.renewals++;
      this.#renewal = this.#judge.renew().finally(() => {
        this.#round++;
        this.#renewal = undefined;
      });
    }
    await this.#renewal;
  }
}

export class Line {
  readonly #judge: JudgeOfMany;
  #open: { readonly session: FlinkSession; readonly round: number } | undefined;

  constructor(judge: JudgeOfMany) {
    this.#judge = judge;
  }
  /** Runs statements one after the other; what the last gives. Throws FlinkError of the last, and NoAnswer. */
  async run(statements: readonly string[]): Promise<FlinkResult> {
    return await this.within(async (session) => {
      let last: FlinkResult | undefined;
      for (const statement of statements) last = await session.execute(statement, limitMs);
      return last!;
    });
  }
  /** Works in a session, from its start again where another line's statement ended Flink. Throws what `work` does, and
   *  NoAnswer. */
  async within<T>(work: (session: FlinkSession) => Promise<T>): Promise<T> {
    for (;;) {
      const round = this.#open?.round ?? this.#judge.round;
      try {
        this.#open ??= await this.#judge.session();
        return await work(this.#open.session);
      } catch (error) {
        if (error instanceof FlinkError && !clusterLost.test(error.message)) throw error;
        this.#open = undefined;
        // Whoever it was that ended it: this statement may be fine.
        if (this.#judge.isOver(round)) continue;
        await this.#judge.renew(round);
        throw new NoAnswer(`no answer: ${(error as Error).message.slice(0, 300)}`, { cause: error });
      }
    }
  }
}
