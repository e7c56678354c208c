/* A running job: its shares, one a thread, its checkpoints, and how it ends.
 *
 *   barrier ─▶ every share ─▶ parts of all their nodes ─▶ persist ─▶ sinks commit, sources commit
 *
 * A checkpoint is a barrier through every edge; when every node wrote its part it is made durable, and then sinks and
 * sources commit (DESIGN: barrier, snapshot, prepare, manifest, commit). The end of the job is a last one. */

import { assert, toMillraceError, UserError } from '#base';
import type { JobPlan } from '#job';
import type { StatePart } from '#state';
import type { SourceCommit } from '../contracts/index.ts';
import { Checkpoint } from './checkpoint.ts';
import type { NodeMetrics } from './metrics.ts';
import { longest, type Commits, type Moved, type NodeStates, type Share, type ShareEvents } from './share.ts';
import { sharesOf } from './threads/share-out.ts';
import type { BarrierTiming, JobSettings, JobSnapshot } from './settings.ts';
import { inTwoPhases } from './two-phase.ts';
import { isStateless } from '../operators/table.ts';

/** 'whole': it refers to no earlier snapshot; 'any': it may, where one is durable. */
export type SnapshotForm = 'any' | 'whole';
export type JobState = 'created' | 'running' | 'finished' | 'failed' | 'canceled';

export class Job {
  /** Resolves when the job finished; rejects with a MillraceError when it failed. */
  readonly done: Promise<void>;
  state: JobState = 'created';
  readonly #plan: JobPlan;
  readonly #settings: JobSettings;
  #shares: readonly Share[] = [];
  readonly #commits: Commits[] = [];
  /** Shares whose nodes have all finished. */
  readonly #finished = new Set<Share>();
  #resolve!: () => void;
  #reject!: (error: unknown) => void;
  #opening = false;
  #epoch: number;
  #checkpoint: Checkpoint | undefined;
  #error: unknown;
  /** Asked to end before its input did. */
  #stopped = false;
  #ending = false;

  constructor(plan: JobPlan, settings: JobSettings) {
    const { parallelism, lateRows } = settings;
    this.#plan = inTwoPhases(plan, { parallelism, showsLate: lateRows !== undefined });
    this.#settings = settings;
    this.#epoch = settings.restore?.epoch ?? 0;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
  }

  /** Opens sources and sinks, restores state, and starts the loops. Throws what opening threw; canceled meanwhile, it
   *  returns. */
  async start(): Promise<void> {
    assert(this.state === 'created' && !this.#opening, 'a job starts once');
    this.#opening = true;
    this.#shares = sharesOf(this.#plan, this.#settings, (share) => this.#events(share));
    try {
      // One after the other: the first instance of a sink puts its target in order before others write.
      for (const share of this.#shares) this.#commits.push(await share.open());
    } catch (error) {
      await this.#shut().catch(() => {});
      if (this.#ended) return this.#resolve();
      this.state = 'failed';
      const known = toMillraceError(error);
      this.#error = known;
      this.#reject(known);
      throw known;
    }
    if (this.#ended) return this.#resolve();
    this.state = 'running';
    for (const share of this.#shares) share.run();
  }
  #events(share: () => Share): ShareEvents {
    return {
      snapshotted: (epoch, states, timing) => {
        this.#snapshotted(share(), epoch, states, timing);
      },
      finished: () => {
        this.#finished.add(share());
        this.#endIfDone();
      },
      failed: (error) => {
        this.#fail(error);
      },
      asked: (wanted) => {
        if (this.state === 'running') this.#settings.asked?.(wanted);
      },
    };
  }

  /** Resolves when nothing moves: no batch under way, no row in flight, nothing to poll; or the job ended. */
  async settled(): Promise<void> {
    if (this.state !== 'running') return;
    await this.#comeToRest();
    // Whoever asks then what became of it, is given the end.
    if (this.#ended) await this.done.catch(() => {});
  }
  async #comeToRest(): Promise<void> {
    const look = (): Promise<Moved[]> => Promise.all(this.#shares.map((share) => share.settled()));
    let before = await look();
    if (this.#shares.length === 1) return;
    // Nothing moves when every share stands still twice, and what was sent has come (Mattern, "Algorithms for distributed
    // termination detection", 1987).
    for (;;) {
      const now = await look();
      if (this.state !== 'running' || standsStill(before, now)) return;
      before = now;
    }
  }

  /** A consistent snapshot of the whole job, made durable and committed. Rejects when the job ends before, or when it
   *  cannot be made durable: then nothing is committed, and the next one covers it. */
  checkpoint(form: SnapshotForm = 'any'): Promise<JobSnapshot> {
    return this.#takeCheckpoint(false, form);
  }
  /** A snapshot behind which nothing is read, and then the end: `done` resolves. Open windows stay in it, unemitted. */
  async stopWithCheckpoint(beforeEnd?: (snapshot: JobSnapshot) => Promise<void>): Promise<void> {
    this.#stopped = true;
    const snapshot = await this.#takeCheckpoint(true, beforeEnd === undefined ? 'any' : 'whole');
    try {
      await beforeEnd?.(snapshot);
    } finally {
      await this.#end();
    }
  }
  /** Gives up the checkpoint under way: it rejects with `reason`; its barriers still flow and mean nothing. Nothing where
   *  all its parts are there. */
  abandonCheckpoint(reason: Error): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined || checkpoint.complete) return;
    this.#checkpoint = undefined;
    checkpoint.reject(reason);
    this.#endIfDone();
  }
  #takeCheckpoint(last: boolean, form: SnapshotForm): Promise<JobSnapshot> {
    if (this.state !== 'running')
      return Promise.reject(
        new UserError('JOB1001', { message: `a job that is ${this.state} has no checkpoint to take` }),
      );
    assert(this.#checkpoint === undefined, 'one checkpoint at a time');
    const checkpoint = new Checkpoint(++this.#epoch, this.#settings.world.monotonic());
    this.#checkpoint = checkpoint;
    const base = form === 'whole' ? undefined : this.#settings.base?.();
    const streams = form === 'any';
    for (const share of this.#shares)
      share.barrier({ kind: 'barrier', epoch: checkpoint.epoch, last, base, streams });
    return checkpoint.done;
  }

  /** Ends at the next batch border: what was read goes through and sinks flush. With `drain` the input counts as ended:
   *  windows that are open are emitted; without, what is not final stays unsaid. */
  stop(drain: boolean): void {
    this.#stopped ||= !drain;
    for (const share of this.#shares) share.stop(drain);
  }
  /** Each `checkpoint` makes something known outside: rows that a sink prepared, or the position of a source whose job
   *  keeps nothing between rows. */
  get commits(): boolean {
    const keepsNothing = isStateless(this.#plan);
    return this.#commits.some((c) => c.sinks || (keepsNothing && c.sources));
  }

  get #ended(): boolean {
    return this.state !== 'created' && this.state !== 'running';
  }
  /** Ends at once: nothing is flushed. `done` resolves. */
  async cancel(): Promise<void> {
    if (this.state === 'created' && this.#opening) {
      // What is being opened gives up, and `start` does the rest.
      this.state = 'canceled';
      await this.#shut().catch(() => {});
      return await this.done;
    }
    if (this.state !== 'running') return;
    this.state = 'canceled';
    try {
      await this.#shut();
    } finally {
      this.#release();
      this.#resolve();
    }
  }

  /** Ends it as failed, for a reason from outside of it. */
  fail(error: unknown): void {
    this.#fail(error);
  }
  get error(): unknown {
    return this.#error;
  }
  /** Milliseconds that the job stood still although rows were there, because a sink or a lookup took none. */
  get blockedMs(): number {
    return this.#shares.reduce((most, share) => Math.max(most, share.blockedMs), 0);
  }
  metrics(): readonly NodeMetrics[] {
    return this.#shares.flatMap((share) => share.metrics());
  }

  #snapshotted(share: Share, epoch: number, states: NodeStates, timing: BarrierTiming): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint?.epoch !== epoch) return;
    checkpoint.parts.set(share, states);
    checkpoint.timing = longest(checkpoint.timing, timing);
    if (checkpoint.parts.size < this.#shares.length) return;
    checkpoint.complete = true;
    const { parts, startedAt } = checkpoint;
    const snapshot: JobSnapshot = {
      epoch,
      states: merged(parts.values()),
      finished: false,
      timing: { ...checkpoint.timing, startedAt },
    };
    void this.#conclude(snapshot, 'snapshot').then(
      () => {
        this.#checkpointOver();
        checkpoint.resolve(snapshot);
      },
      (error: unknown) => {
        this.#checkpointOver();
        checkpoint.reject(error);
      },
    );
  }
  #checkpointOver(): void {
    this.#checkpoint = undefined;
    this.#endIfDone();
  }
  /** Makes the snapshot durable, then lets sinks and sources commit what is in it. */
  async #conclude(snapshot: JobSnapshot, upTo: SourceCommit): Promise<void> {
    await this.#settings.persist?.(snapshot);
    try {
      await Promise.all(this.#shares.map((share) => share.commitSinks()));
    } catch (error) {
      // The snapshot holds: whoever starts from it commits again.
      this.#fail(error);
      throw error;
    }
    if (this.state === 'running') for (const share of this.#shares) share.commitSources(upTo);
  }

  /** All shares have finished, and no checkpoint is under way. */
  #endIfDone(): void {
    if (this.state !== 'running' || this.#checkpoint !== undefined || this.#ending) return;
    if (this.#finished.size < this.#shares.length) return;
    this.#ending = true;
    this.#finish().catch((error: unknown) => {
      this.#fail(error);
    });
  }
  async #finish(): Promise<void> {
    const states = merged(await Promise.all(this.#shares.map((share) => share.final())));
    await this.#conclude({ epoch: ++this.#epoch, states, finished: false }, this.#stopped ? 'stop' : 'end');
    // That it has finished is written once everything is committed: a start in between commits what is listed.
    if (!this.#stopped && this.#settings.persist !== undefined) {
      const last = merged(await Promise.all(this.#shares.map((share) => share.final())));
      await this.#settings.persist({ epoch: ++this.#epoch, states: last, finished: true });
    }
    await this.#close();
  }
  async #end(): Promise<void> {
    if (this.state !== 'running' || this.#ending) return;
    this.#ending = true;
    await this.#close();
  }
  async #close(): Promise<void> {
    if (this.state !== 'running') return;
    await this.#shut();
    this.state = 'finished';
    this.#release();
    this.#resolve();
  }
  #fail(error: unknown): void {
    if (this.state !== 'running') return;
    this.state = 'failed';
    this.#error = toMillraceError(error);
    // What failed first is what is told; a connector that then cannot close adds nothing.
    void this.#shut()
      .catch(() => {})
      .finally(() => {
        this.#release();
        this.#reject(this.#error);
      });
  }
  #release(): void {
    this.#checkpoint?.reject(
      this.#error ??
        new UserError('JOB1001', { message: `the job ${this.state} before the checkpoint was complete` }),
    );
    this.#checkpoint = undefined;
  }
  /** Closes all shares; the first reason why one could not is thrown. */
  async #shut(): Promise<void> {
    const results = await Promise.allSettled(this.#shares.map((share) => share.close()));
    const failure = results.find((r) => r.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }
}

function standsStill(before: readonly Moved[], now: readonly Moved[]): boolean {
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const isSame = now.every((m, i) => m.sent === before[i]!.sent && m.received === before[i]!.received);
  return isSame && sum(now.map((m) => m.sent)) === sum(now.map((m) => m.received));
}
function merged(parts: Iterable<NodeStates>): Map<string, StatePart> {
  const all = new Map<string, StatePart>();
  for (const part of parts) for (const [key, state] of part) all.set(key, state);
  return all;
}
