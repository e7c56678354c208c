/* The ring between two threads: every word once and in order, whatever the sizes and whoever waits; items through an outlet
 * and an inlet, larger than the ring too. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchBuilder, readRow, types } from '#data';
import { Channel, type Item } from '../src/runtime/channel.ts';
import { RingInlet } from '../src/runtime/threads/inlet.ts';
import { RingOutlet } from '../src/runtime/threads/outlet.ts';
import { Ring } from '../src/runtime/threads/ring.ts';

describe('words through a ring', () => {
  test('come out as they went in, over its end and around', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(12)), { maxLength: 60 }), (steps) => {
        const memory = Ring.memory(8);
        const [writer, reader] = [new Ring(memory), new Ring(memory)];
        const out: number[] = [];
        let next = 0;
        for (const [isWrite, count] of steps) {
          if (isWrite) {
            const words = Float64Array.from({ length: count }, (_, i) => next + i);
            next += writer.write(words, 0, count);
          } else {
            const words = new Float64Array(count);
            out.push(...words.subarray(0, reader.read(words, 0, count)));
          }
          expect(reader.filled).toBeLessThanOrEqual(8);
        }
        const rest = new Float64Array(8);
        out.push(...rest.subarray(0, reader.read(rest, 0, 8)));
        expect(out).toEqual(Array.from({ length: next }, (_, i) => i));
      }),
    );
  });
});

/** An edge through a ring of so many words, with the calls to wake either side counted. */
function edge(words: number): {
  readonly outlet: RingOutlet;
  readonly inlet: RingInlet;
  readonly channel: Channel;
  readonly woken: { reader: number; writer: number };
} {
  const memory = Ring.memory(words);
  const woken = { reader: 0, writer: 0 };
  const channel = new Channel(0);
  const outlet = new RingOutlet(new Ring(memory), () => woken.reader++);
  const inlet = new RingInlet(channel, new Ring(memory), () => woken.writer++);
  return { outlet, inlet, channel, woken };
}
function batchOf(values: readonly string[]): Item {
  const builder = new BatchBuilder([types.STRING]);
  for (const value of values) builder.appendRow([value]);
  builder.mark(7);
  return { kind: 'batch', batch: builder.build() };
}
const shown = (item: Item): unknown =>
  item.kind === 'batch'
    ? Array.from({ length: item.batch.rows }, (_, row) => readRow(item.batch, [types.STRING], row)[0])
    : item;

describe('items through a ring', () => {
  test('batches, barriers and ends in their order, one in the channel at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ maxLength: 40 }), { maxLength: 30 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(8, 64, 1024),
        (batches, words) => {
          const { outlet, inlet, channel } = edge(words);
          const items: Item[] = [
            ...batches.map(batchOf),
            { kind: 'barrier', epoch: 3, base: undefined, last: false, streams: false },
            { kind: 'barrier', epoch: 4, base: 3, last: false, streams: true },
            { kind: 'barrier', epoch: 5, base: 4, last: true, streams: false },
            { kind: 'end', stopped: true },
            { kind: 'end' },
          ];
          const came: unknown[] = [];
          for (let put = 0, turns = 0; came.length < items.length; turns++) {
            expect(turns).toBeLessThan(10_000);
            if (put < items.length && outlet.room) outlet.put(items[put++]!);
            void outlet.room;
            inlet.pump();
            const item = channel.queue.shift();
            if (item !== undefined) came.push(shown(item));
          }
          expect(came).toEqual(items.map(shown));
          expect(outlet.sent).toBe(items.length);
          expect(inlet.received).toBe(items.length);
        },
      ),
      { numRuns: 60 },
    );
  });
  test('a full ring: the writer has no room, is woken by the next read, and goes on', () => {
    const { outlet, inlet, channel, woken } = edge(16);
    outlet.put(batchOf(['x'.repeat(400)]));
    expect(outlet.room).toBe(false);
    expect(woken.reader).toBeGreaterThan(0);
    while (!inlet.pump()) {
      expect(woken.writer).toBeGreaterThan(0);
      void outlet.room;
    }
    expect(outlet.room).toBe(true);
    expect(channel.queue.map(shown)).toEqual([['x'.repeat(400)]]);
  });
  test('the next item waits until the last one is through', () => {
    const { outlet, inlet, channel } = edge(1024);
    const further = new Channel(0);
    inlet.reach = [further];
    outlet.put(batchOf(['a']));
    outlet.put(batchOf(['b']));
    expect(inlet.pump()).toBe(true);
    expect(inlet.pump()).toBe(false);
    further.put(channel.queue.shift()!);
    expect(inlet.pump()).toBe(false);
    further.queue.shift();
    expect(inlet.pump()).toBe(true);
    expect(channel.queue.map(shown)).toEqual([['b']]);
  });
});
