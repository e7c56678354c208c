/* The first phase of an aggregate over windows, in front of the exchange: rows of an instance into one row a key and slice.
 *
 *   rows ─▶ groups by slice ── a mark that closes a window of the slice, a barrier, idleness, too many keys ──▶ partials
 *
 * Keeps nothing that a snapshot would need: it is empty behind every barrier. A row goes out in front of the first mark that
 * could make it late, one that is late here in front of the next mark: the second phase judges it by the watermark that it
 * would have met. Flink: LocalSlicingWindowAggOperator; "Performance Tuning", two-phase window aggregation. */

import type { Column } from '#data';
import type { LocalWindowAggregateSpec } from '#job';
import type { KeyWalk } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { appendCounts } from '../kernels/partials.ts';
import { rowsMax, SlicedGroups, type Slice } from './sliced-groups.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { windowClock } from './window-time.ts';

/** A slice that goes out, and how far it is out. */
interface Sending {
  readonly slice: Slice;
  readonly end: number;
  readonly walk: KeyWalk;
}
/** Keys held at a time. */
const keysMax = 1 << 16;

class LocalWindowAggregateOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly holdsBack = true;
  readonly #spec: LocalWindowAggregateSpec;
  readonly #groups: SlicedGroups;
  readonly #slots = new Int32Array(rowsMax);
  readonly #zeros = new Int32Array(rowsMax);
  #sending: Sending | undefined;
  #due: number[] = [];

  constructor(spec: LocalWindowAggregateSpec, setup: RunSetup) {
    this.#spec = spec;
    const clock = windowClock(spec.zone);
    const { store, inputTypes } = setup;
    const groups = { ...spec, retract: false };
    this.#groups = new SlicedGroups(groups, { types: inputTypes[0]!, store, clock }, -Infinity);
  }
  arms(run: Run, times: Float64Array): void {
    this.#groups.arms(run, times);
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    if (this.#isFull() && this.fire('event', Infinity, out) === 'more') return from;
    const count = Math.min(to - from, rowsMax);
    this.#groups.add(batch, from, count, () => {});
    // What went out came before all of them.
    out.ends.fill(out.builder.rows, 0, count);
    out.endKnown = count;
    return from + count;
  }
  #isFull(): boolean {
    return this.#sending !== undefined || this.#groups.size >= keysMax;
  }

  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#groups.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    const { queue, slices } = this.#groups;
    for (;;) {
      if (this.#sending !== undefined) {
        if (this.#send(this.#sending, out) === 'more') return 'more';
        slices.drop(this.#sending.end);
        this.#sending = undefined;
      }
      if (this.#due.length === 0) {
        if (queue.next === Infinity || this.#groups.next > at) return 'done';
        this.#due = queue.takeNext();
      }
      const end = this.#due.shift()!;
      const slice = slices.get(end)!;
      this.#sending = { slice, end, walk: slice.table.walk() };
    }
  }
  #send({ slice, end, walk }: Sending, out: RunOutput): Progress {
    const width = this.#spec.keys.length;
    while (!out.full) {
      const slots = this.#slots.subarray(0, Math.min(out.room, rowsMax));
      const count = walk.next(slots);
      if (count === 0) return 'done';
      slice.table.appendKeys(out.columns, slots, count);
      out.columns[width]!.appendRows(timeColumn(end), this.#zeros, count);
      appendCounts(out.columns[width + 1]!, slice.rows.values, slots, count);
      slice.aggregates.appendPartials(out.columns, width + 2, slots, count);
      out.builder.endRows(count);
    }
    return 'more';
  }
}
const timeColumn = (end: number): Column => ({
  layout: 'time',
  valid: undefined,
  millis: Float64Array.of(end),
  nanos: undefined,
});

registerRunOperator('local-window-aggregate', (spec, setup) => new LocalWindowAggregateOperator(spec, setup));
