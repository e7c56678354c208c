/* The running side of one test file in one mode: jobs, what they wrote, checkpoints and crashes.
 *
 *   push ─▶ board ─▶ jobs run until nothing moves ─▶ looks compare
 *   crash mode: one batch at a time; at random, take a checkpoint, or drop every job and start anew from the last one
 */

import { didYouMean, Rng, UserError } from '#base';
import type { Batch, Field, LogicalType } from '#data';
import { changeText, readRow } from '#data';
import type { JobSnapshot, StorePlace } from '#dataflow';
import type { NodePlan } from '#job';
import type { LoadChecks } from '#plan';
import { type EngineJob, Executor, type ChangeQueue, type LoadModule } from '#engine';
import type { InsertStatement, Query } from '#sql';
import type { ConnectorRegistry, ModelProvider } from '#catalog';
import { bytesOf, DiskStore, partOf, StateQuota, type PersistentStore } from '#state';
import { cutByPush, cutByRow, TestBoard } from '../board.ts';
import { CheckedImages } from '../checked-images.ts';
import { SimWorld } from '../sim-world.ts';
import { SlowStore } from '../slow-store/index.ts';
import { testConnector } from '../test-connector.ts';
import type { KindedRow } from './cells.ts';

export type Mode = 'plain' | 'rows' | 'splits' | 'crash' | 'parallel' | OwnMode;
/** The modes that a user may ask for. */
export const modes: readonly Mode[] = ['plain', 'rows', 'splits', 'crash', 'parallel'];
/** Modes of our own tests. `rescale`: crash, and back at another parallelism each time. `slow`: crash, over the slow state
 *  store. `disk`: crash, at another parallelism at times, with all rows on disk between two runs. */
export type OwnMode = 'rescale' | 'slow' | 'disk';
export const ownModes: readonly OwnMode[] = ['rescale', 'slow', 'disk'];

/** Instances of a job by how often it came back, in mode rescale. */
const rescaleSteps = [1, 3, 2];
/** The same in mode disk: it often comes back as it was. */
const diskSteps = [1, 1, 1, 2, 2];

/** A row that an operator dropped as late, with the names of its columns. */
interface LateRow {
  readonly operator: string;
  readonly cells: ReadonlyMap<string, unknown>;
}

/** One job of the file: how to start it, and what came of it. */
interface Running {
  readonly name: string;
  readonly start: (
    restore: JobSnapshot | undefined,
  ) => Promise<{ job: EngineJob; changes: ChangeQueue | undefined; fields: readonly Field[] }>;
  job: EngineJob;
  changes: ChangeQueue | undefined;
  fields: readonly Field[];
  readonly collected: KindedRow[];
  readonly late: LateRow[];
  /** Sources that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Bytes of each operator's state at the start: more than that is state. */
  baseline: ReadonlyMap<string, number> | undefined;
  failed: unknown;
  /** What it goes on from where no checkpoint was taken: the savepoint that it began from. */
  readonly base: JobSnapshot | undefined;
  /** It writes into tables; else it is a view or SELECT, whose changes are kept. */
  readonly writes: boolean;
}

/** Jobs that were stopped, by name. */
interface Savepoint {
  readonly snapshots: ReadonlyMap<string, JobSnapshot>;
}

interface Checkpoint {
  readonly snapshots: ReadonlyMap<string, JobSnapshot>;
  readonly collected: ReadonlyMap<string, number>;
  readonly late: ReadonlyMap<string, number>;
}

export class TestSession {
  readonly world: SimWorld;
  readonly board = new TestBoard();
  readonly executor: Executor;
  readonly mode: Mode;
  readonly #rng: Rng;
  readonly #seed: number;
  readonly #jobs = new Map<string, Running>();
  /** Snapshots that later ones may refer to, by job. */
  readonly #kept = new Map<string, JobSnapshot>();
  readonly #images = new CheckedImages();
  readonly #asksLate: boolean;
  #checkpoint: Checkpoint | undefined;
  /** A restored operator had state. */
  restoredState = false;
  restores = 0;

  constructor(
    mode: Mode,
    seed: number,
    {
      connectors,
      modelProviders = [],
      loadModule,
      loadChecks,
      asksLate,
    }: {
      readonly connectors: ConnectorRegistry;
      readonly modelProviders?: readonly ModelProvider[] | undefined;
      readonly loadModule?: LoadModule | undefined;
      readonly loadChecks?: LoadChecks | undefined;
      /** Late rows are looked at: without, jobs run as they do where nobody asks for them. */
      readonly asksLate: boolean;
    },
  ) {
    this.mode = mode;
    this.#asksLate = asksLate;
    this.world = new SimWorld(7);
    this.#rng = new Rng(seed);
    this.#seed = seed;
    this.board.cut =
      mode === 'rows'
        ? cutByRow
        : mode === 'splits' || this.#crashes
          ? (log, from) => Math.min(cutByPush(log, from), from + this.#rng.between(1, 3))
          : cutByPush;
    this.executor = new Executor({
      world: this.world,
      connectors: new Map([...connectors, ['test', testConnector(this.board)] as const]),
      modelProviders,
      throughPlan: (plan) => structuredClone(plan),
      ...(loadModule === undefined ? {} : { loadModule }),
      loadChecks,
      ...(mode === 'slow' ? { newStore: () => new SlowStore() } : {}),
      ...(mode === 'crash' ? { newStore: (place?: StorePlace) => this.#images.store(place) } : {}),
      ...(mode === 'disk' ? { newStore: (place?: StorePlace) => this.#onDisk(place) } : {}),
    });
  }

  /** Jobs are lost and come back, at random. */
  get #crashes(): boolean {
    return ['crash', 'rescale', 'slow', 'disk'].includes(this.mode);
  }
  /** Nothing stays in memory behind a run. */
  #onDisk(place: StorePlace | undefined): PersistentStore {
    const name = place && `${place.job}/${place.id}-${place.instance}of${place.instances}`;
    const maps = this.world.disk.ordered;
    return new DiskStore({ maps, folder: 'state', name, wake: place?.wake }, new StateQuota(0, 1));
  }
  #parallelism(name: string): number {
    if (this.mode === 'parallel') return 2 + (this.#seed % 2);
    if (this.mode !== 'rescale' && this.mode !== 'disk') return 1;
    const starts = this.#starts.get(name) ?? 0;
    this.#starts.set(name, starts + 1);
    const steps = this.mode === 'disk' ? diskSteps : rescaleSteps;
    return steps[starts % steps.length]!;
  }
  readonly #starts = new Map<string, number>();
  readonly #savepoints = new Map<string, Savepoint>();
  /** What INSERTs go on from, behind `restore`. */
  #restoring: JobSnapshot | undefined;

  running(name: string): Running | undefined {
    return this.#jobs.get(name);
  }
  get names(): string[] {
    return [...this.#jobs.keys()];
  }

  /** Starts a query whose changes are kept under `name`. */
  async startQuery(name: string, query: Query): Promise<void> {
    await this.#start(name, false, undefined, async (restore) => {
      const execution = await this.executor.query(query, {
        name,
        restore,
        parallelism: this.#parallelism(name),
        unboundedResult: true,
        ...(this.#asksLate && { lateRows: this.#lateRows(name) }),
        base: () => this.#kept.get(name)?.epoch,
      });
      return { job: execution.job, changes: execution.changes, fields: execution.fields };
    });
  }
  async startInserts(name: string, inserts: readonly InsertStatement[]): Promise<void> {
    await this.#start(name, true, this.#restoring, async (restore) => {
      const execution = await this.executor.insert(inserts, {
        name,
        restore,
        parallelism: this.#parallelism(name),
        inBackground: true,
        ...(this.#asksLate && { lateRows: this.#lateRows(name) }),
        base: () => this.#kept.get(name)?.epoch,
      });
      return { job: execution.job, changes: undefined, fields: [] };
    });
  }
  async #start(
    name: string,
    writes: boolean,
    base: JobSnapshot | undefined,
    start: Running['start'],
  ): Promise<void> {
    const { job, changes, fields } = await start(base);
    const reads = new Set(job.plan.nodes.flatMap((n) => (n.kind === 'source' ? [n.table.path.object] : [])));
    const running: Running = {
      name,
      start,
      job,
      changes,
      fields,
      collected: [],
      late: [],
      reads,
      baseline: undefined,
      failed: undefined,
      base,
      writes,
    };
    this.#jobs.set(name, running);
    if (this.#crashes && job.state === 'running') running.baseline = await this.#stateSizes(running);
    await this.settle();
    if (this.#crashes) await this.checkpoint();
  }
  async #stateSizes(running: Running): Promise<ReadonlyMap<string, number> | undefined> {
    const permits = this.board.permits;
    this.board.permits = 0;
    const snapshot = await running.job.checkpoint().catch(() => undefined);
    this.board.permits = permits;
    return snapshot && new Map([...snapshot.states].map(([id, bytes]) => [id, bytes.length]));
  }

  #lateRows(name: string): (operator: string, batch: Batch, row: number) => void {
    return (operator, batch, row) => {
      const running = this.#jobs.get(name)!;
      const node = running.job.plan.nodes.find((n) => n.id === operator)!;
      if (node.kind !== 'operator') return;
      const names = inputNames(running.job, operator);
      const cells = readRow(batch, node.inputTypes[0]!, row);
      running.late.push({ operator, cells: new Map(cells.map((c, i) => [names[i] ?? `$${i}`, c])) });
    };
  }

  /** Rows go in; the jobs run until nothing moves, in the manner of the mode. */
  async feed(change: () => void): Promise<void> {
    if (!this.#crashes) {
      change();
      return await this.settle();
    }
    await this.checkpoint();
    this.board.permits = 0;
    change();
    await this.#oneByOne();
    this.board.permits = Infinity;
    this.board.wakeAll();
    await this.settle();
  }

  /** Lets batches through one at a time, with checkpoints and crashes between them. */
  async #oneByOne(): Promise<void> {
    let crashes = 0;
    for (let quiet = 0; quiet < 2; ) {
      this.board.permits = 1;
      this.board.wakeAll();
      await this.settle();
      quiet = this.board.permits === 1 ? quiet + 1 : 0;
      this.board.permits = 0;
      const dice = this.#rng.double();
      if (dice < 0.35) await this.checkpoint();
      else if (dice < 0.7 && crashes < 3) {
        crashes++;
        quiet = 0;
        await this.crash();
      }
    }
  }

  /** Waits until no job can move. Jobs that failed keep their error. */
  async settle(): Promise<void> {
    let writes: number;
    // What one job writes another may read.
    do {
      writes = this.board.writes;
      await this.#settleOnce();
    } while (writes !== this.board.writes);
  }
  async #settleOnce(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      for (const running of this.#jobs.values()) {
        await running.job.settled();
        this.#drain(running);
        if (running.job.state === 'failed') running.failed ??= running.job.error;
      }
    }
  }
  #drain(running: Running): void {
    for (const { kind, row } of running.changes?.take() ?? [])
      running.collected.push({ kind: changeText.indexOf(kind), row });
  }

  /** The first failure that no `error` directive has seen, taken away. */
  takeFailure(): unknown {
    for (const running of this.#jobs.values()) {
      if (running.failed === undefined || running.failed === 'seen') continue;
      const failure = running.failed;
      running.failed = 'seen';
      return failure;
    }
    return undefined;
  }

  async checkpoint(): Promise<void> {
    const permits = this.board.permits;
    this.board.permits = 0;
    const snapshots = new Map<string, JobSnapshot>();
    for (const running of this.#jobs.values()) {
      if (running.job.state === 'running') {
        const snapshot = await running.job.checkpoint().catch(() => undefined);
        if (snapshot !== undefined) snapshots.set(running.name, this.#keep(running.name, snapshot));
      }
      this.#drain(running);
    }
    this.#checkpoint = {
      snapshots,
      collected: new Map([...this.#jobs].map(([n, r]) => [n, r.collected.length])),
      late: new Map([...this.#jobs].map(([n, r]) => [n, r.late.length])),
    };
    this.board.permits = permits;
    this.board.wakeAll();
  }

  /** The snapshot as bytes of its own. */
  #keep(name: string, { epoch, finished, states }: JobSnapshot): JobSnapshot {
    const before = this.#kept.get(name)?.states;
    const whole = new Map(
      [...states].map(([key, part]) => {
        const base = before?.get(key);
        return [key, partOf(bytesOf(part, base && bytesOf(base)).slice())] as const;
      }),
    );
    for (const [key, part] of whole) this.#images.check(name, key, bytesOf(part));
    const kept = { epoch, finished, states: whole };
    this.#kept.set(name, kept);
    return kept;
  }

  /** Stops every job with a savepoint. */
  async savepoint(name: string): Promise<void> {
    await this.settle();
    const snapshots = new Map<string, JobSnapshot>();
    for (const running of this.#jobs.values()) {
      const { job } = running;
      if (job.state !== 'running') continue;
      snapshots.set(running.name, await job.asSavepoint(await job.checkpoint('whole')));
      this.#drain(running);
      await job.cancel();
      if (running.writes) this.#jobs.delete(running.name);
    }
    this.#savepoints.set(name, { snapshots });
    this.#checkpoint = undefined;
  }
  /** Views and SELECTs go on from the savepoint, and so will the INSERTs that follow. Throws UserError SLT1005. */
  async restore(name: string): Promise<void> {
    const savepoint = this.#savepoints.get(name);
    if (savepoint === undefined)
      throw new UserError('SLT1005', {
        message: `there is no savepoint "${name}"`,
        hint: didYouMean(name, this.#savepoints.keys()),
      });
    const { snapshots } = savepoint;
    for (const running of this.#jobs.values()) {
      const snapshot = snapshots.get(running.name);
      if (running.writes || snapshot === undefined) continue;
      if (running.job.state === 'running') await running.job.cancel();
      const { job, changes, fields } = await running.start(snapshot);
      Object.assign(running, { job, changes, fields, base: snapshot });
    }
    // An operator's id begins with its target, so the states of all INSERTs stand side by side.
    this.#restoring = {
      epoch: 0,
      finished: false,
      logical: true,
      states: new Map([...snapshots.values()].flatMap((s) => [...s.states])),
      also: new Map([...snapshots.values()].flatMap((s) => [...(s.also ?? [])])),
    };
    await this.settle();
    if (this.#crashes) await this.checkpoint();
  }

  /** Loses every running job and comes back from the last checkpoint. */
  async crash(): Promise<void> {
    const { snapshots, collected, late } = this.#checkpoint ?? {
      snapshots: new Map<string, JobSnapshot>(),
      collected: new Map<string, number>(),
      late: new Map<string, number>(),
    };
    // Nothing is read, and nothing ends, before all are back.
    this.board.isPaused = true;
    for (const running of this.#jobs.values()) {
      if (running.job.state !== 'running' && running.job.state !== 'finished') continue;
      const snapshot = snapshots.get(running.name) ?? running.base;
      if (running.job.state === 'finished' && snapshot === undefined) continue;
      await running.job.cancel();
      running.collected.length = collected.get(running.name) ?? 0;
      running.late.length = late.get(running.name) ?? 0;
      this.restores++;
      if (snapshot !== undefined) this.#noteState(running, snapshot);
      else this.#emptySinks(running);
      const { job, changes, fields } = await running.start(snapshot);
      Object.assign(running, { job, changes, fields });
    }
    this.board.isPaused = false;
    this.board.wakeAll();
    await this.settle();
  }
  /** A job that begins anew has written nothing. */
  #emptySinks(running: Running): void {
    for (const node of running.job.plan.nodes)
      if (node.kind === 'sink') this.board.table(node.table.path).rollBack(0, []);
  }
  /** An operator, or where there is none with state a source, comes back with more than it started with. */
  #noteState(running: Running, snapshot: JobSnapshot): void {
    const stateful = running.job.plan.nodes.filter(holdsState);
    if (stateful.length === 0) {
      this.restoredState = true;
      return;
    }
    for (const node of stateful) {
      const empty = running.baseline?.get(`${node.id}#0`) ?? Infinity;
      for (const [key, bytes] of snapshot.states)
        if (key.startsWith(`${node.id}#`) && bytes.length > empty) this.restoredState = true;
    }
  }
  get hasStatefulJobs(): boolean {
    return [...this.#jobs.values()].some((r) => r.job.plan.nodes.some(holdsState));
  }

  /** Moves the clock, firing every timer on the way at its own time. */
  async moveClock(to: number): Promise<void> {
    await this.settle();
    for (;;) {
      const next = this.world.nextTimer;
      if (next > to) break;
      this.world.moveTo(next);
      await this.settle();
    }
    this.world.moveTo(to);
    await this.settle();
  }

  async close(): Promise<void> {
    this.#images.close();
    for (const running of this.#jobs.values()) await running.job.cancel();
  }
  late(name: string): LateRow[] {
    const own = this.#jobs.get(name);
    if (own !== undefined) return own.late;
    return [...this.#jobs.values()].filter((r) => r.reads.has(name)).flatMap((r) => r.late);
  }
  types(running: Running): LogicalType[] {
    return running.fields.map((f) => f.type);
  }
}

/** Operators that keep nothing between settled batches. A lookup join keeps rows in flight, and here none are. */
const stateless = new Set([
  'calc',
  'union',
  'window-table',
  'unnest',
  'expand',
  'replicate',
  'lookup-join',
  'to-changelog',
  'from-changelog',
]);
const holdsState = (node: NodePlan): boolean => node.kind === 'operator' && !stateless.has(node.operator);

/** Column names of what the operator reads. */
function inputNames(job: EngineJob, operator: string): string[] {
  const node = job.plan.nodes.find((n) => n.id === operator)!;
  return node.kind === 'operator' ? [...(node.inputNames[0] ?? [])] : [];
}
