/* Where a node's output goes: straight on, all to one instance, or spread by the hash of key columns.
 *
 *   rows ─▶ hash(key) ─▶ key group (top 7 bits) ─▶ instance = group * instances / 128 ─▶ a frame an instance
 *
 * Marks go to every target, at their place among the rows that it gets. */

import { limits } from '#base';
import { BatchFrame, becomesIdle, hashRows, type Batch, type Marks } from '#data';
import { instanceOf, keyGroupOf } from '#state';
import type { Distribution } from '#job';
import type { Item, Target } from './channel.ts';

export class Exchange {
  readonly #distribution: Distribution;
  /** One an instance; one alone for forward and single. */
  readonly targets: readonly Target[];
  readonly #shares: readonly RowShare[];
  /** By key group: the index of its target. */
  readonly #targetOf: Uint8Array;
  #hashes = new Int32Array(limits.batchRowsMax);

  constructor(distribution: Distribution, targets: readonly Target[]) {
    this.#distribution = distribution;
    this.targets = targets;
    this.#shares = targets.length > 1 ? targets.map(() => new RowShare()) : [];
    this.#targetOf = Uint8Array.from({ length: limits.keyGroups }, (_, group) =>
      instanceOf(group, targets.length),
    );
  }
  get room(): boolean {
    for (const target of this.targets) if (!target.room) return false;
    return true;
  }
  put(batch: Batch): void {
    if (this.targets.length === 1 || this.#distribution.kind !== 'hash') {
      this.targets[0]!.put({ kind: 'batch', batch });
      return;
    }
    this.#spread(batch, this.#distribution.columns);
    for (const [i, share] of this.#shares.entries()) {
      const { count, marks } = share;
      if (count === 0 && marks.count === 0) continue;
      share.frame.write(batch, share.rows, count, marks);
      this.targets[i]!.putFrame(share.frame);
    }
  }
  /** Which rows and marks each target gets. */
  #spread(batch: Batch, keys: readonly number[]): void {
    const { rows, marks } = batch;
    const shares = this.#shares;
    for (const share of shares) share.begin(rows, marks.count);
    if (this.#hashes.length < rows) this.#hashes = new Int32Array(rows);
    const hashes = this.#hashes;
    hashRows(
      keys.map((i) => batch.columns[i]!),
      0,
      rows,
      hashes,
    );
    for (let from = 0, m = 0; ; m++) {
      const to = m < marks.count ? marks.at[m]! : rows;
      this.#deal(hashes, from, to);
      if (m >= marks.count) break;
      for (const share of shares) share.mark(marks.watermark[m]!);
      from = to;
    }
  }
  #deal(hashes: Int32Array, from: number, to: number): void {
    const targetOf = this.#targetOf;
    const shares = this.#shares;
    if (shares.length !== 2) {
      for (let row = from; row < to; row++) shares[targetOf[keyGroupOf(hashes[row]!)]!]!.add(row);
      return;
    }
    // Of two, which branch is taken is chance: both places are written, and one of them counts.
    const [first, second] = shares as readonly [RowShare, RowShare];
    const [a, b] = [first.rows, second.rows];
    let n = first.count;
    let k = second.count;
    for (let row = from; row < to; row++) {
      const target = targetOf[keyGroupOf(hashes[row]!)]!;
      a[n] = row;
      b[k] = row;
      n += 1 - target;
      k += target;
    }
    first.count = n;
    second.count = k;
  }
  /** Barriers and ends go to every target. */
  broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    for (const target of this.targets) target.put(item);
  }
}

/** What one target gets of a batch. */
class RowShare {
  readonly frame = new BatchFrame();
  rows = new Int32Array(limits.batchRowsMax);
  count = 0;
  #marks = 0;
  #at = new Int32Array(16);
  #watermark = new Float64Array(16);

  begin(rowsMax: number, marksMax: number): void {
    // One place more: see `#deal`.
    if (this.rows.length <= rowsMax) this.rows = new Int32Array(rowsMax + 1);
    if (this.#at.length < marksMax) {
      this.#at = new Int32Array(marksMax * 2);
      this.#watermark = new Float64Array(marksMax * 2);
    }
    this.count = 0;
    this.#marks = 0;
  }
  add(row: number): void {
    this.rows[this.count++] = row;
  }
  /** Of marks at one place the last alone counts. */
  mark(watermark: number): void {
    const last = this.#marks - 1;
    const replaces =
      last >= 0 && this.#at[last] === this.count && !becomesIdle(this.#watermark[last]!, watermark);
    if (!replaces) this.#marks++;
    this.#at[this.#marks - 1] = this.count;
    this.#watermark[this.#marks - 1] = watermark;
  }
  get marks(): Marks {
    return { count: this.#marks, at: this.#at, watermark: this.#watermark };
  }
}
