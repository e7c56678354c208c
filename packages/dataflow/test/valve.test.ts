/* A numbered input's watermark and idleness out of its channels. */

import { expect, test } from 'vitest';
import { types } from '#data';
import { Channel } from '../src/runtime/channel.ts';
import { Valve } from '../src/runtime/valve.ts';
import { batchOf, textOf } from './harness.ts';

const { INT } = types;

/** What the input is told, as '<channel> <lines>' go in one after the other. */
function run(
  channels: number,
  ...steps: readonly (readonly [channel: number, ...lines: string[]])[]
): string[] {
  const all = Array.from({ length: channels }, () => new Channel(0));
  const valve = new Valve(all);
  return steps.flatMap(([channel, ...lines]) => {
    if (lines[0] === 'end') return valve.end(all[channel]!).map((w) => `@ ${Number.isNaN(w) ? 'idle' : w}`);
    return textOf(valve.merge(all[channel]!, batchOf([INT], lines)), [INT]);
  });
}

test('the least of two channels, at its row in the merged order', () => {
  expect(run(2, [0, '+ 1', '@ 5', '+ 2', '@ 9'], [1, '+ 3', '@ 3', '+ 4', '@ 7', '+ 5'])).toEqual([
    '+ 1',
    '+ 2',
    '+ 3',
    '@ 3',
    '+ 4',
    '@ 7',
    '+ 5',
  ]);
});
test('nothing is said before every channel has a watermark', () => {
  expect(run(2, [0, '@ 5'])).toEqual([]);
});
test('watermarks never go back', () => {
  expect(run(1, [0, '@ 5'], [0, '@ 4'], [0, '@ 6'])).toEqual(['@ 5', '@ 6']);
});
test('the marks of an only channel are those of the input, as long as they rise', () => {
  const steps = ['@ 5', '+ 1', '@ 4', '+ 2', '@ 6', '+ 3', '@ 6', '@ idle'] as const;
  expect(
    run(1, [0, ...steps], [0, '+ 4', '@ 7', '+ 5', '@ 8'], [0, '+ 6', '@ 9'], [0, '@ 3', '@ 10']),
  ).toEqual([
    ...['@ 5', '+ 1', '+ 2', '@ 6', '+ 3', '@ idle'],
    ...['+ 4', '@ 7', '+ 5', '@ 8'],
    ...['+ 6', '@ 9'],
    '@ 10',
  ]);
});
test('an idle channel does not hold the other back', () => {
  expect(run(2, [0, '@ 9'], [1, '@ idle'])).toEqual(['@ 9']);
});
test('a channel that comes back behind does not hold the others back until it has caught up', () => {
  expect(
    run(
      2,
      [0, '@ 9'],
      [1, '@ idle'],
      [1, '@ 4'],
      [0, '@ 12'],
      [1, '@ 11'],
      [1, '@ 13'],
      [0, '@ 20'],
      [1, '@ 14'],
    ),
  ).toEqual(['@ 9', '@ 12', '@ 13', '@ 14']);
});
test('all idle: the greatest watermark holds, then the input is idle, and a mark wakes it', () => {
  expect(run(2, [0, '@ 9'], [1, '@ 5'], [0, '@ idle'], [1, '@ idle'], [1, '@ 6'], [1, '@ 15'])).toEqual([
    '@ 5',
    '@ 9',
    '@ idle',
    '@ 9',
    '@ 15',
  ]);
});
test('a channel that ended holds nobody back', () => {
  expect(run(2, [0, '@ 9'], [1, '@ 5'], [1, '@ Infinity'], [1, 'end'])).toEqual(['@ 5', '@ 9']);
});
test('a channel at its end does not push idle ones on: their next rows would all be late', () => {
  expect(run(2, [0, '@ 9'], [1, '@ idle'], [0, '@ Infinity'], [0, 'end'])).toEqual(['@ 9', '@ idle']);
});
test('the end of all is the last watermark', () => {
  expect(
    run(2, [0, '@ 9'], [1, '@ 5'], [0, '@ Infinity'], [0, 'end'], [1, '@ Infinity'], [1, 'end']),
  ).toEqual(['@ 5', '@ Infinity']);
});
test('two idle channels, of which one ends: still idle', () => {
  expect(run(2, [0, '@ 9'], [1, '@ 5'], [0, '@ idle'], [1, '@ idle'], [0, 'end'], [1, '@ 30'])).toEqual([
    '@ 5',
    '@ 9',
    '@ idle',
    '@ 30',
  ]);
});
