/* Assertions stay on in production: a false one is a bug of ours, and stops the job with its evidence. */

import { BugError } from './errors.ts';

/** Throws BugError unless `condition` holds. State in `claim` what must be true, in words. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new BugError(`assertion failed: ${claim}`);
}

/** The default branch of a switch over a closed union: the compiler proves that no kind is forgotten. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable: ${JSON.stringify(value)}`);
}

/** `value`, which must be neither null nor undefined. */
export function present<T>(value: T | null | undefined, claim: string): T {
  if (value === null || value === undefined) throw new BugError(`missing: ${claim}`);
  return value;
}
