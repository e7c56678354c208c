/* The first rows of each partition by a sort order: ORDER BY … LIMIT on a stream, and LIMIT over what changes.
 *
 *   change ─▶ out of the partition's order, into it ─▶ what ranks from `from` to `to` see of that (rank-output.ts)
 *
 *   append    rows only come: the first `to` are kept, and a row no better than the last of them is not even copied
 *   update    a row of known key replaces its former self and never ranks lower than it: the first `to` are kept
 *   retract   any row may be taken back: all rows are kept
 *
 * Keeps: per partition its rows in their order; rows equal in all sort keys in order of arrival. With
 * `table.exec.state.ttl` a partition that did not change for so long begins anew. Promises: what is taken back was given
 * before. Flink: AppendOnlyTopNFunction, UpdatableTopNFunction, RetractableTopNFunction, FastTop1Function. */

import { assert } from '#base';
import { hashRows, isAdd, type Column } from '#data';
import type { RankSpec } from '#job';
import type { KeyedTable, SortedTable } from '#state';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { RankOutput, type Move } from './rank-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;
const none = -1;

class RankOperator implements RunOperator {
  readonly #spec: RankSpec;
  readonly #partitions: KeyedTable;
  readonly #rows: SortedTable;
  #output: RankOutput | undefined;
  /** What is going out of an unfinished row. */
  #move: Move | undefined;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);

  constructor(spec: RankSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#partitions = setup.store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types![c]!),
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    const find = { append: {}, update: { find: spec.rowKey }, retract: { find: 'row' as const } };
    this.#rows = setup.store.sorted(this.#partitions, {
      name: 'rows',
      row: types!,
      order: spec.keys,
      ...find[spec.strategy],
    });
    setup.context.metrics.gauge('stateKeys', () => this.#rows.size);
  }

  rows({ batch, from, to }: Run, out: RunOutput): number {
    this.#output ??= new RankOutput(this.#spec, this.#rows, out.builder);
    const count = Math.min(to - from, rowsMax);
    const keys = this.#spec.partition.map((c) => batch.columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#partitions.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#partitions.write(this.#slots, count);
    let taken = 0;
    for (; taken < count; taken++) {
      const partition = this.#slots[taken]!;
      // An unfinished row was taken already: what it gives goes on.
      if (this.#move === undefined) {
        if (out.full) break;
        const kind = batch.kinds === undefined ? 0 : batch.kinds[from + taken]!;
        this.#change(partition, batch.columns, from + taken, kind);
      }
      if (this.#move !== undefined && !this.#drain(this.#move, out)) break;
      out.through();
    }
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    return from + taken;
  }
  #dropIfEmpty(partition: number): void {
    if (this.#partitions.isLive(partition) && this.#rows.count(partition) === 0 && this.#move === undefined)
      this.#partitions.remove(partition);
  }

  #change(partition: number, columns: readonly Column[], row: number, kind: number): void {
    const { strategy } = this.#spec;
    if (kind === 1 && strategy === 'update') return; // the +U behind it says what is
    if (!isAdd(kind)) this.#takeBack(partition, columns, row);
    else if (strategy === 'update') this.#replace(partition, columns, row);
    else if (strategy === 'retract' || this.#ranks(partition, columns, row))
      this.#insert(partition, columns, row);
  }
  /** The row comes before one of the first `to` rows, or there are less. */
  #ranks(partition: number, columns: readonly Column[], row: number): boolean {
    const { to } = this.#spec;
    const count = this.#rows.count(partition);
    if (count < to) return true;
    const last = count === to ? this.#rows.last(partition) : this.#rows.nth(partition, to - 1);
    return this.#rows.compareRow(last, columns, row) > 0;
  }
  #insert(partition: number, columns: readonly Column[], row: number): void {
    const added = this.#rows.append(partition, columns, row);
    this.#begin({ partition, out: Infinity, into: this.#rows.rank(added), old: none });
  }
  #takeBack(partition: number, columns: readonly Column[], row: number): void {
    assert(this.#spec.strategy === 'retract', 'nothing is taken back where not all rows are kept');
    const old = this.#rows.findRow(partition, columns, row);
    if (old < 0) return;
    const out = this.#rows.rank(old);
    this.#rows.detach(old);
    this.#begin({ partition, out, into: Infinity, old });
  }
  #replace(partition: number, columns: readonly Column[], row: number): void {
    const old = this.#rows.findRow(partition, columns, row);
    if (old < 0) {
      if (!this.#ranks(partition, columns, row)) return;
      const added = this.#rows.upsertRow(partition, columns, row);
      this.#begin({ partition, out: Infinity, into: this.#rows.rank(added), old: none });
      return;
    }
    // Equal in the sort keys, it stays where it is.
    const stays = this.#rows.compareRow(old, columns, row) === 0;
    const out = this.#rows.rank(old);
    this.#rows.detach(old);
    const added = stays
      ? this.#rows.appendInPlaceOf(old, columns, row)
      : this.#rows.upsertRow(partition, columns, row);
    this.#begin({ partition, out, into: this.#rows.rank(added), old });
  }

  #begin(move: Move): void {
    this.#move = move;
    this.#output!.begin(move);
  }
  /** Emits what is left of a move. False when the output filled. */
  #drain(move: Move, out: RunOutput): boolean {
    while (!this.#output!.done) {
      if (out.full) return false;
      this.#output!.step();
    }
    this.#move = undefined;
    if (move.old >= 0) this.#rows.discard(move.old);
    if (this.#spec.strategy !== 'retract') this.#cut(move.partition);
    return true;
  }
  /** Forgets the rows from position `to` on. */
  #cut(partition: number): void {
    while (this.#rows.count(partition) > this.#spec.to) this.#rows.remove(this.#rows.last(partition));
  }
}

registerRunOperator('rank', (spec, setup) => new RankOperator(spec, setup));
