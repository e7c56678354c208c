/* One instance of one node: takes items from its channels, drives its operator through the contract, aligns barriers.
 *
 *   channels ─▶ [valve] ─▶ operator.push / resume / fire ─▶ exchanges
 *
 * Runs only when every channel downstream has room, so at most one batch waits on an edge, and a producer's frames are
 * free again when it runs next. Barriers: a channel whose barrier came is left alone until all have theirs; then the
 * operator writes its snapshot, and the barrier goes on (Carbone et al., "Lightweight Asynchronous Snapshots", 2015). */

import { assert } from '#base';
import { emptyColumns, markBatch, type Batch, type Column, type LogicalType } from '#data';
import {
  allKeyGroups,
  Fit,
  ImageWriter,
  type BlockOutput,
  keyGroupsOf,
  readerOf,
  type ImageLayout,
  type StateImage,
  type StatePart,
} from '#state';
import type { Operator, Trouble } from '../contracts/index.ts';
import type { BadRows } from './bad-rows.ts';
import type { Barrier, Channel, Item } from './channel.ts';
import type { NodeOutput } from './node-output.ts';
import {
  least,
  logicalOf,
  readInputs,
  readLogical,
  writeInputs,
  type ChannelState,
  type LogicalState,
  type WatermarkState,
} from './operator-state.ts';
import { isFinished, type BarrierTiming } from './settings.ts';
import { Valve } from './valve.ts';

export interface RunningNode {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  /** Nothing of it is in a snapshot. */
  readonly transient?: boolean;
  /** Does one piece of work. False when there is nothing to do now. */
  step(now: number): boolean;
  readonly finished: boolean;
  /** What counts of it once it has finished; undefined: nothing. */
  readonly finalState?: Uint8Array | undefined;
  /** Rows in flight that will come back through `wake`, or a wait that ends so. */
  readonly pending: number;
  /** When it wants to be stepped though nothing arrived, ms of processing time, or Infinity. */
  readonly nextTimer: number;
  /** Rows taken in and given out so far. */
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly watermark: number;
  /** Its last mark said that no row is to be expected. */
  readonly idle: boolean;
  /** Memory of its state, or of what a connector has buffered, in bytes. */
  readonly heldBytes: number;
  /** What keeps its connector from its work at the moment. */
  readonly trouble: Trouble | undefined;
  /** It has rows to give, and nobody takes them. */
  readonly blocked: boolean;
}

/** What a node tells the job. */
export interface NodeEvents {
  /** Where blocks of the snapshot behind this barrier go; undefined: they stay in memory. */
  output(barrier: Barrier): BlockOutput | undefined;
  /** `state` may still be copied while the node goes on. */
  snapshotted(id: string, instance: number, epoch: number, state: StateImage, timing?: BarrierTiming): void;
  /** A clock that never goes back, ms. */
  monotonic(): number;
}

export class OperatorNode implements RunningNode {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  readonly channels: readonly Channel[];
  readonly output: NodeOutput;
  readonly transient: boolean;
  finished = false;
  rowsIn = 0;
  readonly #operator: Operator;
  readonly #valves: readonly Valve[];
  readonly #emptyInputs: readonly (readonly Column[])[];
  readonly #events: NodeEvents;
  readonly #side: NodeOutput | undefined;
  readonly #badRows: BadRows | undefined;
  #resuming = false;
  /** One of its inputs was stopped. */
  #stopped = false;
  #turn = 0;
  #barrier: Barrier = { kind: 'barrier', epoch: 0 };
  #alignedFrom = 0;
  /** Of the snapshots that a later one may refer to, by epoch. */
  readonly #layouts = new Map<number, ImageLayout>();

  constructor(
    place: {
      readonly id: string;
      readonly title: string;
      readonly instance: number;
      readonly transient?: boolean | undefined;
    },
    parts: {
      readonly operator: Operator;
      readonly channels: readonly Channel[];
      readonly output: NodeOutput;
      readonly side?: NodeOutput | undefined;
      readonly badRows?: BadRows | undefined;
      readonly inputTypes: readonly (readonly LogicalType[])[];
      readonly events: NodeEvents;
    },
  ) {
    this.id = place.id;
    this.title = place.title;
    this.instance = place.instance;
    this.transient = place.transient === true;
    this.channels = parts.channels;
    this.output = parts.output;
    this.#operator = parts.operator;
    this.#events = parts.events;
    this.#side = parts.side;
    this.#badRows = parts.badRows;
    this.#emptyInputs = parts.inputTypes.map(emptyColumns);
    this.#valves = parts.inputTypes.map((_, i) => new Valve(parts.channels.filter((c) => c.input === i)));
  }

  get pending(): number {
    return this.#operator.pending + (this.#waitsForDisk ? 1 : 0);
  }
  /** Its store has so much to write that it takes nothing more for now. */
  get #waitsForDisk(): boolean {
    return this.#operator.store?.disk?.isBehind === true;
  }
  get nextTimer(): number {
    return this.finished ? Infinity : this.#operator.nextTimer;
  }
  get trouble(): Trouble | undefined {
    return this.finished ? undefined : this.#operator.trouble;
  }
  get rowsOut(): number {
    return this.output.rows;
  }
  get heldBytes(): number {
    return this.#operator.stateBytes;
  }
  get blocked(): boolean {
    return !this.finished && this.#isFull;
  }
  get #isFull(): boolean {
    return this.output.full || this.#badRows?.blocked === true;
  }
  get watermark(): number {
    return this.output.watermark;
  }
  get idle(): boolean {
    return this.output.idle;
  }

  step(now: number): boolean {
    if (this.finished || this.#isFull || this.#waitsForDisk) return false;
    // Letters first: what follows may be a barrier.
    if (this.#badRows?.flush() === true) return true;
    const goesOn = this.#step(now);
    return this.#badRows?.flush() === true || goesOn;
  }
  #step(now: number): boolean {
    this.output.now = now;
    if (this.#resuming || this.#operator.busy) {
      this.#resuming = this.#operator.resume(this.output) === 'more';
      return true;
    }
    if (now >= this.#operator.nextTimer) {
      this.#resuming = this.#operator.fire(this.output) === 'more';
      return true;
    }
    if (this.#aligned()) return this.#operator.beforeBarrier?.(this.output) === 'more' || this.#passBarrier();
    if (this.channels.every((c) => c.ended && c.queue.length === 0)) return this.#finish();
    const { prefers } = this.#operator;
    return (prefers !== undefined && this.#takeOne(prefers)) || this.#takeOne(undefined);
  }
  /** Takes from one channel that has something, in turns. An input that the operator prefers comes first, where it has
   *  anything: it is never waited for, so sources that feed both sides go on. */
  #takeOne(input: number | undefined): boolean {
    for (let k = 0; k < this.channels.length; k++) {
      const at = (this.#turn + k) % this.channels.length;
      const channel = this.channels[at]!;
      if (channel.aligned || channel.queue.length === 0) continue;
      if (input !== undefined && channel.input !== input) continue;
      this.#turn = at;
      if (this.#take(channel)) {
        if (channel.queue.length === 0) this.#turn = (at + 1) % this.channels.length;
        return true;
      }
    }
    return false;
  }

  /** False when the item at the head must wait. */
  #take(channel: Channel): boolean {
    const item = channel.queue[0]!;
    switch (item.kind) {
      case 'batch':
        return this.#takeBatch(channel, item.batch);
      case 'barrier':
        return this.#takeBarrier(channel, item);
      case 'end':
        return this.#takeEnd(channel, item.stopped === true);
    }
  }

  #takeBatch(channel: Channel, item: Batch): boolean {
    channel.merged ??= this.#valves[channel.input]!.merge(channel, item);
    const batch = channel.merged;
    const from = channel.taken;
    const next = this.#operator.push(channel.input, batch, from, this.output);
    assert(next >= from && next <= batch.rows, 'an operator takes rows forward');
    this.rowsIn += next - from;
    this.#badRows?.seen(next - from);
    channel.taken = next;
    if (this.#operator.busy) this.#resuming = true;
    // A busy operator may not have come to the batch's last marks.
    if (next < batch.rows || this.#operator.busy) {
      if (next === from && !this.#resuming && !this.output.full && this.#operator.pending === 0) {
        throw new Error(`${this.title} takes no rows and has nothing to resume`);
      }
      return next > from || this.#resuming || this.output.full;
    }
    channel.queue.shift();
    channel.taken = 0;
    channel.merged = undefined;
    return true;
  }

  #takeBarrier(channel: Channel, barrier: Barrier): boolean {
    channel.queue.shift();
    if (!this.channels.some((c) => c.aligned)) this.#alignedFrom = this.#events.monotonic();
    channel.aligned = true;
    this.#barrier = barrier;
    return true;
  }
  /** Every channel that still runs has its barrier, and what ended before it was taken whole. */
  #aligned(): boolean {
    return (
      this.channels.some((c) => c.aligned) &&
      this.channels.every((c) => c.aligned || (c.ended && c.queue.length === 0))
    );
  }
  /** Reached only when the operator has nothing to resume: a snapshot is never taken of a busy one. */
  #passBarrier(): boolean {
    for (const c of this.channels) c.aligned = false;
    if (!this.transient) this.#takeSnapshot();
    this.#broadcast(this.#barrier);
    return true;
  }

  #takeSnapshot(): void {
    const from = this.#events.monotonic();
    const image = this.#snapshot();
    this.#events.snapshotted(this.id, this.instance, this.#barrier.epoch, image, {
      alignmentMs: from - this.#alignedFrom,
      stopMs: this.#events.monotonic() - from,
    });
  }

  #takeEnd(channel: Channel, stopped: boolean): boolean {
    if (this.#operator.pending > 0) return false;
    channel.queue.shift();
    if (stopped) {
      // The others stop too: what they hold back stays held back.
      channel.ended = true;
      this.#stopped = true;
      return true;
    }
    const marks = this.#valves[channel.input]!.end(channel);
    if (marks.length > 0) this.#queueMarks(channel, marks);
    const siblings = this.channels.filter((c) => c.input === channel.input);
    if (siblings.every((c) => c.ended)) this.#operator.end(channel.input, this.output);
    return true;
  }
  /** What an end means for the whole input, as a last batch of the channel that ended: it may fill the output. */
  #queueMarks(channel: Channel, watermarks: readonly number[]): void {
    const marks = {
      count: watermarks.length,
      at: new Int32Array(watermarks.length),
      watermark: Float64Array.from(watermarks),
    };
    channel.merged = { ...markBatch(this.#emptyInputs[channel.input]!, 0), marks };
    channel.put({ kind: 'batch', batch: channel.merged });
  }

  /** Every channel ended and everything came out. */
  #finish(): boolean {
    this.finished = true;
    if (!this.#stopped) this.#badRows?.ended();
    this.#operator.close?.();
    this.#broadcast(this.#stopped ? { kind: 'end', stopped: true } : { kind: 'end' });
    return true;
  }
  #broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    this.output.broadcast(item);
    this.#side?.broadcast(item);
  }

  #snapshot(): StateImage {
    const { epoch, base } = this.#barrier;
    const writer = new ImageWriter(1024, base === undefined ? undefined : this.#layouts.get(base));
    writeInputs(writer, { inputs: this.#valves.map((valve) => valve.state()), channels: this.channels });
    this.#operator.snapshot(writer);
    for (const earlier of this.#layouts.keys())
      if (base === undefined || earlier < base) this.#layouts.delete(earlier);
    this.#layouts.set(epoch, writer.layout);
    return writer.image(this.#events.output(this.#barrier));
  }

  /** Goes on from what all instances wrote, at the same parallelism or another. `spare` makes an operator like this
   *  one's, for reading. */
  restore(parts: readonly StatePart[], instances: number, spare: () => Operator): void {
    const own = parts.length === instances ? parts[this.instance]! : undefined;
    if (own === undefined ? parts.every(isFinished) : isFinished(own)) return this.#restoreFinished();
    if (own === undefined)
      this.#restoreRows(logicalOf(parts, this.#valves.length, spare, this.id), instances, undefined);
    else this.#restoreOwn(own);
  }
  /** Goes on from rows, as far as they fit: a savepoint. */
  restoreLogical(state: Uint8Array, instances: number): void {
    if (isFinished(state)) return this.#restoreFinished();
    const logical = readLogical(state);
    const { store } = this.#operator;
    this.#restoreRows(logical, instances, store && new Fit(logical.shapes, store.shapes()));
  }
  #restoreFinished(): void {
    this.finished = true;
    for (const channel of this.channels) channel.close();
    this.#broadcast({ kind: 'end' });
  }
  #restoreOwn(state: StatePart): void {
    const reader = readerOf(state);
    const { inputs, channels } = readInputs(reader, this.#valves.length);
    this.#setInputs(inputs);
    if (channels.length === this.channels.length)
      channels.forEach(({ watermark }, c) => {
        this.channels[c]!.watermark = watermark;
      });
    // The nodes in front run at another parallelism.
    else this.#setChannels(channels);
    this.#operator.restore(reader);
    assert(reader.done, `the operator ${this.id} reads all of its snapshot`);
  }
  /** The least watermarks of all, and of the state the rows of this instance's key groups. */
  #restoreRows(state: LogicalState, instances: number, fit: Fit | undefined): void {
    const { store } = this.#operator;
    if (store !== undefined) {
      const groups = instances === 1 ? allKeyGroups : keyGroupsOf(this.instance, instances);
      for (const saved of state.rows(groups)) {
        const row = fit === undefined ? saved : fit.row(saved);
        if (row !== undefined && (fit === undefined || groups.has(store.groupOf(row)))) store.import(row);
      }
      const rests = state.rests().map((rest) => fit?.rest(rest) ?? rest);
      store.importRest(rests, this.instance, instances);
    }
    state.close();
    this.#operator.restored?.();
    this.#setInputs(state.inputs);
    this.#setChannels(state.channels);
  }
  /** None is idle before it says so again: rows may have come while nobody read, and others must not make them late. */
  #setInputs(inputs: readonly WatermarkState[]): void {
    this.#valves.forEach((valve, i) => {
      valve.restore(inputs[i]?.watermark ?? -Infinity);
    });
  }
  /** Each the least of those that came from the same node; one that did not feed it before has its input's. */
  #setChannels(known: readonly ChannelState[]): void {
    for (const channel of this.channels) {
      const before = known.filter((c) => c.from === channel.from);
      const state = before.length > 0 ? least(before) : this.#valves[channel.input]!.state();
      channel.watermark = state.watermark;
    }
  }
}
