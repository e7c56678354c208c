/* The bytes of a producer snapshot: what was written is read again, and what is not whole is not read at all. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { readProducers, writeProducers } from '../../src/log/disk/snapshot-format.ts';
import type { ProducerState } from '../../src/log/producers.ts';

const sequences = 2 ** 31;

function randomState(rng: Rng): ProducerState {
  const recent = Array.from({ length: rng.below(6) }, () => {
    const firstSequence = rng.pick([0, rng.below(1000), sequences - 2]);
    return {
      firstSequence,
      lastSequence: (firstSequence + rng.below(5)) % sequences,
      baseOffset: rng.pick([0, rng.below(1000), 2 ** 40 + rng.below(1000)]),
      timestamp: rng.pick([-1, 0, 1_700_000_000_000 + rng.below(10_000)]),
    };
  });
  return {
    epoch: rng.below(32_768),
    recent,
    lastTimestamp: rng.pick([recent.at(-1)?.timestamp ?? -1, 1_800_000_000_000]),
    coordinatorEpoch: rng.between(-1, 5),
    firstOffset: rng.pick([-1, 0, 2 ** 52 + 1]),
  };
}
const randomStates = (rng: Rng, count: number): Map<number, ProducerState> =>
  new Map(Array.from({ length: count }, (_, i) => [i === 0 ? 2 ** 53 - 1 : rng.uint32(), randomState(rng)]));

test('what was written is read again', () => {
  const rng = new Rng(1);
  for (let round = 0; round < 300; round++) {
    const states = randomStates(rng, rng.below(8));
    expect(readProducers(writeProducers(states))).toEqual(states);
  }
});

test('what is not whole is not read', () => {
  const whole = writeProducers(randomStates(new Rng(3), 3));
  for (let length = 0; length < whole.length; length++)
    expect(readProducers(whole.subarray(0, length))).toBeUndefined();
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const spoiled = Buffer.from(whole);
    spoiled[bit >> 3]! ^= 1 << (bit & 7);
    expect(readProducers(spoiled)).toBeUndefined();
  }
  expect(readProducers(Buffer.concat([whole, Buffer.alloc(1)]))).toBeUndefined();
});
