/* A share of a running job: the instances of its nodes that run in one thread, and the loop that drives them.
 *
 *   loop: from sinks back, step every node that can ─▶ one batch of the source whose turn it is (source-turns.ts) ─▶ again
 *         nothing left? wait for a wake, a timer, or the end
 *
 * Nodes downstream go first, so a row is through before the next batch is read. The loop gives way to I/O callbacks
 * every few milliseconds. What concerns the whole job, its checkpoints and its end, is decided in job.ts. */

import type { JobPlan } from '#job';
import type { Timer } from '#base';
import {
  partOf,
  type BlockOutput,
  type BlockTarget,
  type ImageProgress,
  type StateImage,
  type StatePart,
} from '#state';
import type { SourceCommit, WantedColumns } from '../contracts/index.ts';
import { BlockPool, PooledBlocks } from './block-pool.ts';
import type { Barrier } from './channel.ts';
import { buildShare, type BuildSettings, type BuiltShare } from './build.ts';
import { checkMemory, type MemoryPart } from './memory.ts';
import type { NodeMetrics } from './metrics.ts';
import { finishedState, stateKey, type BarrierTiming } from './settings.ts';
import type { RunningNode } from './node.ts';
import { SourceNode } from './source-node.ts';
import { storesOf, type NewStore, type StateOnDisk } from './stores.ts';
import { Alignment, alignmentGroups, stepOneSource } from './source-turns.ts';
import type { ProgressBoard } from './threads/progress-board.ts';

/** What a share reports to its job. */
export interface ShareEvents {
  /** All its nodes wrote their part of the checkpoint, or had finished. */
  snapshotted(epoch: number, states: NodeStates, timing: BarrierTiming): void;
  /** All its nodes have finished. */
  finished(): void;
  failed(error: unknown): void;
  /** One of its sources asks for columns. */
  asked(wanted: WantedColumns): void;
}
/** Those of a checkpoint belong to whoever is told of them. */
export type NodeStates = ReadonlyMap<string, StatePart>;

/** Items that went to other threads and came from them so far. */
export interface Moved {
  readonly sent: number;
  readonly received: number;
}
/** What makes something known outside when it commits. */
export interface Commits {
  readonly sinks: boolean;
  readonly sources: boolean;
}

const noTime: BarrierTiming = { alignmentMs: 0, stopMs: 0 };
/** The longer of each. */
export const longest = (a: BarrierTiming, b: BarrierTiming): BarrierTiming => ({
  alignmentMs: Math.max(a.alignmentMs, b.alignmentMs),
  stopMs: Math.max(a.stopMs, b.stopMs),
});

/** How a job drives its shares, in this thread or another. */
export interface Share {
  /** Opens sources and sinks and restores state. Rejects with what opening threw. */
  open(): Promise<Commits>;
  run(): void;
  /** Sources send a barrier before their next batch. */
  barrier(barrier: Barrier): void;
  /** What counts of each node now that all have finished. */
  final(): Promise<NodeStates>;
  /** Sinks commit what they had prepared for the last `snapshotted` or `final`. */
  commitSinks(): Promise<void>;
  commitSources(upTo: SourceCommit): void;
  /** Sources end at the next batch border. */
  stop(drain: boolean): void;
  /** Resolves when nothing moves here. */
  settled(): Promise<Moved>;
  metrics(): readonly NodeMetrics[];
  /** Milliseconds that it stood still although rows were there, because a sink or a lookup took none. */
  readonly blockedMs: number;
  /** Ends it and closes what it opened. */
  close(): Promise<void>;
}

const saved = (nodes: readonly RunningNode[]): readonly RunningNode[] =>
  nodes.filter((n) => n.transient !== true);

/** Milliseconds of work before I/O gets its turn. */
const sliceMs = 8;
/** Milliseconds of a slice in which state is copied for a checkpoint. */
const copyMs = 4;
/** Milliseconds between two looks at the memory. */
const memoryLookMs = 50;
/** Milliseconds between two looks at where the sources of other threads are. */
const alignmentLookMs = 20;
/** Steps between two looks at the clock. */
const stepsPerLook = 16;

export type ShareSettings = Omit<
  BuildSettings,
  'newStore' | 'events' | 'signal' | 'wake' | 'failed' | 'asked'
> & {
  /** Takes blocks of state while a snapshot is taken. */
  readonly blocks?: ((epoch: number) => BlockTarget) | undefined;
  readonly newStore?: NewStore | undefined;
  readonly stateOnDisk?: StateOnDisk | undefined;
  /** What other threads hold of the job's memory. */
  readonly elsewhere?: () => readonly MemoryPart[];
  /** Where several threads run the job. */
  readonly progress?: ProgressBoard | undefined;
};

export class LocalShare implements Share {
  readonly #plan: JobPlan;
  readonly #settings: ShareSettings;
  readonly #events: ShareEvents;
  readonly #abort = new AbortController();
  #built: BuiltShare | undefined;
  #running = true;
  #woken = false;
  #sleeper: (() => void) | undefined;
  #settlers: ((moved: Moved) => void)[] = [];
  #timer: Timer | undefined;
  #memoryLookedAt = -Infinity;
  #alignment: Alignment | undefined;
  #lastMetrics: readonly NodeMetrics[] = [];
  /** Parts of the checkpoint under way. */
  #part:
    | {
        readonly epoch: number;
        readonly images: Map<string, StateImage>;
        output: BlockOutput | undefined;
        timing: BarrierTiming;
        /** What is on disk is being brought to the medium, or is there. */
        flush: 'to do' | 'under way' | 'done';
      }
    | undefined;
  readonly #pool = new BlockPool(() => {
    this.wake();
  });
  #begun = 0;
  /** How much each sink had prepared for the last checkpoint. */
  #prepared: readonly number[] = [];
  #reportedEnd = false;
  blockedMs = 0;

  constructor(plan: JobPlan, settings: ShareSettings, events: ShareEvents) {
    this.#plan = plan;
    this.#settings = settings;
    this.#events = events;
  }

  async open(): Promise<Commits> {
    const built = await buildShare(this.#plan, {
      ...this.#settings,
      newStore: await storesOf(this.#settings),
      events: {
        monotonic: () => this.#settings.world.monotonic(),
        output: (barrier) => this.#output(barrier),
        snapshotted: (id, instance, epoch, state, timing = noTime) => {
          // A barrier may come out of another thread before the job's own word does.
          this.#begin(epoch);
          const part = this.#part;
          if (part?.epoch !== epoch) return;
          part.images.set(stateKey(id, instance), state);
          part.timing = longest(part.timing, timing);
        },
      },
      signal: this.#abort.signal,
      wake: () => {
        this.wake();
      },
      failed: (error) => {
        this.#events.failed(error);
      },
      asked: (wanted) => {
        this.#events.asked(wanted);
      },
    });
    if (!this.#running) {
      await built.close().catch(() => {});
      return { sinks: false, sources: false };
    }
    this.#built = built;
    const groups = alignmentGroups(this.#plan);
    this.#alignment =
      groups.length === 0 ? undefined : new Alignment(groups, built.sources, this.#settings.progress);
    return { sinks: built.sinks.some((s) => s.commits), sources: built.sources.some((s) => s.commits) };
  }
  run(): void {
    void this.#loop();
  }
  wake(): void {
    this.#woken = true;
    const sleeper = this.#sleeper;
    this.#sleeper = undefined;
    sleeper?.();
  }

  /** What comes of an earlier checkpoint, which was given up, counts no more. */
  #begin(epoch: number): void {
    if (epoch <= this.#begun) return;
    this.#begun = epoch;
    this.#part = { epoch, images: new Map(), output: undefined, timing: noTime, flush: 'to do' };
  }
  #output({ epoch, streams }: Barrier): BlockOutput | undefined {
    const { blocks, place } = this.#settings;
    if (blocks === undefined || streams !== true) return undefined;
    this.#begin(epoch);
    const part = this.#part;
    if (part?.epoch !== epoch) return undefined;
    return (part.output ??= new PooledBlocks(place?.thread ?? 0, this.#pool, blocks(epoch)));
  }
  barrier(barrier: Barrier): void {
    this.#begin(barrier.epoch);
    for (const source of this.#built?.sources ?? []) if (!source.finished) source.barrier = barrier;
    this.wake();
  }
  stop(drain: boolean): void {
    for (const source of this.#built?.sources ?? []) source.stopRequested = drain ? 'drain' : 'stop';
    this.wake();
  }
  async final(): Promise<NodeStates> {
    const { nodes, sinks } = this.#built!;
    this.#prepared = sinks.map((sink) => sink.preparedCount);
    return new Map(
      saved(nodes).map((n) => [stateKey(n.id, n.instance), partOf(n.finalState ?? finishedState)]),
    );
  }
  async commitSinks(): Promise<void> {
    const { sinks, disks } = this.#built ?? { sinks: [], disks: [] };
    for (const disk of disks) disk.kept(this.#settings.checkpointsRetained ?? 1);
    await Promise.all(sinks.map((sink, i) => sink.commit(this.#prepared[i]!)));
  }
  commitSources(upTo: SourceCommit): void {
    for (const source of this.#built?.sources ?? []) source.commit(upTo);
  }
  settled(): Promise<Moved> {
    if (!this.#running) return Promise.resolve(this.#moved());
    return new Promise((resolve) => {
      this.#settlers.push(resolve);
      this.wake();
    });
  }
  metrics(): readonly NodeMetrics[] {
    if (this.#built === undefined) return this.#lastMetrics;
    const { nodes, metrics } = this.#built;
    return nodes.map((node) => ({
      id: node.id,
      title: node.title,
      instance: node.instance,
      rowsIn: node.rowsIn,
      rowsOut: node.rowsOut,
      watermark: node.watermark,
      heldBytes: node.heldBytes,
      counters: Object.fromEntries(metrics.counters(node.id, node.instance)),
      gauges: Object.fromEntries(metrics.gauges(node.id, node.instance)),
      trouble: node.trouble,
      silentSplits: node instanceof SourceNode ? node.silentSplits : undefined,
      splits: node instanceof SourceNode ? node.splits : undefined,
      drift: node instanceof SourceNode ? node.drift : undefined,
      idle: node.finished || node.idle,
    }));
  }
  /** Who lists jobs that ended keeps none of their memory: their metrics stay. */
  async close(): Promise<void> {
    this.#running = false;
    this.#abort.abort();
    this.#timer?.cancel();
    this.wake();
    try {
      await this.#built?.close();
    } finally {
      this.#lastMetrics = this.metrics();
      this.#built = undefined;
      this.#alignment = undefined;
      for (const settler of this.#settlers.splice(0)) settler({ sent: 0, received: 0 });
    }
  }

  async #loop(): Promise<void> {
    const { world } = this.#settings;
    try {
      while (this.#running) {
        this.#woken = false;
        this.#settings.place?.bells.look();
        const busy = this.#slice();
        if (!this.#running) return;
        this.#lookAtMemory(world.monotonic(), busy);
        const copies = !this.#reportPart();
        this.#reportEnd();
        if (busy || copies) {
          await world.breathe();
          continue;
        }
        if (this.#woken) continue;
        this.#settle();
        await this.#sleepCounted();
      }
    } catch (error) {
      this.#events.failed(error);
    }
  }

  /** Steps nodes until nothing can move or the slice is used up. True when there is more to do. */
  #slice(): boolean {
    const { world } = this.#settings;
    const { consumers, sources } = this.#built!;
    const until = world.monotonic() + sliceMs;
    // While state is being copied, each step may copy some of it first.
    const perLook = this.#part === undefined ? stepsPerLook : 1;
    let steps = 0;
    for (;;) {
      const now = world.now();
      this.#tellQuiet(now);
      // Downstream first: after each step start again from the sinks.
      for (let i = consumers.length - 1; i >= 0; i--) {
        while (consumers[i]!.step(now)) {
          if (!this.#running) return false;
          // What always has something to do never lets this loop run dry: the time is looked at here too.
          if (++steps % perLook === 0 && world.monotonic() >= until) return true;
          if (i < consumers.length - 1) i = consumers.length - 1;
        }
      }
      // Then what came from other threads, and one batch of one source: it is through before the next is read.
      const hasCome = this.#exchange();
      if (!stepOneSource(sources, this.#alignment, now) && !hasCome) return false;
      if (!this.#running) return false;
      if (++steps % perLook === 0 && world.monotonic() >= until) return true;
    }
  }

  /** Sends on what had no room in a ring, and takes what came through others. True when something came. */
  #exchange(): boolean {
    const { inlets, outlets } = this.#built!;
    for (const outlet of outlets) void outlet.room;
    let hasCome = false;
    for (const inlet of inlets) if (inlet.pump()) hasCome = true;
    return hasCome;
  }

  /** Now and then while there is work, and whenever there is none. */
  #lookAtMemory(now: number, busy: boolean): void {
    if (busy && now - this.#memoryLookedAt < memoryLookMs) return;
    this.#memoryLookedAt = now;
    const { elsewhere, memoryBytesMax, stateOnDisk } = this.#settings;
    const parts = [...this.#built!.nodes, ...(elsewhere?.() ?? [])];
    checkMemory(parts, memoryBytesMax, stateOnDisk !== undefined);
  }

  #tellQuiet(now: number): void {
    const { sources } = this.#built!;
    const { progress } = this.#settings;
    const isQuietElsewhere = progress === undefined || now > progress.lastRowElsewhere;
    for (const source of sources) {
      source.quiet =
        isQuietElsewhere &&
        sources.every((other) => other === source || other.finished || now > other.lastRowAt);
    }
    if (progress === undefined) return;
    progress.setLastRowAt(
      sources.reduce((last, s) => (s.finished ? last : Math.max(last, s.lastRowAt)), -Infinity),
    );
    this.#alignment?.publish();
  }

  async #sleepCounted(): Promise<void> {
    const { world } = this.#settings;
    const blocked = this.#built!.nodes.some((n) => n.blocked);
    const from = world.monotonic();
    await this.#sleep();
    if (blocked) this.blockedMs += world.monotonic() - from;
  }
  #sleep(): Promise<void> {
    const { world, place } = this.#settings;
    const alignedAt = this.#alignment?.waitsForOthers ? world.now() + alignmentLookMs : Infinity;
    const next = Math.min(alignedAt, ...this.#built!.nodes.map((n) => n.nextTimer));
    const wake = (): void => {
      this.wake();
    };
    if (place?.bells.wait(wake) === false) return Promise.resolve();
    return new Promise((resolve) => {
      this.#sleeper = () => {
        this.#timer?.cancel();
        this.#timer = undefined;
        resolve();
      };
      if (next < Infinity) this.#timer = world.after(Math.max(0, next - world.now()), wake);
    });
  }

  #settle(): void {
    if (this.#built!.nodes.some((n) => n.pending > 0)) return;
    const moved = this.#moved();
    for (const settler of this.#settlers.splice(0)) settler(moved);
  }
  #moved(): Moved {
    const { inlets = [], outlets = [] } = this.#built ?? {};
    return {
      sent: outlets.reduce((sum, o) => sum + o.sent, 0),
      received: inlets.reduce((sum, i) => sum + i.received, 0),
    };
  }

  /** Every node wrote its part, or finished: no barrier reaches what runs behind sources that have ended. False while
   *  state is being copied, and need not wait. */
  #reportPart(): boolean {
    const part = this.#part;
    if (part === undefined) return true;
    const { nodes, sinks } = this.#built!;
    const copied = this.#copy(part.images.values());
    if (copied !== 'whole') return copied === 'waits';
    const missing = saved(nodes).filter((n) => !part.images.has(stateKey(n.id, n.instance)));
    if (missing.some((n) => !n.finished)) return true;
    if (!this.#flushed(part)) return true;
    const states = new Map([...part.images].map(([key, image]) => [key, image.part]));
    // Each in bytes of its own: they may be given to another thread.
    for (const n of missing)
      states.set(stateKey(n.id, n.instance), partOf((n.finalState ?? finishedState).slice()));
    this.#part = undefined;
    this.#prepared = sinks.map((s) =>
      part.images.has(stateKey(s.id, s.instance)) ? s.listedCount : s.preparedCount,
    );
    this.#events.snapshotted(part.epoch, states, part.timing);
    return true;
  }
  /** Whether all state on disk that the part names is on the medium; if not, it will wake the loop. */
  #flushed(part: { flush: 'to do' | 'under way' | 'done' }): boolean {
    const { disks } = this.#built!;
    if (part.flush === 'to do' && disks.length === 0) part.flush = 'done';
    if (part.flush === 'to do') {
      part.flush = 'under way';
      Promise.all(disks.map((disk) => disk.flush())).then(
        () => {
          part.flush = 'done';
          this.wake();
        },
        (error: unknown) => {
          this.#events.failed(error);
        },
      );
    }
    return part.flush === 'done';
  }
  /** Copies what images still lack, for some milliseconds. */
  #copy(images: Iterable<StateImage>): ImageProgress {
    const { world } = this.#settings;
    const until = world.monotonic() + copyMs;
    for (const image of images) {
      const progress = image.advance(() => world.monotonic() >= until);
      if (progress !== 'whole') return progress;
    }
    return 'whole';
  }
  #reportEnd(): void {
    if (this.#reportedEnd || this.#part !== undefined || !this.#built!.nodes.every((n) => n.finished)) return;
    this.#reportedEnd = true;
    this.#events.finished();
  }
}
