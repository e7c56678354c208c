/* What a nanosecond is on this machine, now: guards hold what they measure against it. */

import { cpuMs } from './cases.ts';

/** Nanoseconds of a turn of random reads and writes of typed arrays, as operators do them. */
export function calibrate(): number {
  const size = 1 << 16;
  const table = new Float64Array(size);
  const started = cpuMs();
  let hash = 1;
  for (let i = 0; i < 4_000_000; i++) {
    hash = (Math.imul(hash, 0x85ebca6b) + i) | 0;
    table[(hash >>> 13) & (size - 1)]! += i;
  }
  if (table[0] === -1) throw new Error('the loop is not to be left out');
  return ((cpuMs() - started) * 1e6) / 4_000_000;
}
