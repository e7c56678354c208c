/* A context for tests: fixed clock, seeded chance. */

import { Rng } from '#base';
import type { EvalContext } from '#expr';

export const testNow = Date.UTC(2024, 0, 1, 12, 0, 0);

export function testContext(changes: Partial<EvalContext> = {}): EvalContext {
  return {
    timeZone: 'UTC',
    now: () => testNow,
    queryStart: testNow,
    batchMode: false,
    rng: new Rng(1),
    legacyCast: false,
    seed: 1,
    watermark: () => -Infinity,
    ...changes,
  };
}
