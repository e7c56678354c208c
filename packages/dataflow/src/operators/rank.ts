/* The first rows of each partition by a sort order: ORDER BY … LIMIT on a stream, and LIMIT over what changes.
 *
 *   change ─▶ out of the partition's list, into it ─▶ what ranks from `from` to `to` see of that (rank-output.ts)
 *
 *   append    rows only come: the first `to` are kept, and a row no better than the last of them is not even copied
 *   update    a row of known key replaces its former self and never ranks lower than it: the first `to` are kept
 *   retract   any row may be taken back: all rows are kept
 *
 * Keeps: per partition its rows, ranked; rows equal in all sort keys in order of arrival. With `table.exec.state.ttl` a
 * partition that did not change for so long begins anew. Promises: what is taken back was given before.
 * Flink: AppendOnlyTopNFunction, UpdatableTopNFunction, RetractableTopNFunction, FastTop1Function. */

import type { RankSpec } from '#job';
import { assert } from '#base';
import { isAdd, type Batch, type Column, type LogicalType } from '#data';
import { OldKeyedTable, type StateReader, type StateWriter } from '#state';
import { roomy } from '../aggregates/accumulator.ts';
import type { Output } from '../contracts/index.ts';
import { RankOutput, type Move } from './rank-output.ts';
import { RankedList } from './ranked-list.ts';
import { RowBag } from './row-bag.ts';
import { RowOperator } from './row-operator.ts';
import { RowOrder } from './row-order.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class RankOperator extends RowOperator {
  readonly #spec: RankSpec;
  readonly #bag: RowBag;
  readonly #order: RowOrder;
  readonly #output: RankOutput;
  readonly #partitions: OldKeyedTable;
  readonly #lists: (RankedList | undefined)[] = [];
  #written = new Float64Array(16);
  #sweep = 0;
  /** For 'update': the row of each key, and the key of each row. */
  readonly #byKey: OldKeyedTable;
  #rowOfKey = new Int32Array(16);
  #keyOfRow = new Int32Array(16);
  readonly #partitionCells: Column[] = [];
  readonly #keyCells: Column[] = [];
  /** What is going out. */
  #move: Move | undefined;

  constructor(spec: RankSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    const types: readonly LogicalType[] = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#bag = new RowBag(types);
    this.#order = new RowOrder(spec.keys, this.#bag, types);
    this.#output = new RankOutput(spec, this.#bag, this.builder);
    this.#partitions = new OldKeyedTable(spec.partition.map((c) => types[c]!));
    this.#byKey = new OldKeyedTable(spec.rowKey.map((c) => types[c]!));
    setup.context.metrics.gauge('stateKeys', () => this.#bag.size);
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    const { partition, strategy, ttlMs } = this.#spec;
    const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    if (kind === 1 && strategy === 'update') return; // the +U behind it says what is
    for (let i = 0; i < partition.length; i++) this.#partitionCells[i] = batch.columns[partition[i]!]!;
    if (ttlMs > 0) this.#expire(row, now);
    const slot = isAdd(kind)
      ? this.#partitions.slotOf(this.#partitionCells, row)
      : this.#partitions.find(this.#partitionCells, row);
    if (slot < 0) return;
    this.#written = roomy(this.#written, slot + 1);
    this.#written[slot] = now;
    const list = (this.#lists[slot] ??= this.#newList());
    if (!isAdd(kind)) this.#takeBack(list, batch, row);
    else if (strategy === 'retract') this.#insert(list, batch, row);
    else {
      this.#order.setCandidate(batch.columns, row);
      if (strategy === 'update') this.#replace(list, batch, row);
      else if (this.#ranks(list)) this.#insert(list, batch, row);
    }
    if (list.size === 0) this.#close(slot);
  }
  /** The candidate comes before one of the first `to` rows, or there are less. */
  #ranks(list: RankedList): boolean {
    const { to } = this.#spec;
    return list.size < to || this.#order.compareCandidate(list.at(to - 1)) < 0;
  }
  #insert(list: RankedList, batch: Batch, row: number): void {
    const into = list.insert(this.#bag.add(batch.columns, row));
    this.#begin({ list, out: Infinity, into, old: -1 });
  }
  #takeBack(list: RankedList, batch: Batch, row: number): void {
    assert(this.#spec.strategy === 'retract', 'nothing is taken back where not all rows are kept');
    const old = this.#bag.find(batch.columns, row);
    if (old >= 0) this.#begin({ list, out: list.remove(old), into: Infinity, old });
  }
  #replace(list: RankedList, batch: Batch, row: number): void {
    const { rowKey } = this.#spec;
    for (let i = 0; i < rowKey.length; i++) this.#keyCells[i] = batch.columns[rowKey[i]!]!;
    const known = this.#byKey.find(this.#keyCells, row);
    if (known < 0 && !this.#ranks(list)) return;
    const old = known < 0 ? -1 : this.#rowOfKey[known]!;
    // Equal in the sort keys, it stays where it is.
    const stays = old >= 0 && this.#order.compareCandidate(old) === 0;
    const out = old < 0 ? Infinity : list.remove(old);
    const added = this.#bag.add(batch.columns, row, stays ? this.#bag.arrivalOf(old) : undefined);
    this.#link(known < 0 ? this.#byKey.slotOf(this.#keyCells, row) : known, added);
    this.#begin({ list, out, into: list.insert(added), old });
  }
  #link(key: number, occurrence: number): void {
    this.#rowOfKey = roomy(this.#rowOfKey, key + 1);
    this.#keyOfRow = roomy(this.#keyOfRow, occurrence + 1);
    this.#rowOfKey[key] = occurrence;
    this.#keyOfRow[occurrence] = key;
  }

  #begin(move: Move): void {
    this.#move = move;
    this.#output.begin(move);
  }
  protected override drain(out: Output): boolean {
    const move = this.#move;
    if (move === undefined) return true;
    while (!this.#output.done) {
      if (this.builder.full && !this.flush(out)) return false;
      this.#output.step();
    }
    this.#move = undefined;
    if (move.old >= 0) this.#bag.remove(move.old);
    if (this.#spec.strategy !== 'retract') this.#cut(move.list, this.#spec.to);
    return true;
  }
  /** Forgets the rows from position `size` on. */
  #cut(list: RankedList, size: number): void {
    while (list.size > size) {
      const last = list.at(list.size - 1);
      list.remove(last);
      if (this.#spec.strategy === 'update') this.#byKey.remove(this.#keyOfRow[last]!);
      this.#bag.remove(last);
    }
  }

  #newList(): RankedList {
    return new RankedList((a, b) => this.#order.compare(a, b));
  }
  #close(slot: number): void {
    this.#partitions.remove(slot);
    this.#lists[slot] = undefined;
  }
  /** Drops partitions not written for longer than the TTL, a few at a time; an expired one is never read. */
  #expire(row: number, now: number): void {
    const { extent } = this.#partitions;
    for (let n = 0; n < Math.min(extent, 4); n++) {
      this.#sweep = (this.#sweep + 1) % extent;
      this.#expireSlot(this.#sweep, now);
    }
    this.#expireSlot(this.#partitions.find(this.#partitionCells, row), now);
  }
  #expireSlot(slot: number, now: number): void {
    if (slot < 0 || !this.#partitions.isLive(slot) || now - this.#written[slot]! < this.#spec.ttlMs) return;
    this.#cut(this.#lists[slot]!, 0);
    this.#close(slot);
  }

  override get stateBytes(): number {
    // A number of a list takes four bytes, and about as much again for the room at the end of its chunk.
    return (
      this.#bag.bytes +
      8 * this.#bag.size +
      this.#partitions.bytes +
      this.#written.byteLength +
      this.#byKey.bytes +
      this.#rowOfKey.byteLength +
      this.#keyOfRow.byteLength
    );
  }
  protected save(to: StateWriter): void {
    const { extent } = this.#partitions;
    this.#bag.snapshot(to);
    this.#partitions.snapshot(to);
    to.f64s(roomy(this.#written, extent), extent);
    for (let slot = 0; slot < extent; slot++) {
      const items = this.#lists[slot]?.items() ?? new Int32Array(0);
      to.i32s(items, items.length);
    }
    this.#byKey.snapshot(to);
    to.i32s(roomy(this.#rowOfKey, this.#byKey.extent), this.#byKey.extent);
  }
  protected load(from: StateReader): void {
    this.#bag.restore(from);
    this.#partitions.restore(from);
    this.#written = from.f64s();
    for (let slot = 0; slot < this.#partitions.extent; slot++) {
      const items = from.i32s();
      if (!this.#partitions.isLive(slot)) continue;
      const list = this.#newList();
      list.fill(items);
      this.#lists[slot] = list;
    }
    this.#byKey.restore(from);
    for (const [key, occurrence] of from.i32s().entries())
      if (this.#byKey.isLive(key)) this.#link(key, occurrence);
  }
}

registerOperator<RankSpec>('rank', (spec, setup) => new RankOperator(spec, setup));
