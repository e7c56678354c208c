/* The part of records that may be bad, over all instances of a node together. */

import { expect, test } from 'vitest';
import { UserError } from '#base';
import type { JobPlan } from '#job';
import { ErrorRate, RateBoard } from '../src/runtime/error-rate.ts';

const max = { rate: 0.1, windowMs: 60_000 };
const bad = new UserError('FMT1001', { message: 'it is no JSON' });
/** The second node of a plan has a rate. */
const plan = {
  nodes: [{}, { badRows: { table: 't', onError: 'skip', keepsLate: false, rateMax: max } }],
} as unknown as JobPlan;

function instances(count: number): { readonly all: ErrorRate[]; readonly clock: { now: number } } {
  const clock = { now: 1_700_000_000_000 };
  const memory = new SharedArrayBuffer(RateBoard.bytes(plan, count));
  // Each thread has a board of its own over the same memory.
  const all = Array.from(
    { length: count },
    (_, i) =>
      new ErrorRate('t', max, () => clock.now, new RateBoard(plan, count, memory).counts(1, i, count)),
  );
  return { all, clock };
}
function take(rate: ErrorRate, good: number, wrong: number): void {
  for (let i = 0; i < wrong; i++) {
    rate.bad(bad);
    rate.seen(1);
  }
  rate.seen(good);
}

test('what one instance alone would be stopped for is borne by all together', () => {
  const { all } = instances(3);
  take(all[0]!, 1000, 0);
  take(all[1]!, 1000, 0);
  take(all[2]!, 100, 90);
  for (const rate of all) rate.ended();
  const [alone] = instances(1).all;
  expect(() => take(alone!, 100, 90)).toThrow(/^\d+ of \d+ records of table 't' within 60 s were bad/);
});

test('what is too little to be judged in each is judged in all', () => {
  const { all } = instances(2);
  take(all[0]!, 0, 60);
  expect(() => take(all[1]!, 0, 60)).toThrow('100 of 100 records');
});

test('what the window has left counts no more, in any of them', () => {
  const { all, clock } = instances(2);
  take(all[0]!, 10, 60);
  clock.now += 61_000;
  take(all[1]!, 200, 1);
  all[1]!.ended();
  clock.now += 30_000;
  take(all[0]!, 100, 10);
  clock.now += 5_000;
  expect(() => take(all[0]!, 100, 40)).toThrow(/of table 't'/);
});
