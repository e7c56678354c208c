/* Answers to fetches lie in slots of the thread's memory, which are used again: never while a row still lies there, never
 * two at once, and all of them come back. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { types, readRow, type LogicalType, type Row } from '#data';
import { FetchSlots } from '#records';
import { Detour } from './proxy.ts';
import { createTopic, jsonOptions, noKafka, openSink, openSource, readAll, tableOf } from './support.ts';

const columns = { id: types.BIGINT, text: types.STRING };
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const textOf = (id: number): string => `row ${id} ${'.'.repeat(id % 90)}`;
const row = (id: number): Row => [BigInt(id), textOf(id)];

/** Taken and not given back, by address. */
const taken = new Set<number>();
let takes = 0;
beforeEach(() => {
  taken.clear();
  takes = 0;
  const { take, giveBack } = FetchSlots.prototype;
  vi.spyOn(FetchSlots.prototype, 'take').mockImplementation(function (this: FetchSlots, bytes) {
    const slot = take.call(this, bytes);
    if (slot === undefined) return undefined;
    expect(taken.has(slot.byteOffset)).toBe(false);
    taken.add(slot.byteOffset);
    takes++;
    return slot;
  });
  vi.spyOn(FetchSlots.prototype, 'giveBack').mockImplementation(function (this: FetchSlots, bytes) {
    if (taken.delete(bytes.byteOffset)) bytes.fill(0xa5);
    giveBack.call(this, bytes);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function fill(topic: string, rows: number, more: Record<string, string>): Promise<void> {
  const sink = await openSink(tableOf(columns, jsonOptions(topic, more)));
  await sink.write(range(0, rows).map(row));
  await sink.flush();
  await sink.close();
}

describe.skipIf(noKafka)('slots for fetched bytes', () => {
  const small = { 'properties.fetch.max.bytes': '200000', 'properties.batch.size': '40000' };
  const ways: [string, Record<string, LogicalType>][] = [
    ['columns by a scanner', columns],
    ['rows by the reference', { ...columns, tags: types.array(types.INT) }],
  ];
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    for (const [name, physical] of ways) {
      test(`filled with garbage when they come back, no row changes: ${codec}, ${name}`, async () => {
        const topic = await createTopic();
        const rows = codec === 'none' ? 30_000 : codec === 'zstd' ? 160_000 : 90_000;
        await fill(topic, rows, { ...small, 'properties.compression.type': codec });
        const reading = await openSource(tableOf(physical, jsonOptions(topic, small)));
        const { source, fields } = reading;
        let next = 0;
        for (;;) {
          const polled = source.poll();
          if (polled.kind === 'end') break;
          // Whatever else wants to happen before these rows are taken, happens.
          await sleep(1);
          if (polled.kind !== 'batch') continue;
          const got = range(0, polled.batch.rows).map((i) =>
            readRow(
              polled.batch,
              fields.map((f) => f.type),
              i,
            ),
          );
          expect(got.map((r) => r.slice(0, 2))).toEqual(range(next, next + got.length).map(row));
          next += got.length;
        }
        await source.close();
        expect(next).toBe(rows);
        expect(takes).toBeGreaterThan(4);
        expect(taken.size).toBe(0);
      });
    }
  }

  test('they come back when reading stops early', async () => {
    const topic = await createTopic();
    await fill(topic, 30_000, small);
    const { rows } = await readAll(tableOf(columns, jsonOptions(topic, small)), { limit: 100 });
    expect(rows).toEqual(range(0, 100).map(row));
    expect(takes).toBeGreaterThan(0);
    expect(taken.size).toBe(0);
  });

  test('they come back when the connection breaks while one is being filled', async () => {
    const detour = new Detour({ next: () => 10_000, pauseMs: 50 });
    const topic = await createTopic();
    await fill(topic, 10_000, small);
    const reading = await openSource(tableOf(columns, jsonOptions(topic, small)), { reach: detour.reach });
    await expect.poll(() => takes, { interval: 1, timeout: 10_000 }).toBe(1);
    await detour.cut();
    await expect.poll(() => taken.size, { timeout: 10_000 }).toBe(0);
    expect((await reading.run()).rows).toEqual(range(0, 10_000).map(row));
    await reading.source.close();
    await detour.close();
    expect(taken.size).toBe(0);
  });
});

test('slots are bounded in number and size, and used again', () => {
  const slots = new FetchSlots(1000, 2);
  const [a, b] = [slots.take(1000)!, slots.take(10)!];
  expect([a.length, b.length]).toEqual([1000, 10]);
  expect(slots.take(10)).toBeUndefined();
  slots.giveBack(a);
  expect(slots.take(1001)).toBeUndefined();
  expect(slots.take(500)!.byteOffset).toBe(a.byteOffset);
  slots.giveBack(Buffer.alloc(10));
  slots.close();
  expect(slots.take(1)).toBeUndefined();
  slots.giveBack(b);
});

test('all slots of a thread leave most of its memory to others', () => {
  const large = new FetchSlots(100 << 20, 10);
  const some = range(0, 10).map(() => large.take(1));
  expect(some.filter((slot) => slot !== undefined).length).toBe(2);
  for (const slot of some) if (slot !== undefined) large.giveBack(slot);
  large.close();
});
