/* Queries of the simulation, and what each makes of clicks in whatever order they are read: all that is due by event time, and
 * none of the last clicks, which move the clock far ahead. */

export interface Click {
  readonly id: number;
  readonly page: string;
  readonly at: number;
}
interface Query {
  readonly insert: string;
  /** As `id page`, one a row that is written. */
  readonly rows: (clicks: readonly Click[]) => string[];
}
export const minute = 60_000;
const gapMs = 5000;
const reachMs = 10_000;
/** Two numbers in one. */
const pair = (a: number, b: number): number => a * 100_000 + b;
const tumble = "TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' MINUTE))";
const minuteOf = ({ at }: Click): number => Math.floor(at / minute);

const filter: Query = {
  insert: 'INSERT INTO results SELECT id, page FROM clicks WHERE MOD(id, 3) <> 0',
  rows: (clicks) => clicks.filter(({ id }) => id % 3 !== 0).map(({ id, page }) => `${id} ${page}`),
};
export const queries = {
  filter,
  /** Some records are broken. */
  letters: filter,
  windows: {
    insert: `INSERT INTO results SELECT COUNT(*), page FROM ${tumble} GROUP BY window_start, window_end, page`,
    rows: (clicks) =>
      [...Map.groupBy(clicks, (c) => `${minuteOf(c)} ${c.page}`).values()].map(
        (some) => `${some.length} ${some[0]!.page}`,
      ),
  },
  sessions: {
    insert: `INSERT INTO results SELECT COUNT(*), page FROM
      TABLE(SESSION(TABLE clicks PARTITION BY page, DESCRIPTOR(at), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, page`,
    rows: (clicks) =>
      [...Map.groupBy(clicks, ({ page }) => page)].flatMap(([page, some]) => {
        const times = some.map(({ at }) => at).sort((a, b) => a - b);
        const ends = times.flatMap((at, i) =>
          i + 1 < times.length && times[i + 1]! - at <= gapMs ? [] : [i + 1],
        );
        return ends.map((end, i) => `${end - (ends[i - 1] ?? 0)} ${page}`);
      }),
  },
  over: {
    insert: `INSERT INTO results SELECT id * 100000 + COUNT(*) OVER (PARTITION BY page ORDER BY at
      RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW), page FROM clicks`,
    rows: (clicks) =>
      clicks.map(({ id, page, at }) => {
        const before = clicks.filter((c) => c.page === page && c.at <= at && c.at >= at - minute);
        return `${pair(id, before.length)} ${page}`;
      }),
  },
  pairs: {
    insert: `INSERT INTO results SELECT a.id * 100000 + b.id, a.page FROM clicks AS a JOIN clicks AS b
      ON a.page = b.page AND a.id < b.id AND b.at BETWEEN a.at AND a.at + INTERVAL '10' SECOND`,
    rows: (clicks) =>
      clicks.flatMap((a) =>
        clicks
          .filter((b) => a.page === b.page && a.id < b.id && b.at >= a.at && b.at <= a.at + reachMs)
          .map((b) => `${pair(a.id, b.id)} ${a.page}`),
      ),
  },
  windowPairs: {
    insert: `INSERT INTO results SELECT a.id * 100000 + b.id, a.page FROM (SELECT * FROM ${tumble}) AS a
      JOIN (SELECT * FROM ${tumble} WHERE MOD(id, 7) = 0) AS b
      ON a.window_start = b.window_start AND a.window_end = b.window_end AND a.page = b.page`,
    rows: (clicks) =>
      clicks.flatMap((a) =>
        clicks
          .filter((b) => a.page === b.page && b.id % 7 === 0 && minuteOf(a) === minuteOf(b))
          .map((b) => `${pair(a.id, b.id)} ${a.page}`),
      ),
  },
} as const satisfies Readonly<Record<string, Query>>;
export type QueryName = keyof typeof queries;
