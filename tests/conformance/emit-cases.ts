/* GROUP BY TUMBLE(…) and HOP(…) with 'table.exec.emit.*': results before windows close, and of rows that come late. */

export interface EmitCase {
  readonly set: Readonly<Record<string, string>>;
  readonly query: string;
}
const key = (name: string): string => `table.exec.emit.${name}`;
const early = (delay: string): Record<string, string> => ({
  [key('early-fire.enabled')]: 'true',
  [key('early-fire.delay')]: delay,
});
const late = (delay: string, lateness: string): Record<string, string> => ({
  [key('late-fire.enabled')]: 'true',
  [key('late-fire.delay')]: delay,
  [key('allow-lateness')]: lateness,
});
export const emitName = ({ set, query }: EmitCase): string =>
  `${Object.entries(set)
    .map(([k, v]) => `SET '${k}' = '${v}'; `)
    .join('')}${query}`;

const tumble = "TUMBLE(ts, INTERVAL '10' SECOND)";
const hop = "HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND)";
const start = "TUMBLE_START(ts, INTERVAL '10' SECOND)";
const queries: readonly string[] = [
  `SELECT ${start} AS s, COUNT(*) AS n FROM t GROUP BY ${tumble}`,
  `SELECT k, ${start} AS s, COUNT(*) AS n, SUM(b) AS b, MAX(d) AS d FROM t GROUP BY k, ${tumble}`,
  `SELECT k, COUNT(DISTINCT b) AS n, FIRST_VALUE(id) AS f, LAST_VALUE(id) AS l FROM t GROUP BY k, ${tumble}`,
  `SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS s, COUNT(*) AS n FROM t GROUP BY ${hop}`,
  `SELECT product, ${start} AS s, COUNT(*) AS n, SUM(amount) AS a FROM orders GROUP BY product, ${tumble}`,
  `SELECT ${start} AS s, MAX(amount) AS hi, MIN(amount) AS lo FROM orders GROUP BY ${tumble}`,
  `SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS s, COUNT(*) AS n FROM orders GROUP BY ${hop}`,
  "SELECT item, TUMBLE_END(bidtime, INTERVAL '10' MINUTE) AS e, SUM(price) AS p FROM bids GROUP BY item, TUMBLE(bidtime, INTERVAL '10' MINUTE)",
  `SELECT MAX(n) AS m FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k, ${tumble})`,
  `SELECT ${start} AS s, COUNT(*) AS n FROM t GROUP BY ${tumble} HAVING COUNT(*) > 1`,
];
const strategies = [
  early('0 s'),
  early('1 h'),
  late('0 s', '20 s'),
  late('0 s', '1 h'),
  { ...early('0 s'), ...late('0 s', '20 s') },
  { [key('allow-lateness')]: '1 h' },
];
const refused: readonly EmitCase[] = [
  { set: { [key('late-fire.enabled')]: 'true', [key('late-fire.delay')]: '0 s' }, query: queries[0]! },
  { set: { [key('late-fire.enabled')]: 'true', [key('allow-lateness')]: '1 s' }, query: queries[0]! },
  { set: { [key('early-fire.enabled')]: 'true' }, query: queries[0]! },
  {
    set: early('0 s'),
    query: "SELECT COUNT(*) AS n FROM t GROUP BY SESSION(ts, INTERVAL '2' SECOND)",
  },
  {
    set: early('0 s'),
    query:
      "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
  },
  { set: early('0 s'), query: 'SELECT k, COUNT(*) AS n FROM t GROUP BY k' },
  {
    set: early('0 s'),
    query: "SELECT COUNT(*) AS n FROM t GROUP BY TUMBLE(proc, INTERVAL '1' DAY)",
  },
  {
    set: {
      ...early('0 s'),
      'table.exec.state.ttl': '20 s',
      [key('late-fire.enabled')]: 'true',
      [key('late-fire.delay')]: '0 s',
    },
    query: queries[0]!,
  },
];
export const emitCases: readonly EmitCase[] = [
  ...strategies.flatMap((set) => queries.map((query): EmitCase => ({ set, query }))),
  ...refused,
];
