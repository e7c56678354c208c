/* When a segment on disk ends before it is full: by age, and by chance a little earlier, so that many logs do not end
 * theirs at once. Full indexes are held against Kafka in state-files-as-kafka.test.ts. */

import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { append, DiskRig, settings } from './log-rig.ts';

/** The ages at which 40 segments ended; a batch came every ten milliseconds. */
function ages(segmentJitterMs: number): number[] {
  const rig = new DiskRig();
  const log = rig.open({ ...settings, segmentMs: 1000, segmentJitterMs });
  while (log.segments.length <= 40) append(log, [{ value: 'x', timestamp: 1_000_000 + log.endOffset * 10 }]);
  const bases = readdirSync(rig.folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  return bases.slice(1).map((base, i) => (base - bases[i]!) * 10);
}

test('segment.jitter.ms ends a segment up to that much before segment.ms', () => {
  expect(new Set(ages(0))).toEqual(new Set([1010]));
  const found = ages(500);
  expect(Math.min(...found)).toBeGreaterThan(500);
  expect(Math.max(...found)).toBeLessThanOrEqual(1010);
  expect(new Set(found).size).toBeGreaterThan(10);
});
