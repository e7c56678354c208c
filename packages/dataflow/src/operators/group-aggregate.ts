/* GROUP BY without a window: one result per key, corrected with every row.
 *
 *   run ─▶ hashes ─▶ slots ─▶ what each row does to its group ─▶ kernels: before and after images ─▶ rows
 *       first row +I · result changed -U, +U · last row gone -D
 *
 * Keeps: per key its accumulators and the number of rows behind them; with `table.exec.state.ttl` as long as that.
 * Promises: a result that did not change says nothing, unless a TTL is set (Flink's GroupAggFunction). A key that comes
 * twice in a run says its results one after the other; a group may die and be born again within a run. */

import { assert } from '#base';
import { hashRows, isAdd, type Batch, type Column } from '#data';
import type { GroupAggregateSpec } from '#job';
import type { F64Cells, KeyedTable } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

/** Rows of one call, at most: two may go out for each. */
const rowsMax = 2048;

class GroupAggregateOperator implements RunOperator {
  readonly #spec: GroupAggregateSpec;
  readonly #table: KeyedTable;
  readonly #rows: F64Cells;
  readonly #aggregates: AggregateSet;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #ops = new Uint8Array(rowsMax);
  readonly #changed = new Uint8Array(rowsMax);
  /** What goes out: an image, the row whose key it is, and the kind. */
  readonly #picks = new Int32Array(rowsMax * 2);
  readonly #sources = new Int32Array(rowsMax * 2);
  readonly #kinds = new Uint8Array(rowsMax * 2);
  /** Slots without rows, which go at the end of the run. */
  readonly #dead = new Int32Array(rowsMax);
  #deadCount = 0;
  /** Batch: the last slot that went out at the end; none did as long as it is undefined. */
  #sent: number | undefined;

  constructor(spec: GroupAggregateSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#table = setup.store.keyed({
      name: 'groups',
      key: spec.keys.map((k) => setup.inputTypes[0]![k]!),
      cells: { rows: 'f64' },
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
      resident: spec.finalOnly,
    });
    this.#rows = this.#table.f64('rows');
    this.#aggregates = new AggregateSet(setup.store, this.#table, spec.calls, spec.retract);
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
    if (spec.finalOnly) this.end = (_input, out) => this.#emitAll(out);
  }

  rows({ batch, from, to }: Run, out: RunOutput): number {
    const count = Math.min(to - from, rowsMax, this.#spec.finalOnly ? rowsMax : out.room >> 1);
    const keys = this.#spec.keys.map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#table.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#table.write(this.#slots, count);
    const emits = !this.#spec.finalOnly;
    this.#deadCount = 0;
    if (batch.kinds === undefined) this.#addAll(count);
    else this.#plan(batch.kinds, from, count);
    if (emits) this.#changed.fill(this.#spec.ttlMs > 0 ? 1 : 0, 0, count);
    this.#aggregates.add(
      this.#slots,
      this.#ops,
      batch.columns,
      from,
      count,
      emits ? this.#changed : undefined,
    );
    if (emits) this.#emit(batch, keys, from, count, out);
    this.#removeDead();
    return from + count;
  }

  /** Every row is added. */
  #addAll(count: number): void {
    const rows = this.#rows.values;
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      this.#ops[i] = rows[slot] === 0 ? op.opens : 0;
      rows[slot]!++;
    }
  }
  /** What each row does, in order: `#ops` for the kernels; a group's end shows in the row count being 0 again. */
  #plan(kinds: Uint8Array, from: number, count: number): void {
    const rows = this.#rows.values;
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      const before = rows[slot]!;
      if (isAdd(kinds[from + i]!)) {
        this.#ops[i] = before === 0 ? op.opens : 0;
        rows[slot] = before + 1;
      } else if (before === 0) {
        // Nobody knows the group that this row was of.
        this.#ops[i] = op.skip | op.retract | op.opens;
        this.#dead[this.#deadCount++] = slot;
      } else {
        this.#ops[i] = before === 1 ? op.retract | op.closes : op.retract;
        rows[slot] = before - 1;
        if (before === 1) this.#dead[this.#deadCount++] = slot;
      }
    }
  }

  #emit(batch: Batch, keys: readonly Column[], from: number, count: number, out: RunOutput): void {
    const { updateBefore } = this.#spec;
    const base = out.builder.rows;
    let n = 0;
    for (let i = 0; i < count; i++) {
      const what = this.#ops[i]!;
      if ((what & op.opens) !== 0) {
        if ((what & op.skip) === 0) n = this.#pick(n, i * 2 + 1, from + i, 0);
      } else if ((what & op.closes) !== 0) n = this.#pick(n, i * 2, from + i, 3);
      else if (this.#changed[i] === 1) {
        if (updateBefore) n = this.#pick(n, i * 2, from + i, 1);
        n = this.#pick(n, i * 2 + 1, from + i, 2);
      }
      out.ends[i] = base + n;
    }
    out.endKnown = count;
    const { columns } = out;
    for (let k = 0; k < keys.length; k++) columns[k]!.shareRows(keys[k]!, this.#sources, n);
    this.#aggregates.kernels.forEach((kernel, i) => {
      kernel.images.appendTo(columns[keys.length + i]!, this.#picks, n);
    });
    out.builder.endRows(n, this.#kinds);
    assert(batch.kinds !== undefined || this.#deadCount === 0, 'a group ends by retraction alone');
  }
  #pick(n: number, image: number, row: number, kind: number): number {
    this.#picks[n] = image;
    this.#sources[n] = row;
    this.#kinds[n] = kind;
    return n + 1;
  }
  #removeDead(): void {
    for (let d = 0; d < this.#deadCount; d++) {
      const slot = this.#dead[d]!;
      if (this.#table.isLive(slot) && this.#rows.values[slot] === 0) this.#table.remove(slot);
    }
  }

  /** Batch: the result of every group, at the end of input. */
  end?: (input: number, out: RunOutput) => Progress;
  #emitAll(out: RunOutput): Progress {
    if (this.#sent === undefined) {
      this.#sent = -1;
      // An aggregate over everything has a row even when there was no input.
      if (this.#spec.keys.length === 0 && this.#table.size === 0) this.#openOnly();
    }
    while (!out.full) {
      const slots = this.#slots.subarray(0, Math.min(out.room, rowsMax));
      const count = this.#table.scan(this.#sent, slots);
      if (count === 0) return 'done';
      this.#table.appendKeys(out.columns, slots, count);
      this.#aggregates.appendResults(out.columns, this.#spec.keys.length, slots, count);
      out.builder.endRows(count);
      this.#sent = slots[count - 1]!;
    }
    return 'more';
  }
  #openOnly(): void {
    this.#slots[0] = this.#table.upsertRow([], 0);
    this.#aggregates.reset(this.#slots, 1);
  }
}

registerRunOperator('group-aggregate', (spec, setup) => new GroupAggregateOperator(spec, setup));
