/* A job as its user sees it: a name, what it reads and writes, its state, and how it ends. With state on disk it takes
 * checkpoints, and what fails from outside starts it again from the last one.
 *
 *   created ─▶ running ─▶ finished · canceled · failed
 *                 ▲ └─▶ restarting ─┐
 *                 └─────────────────┘ */

import {
  ExternalError,
  fileName,
  toMillraceError,
  UserError,
  type MillraceError,
  type ThreadHost,
  type Timer,
  type World,
} from '#base';
import type { ConnectorRegistry } from '#catalog';
import type { Batch } from '#data';
import type { JobPlan } from '#job';
import {
  fitOf,
  inMemory,
  Job,
  savepointOf,
  storesOf,
  type JobSnapshot,
  type JobState,
  type NewStore,
  type NodeFit,
  type NodeMetrics,
  type PrintLine,
  type SilentSplits,
  type SnapshotForm,
  type StateOnDisk,
  type Trouble,
  type WantedColumns,
} from '#dataflow';
import type { EvalSettings } from '#expr';
import { CheckpointTimer, type CheckpointRhythm } from './durability/checkpoint-timer.ts';
import { driftOf, type TableDrift } from './drift.ts';
import type { Durability } from './durability/durability.ts';
import type { StartPoint } from './durability/job-state.ts';
import { planDigest } from './durability/plan-digest.ts';
import { writeSavepoint } from './durability/savepoints.ts';
import { onTopOf } from './evolution/counts-before.ts';
import type { EvolvingPlan } from './evolution/evolving-plan.ts';
import { widenTables, type EvolvedColumn } from './evolution/widen-tables.ts';
import { withPolicyHint } from './policy-hint.ts';
import { accountsOf, takesLetters, type Accounts } from './accounts.ts';
import { checksOf, type CheckCounts } from './checks.ts';
import { watermarksOf, type NodeWatermark } from './watermarks.ts';

export interface JobStart {
  readonly name: string;
  readonly plan: JobPlan;
  /** Of a job whose tables may get columns: the plan is its. */
  readonly evolving?: EvolvingPlan | undefined;
  /** What plans go through before they run. */
  readonly throughPlan?: ((plan: JobPlan) => JobPlan) | undefined;
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly evaluation: EvalSettings;
  readonly parallelism: number;
  /** Bytes that state and buffers may hold together. */
  readonly memoryBytesMax: number;
  readonly warn: (message: string) => void;
  readonly print: PrintLine;
  readonly restore?: JobSnapshot | undefined;
  /** Where its state lies; without, it is gone with the process. */
  readonly durability?: Durability | undefined;
  readonly newStore?: NewStore | undefined;
  /** State by key that does not fit into memory goes to disk. */
  readonly keepsOnDisk?: boolean;
  /** Runs parallel instances in a thread each. */
  readonly threads?: ThreadHost | undefined;
  readonly lateRows?: ((operatorId: string, batch: Batch, row: number) => void) | undefined;
  /** The epoch of a snapshot that is kept elsewhere than on disk. */
  readonly base?: (() => number | undefined) | undefined;
}

/** Totals over the job's operators, for a status line. */
export interface JobTotals {
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** Least watermark of the sources, ms; -Infinity before the first. */
  readonly watermark: number;
  readonly late: number;
  /** Memory that state and buffers hold, bytes. */
  readonly heldBytes: number;
  /** Milliseconds that the job stood still with rows in hand, because a sink or a lookup took none. */
  readonly blockedMs: number;
  /** Malformed records skipped, late rows and the like, by counter name. */
  readonly counters: Readonly<Record<string, number>>;
  /** Why a source cannot read at the moment: that of the first one. */
  readonly cannotRead: Trouble | undefined;
  /** Why a table cannot be looked up at the moment: that of the first one. */
  readonly cannotLookUp: Trouble | undefined;
  /** Why a sink cannot write at the moment: that of the first one. */
  readonly cannotWrite: Trouble | undefined;
  /** Splits of a source that hold the watermark back: those of the first one. */
  readonly silentSplits: SilentSplits | undefined;
}

export type EngineJobState = JobState | 'restarting';

/** Why a job that failed waits, and until when. */
export interface Restarting {
  readonly error: MillraceError;
  /** Ms since the epoch. */
  readonly at: number;
}

/** What was taken last. */
export interface CheckpointStats {
  readonly epoch: number;
  /** Ms since the epoch. */
  readonly takenAt: number;
  /** From the barrier to the manifest. */
  readonly durationMs: number;
  /** The longest that an operator waited for the barrier of its other inputs. */
  readonly alignmentMs: number;
  /** The longest that nothing moved in a thread while an operator's state was taken. */
  readonly stopMs: number;
  readonly bytes: number;
}

/** Of a job without state on disk: sinks flush and commit so often, and sources commit how far. */
const flushRhythm: CheckpointRhythm = {
  intervalMs: 10_000,
  minPauseMs: 0,
  timeoutMs: 600_000,
  tolerable: Infinity,
};

export class EngineJob {
  readonly name: string;
  plan: JobPlan;
  readonly startedAt: number;
  /** When it ended, ms; undefined as long as it has not. */
  endedAt: number | undefined;
  /** Resolves when the job finished, stopped or was canceled; rejects with what failed it for good. */
  readonly done: Promise<void>;
  readonly #settings: JobStart;
  readonly #durable: Durability | undefined;
  /** Where the state on disk lies of a job that keeps none of it. */
  readonly #scratch: string | undefined;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;
  #job: Job;
  #timer: CheckpointTimer | undefined;
  #incarnation = '1';
  #stopping = false;
  #restarting: Restarting | undefined;
  #wake: Timer | undefined;
  #resumed: StartPoint | undefined;
  #last: CheckpointStats | undefined;
  readonly #onCheckpoint: ((stats: CheckpointStats) => void)[] = [];
  restarts = 0;

  constructor(start: JobStart) {
    this.name = start.name;
    this.plan = start.plan;
    this.startedAt = start.world.now();
    this.#settings = start;
    this.#durable = start.durability;
    if (start.keepsOnDisk === true && this.#durable === undefined)
      this.#scratch = `.millrace/scratch/${start.world.rng.uint32().toString(16)}-${fileName(start.name)}`;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
    this.#job = this.#attempt(start.restore);
  }
  /** How long it has run, or ran until it ended. */
  get ranMs(): number {
    return (this.endedAt ?? this.#settings.world.now()) - this.startedAt;
  }
  #attempt(restore: JobSnapshot | undefined): Job {
    const { world, connectors, evaluation, parallelism, threads, memoryBytesMax, ...start } = this.#settings;
    const { newStore, warn, print, lateRows, base } = start;
    const durable = this.#durable?.state;
    return new Job(this.plan, {
      world,
      connectors,
      evaluation,
      parallelism,
      threads,
      memoryBytesMax,
      restore,
      newStore,
      warn,
      print,
      lateRows,
      asked: (wanted) => {
        this.#asked(wanted);
      },
      name: this.name,
      incarnation: this.#incarnation,
      folder: durable?.path,
      stateOnDisk: this.#stateOnDisk,
      checkpointsRetained: durable?.retained,
      persist: this.#durable && ((snapshot) => this.#persist(snapshot)),
      blocks: this.#durable && ((epoch, share) => this.#durable!.state.blocks(epoch, share)),
      base: base ?? (() => this.#durable?.state.base),
    });
  }
  get #stateOnDisk(): StateOnDisk | undefined {
    const { keepsOnDisk, memoryBytesMax, parallelism } = this.#settings;
    if (keepsOnDisk !== true) return undefined;
    return {
      folder: `${this.#durable?.state.path ?? this.#scratch}/disk`,
      bytesMax: memoryBytesMax / parallelism,
    };
  }
  async #persist(snapshot: JobSnapshot): Promise<void> {
    const { world } = this.#settings;
    await this.#durable!.state.persist(snapshot);
    this.#last = {
      epoch: snapshot.epoch,
      takenAt: world.now(),
      durationMs: world.monotonic() - (snapshot.timing?.startedAt ?? world.monotonic()),
      alignmentMs: snapshot.timing?.alignmentMs ?? 0,
      stopMs: snapshot.timing?.stopMs ?? 0,
      bytes: this.#durable!.state.bytes,
    };
    for (const tell of this.#onCheckpoint) tell(this.#last);
  }

  /** Finds where it starts, opens sources and sinks and starts. Rejects with what opening threw. */
  async start(): Promise<void> {
    try {
      if (this.#durable !== undefined) {
        this.#resumed = await this.#durable.state.begin();
        if (this.#stopping) return this.#ended(undefined);
        this.#replan();
        this.#incarnation = this.#resumed.incarnation;
        this.#checkFit(this.#resumed.restore);
        this.#job = this.#attempt(this.#resumed.restore);
      }
      await this.#run();
    } catch (error) {
      this.#ended(error);
      throw error;
    }
  }
  /** What the savepoint that it goes on from has that the plan takes up, and what not. Empty without a savepoint. */
  fits: readonly NodeFit[] = [];
  #checkFit(restore: JobSnapshot | undefined): void {
    if (restore?.logical !== true) return;
    const { evaluation, world, newStore = inMemory } = this.#settings;
    this.fits = fitOf(this.plan, restore, { evaluation, world, newStore });
    const lost = this.fits.filter((f) => f.status === 'gone' && f.held);
    if (lost.length > 0 && !this.#durable!.allowNonRestored)
      throw new UserError('CHK1003', {
        message: `the savepoint has state that the query has no place for: ${lost.map((f) => f.id).join(', ')}`,
        hint: 'millrace explain --from-savepoint shows what is kept; --allow-non-restored-state drops the rest.',
      });
  }
  async #run(): Promise<void> {
    const job = this.#job;
    this.#starts = true;
    try {
      await job.start();
    } finally {
      this.#starts = false;
    }
    this.#restarting = undefined;
    const durable = this.#durable;
    if (job.state === 'running' && (durable !== undefined || job.commits))
      this.#timer = new CheckpointTimer(this.world, durable?.rhythm ?? flushRhythm, job, (error) => {
        job.fail(error);
      });
    void this.#follow(job, this.#timer);
    // From here on the job's own state is what a start finds.
    if (this.fits.length > 0 && this.#last === undefined) this.#timer?.take().catch(() => {});
    this.#evolveSoon();
  }
  async #follow(job: Job, timer: CheckpointTimer | undefined): Promise<void> {
    try {
      await job.done;
      // Else it goes on, or ends, by another plan.
      if (this.#left !== job) this.#ended(undefined);
    } catch (thrown) {
      if (this.#left !== job) this.#afterFailure(thrown);
    } finally {
      await timer?.stop();
    }
  }
  /** What sources asked for, while it is being looked after. */
  #wanted: WantedColumns[] = [];
  #evolution: Promise<void> | undefined;
  #before: readonly NodeMetrics[] = [];
  readonly #evolved: EvolvedColumn[] = [];

  /** A source may ask before the job is known to run. */
  #starts = false;
  /** What ran before, and stops for it. */
  #left: Job | undefined;

  #asked(wanted: WantedColumns): void {
    this.#wanted.push(wanted);
    this.#evolveSoon();
  }
  #evolveSoon(): void {
    if (this.#evolution !== undefined || this.#starts || this.#stopping || this.#wanted.length === 0) return;
    this.#evolution = this.#evolve().finally(() => {
      this.#evolution = undefined;
      this.#evolveSoon();
    });
  }
  /** A checkpoint, wider targets, and on from there by a plan of wider tables. A crash in between finds that checkpoint and the
   *  plan of before, whose sources ask again. */
  async #evolve(): Promise<void> {
    this.#left = this.#job;
    try {
      await this.#timer?.stop();
      let snapshot: JobSnapshot | undefined;
      if (this.#durable === undefined)
        await this.#job.stopWithCheckpoint(async (taken) => {
          snapshot = taken;
        });
      else await this.#job.stopWithCheckpoint();
      const counted = this.metrics();
      if (this.#stopping) return this.#ended(undefined);
      this.#evolved.push(
        ...(await widenTables(this.#wanted.splice(0), this.#settings.evolving!, this.#settings)),
      );
      const restore = snapshot ?? (await this.#durable!.state.again()).restore;
      if (this.#stopping) return this.#ended(undefined);
      this.#replan();
      this.#job = this.#attempt(restore);
      this.#before = counted;
      await this.#run();
      // From here on a start finds the wider tables by themselves.
      if (this.#durable !== undefined) this.#timer?.take().catch(() => {});
    } catch (thrown) {
      this.#wanted = [];
      if (this.#stopping && this.#job.state !== 'failed') this.#ended(undefined);
      else this.#afterFailure(thrown);
    }
  }
  #replan(): void {
    const { evolving, throughPlan } = this.#settings;
    if (evolving !== undefined) this.plan = throughPlan?.(evolving.plan) ?? evolving.plan;
  }
  /** Columns that its tables got since it started. */
  get evolved(): readonly EvolvedColumn[] {
    return this.#evolved;
  }

  /** Starts again in a while, where that may help and the strategy has it; ends otherwise. */
  #afterFailure(thrown: unknown): void {
    const error = toMillraceError(thrown);
    const waitMs = this.#mayRestart(error) ? this.#durable!.restarts.next(this.world.now()) : undefined;
    if (waitMs === undefined) this.#ended(error);
    else this.#restartAfter(waitMs, error);
  }
  #mayRestart(error: MillraceError): boolean {
    return (
      this.#durable !== undefined && !this.#stopping && error instanceof ExternalError && error.retryable
    );
  }
  #restartAfter(waitMs: number, error: MillraceError): void {
    const { warn, world } = this.#settings;
    this.#restarting = { error, at: world.now() + waitMs };
    this.restarts++;
    warn(`job ${this.name} failed and starts again in ${Math.round(waitMs)} ms: ${error.message}`);
    this.#wake = world.after(waitMs, () => {
      void this.#restart();
    });
  }
  async #restart(): Promise<void> {
    this.#wake = undefined;
    try {
      const { restore } = await this.#durable!.state.again();
      if (this.#stopping) return this.#ended(undefined);
      this.#job = this.#attempt(restore);
      await this.#run();
    } catch (thrown) {
      this.#afterFailure(thrown);
    }
  }
  #ended(thrown: unknown): void {
    const error = withPolicyHint(thrown, this.plan);
    this.#restarting = undefined;
    this.endedAt = this.world.now();
    this.#error = error;
    const settle = (): void => {
      if (error === undefined) this.#resolve();
      else this.#reject(error);
    };
    // Who starts it again right behind must find the state free.
    if (this.#durable === undefined) {
      if (this.#scratch === undefined) settle();
      else this.world.disk.remove(this.#scratch).then(settle, settle);
    } else this.#durable.state.end().then(settle, settle);
  }
  #error: unknown;

  get state(): EngineJobState {
    if (this.#restarting !== undefined) return 'restarting';
    if (this.endedAt === undefined) return this.#job.state === 'created' ? 'created' : 'running';
    if (this.#error !== undefined) return 'failed';
    return this.#job.state === 'failed' ? 'canceled' : this.#job.state;
  }
  get error(): unknown {
    return this.#error ?? this.#restarting?.error;
  }
  get restarting(): Restarting | undefined {
    return this.#restarting;
  }
  /** When what it went on from was taken, ms, and its number; undefined: it started anew. */
  get resumedFrom(): { readonly epoch: number; readonly takenAt: number } | undefined {
    const { restore, takenAt } = this.#resumed ?? {};
    return restore && { epoch: restore.epoch, takenAt: takenAt! };
  }
  /** The folder that keeps its state, if one does. */
  get statePath(): string | undefined {
    return this.#durable?.state.path;
  }
  get lastCheckpoint(): CheckpointStats | undefined {
    return this.#last;
  }
  onCheckpoint(tell: (stats: CheckpointStats) => void): void {
    this.#onCheckpoint.push(tell);
  }
  /** Resolves when nothing moves. */
  async settled(): Promise<void> {
    await this.#evolution;
    await this.#job.settled();
    if (this.#evolution !== undefined) await this.settled();
  }
  /** One now. */
  async checkpoint(form: SnapshotForm = 'any'): Promise<JobSnapshot> {
    await this.#evolution;
    return await (this.#timer?.take(form) ?? this.#job.checkpoint(form));
  }
  /** A checkpoint, and behind it a savepoint of it below the directory; returns its path. */
  async savepoint(directory: string): Promise<string> {
    return await this.#writeSavepoint(await this.checkpoint('whole'), directory);
  }
  /** A snapshot of this job as a savepoint holds it. */
  async asSavepoint(snapshot: JobSnapshot): Promise<JobSnapshot> {
    const { evaluation, world, newStore } = this.#settings;
    const stores = await storesOf({ world, newStore, stateOnDisk: this.#stateOnDisk });
    return savepointOf(this.plan, snapshot, { evaluation, world, newStore: stores });
  }
  async #writeSavepoint(snapshot: JobSnapshot, directory: string): Promise<string> {
    const { world, parallelism } = this.#settings;
    const info = this.#durable?.state.info(snapshot) ?? {
      job: this.name,
      plan: planDigest(this.plan),
      parallelism,
      epoch: snapshot.epoch,
      finished: snapshot.finished,
      incarnation: this.#incarnation,
      takenAt: world.now(),
    };
    return await writeSavepoint(world, directory, await this.asSavepoint(snapshot), info);
  }
  /** A last checkpoint, a savepoint of it, and the end; returns the savepoint's path. */
  async stopWithSavepoint(directory: string): Promise<string> {
    await this.#evolution;
    this.#stopping = true;
    await this.#timer?.stop();
    let path = '';
    await this.#job.stopWithCheckpoint(async (snapshot) => {
      path = await this.#writeSavepoint(snapshot, directory);
    });
    await this.done;
    return path;
  }
  /** Sources stop, what was read goes through, sinks flush. Windows that are open stay so and are not emitted, unless
   *  `drain` ends the input for good. A job with state on disk takes a last checkpoint, from which the next start goes
   *  on. */
  async stop({ drain = false }: { readonly drain?: boolean } = {}): Promise<void> {
    this.#stopping = true;
    await this.#evolution;
    if (this.#wake !== undefined) {
      this.#wake.cancel();
      this.#wake = undefined;
      this.#ended(undefined);
    }
    await this.#timer?.stop();
    if (this.#job.state === 'created') await this.#job.cancel();
    if (this.#job.state === 'running') {
      if (this.#durable === undefined || drain) this.#job.stop(drain);
      else await this.#job.stopWithCheckpoint();
    }
    await this.done;
  }
  /** It runs, or waits for what it reads and writes to open, or to start again. */
  get isLive(): boolean {
    return this.endedAt === undefined;
  }
  /** It was asked to stop. */
  get stopping(): boolean {
    return this.#stopping;
  }
  async cancel(): Promise<void> {
    this.#stopping = true;
    this.#wake?.cancel();
    this.#wake = undefined;
    await this.#job.cancel();
    await this.#evolution;
    if (this.endedAt === undefined && this.#restarting !== undefined) this.#ended(undefined);
  }
  /** Where event time is in each of its nodes. */
  watermarks(): readonly NodeWatermark[] {
    return watermarksOf(this.plan, this.metrics());
  }
  metrics(): readonly NodeMetrics[] {
    return onTopOf(this.#before, this.#job.metrics(), (id, field) => {
      const node = this.plan.nodes.find((n) => n.id === id);
      return node?.kind === 'source' && node.table.physical.some((f) => f.name === field);
    });
  }
  /** What became of all that it read since it started. */
  accounts(): Accounts {
    return accountsOf(this.plan, this.metrics());
  }
  /** How what it reads differs from its tables. */
  drift(): readonly TableDrift[] {
    return driftOf(this.plan, this.metrics());
  }
  /** What was found of what is expected of its tables' rows, since it started. */
  checks(): readonly CheckCounts[] {
    const now = this.endedAt ?? this.#settings.world.now();
    return checksOf(this.plan, this.metrics(), { now, startedAt: this.startedAt });
  }
  totals(): JobTotals {
    const kinds = new Map(this.plan.nodes.map((n) => [n.id, n.kind]));
    const letters = new Set(this.plan.nodes.filter((n) => takesLetters(this.plan, n)).map((n) => n.id));
    const counters: Record<string, number> = {};
    let rowsIn = 0;
    let rowsOut = 0;
    let heldBytes = 0;
    let watermark = Infinity;
    let cannotRead: Trouble | undefined;
    let cannotLookUp: Trouble | undefined;
    let cannotWrite: Trouble | undefined;
    let silentSplits: SilentSplits | undefined;
    for (const node of this.metrics()) {
      heldBytes += node.heldBytes;
      silentSplits ??= node.silentSplits;
      if (kinds.get(node.id) === 'source') {
        rowsIn += node.rowsIn;
        cannotRead ??= node.trouble;
        watermark = Math.min(watermark, node.watermark);
      } else if (kinds.get(node.id) === 'sink') {
        if (!letters.has(node.id)) rowsOut += node.rowsIn - (node.counters['numRowsRefused'] ?? 0);
        cannotWrite ??= node.trouble;
      } else cannotLookUp ??= node.trouble;
      for (const [name, value] of Object.entries(node.counters))
        counters[name] = (counters[name] ?? 0) + value;
    }
    return {
      rowsIn,
      rowsOut,
      watermark: watermark === Infinity ? -Infinity : watermark,
      late: (counters['numLateRecordsDropped'] ?? 0) + (counters['numNullRowTimeRecordsDropped'] ?? 0),
      heldBytes,
      blockedMs: this.#job.blockedMs,
      counters,
      cannotRead,
      cannotLookUp,
      cannotWrite,
      silentSplits,
    };
  }
  get world(): World {
    return this.#settings.world;
  }
}
