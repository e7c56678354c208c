/* Images of all that a store can hold, each referring to an earlier one: what changed between them, and nothing else, is new. */

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  BytesReader,
  bytesOf,
  BytesWriter,
  ImageWriter,
  MemoryStore,
  setStateGrain,
  type ImageLayout,
} from '#state';
import { apply, contents, declare, forms, steps, type Declared } from './store-script.ts';

// A change that was reported hides none that was not.
setStateGrain({ pageBits: 0, blockBytes: 1 });
afterAll(() => {
  setStateGrain();
});

interface Taken {
  readonly layout: ImageLayout;
  readonly bytes: Uint8Array;
}

function atOnce(d: Declared): Uint8Array {
  const writer = new BytesWriter();
  d.store.snapshot(writer);
  return writer.finish();
}

describe.each(forms)('$name', (form) => {
  test('an image with an earlier one is the whole', () => {
    fc.assert(
      fc.property(
        steps(form, { saves: 5, minLength: 20 }),
        fc.array(fc.nat(3), { minLength: 60, maxLength: 60 }),
        (script, chances) => {
          const d = declare(new MemoryStore(), form);
          const taken: Taken[] = [];
          for (let i = 0; i < script.length; i++) {
            if (script[i]!.kind !== 'snapshot' && script[i]!.kind !== 'cross') {
              apply(d, form, script[i]!);
              continue;
            }
            const expected = atOnce(d);
            // The last one, one before, or none.
            const base = taken[taken.length - 1 - chances[i]!];
            const writer = new ImageWriter(256, base?.layout);
            d.store.snapshot(writer);
            const image = writer.image();
            const until = i + 1 + chances[(i + 7) % 60]!;
            for (; i + 1 < until && i + 1 < script.length; i++) apply(d, form, script[i + 1]!);
            image.advance(() => false);
            const bytes = bytesOf(image.part, base?.bytes);
            expect(Buffer.compare(bytes, expected)).toBe(0);
            taken.push({ layout: writer.layout, bytes });
          }
          const back = declare(new MemoryStore(), form);
          back.store.restore(new BytesReader(atOnce(d)));
          expect(contents(back)).toEqual(contents(d));
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('what did not change is not new', () => {
  const form = forms[0]!;
  const d = declare(new MemoryStore(), form);
  const key = form.key[0]!;
  const keys = fc.sample(key.values, { numRuns: 5, seed: 1 });
  for (const value of keys) apply(d, form, { kind: 'key', key: [value], n: 1, v: 1n });
  const first = new ImageWriter();
  d.store.snapshot(first);
  const image = first.image();
  image.advance(() => false);
  const before = bytesOf(image.part);
  const second = new ImageWriter(256, first.layout);
  d.store.snapshot(second);
  const again = second.image();
  again.advance(() => false);
  const { part } = again;
  expect(bytesOf(part, before)).toEqual(before);
  const arrays = [...part.blocks].filter((from, i) => i % 2 === 1 && from >= 0).length;
  expect(arrays).toBeGreaterThan(10);
});
