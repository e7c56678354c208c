/* Whether and when a job that failed from outside starts again (Flink docs, "Task Failure Recovery"). */

import type { Rng } from '#base';
import type { SessionSettings } from '#plan';

export interface RestartStrategy {
  /** Milliseconds to wait before the next start after a failure at `now`; undefined: the job has failed for good. */
  next(now: number): number | undefined;
}

/** By `restart-strategy.*`; exponential delay unless told otherwise. */
export function restartStrategy(settings: SessionSettings, rng: Rng): RestartStrategy {
  const key = (name: string): string => `restart-strategy.${name}`;
  switch (settings.get(key('type')).toLowerCase()) {
    case 'none':
    case 'off':
    case 'disable':
      return { next: () => undefined };
    case 'fixed-delay':
    case 'fixeddelay':
      return new FixedDelay(
        Number(settings.get(key('fixed-delay.attempts'))),
        settings.durationMs(key('fixed-delay.delay')),
      );
    case 'failure-rate':
    case 'failurerate':
      return new FailureRate(
        Number(settings.get(key('failure-rate.max-failures-per-interval'))),
        settings.durationMs(key('failure-rate.failure-rate-interval')),
        settings.durationMs(key('failure-rate.delay')),
      );
    default: {
      const exponential = (name: string): string => key(`exponential-delay.${name}`);
      return new ExponentialDelay(
        {
          initialMs: settings.durationMs(exponential('initial-backoff')),
          maxMs: settings.durationMs(exponential('max-backoff')),
          multiplier: Number(settings.get(exponential('backoff-multiplier'))),
          resetMs: settings.durationMs(exponential('reset-backoff-threshold')),
          jitter: Number(settings.get(exponential('jitter-factor'))),
          attemptsMax: attempts(settings.get(exponential('attempts-before-reset-backoff'))),
        },
        rng,
      );
    }
  }
}
const attempts = (text: string): number => (text === 'infinite' ? Infinity : Number(text));

class FixedDelay implements RestartStrategy {
  #left: number;
  readonly #delayMs: number;

  constructor(attemptsMax: number, delayMs: number) {
    this.#left = attemptsMax;
    this.#delayMs = delayMs;
  }
  next(): number | undefined {
    return this.#left-- > 0 ? this.#delayMs : undefined;
  }
}

class FailureRate implements RestartStrategy {
  readonly #max: number;
  readonly #intervalMs: number;
  readonly #delayMs: number;
  #failures: number[] = [];

  constructor(max: number, intervalMs: number, delayMs: number) {
    this.#max = max;
    this.#intervalMs = intervalMs;
    this.#delayMs = delayMs;
  }
  next(now: number): number | undefined {
    this.#failures = [...this.#failures.filter((at) => at > now - this.#intervalMs), now];
    return this.#failures.length <= this.#max ? this.#delayMs : undefined;
  }
}

interface ExponentialParts {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly multiplier: number;
  /** A job that ran so long since its last failure begins anew. */
  readonly resetMs: number;
  /** Part of the delay by which it varies either way. */
  readonly jitter: number;
  readonly attemptsMax: number;
}
class ExponentialDelay implements RestartStrategy {
  readonly #parts: ExponentialParts;
  readonly #rng: Rng;
  #delayMs: number;
  #attempts = 0;
  /** When the last start was to be. */
  #startAt = -Infinity;

  constructor(parts: ExponentialParts, rng: Rng) {
    this.#parts = parts;
    this.#rng = rng;
    this.#delayMs = parts.initialMs;
  }
  next(now: number): number | undefined {
    const { initialMs, maxMs, multiplier, resetMs, jitter, attemptsMax } = this.#parts;
    if (now - this.#startAt >= resetMs) {
      this.#delayMs = initialMs;
      this.#attempts = 0;
    }
    if (++this.#attempts > attemptsMax) return undefined;
    const spread = this.#delayMs * jitter;
    const delayMs = Math.max(0, this.#delayMs + (this.#rng.double() * 2 - 1) * spread);
    this.#delayMs = Math.min(maxMs, this.#delayMs * multiplier);
    this.#startAt = now + delayMs;
    return delayMs;
  }
}
