/* Nexmark bids as batches, for benchmarks of what writes them. */

import { BatchBuilder, types, type Batch, type Field } from '#data';
import { nexmarkEvents } from '../packages/connectors/src/nexmark/events.ts';

export const bid: readonly Field[] = [
  { name: 'auction', type: types.BIGINT },
  { name: 'bidder', type: types.BIGINT },
  { name: 'price', type: types.BIGINT },
  { name: 'channel', type: types.STRING },
  { name: 'url', type: types.STRING },
  { name: 'dateTime', type: types.timestamp(3) },
  { name: 'extra', type: types.STRING },
];

/** Some batches of bids, written again and again. */
export function bids(): Batch[] {
  const batches: Batch[] = [];
  for (const events of nexmarkEvents({ seed: 1, events: 40_000 })) {
    const column = events.columns[3]!;
    if (column.layout !== 'row') throw new Error('bids are rows');
    const builder = new BatchBuilder(bid.map((f) => f.type));
    for (let row = 0; row < events.rows; row++)
      if (column.valid?.[row] !== 0) builder.appendFrom(column.fields, row);
    batches.push(builder.build());
  }
  return batches;
}
