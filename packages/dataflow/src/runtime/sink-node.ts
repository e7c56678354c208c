/* One instance of a sink: writes batches, enforces NOT NULL, flushes or prepares at barriers and at the end. What is
 * prepared stays in every snapshot until it is known to be committed. */

import { assert, type UserError } from '#base';
import { changelogText } from '#catalog';
import { changeText, lastWatermark, type Batch } from '#data';
import type { Sink, Trouble } from '../contracts/index.ts';
import type { EvalContext } from '#expr';
import type { SinkPlan } from '#job';
import { StateImage } from '#state';
import type { BadRows } from './bad-rows.ts';
import type { Barrier, Channel, Item } from './channel.ts';
import type { NodeEvents, RunningNode } from './node.ts';
import type { NodeOutput } from './node-output.ts';
import { NotNullEnforcer } from './not-null.ts';
import { writeSinkState, type SinkStates } from './sink-state.ts';

export interface SinkParts {
  readonly sink: Sink;
  readonly channels: readonly Channel[];
  readonly side: NodeOutput | undefined;
  /** Undefined: the first bad row fails the job. */
  readonly badRows: BadRows | undefined;
  readonly events: NodeEvents;
  readonly context: EvalContext;
  /** A flush failed. */
  readonly failed: (error: unknown) => void;
  readonly wake: () => void;
  readonly count: (name: string, by: number) => void;
}

export class SinkNode implements RunningNode {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  finished = false;
  rowsIn = 0;
  readonly rowsOut = 0;
  readonly nextTimer = Infinity;
  watermark = -Infinity;
  idle = false;
  readonly #plan: SinkPlan;
  readonly #parts: SinkParts;
  #turn = 0;
  #flushing = false;
  #flushed = false;
  #blocked = false;
  #stopped = false;
  #barrier: Barrier = { kind: 'barrier', epoch: 0 };
  /** Prepared and not known to be committed, the oldest first. */
  #prepared: Uint8Array[] = [];
  /** The batch being written after NOT NULL was enforced, and how far. */
  #current: Batch | undefined;
  #from = 0;
  readonly #enforcer: NotNullEnforcer;
  /** What the row behind the current batch fails with. */
  #failure: UserError | undefined;

  constructor(plan: SinkPlan, instance: number, parts: SinkParts) {
    this.id = plan.id;
    this.title = plan.title;
    this.instance = instance;
    this.#plan = plan;
    this.#parts = parts;
    this.#enforcer = new NotNullEnforcer(plan, parts.context, {
      dropped: (rows) => parts.count('numNullRecordsDropped', rows),
      badRows: parts.badRows,
    });
  }
  get heldBytes(): number {
    return this.#parts.sink.bufferedBytes ?? 0;
  }
  get trouble(): Trouble | undefined {
    return this.finished ? undefined : this.#parts.sink.trouble;
  }
  get blocked(): boolean {
    return this.#blocked;
  }
  get pending(): number {
    return this.#flushing || this.#blocked ? 1 : 0;
  }
  /** The connector has room again. */
  wake(): void {
    this.#blocked = false;
  }

  step(_now: number): boolean {
    const { badRows } = this.#parts;
    if (this.finished || badRows?.blocked === true) return false;
    // Letters first: what follows may be a barrier.
    if (badRows?.flush() === true) return true;
    if (this.#flushing || this.#blocked) return false;
    const goesOn = this.#step();
    return badRows?.flush() === true || goesOn;
  }
  #step(): boolean {
    const { channels } = this.#parts;
    if (channels.every((c) => c.ended))
      return this.#flushThen(true, () => {
        this.finished = true;
        const isStopped = this.#stopped;
        if (!isStopped) this.#parts.badRows?.ended();
        this.#broadcast(isStopped ? { kind: 'end', stopped: true } : { kind: 'end' });
      });
    if (channels.some((c) => c.aligned) && channels.every((c) => c.aligned || c.ended))
      return this.#flushThen(this.#barrier.last === true, () => {
        this.#snapshot();
      });
    for (let k = 0; k < channels.length; k++) {
      const at = (this.#turn + k) % channels.length;
      const channel = channels[at]!;
      const item = channel.queue[0];
      if (channel.aligned || item === undefined) continue;
      if (item.kind === 'batch') {
        this.#write(channel, item.batch);
        // A batch that was taken in part is gone on with before any other.
        if (this.#current !== undefined) {
          this.#turn = at;
          return true;
        }
      } else {
        channel.queue.shift();
        if (item.kind === 'end') {
          channel.ended = true;
          this.#stopped ||= item.stopped === true;
        } else {
          channel.aligned = true;
          this.#barrier = item;
        }
      }
      this.#turn = (at + 1) % channels.length;
      return true;
    }
    return false;
  }

  #write(channel: Channel, batch: Batch): void {
    if (this.#current === undefined) {
      this.#checkKinds(batch);
      this.#parts.badRows?.seen(batch.rows);
      const { batch: current, failure } = this.#enforcer.enforce(batch);
      this.#current = current;
      this.#failure = failure;
      this.#from = 0;
      this.watermark = Math.max(this.watermark, lastWatermark(batch.marks));
      if (batch.marks.count > 0) this.idle = Number.isNaN(batch.marks.watermark[batch.marks.count - 1]!);
    }
    const next = this.#parts.sink.write(this.#current, this.#from);
    this.rowsIn += next - this.#from;
    this.#from = next;
    if (next < this.#current.rows) {
      this.#blocked = true;
      return;
    }
    this.#current = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    channel.queue.shift();
  }

  /** The planner put in front of it what its changes need: here nothing is left to be sorted out. */
  #checkKinds({ kinds, rows }: Batch): void {
    if (kinds === undefined) return;
    const { accepts } = this.#plan;
    const taken = [accepts.insert, accepts.updateBefore, accepts.updateAfter, accepts.delete];
    for (let row = 0; row < rows; row++)
      if (!taken[kinds[row]!])
        assert(false, `${this.title} takes ${changelogText(accepts)}, found ${changeText[kinds[row]!]}`);
  }
  #flushThen(last: boolean, after: () => void): boolean {
    if (this.#flushed) {
      this.#flushed = false;
      after();
      return true;
    }
    this.#flushing = true;
    this.#flush(last).then(
      () => {
        this.#flushing = false;
        this.#flushed = true;
        this.#parts.wake();
      },
      (error: unknown) => {
        this.#parts.failed(error);
      },
    );
    return true;
  }
  async #flush(last: boolean): Promise<void> {
    const { sink } = this.#parts;
    if (sink.prepare === undefined) return await sink.flush();
    const prepared = await sink.prepare(last);
    if (prepared !== undefined) this.#prepared.push(prepared);
  }
  /** It writes what becomes seen by a commit. */
  get commits(): boolean {
    return this.#parts.sink.commit !== undefined;
  }
  /** A snapshot with the first `count` of what is prepared is durable. */
  async commit(count: number): Promise<void> {
    for (const prepared of this.#prepared.slice(0, count)) await this.#parts.sink.commit!(prepared);
    this.#prepared.splice(0, count);
  }
  /** How much is prepared now. */
  get preparedCount(): number {
    return this.#prepared.length;
  }
  /** How much of it the last snapshot lists: what came behind it is not to be committed with it. */
  listedCount = 0;

  #snapshot(): void {
    this.listedCount = this.#prepared.length;
    for (const c of this.#parts.channels) c.aligned = false;
    this.#parts.events.snapshotted(
      this.id,
      this.instance,
      this.#barrier.epoch,
      new StateImage(this.#state()),
    );
    this.#broadcast(this.#barrier);
  }
  /** Its letters' way: rows go nowhere from here. */
  #broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    this.#parts.side?.broadcast(item);
  }
  #state(): Uint8Array {
    return writeSinkState({
      finished: this.finished,
      own: this.#parts.sink.snapshot?.() ?? new Uint8Array(0),
      prepared: this.#prepared,
    });
  }
  get finalState(): Uint8Array | undefined {
    return this.finished ? this.#state() : undefined;
  }
  /** Opens the sink, and goes on from what all instances wrote. */
  async open(states: SinkStates | undefined): Promise<void> {
    const prepared = states?.prepared(this.instance);
    this.finished = states?.finished(this.instance) === true;
    if (!this.finished || prepared!.length > 0) await this.#parts.sink.open(prepared);
    if (this.finished) {
      for (const channel of this.#parts.channels) channel.close();
      while (this.#parts.badRows?.flush() === true);
      this.#broadcast({ kind: 'end' });
    }
    const own = states?.own(this.instance);
    if (own !== undefined && own.length > 0) this.#parts.sink.restore?.(own);
  }
  async close(): Promise<void> {
    await this.#parts.sink.close();
  }
}
