import { expect, test } from 'vitest';
import { MemoryJournal } from '../src/cluster/journal.ts';
import { OffsetStore, type CommittedOffset } from '../src/cluster/offset-store.ts';

const at = (offset: number): CommittedOffset => ({ offset, leaderEpoch: -1, metadata: '', at: 1 });
const place = { topic: 'a/b', partition: 3 };

test('offsets of a transaction count once it commits, over a restart too', () => {
  const journal = new MemoryJournal();
  const store = new OffsetStore(journal);
  store.commit('g', place, at(5));
  store.addPending(7, 'g', place, at(9));
  store.addPending(7, 'g', place, at(10));
  store.addPending(8, 'g', { ...place, partition: 4 }, at(1));
  const again = new OffsetStore(journal);
  expect(again.get('g', place)?.offset).toBe(5);
  expect(again.isPending('g', place)).toBe(true);
  again.complete(7, true);
  again.complete(8, false);
  const third = new OffsetStore(journal);
  expect(third.get('g', place)?.offset).toBe(10);
  expect(third.of('g')).toHaveLength(1);
  expect(third.isPending('g', place)).toBe(false);
});
test('of a group that is deleted nothing comes back', () => {
  const journal = new MemoryJournal();
  const store = new OffsetStore(journal);
  store.commit('g', place, at(5));
  store.addPending(7, 'g', place, at(9));
  store.addPending(7, 'other', place, at(2));
  store.removeGroup('g');
  store.complete(7, true);
  expect([...store.groups()]).toEqual(['other']);
  expect([...new OffsetStore(journal).groups()]).toEqual(['other']);
});
