/* A job as its user sees it: a name, what it reads and writes, its state, and how it ends. */

import type { World } from '#base';
import type { ConnectorRegistry } from '#catalog';
import type { Batch } from '#data';
import type { JobPlan } from '#job';
import {
  Job,
  type JobSnapshot,
  type JobState,
  type NodeMetrics,
  type PrintLine,
  type SilentSplits,
  type Trouble,
} from '#dataflow';
import type { EvalSettings } from '#expr';
import type { PersistentStore } from '#state';

export interface JobStart {
  readonly name: string;
  readonly plan: JobPlan;
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly evaluation: EvalSettings;
  readonly parallelism: number;
  /** Bytes that state and buffers may hold together. */
  readonly memoryBytesMax: number;
  readonly warn: (message: string) => void;
  readonly print: PrintLine;
  readonly restore?: JobSnapshot | undefined;
  readonly newStore?: (() => PersistentStore) | undefined;
  readonly lateRows?: ((operatorId: string, batch: Batch, row: number) => void) | undefined;
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

/** Between two flushes of a job whose sources commit offsets. */
const flushEveryMs = 10_000;

export class EngineJob {
  readonly name: string;
  readonly plan: JobPlan;
  readonly startedAt: number;
  readonly #job: Job;
  readonly #settings: JobStart;
  #endedAt: number | undefined;
  #stopping = false;
  #flushing: Promise<void> | undefined;
  #cancelFlush: () => void = () => {};

  constructor(start: JobStart) {
    this.name = start.name;
    this.plan = start.plan;
    this.startedAt = start.world.now();
    this.#settings = start;
    this.#job = new Job(start.plan, {
      world: start.world,
      connectors: start.connectors,
      evaluation: start.evaluation,
      parallelism: start.parallelism,
      memoryBytesMax: start.memoryBytesMax,
      restore: start.restore,
      newStore: start.newStore,
      warn: start.warn,
      print: start.print,
      lateRows: start.lateRows,
    });
    const ended = (): void => {
      this.#endedAt = start.world.now();
      this.#cancelFlush();
    };
    this.#job.done.then(ended, ended);
  }
  /** How long it has run, or ran until it ended. */
  get ranMs(): number {
    return (this.#endedAt ?? this.#settings.world.now()) - this.startedAt;
  }
  /** Opens sources and sinks and starts. Rejects with what opening threw. */
  async start(): Promise<void> {
    await this.#job.start();
    if (this.#job.commitsPositions) this.#keepFlushing();
  }
  /** Sinks flush now and then, so that sources may commit how far all is written. */
  #keepFlushing(): void {
    const timer = this.#settings.world.after(flushEveryMs, () => {
      if (this.state !== 'running') return;
      const flushed = this.#job.checkpoint().catch(() => {});
      this.#flushing = flushed.then(() => {
        if (this.state === 'running') this.#keepFlushing();
      });
    });
    this.#cancelFlush = () => {
      timer.cancel();
    };
  }
  /** Resolves when the job finished or was canceled; rejects with what failed it. */
  get done(): Promise<void> {
    return this.#job.done;
  }
  get state(): JobState {
    return this.#job.state;
  }
  get error(): unknown {
    return this.#job.error;
  }
  /** Resolves when nothing moves. */
  settled(): Promise<void> {
    return this.#job.settled();
  }
  async checkpoint(): Promise<JobSnapshot> {
    await this.#flushing;
    return await this.#job.checkpoint();
  }
  /** Sources stop, what was read goes through, sinks flush. Windows that are open stay so and are not emitted, unless
   *  `drain` ends the input for good. */
  async stop({ drain = false }: { readonly drain?: boolean } = {}): Promise<void> {
    this.#stopping = true;
    if (this.state === 'created') return await this.#job.cancel();
    this.#job.stop(drain);
    await this.#job.done;
  }
  /** It runs, or waits for what it reads and writes to open. */
  get isLive(): boolean {
    return this.state === 'running' || this.state === 'created';
  }
  /** It was asked to stop. */
  get stopping(): boolean {
    return this.#stopping;
  }
  cancel(): Promise<void> {
    return this.#job.cancel();
  }
  metrics(): readonly NodeMetrics[] {
    return this.#job.metrics();
  }
  totals(): JobTotals {
    const kinds = new Map(this.plan.nodes.map((n) => [n.id, n.kind]));
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
        rowsOut += node.rowsIn;
        cannotWrite ??= node.trouble;
      } else cannotLookUp ??= node.trouble;
      for (const [name, value] of Object.entries(node.counters))
        counters[name] = (counters[name] ?? 0) + value;
    }
    return {
      rowsIn,
      rowsOut,
      watermark: watermark === Infinity ? -Infinity : watermark,
      late: counters['numLateRecordsDropped'] ?? 0,
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
