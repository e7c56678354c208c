/* An output of a node: its rows, or its dead letters, towards all that read them. */

import { assert } from '#base';
import { lastWatermark, type Batch } from '#data';
import type { Output } from '../contracts/index.ts';
import type { Channel, Item } from './channel.ts';
import type { Exchange } from './exchange.ts';

/** The output of a node towards all its consumers. */
export class NodeOutput implements Output {
  readonly exchanges: Exchange[] = [];
  now = 0;
  rows = 0;
  watermark = -Infinity;
  /** The last mark said that no row is to be expected. */
  idle = false;

  /** Every channel beyond the next that what is emitted here can get into: set once the job is wired. */
  reach: readonly Channel[] = [];

  /** True until all that was emitted is through: operators hand columns on without copying them, so a producer may
   *  write over its arrays only when nobody further down still holds them. Channels beside the way do not count: one
   *  may wait for a barrier that has to come through here. */
  get full(): boolean {
    for (const exchange of this.exchanges) if (!exchange.room) return true;
    for (const channel of this.reach) if (!channel.room) return true;
    return false;
  }
  emit(batch: Batch): void {
    this.rows += batch.rows;
    const { marks } = batch;
    if (marks.count > 0) {
      const watermark = lastWatermark(marks);
      assert(watermark >= this.watermark || watermark === -Infinity, 'marks never go back');
      this.watermark = Math.max(this.watermark, watermark);
      this.idle = Number.isNaN(marks.watermark[marks.count - 1]!);
    }
    if (batch.rows === 0 && batch.marks.count === 0) return;
    for (const exchange of this.exchanges) exchange.put(batch);
  }
  broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    for (const exchange of this.exchanges) exchange.broadcast(item);
  }
}
