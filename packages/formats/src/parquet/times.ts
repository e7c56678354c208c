/* Points in time as files have them: a count since 1970 in one of three units, or Julian days and nanoseconds of the day. */

import { instant, type Instant } from '#data';

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';

const dayMs = 86_400_000;
const julianOf1970 = 2_440_588;
const perMs = { MILLIS: 1n, MICROS: 1000n, NANOS: 1_000_000n } as const;

/** Without `utc`, as in Flink, files count in UTC and rows have the local time of this process: the date-time that its clocks
 *  showed, counted as if it were in UTC. */
const toLocal = (ms: number): number => {
  const at = new Date(ms);
  const local = new Date(0);
  local.setUTCFullYear(at.getFullYear(), at.getMonth(), at.getDate());
  return local.setUTCHours(at.getHours(), at.getMinutes(), at.getSeconds(), at.getMilliseconds());
};
const toUtc = (ms: number): number => {
  const local = new Date(ms);
  const at = new Date(0);
  at.setFullYear(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  return at.setHours(
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
    local.getUTCMilliseconds(),
  );
};

export interface Times {
  /** Files count in UTC and rows have the time of a zone: what is earlier in one may be later in the other, by an hour or so. */
  readonly isLocal: boolean;
  fromCount(count: bigint, unit: TimeUnit): Instant;
  fromInt96(bytes: Uint8Array): Instant;
  /** Undefined beyond what 64 bits hold. */
  toCount(value: Instant, unit: TimeUnit): bigint | undefined;
  /** Twelve bytes. */
  toInt96(value: Instant): Uint8Array;
}

export function timesOf(utc: boolean): Times {
  const read = utc ? (ms: number): number => ms : toLocal;
  const write = utc ? (ms: number): number => ms : toUtc;
  return {
    isLocal: !utc,
    fromCount: (count, unit) => {
      const per = perMs[unit];
      let ms = count / per;
      let rest = count % per;
      if (rest < 0n) {
        ms -= 1n;
        rest += per;
      }
      return instant(read(Number(ms)), Number(rest * (1_000_000n / per)));
    },
    fromInt96: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // Below zero in files of writers that round towards 1970.
      const nanos = view.getBigInt64(0, true);
      const days = view.getInt32(8, true) - julianOf1970;
      const ns = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n;
      return instant(read(days * dayMs + Number((nanos - ns) / 1_000_000n)), Number(ns));
    },
    toCount: ({ ms, ns }, unit) => {
      const per = perMs[unit];
      const count = BigInt(write(ms)) * per + (BigInt(ns) * per) / 1_000_000n;
      return BigInt.asIntN(64, count) === count ? count : undefined;
    },
    toInt96: ({ ms, ns }) => {
      const at = write(ms);
      const days = Math.floor(at / dayMs);
      const bytes = new Uint8Array(12);
      const view = new DataView(bytes.buffer);
      view.setBigInt64(0, BigInt(at - days * dayMs) * 1_000_000n + BigInt(ns), true);
      view.setInt32(8, days + julianOf1970, true);
      return bytes;
    },
  };
}
