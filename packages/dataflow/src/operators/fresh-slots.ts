/* Slots of keys that another table has, where those that outlived their time to live are made anew. */

import type { KeyedTable } from '#state';

const one = new Int32Array(1);
const isNew = new Uint8Array(1);

/** As `upsertFrom`, for keys that differ: a slot that is no longer fresh counts as gone. */
export function freshSlots(
  table: KeyedTable,
  other: KeyedTable,
  from: Int32Array,
  count: number,
  slots: Int32Array,
  created: Uint8Array,
): void {
  table.upsertFrom(other, from, count, slots, created);
  for (let i = 0; i < count; i++) {
    if (created[i] === 1 || table.fresh(slots[i]!)) continue;
    table.remove(slots[i]!);
    table.upsertFrom(other, from.subarray(i, i + 1), 1, one, isNew);
    slots[i] = one[0]!;
    created[i] = isNew[0]!;
  }
}
