/* Where a node's output goes: straight on, all to one instance, or spread by the hash of key columns.
 *
 *   row ─▶ hash(key) ─▶ key group (top 7 bits) ─▶ instance = group * instances / 128
 *
 * Marks go to every target, at their place among the rows that it gets. */

import { BatchBuilder, hashCells, type Batch, type LogicalType } from '#data';
import { instanceOf, keyGroupOf } from '#state';
import type { Distribution } from '#job';
import type { Channel, Item } from './channel.ts';

export class Exchange {
  readonly #distribution: Distribution;
  /** One channel a target instance; one alone for forward and single. */
  readonly targets: readonly Channel[];
  readonly #builders: readonly BatchBuilder[];

  constructor(distribution: Distribution, targets: readonly Channel[], types: readonly LogicalType[]) {
    this.#distribution = distribution;
    this.targets = targets;
    this.#builders = targets.length > 1 ? targets.map(() => new BatchBuilder(types)) : [];
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
    const columns = this.#distribution.columns.map((i) => batch.columns[i]!);
    const { marks } = batch;
    let m = 0;
    for (let row = 0; row <= batch.rows; row++) {
      while (m < marks.count && marks.at[m]! <= row) {
        for (const builder of this.#builders) builder.mark(marks.watermark[m]!);
        m++;
      }
      if (row === batch.rows) break;
      const group = keyGroupOf(hashCells(columns, row));
      const target = instanceOf(group, this.targets.length);
      this.#builders[target]!.appendFrom(
        batch.columns,
        row,
        batch.kinds === undefined ? 0 : batch.kinds[row]!,
      );
    }
    this.#builders.forEach((builder, i) => {
      if (!builder.empty) this.targets[i]!.put({ kind: 'batch', batch: builder.build() });
    });
  }
  /** Barriers and ends go to every target. */
  broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    for (const target of this.targets) target.put(item);
  }
}
