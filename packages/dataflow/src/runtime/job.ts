/* A running job: instances of every node of a plan in one thread, and the loop that drives them.
 *
 *   loop: from sinks back, step every node that can ─▶ one batch of the source whose turn it is (source-turns.ts) ─▶ again
 *         nothing left? wait for a wake, a timer, or the end
 *
 * Nodes downstream go first, so a row is through before the next batch is read. The loop gives way to I/O callbacks
 * every few milliseconds. A checkpoint is a barrier through every edge; when every node wrote its part it is made durable,
 * and then sinks and sources commit (DESIGN: barrier, snapshot, prepare, manifest, commit). The end of the job is a last one. */

import { assert, toMillraceError, UserError, type Timer } from '#base';
import type { JobPlan } from '#job';
import { buildJob, type BuiltJob } from './build.ts';
import { checkMemory } from './memory.ts';
import type { SinkTrouble, SourceCommit, SourceTrouble } from '../contracts/index.ts';
import type { NodeEvents, RunningNode } from './node.ts';
import { Alignment, stepOneSource } from './source-turns.ts';
import { Checkpoint } from './checkpoint.ts';
import { finishedState, stateKey, type JobSettings, type JobSnapshot } from './settings.ts';
import { SinkNode } from './sink-node.ts';
import { SourceNode } from './source-node.ts';
import type { SilentSplits } from './split-watermarks.ts';

export interface NodeMetrics {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly watermark: number;
  /** Memory of its state, or of what its connector has buffered. */
  readonly heldBytes: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  /** Of a source that cannot read, or a sink that cannot write, at the moment. */
  readonly trouble: SourceTrouble | SinkTrouble | undefined;
  /** Of a source whose watermark some splits hold back. */
  readonly silentSplits: SilentSplits | undefined;
}

export type JobState = 'created' | 'running' | 'finished' | 'failed' | 'canceled';

/** Milliseconds of work before I/O gets its turn. */
const sliceMs = 8;
/** Milliseconds between two looks at the memory. */
const memoryLookMs = 50;
/** Steps between two looks at the clock. */
const stepsPerLook = 16;

export class Job {
  /** Resolves when the job finished; rejects with a MillraceError when it failed. */
  readonly done: Promise<void>;
  state: JobState = 'created';
  readonly #plan: JobPlan;
  readonly #settings: JobSettings;
  readonly #abort = new AbortController();
  #built: BuiltJob | undefined;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;
  #woken = false;
  #sleeper: (() => void) | undefined;
  #settlers: (() => void)[] = [];
  #timer: Timer | undefined;
  #epoch: number;
  #checkpoint: Checkpoint | undefined;
  #error: unknown;
  #memoryLookedAt = -Infinity;
  #blockedMs = 0;
  #alignment: Alignment | undefined;
  /** Asked to end before its input did. */
  #stopped = false;
  #ending = false;
  #lastMetrics: readonly NodeMetrics[] = [];

  constructor(plan: JobPlan, settings: JobSettings) {
    this.#plan = plan;
    this.#settings = settings;
    this.#epoch = settings.restore?.epoch ?? 0;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
  }

  /** Opens sources and sinks, restores state, and starts the loop. Throws what opening threw. */
  async start(): Promise<void> {
    assert(this.state === 'created', 'a job starts once');
    const events: NodeEvents = {
      snapshotted: (id, instance, epoch, state) => {
        this.#snapshotted(id, instance, epoch, state);
      },
    };
    try {
      this.#built = await buildJob(this.#plan, {
        ...this.#settings,
        events,
        signal: this.#abort.signal,
        wake: () => {
          this.wake();
        },
        failed: (error) => {
          this.#fail(error);
        },
      });
    } catch (error) {
      this.state = 'failed';
      const known = toMillraceError(error);
      this.#error = known;
      this.#reject(known);
      throw known;
    }
    this.#alignment = new Alignment(this.#built.sources);
    this.state = 'running';
    void this.#loop();
  }

  wake(): void {
    this.#woken = true;
    const sleeper = this.#sleeper;
    this.#sleeper = undefined;
    sleeper?.();
  }

  /** Resolves when nothing moves: no batch under way, no row in flight, nothing to poll; or the job ended. */
  settled(): Promise<void> {
    if (this.state !== 'running') return Promise.resolve();
    return new Promise((resolve) => {
      this.#settlers.push(resolve);
      this.wake();
    });
  }

  /** A consistent snapshot of the whole job, made durable and committed. Rejects when the job ends before, or when it
   *  cannot be made durable: then nothing is committed, and the next one covers it. */
  checkpoint(): Promise<JobSnapshot> {
    return this.#takeCheckpoint(false);
  }
  /** A snapshot behind which nothing is read, and then the end: `done` resolves. Open windows stay in it, unemitted. */
  async stopWithCheckpoint(): Promise<void> {
    this.#stopped = true;
    await this.#takeCheckpoint(true);
    await this.#end();
  }
  /** Gives up the checkpoint under way: it rejects with `reason`; its barriers still flow and mean nothing. Nothing where
   *  all its parts are there. */
  abandonCheckpoint(reason: Error): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined || checkpoint.complete) return;
    this.#checkpoint = undefined;
    checkpoint.reject(reason);
  }
  #takeCheckpoint(isLast: boolean): Promise<JobSnapshot> {
    if (this.state !== 'running')
      return Promise.reject(
        new UserError('JOB1001', { message: `a job that is ${this.state} has no checkpoint to take` }),
      );
    assert(this.#checkpoint === undefined, 'one checkpoint at a time');
    const checkpoint = new Checkpoint(++this.#epoch);
    this.#checkpoint = checkpoint;
    for (const source of this.#built!.sources) {
      if (source.finished) continue;
      source.holdsAfterBarrier = isLast;
      source.barrier = checkpoint.epoch;
    }
    this.wake();
    return checkpoint.done;
  }

  /** Ends at the next batch border: what was read goes through and sinks flush. With `drain` the input counts as ended:
   *  windows that are open are emitted; without, what is not final stays unsaid. */
  stop(drain: boolean): void {
    this.#stopped ||= !drain;
    for (const source of this.#built?.sources ?? []) source.stopRequested = drain ? 'drain' : 'stop';
    this.wake();
  }
  /** Each `checkpoint` makes something known outside: rows that a sink prepared, or the position of a source whose job
   *  keeps nothing between rows. */
  get commits(): boolean {
    const { stateless, sources, sinks } = this.#built!;
    return sinks.some((s) => s.commits) || (stateless && sources.some((s) => s.commits));
  }

  /** Ends at once: nothing is flushed. `done` resolves. */
  async cancel(): Promise<void> {
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
  /** Milliseconds that the whole job stood still although rows were there, because a sink or a lookup took none. */
  get blockedMs(): number {
    return this.#blockedMs;
  }
  metrics(): readonly NodeMetrics[] {
    if (this.#built === undefined) return this.#lastMetrics;
    return this.#built.nodes.map((node) => ({
      id: node.id,
      title: node.title,
      instance: node.instance,
      rowsIn: node.rowsIn,
      rowsOut: node.rowsOut,
      watermark: node.watermark,
      heldBytes: node.heldBytes,
      counters: Object.fromEntries(this.#built!.metrics.counters(node.id, node.instance)),
      gauges: Object.fromEntries(this.#built!.metrics.gauges(node.id, node.instance)),
      trouble: node instanceof SourceNode || node instanceof SinkNode ? node.trouble : undefined,
      silentSplits: node instanceof SourceNode ? node.silentSplits : undefined,
    }));
  }

  async #loop(): Promise<void> {
    const { world } = this.#settings;
    try {
      while (this.state === 'running') {
        this.#woken = false;
        const busy = this.#slice();
        if (this.state !== 'running') return;
        this.#lookAtMemory(world.monotonic(), busy);
        this.#completeCheckpoint();
        if (this.#ending) return;
        if (this.#checkpoint === undefined && this.#built!.nodes.every((n) => n.finished)) {
          await this.#finish();
          return;
        }
        if (busy) {
          await world.breathe();
          continue;
        }
        if (this.#woken) continue;
        this.#settle();
        await this.#sleepCounted();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Steps nodes until nothing can move or the slice is used up. True when there is more to do. */
  #slice(): boolean {
    const { world } = this.#settings;
    const { consumers, sources } = this.#built!;
    const until = world.monotonic() + sliceMs;
    let steps = 0;
    for (;;) {
      const now = world.now();
      this.#tellQuiet(now);
      // Downstream first: after each step start again from the sinks.
      for (let i = consumers.length - 1; i >= 0; i--) {
        while (consumers[i]!.step(now)) {
          if (this.state !== 'running') return false;
          // What always has something to do never lets this loop run dry: the time is looked at here too.
          if (++steps % stepsPerLook === 0 && world.monotonic() >= until) return true;
          if (i < consumers.length - 1) i = consumers.length - 1;
        }
      }
      // Then one batch of one source: what it gives is through before the next is read.
      if (!stepOneSource(sources, this.#alignment, now)) return false;
      if (this.state !== 'running') return false;
      if (++steps % stepsPerLook === 0 && world.monotonic() >= until) return true;
    }
  }

  /** Now and then while there is work, and whenever there is none. */
  #lookAtMemory(now: number, busy: boolean): void {
    if (busy && now - this.#memoryLookedAt < memoryLookMs) return;
    this.#memoryLookedAt = now;
    checkMemory(this.#built!.nodes, this.#settings.memoryBytesMax);
  }

  #tellQuiet(now: number): void {
    const { sources } = this.#built!;
    for (const source of sources) {
      source.quiet = sources.every((other) => other === source || other.finished || now > other.lastRowAt);
    }
  }

  async #sleepCounted(): Promise<void> {
    const { world } = this.#settings;
    const blocked = this.#built!.nodes.some((n) => n.blocked);
    const from = world.monotonic();
    await this.#sleep();
    if (blocked) this.#blockedMs += world.monotonic() - from;
  }
  #sleep(): Promise<void> {
    const { world } = this.#settings;
    const next = Math.min(...this.#built!.nodes.map((n) => n.nextTimer));
    return new Promise((resolve) => {
      this.#sleeper = () => {
        this.#timer?.cancel();
        this.#timer = undefined;
        resolve();
      };
      if (next < Infinity)
        this.#timer = world.after(Math.max(0, next - world.now()), () => {
          this.wake();
        });
    });
  }

  #settle(): void {
    if (this.#built!.nodes.some((n: RunningNode) => n.pending > 0)) return;
    const settlers = this.#settlers;
    this.#settlers = [];
    for (const settler of settlers) settler();
  }

  #snapshotted(id: string, instance: number, epoch: number, state: Uint8Array): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint?.epoch === epoch) checkpoint.states.set(stateKey(id, instance), state);
  }
  /** Every node wrote its part, or finished: no barrier reaches what runs behind sources that have ended. */
  #completeCheckpoint(): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined || checkpoint.complete) return;
    const missing = this.#built!.nodes.filter((n) => !checkpoint.states.has(stateKey(n.id, n.instance)));
    if (missing.some((n) => !n.finished)) return;
    for (const n of missing) checkpoint.states.set(stateKey(n.id, n.instance), n.finalState ?? finishedState);
    checkpoint.complete = true;
    const snapshot = { epoch: checkpoint.epoch, states: checkpoint.states, finished: false };
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
    this.wake();
  }
  /** Makes the snapshot durable, then lets sinks and sources commit what is in it. */
  async #conclude(snapshot: JobSnapshot, upTo: SourceCommit): Promise<void> {
    const { sinks, sources } = this.#built!;
    const prepared = sinks.map((sink) => sink.preparedCount);
    await this.#settings.persist?.(snapshot);
    try {
      await Promise.all(sinks.map((sink, i) => sink.commit(prepared[i]!)));
    } catch (error) {
      // The snapshot holds: whoever starts from it commits again.
      this.#fail(error);
      throw error;
    }
    if (this.state === 'running') for (const source of sources) source.commit(upTo);
  }

  async #finish(): Promise<void> {
    const states = new Map<string, Uint8Array>();
    for (const n of this.#built!.nodes) states.set(stateKey(n.id, n.instance), n.finalState ?? finishedState);
    const finished = !this.#stopped;
    const commits = this.#built!.sinks.some((s) => s.commits);
    // Whoever finds it finished begins anew: first all that is prepared has to be committed, by a restart if need be.
    const snapshot = { epoch: ++this.#epoch, states, finished: finished && !commits };
    await this.#conclude(snapshot, finished ? 'end' : 'stop');
    if (finished && commits)
      await this.#settings.persist?.({ epoch: ++this.#epoch, states: new Map(), finished });
    await this.#end();
  }
  async #end(): Promise<void> {
    if (this.state !== 'running' || this.#ending) return;
    this.#ending = true;
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
  /** Of a job that ended stay its metrics and its error: who lists jobs keeps none of their memory. */
  #release(): void {
    this.#lastMetrics = this.metrics();
    this.#built = undefined;
    this.#alignment = undefined;
    this.#checkpoint?.reject(
      this.#error ??
        new UserError('JOB1001', { message: `the job ${this.state} before the checkpoint was complete` }),
    );
    this.#checkpoint = undefined;
    for (const settler of this.#settlers.splice(0)) settler();
  }
  async #shut(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    this.wake();
    await this.#built?.close();
  }
}
