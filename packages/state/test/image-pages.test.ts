/* Rows that belong to keys, their orders, rings and timers, over many pages: what a step changes it reports, or the image would
 * hold it. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Column } from '#data';
import { bytesOf, BytesWriter, ImageWriter, MemoryStore, type ImageLayout, type OwnedSpec } from '#state';
import { columnWith } from './arbitraries.ts';

const int = (value: number): Column => columnWith(types.INT, value).column;

const forms: readonly (readonly [string, Omit<OwnedSpec, 'name' | 'row'>])[] = [
  ['rows in a chain', {}],
  ['rows in a chain, found by value', { find: 'row' }],
  ['rows in a chain, of one key each', { find: [0] }],
  ['rows in an order', { order: [{ column: 0 }], find: 'row' }],
  ['rows in an order of cells', { order: [{ column: 'at' }], cells: { at: 'f64' } }],
];

test.each(forms)('%s', (_, form) => {
  for (let seed = 1; seed <= 6; seed++) {
    const rng = new Rng(seed);
    // Many, so that few steps leave pages of owners alone, or few, so that each has many rows.
    const owners = seed % 2 === 0 ? 3000 : 20;
    const store = new MemoryStore();
    const keys = store.keyed({ name: 'keys', key: [types.INT], cells: { n: 'f64' } });
    const rows = store.owned(keys, { name: 'rows', row: [types.INT, types.STRING], ...form });
    const timers = store.timers(keys, { name: 'timers', domain: 'event' });
    const rowTimers = store.timers(rows, { name: 'row timers', domain: 'event' });
    const isUnique = Array.isArray(form.find);
    const someRow = (): Column[] => [
      int(rng.below(isUnique ? 400 : 2)),
      columnWith(types.STRING, 'x'.repeat(rng.below(3))).column,
    ];
    const anyRow = (): number => {
      const slot = rows.extent === 0 ? 0 : rng.below(rows.extent);
      return (rows as unknown as { isLive(slot: number): boolean }).isLive(slot) ? slot : -1;
    };
    const due = new Int32Array(8);
    const step = (): void => {
      const slot = anyRow();
      switch (rng.below(12)) {
        case 0:
          if (rng.below(100) === 0) keys.remove(keyOf(rng.below(owners)));
          return;
        case 1:
          if (slot >= 0) rows.remove(slot);
          return;
        case 2:
          if (slot >= 0 && !isUnique) rows.replace(slot, someRow(), 0, form.order !== undefined);
          return;
        case 3:
          if (slot >= 0 && form.cells !== undefined)
            rows.reorder(slot, () => {
              rows.f64('at').values[slot] = rng.below(50);
            });
          return;
        case 4: {
          const [from, to] = [keyOf(rng.below(owners)), keyOf(rng.below(owners))];
          if (from !== to && form.find === undefined) rows.moveAll(from, to);
          return;
        }
        case 5:
          timers.set(keyOf(rng.below(owners)), rng.below(1e6));
          return;
        case 6:
          if (slot >= 0) rowTimers.set(slot, rng.below(1e6));
          return;
        case 7:
          timers.due(rng.below(2e4), due);
          rowTimers.due(rng.below(2e4), due);
          return;
        case 8:
          if (slot >= 0) rowTimers.clear(slot);
          return;
        default:
          add();
      }
    };
    const add = (): void => {
      const owner = keyOf(rng.below(owners));
      if (isUnique) rows.upsertRow(owner, someRow(), 0);
      else rows.append(owner, someRow(), 0, form.cells && { at: rng.below(50) });
    };
    const keyOf = (key: number): number => keys.upsertRow([int(key)], 0);
    for (let n = 0; n < 2500; n++) add();
    for (let n = 0; n < 500; n++) step();
    let layout: ImageLayout | undefined;
    let before: Uint8Array | undefined;
    for (let image = 0; image < 40; image++) {
      const at = new BytesWriter();
      store.snapshot(at);
      const writer = new ImageWriter(64, layout);
      store.snapshot(writer);
      const taken = writer.image();
      for (let n = rng.below(6); n > 0; n--) {
        step();
        let looks = 0;
        if (rng.below(3) === 0) taken.advance(() => ++looks > 1);
      }
      taken.advance(() => false);
      const bytes = bytesOf(taken.part, before);
      expect(Buffer.compare(bytes, at.finish()), `seed ${seed}, image ${image}`).toBe(0);
      ({ layout } = writer);
      before = bytes;
    }
    expect(rows.extent).toBeGreaterThan(600);
  }
});
