/* Intervals as text, as CAST(… AS STRING) has them: +1-02 for months, +1 02:03:04.500 for milliseconds. */

import { abs } from './decimal.ts';
import { formatTime } from './timestamp-text.ts';

export function formatYearMonth(months: number): string {
  const m = Math.abs(months);
  return `${months < 0 ? '-' : '+'}${Math.floor(m / 12)}-${String(m % 12).padStart(2, '0')}`;
}

export function formatDayTime(ms: bigint): string {
  const m = abs(ms);
  return `${ms < 0n ? '-' : '+'}${m / 86_400_000n} ${formatTime(Number(m % 86_400_000n), 3)}`;
}
