/* When a job that failed starts again: Flink docs, "Task Failure Recovery". */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { SessionSettings } from '#plan';
import { restartStrategy } from '../src/durability/restart-strategy.ts';

function strategy(settings: Readonly<Record<string, string>>): (now: number) => number | undefined {
  const session = new SessionSettings();
  for (const [key, value] of Object.entries(settings)) session.set(`restart-strategy.${key}`, value);
  const made = restartStrategy(session, new Rng(1));
  return (now) => made.next(now);
}

test('exponential delay: 1 s, half as much again each time, at most a minute, about a tenth either way', () => {
  const next = strategy({});
  let expected = 1000;
  for (let i = 0, now = 0; i < 20; i++) {
    const wait = next(now)!;
    expect(wait).toBeGreaterThanOrEqual(expected * 0.9);
    expect(wait).toBeLessThanOrEqual(expected * 1.1);
    expected = Math.min(60_000, expected * 1.5);
    now += wait + 10;
  }
});

test('exponential delay begins anew after an hour without a failure', () => {
  const next = strategy({ 'exponential-delay.jitter-factor': '0' });
  expect([next(0), next(2000), next(5000)]).toEqual([1000, 1500, 2250]);
  expect(next(7250 + 3_599_999)).toBe(3375);
  expect(next(7_200_000 + 7_000_000)).toBe(1000);
});

test('exponential delay with a bound on attempts', () => {
  const next = strategy({
    'exponential-delay.attempts-before-reset-backoff': '2',
    'exponential-delay.jitter-factor': '0',
    'exponential-delay.initial-backoff': '2 s',
    'exponential-delay.backoff-multiplier': '2',
    'exponential-delay.max-backoff': '3 s',
  });
  expect([next(0), next(10), next(20)]).toEqual([2000, 3000, undefined]);
});

test('fixed delay: so many attempts', () => {
  const next = strategy({ type: 'fixed-delay', 'fixed-delay.attempts': '2', 'fixed-delay.delay': '3 s' });
  expect([next(0), next(1), next(2)]).toEqual([3000, 3000, undefined]);
});

test('failure rate: so many failures within an interval', () => {
  const next = strategy({
    type: 'failure-rate',
    'failure-rate.max-failures-per-interval': '2',
    'failure-rate.failure-rate-interval': '10 s',
    'failure-rate.delay': '1 s',
  });
  expect([next(0), next(5000), next(10_001), next(10_002)]).toEqual([1000, 1000, 1000, undefined]);
});

test.each(['none', 'off', 'disable'])('%s: never', (type) => {
  expect(strategy({ type })(0)).toBeUndefined();
});

test('a value that is none is refused', () => {
  expect(() => strategy({ type: 'sometimes' })).toThrow(/one of none, off/);
  expect(() => strategy({ 'exponential-delay.jitter-factor': 'much' })).toThrow(/a number/);
});
