/* Tables of process table functions in an order. The rows of a partition come in that order; partitions in none. */

const numbered = (orderBy: string, rest = ''): string =>
  `SELECT * FROM numbered(input => TABLE moves PARTITION BY k ORDER BY ${orderBy}${rest})`;
const gaps = (orderBy: string): string =>
  `SELECT * FROM numbered(input => TABLE gaps PARTITION BY k ORDER BY ${orderBy})`;
const on = 'on_time => DESCRIPTOR(ts)';

export const processOrderViews: readonly string[] = [
  'CREATE VIEW gaps AS SELECT id, k, ts, CASE WHEN id IN (11, 16) THEN CAST(NULL AS INT) ELSE v END AS w FROM moves',
];

export const orderQueries: readonly string[] = [
  numbered('ts'),
  numbered('(ts)'),
  numbered('ts', `, ${on}`),
  numbered('(ts, v DESC)'),
  numbered('(ts, v)'),
  numbered('(ts, v, id DESC)'),
  // Where NULL stands.
  gaps('(ts, w)'),
  gaps('(ts, w DESC)'),
  gaps('(ts, w NULLS FIRST)'),
  gaps('(ts, w NULLS LAST)'),
  gaps('(ts, w DESC NULLS LAST)'),
  gaps('(ts, w DESC NULLS FIRST)'),
  // All in one partition, what passes through, timers.
  'SELECT * FROM numbered(input => TABLE moves ORDER BY ts)',
  'SELECT * FROM deltas(input => TABLE moves PARTITION BY k ORDER BY ts)',
  `SELECT * FROM marks(input => (SELECT * FROM deltas(input => TABLE moves PARTITION BY k ORDER BY ts)))`,
  `SELECT * FROM waits(input => TABLE moves PARTITION BY k ORDER BY ts, wait => 5, ${on})`,
  `SELECT * FROM chained(input => TABLE moves PARTITION BY k ORDER BY ts, times => 2, ${on})`,
  `SELECT * FROM held(input => TABLE moves PARTITION BY k ORDER BY (ts, id DESC), ${on})`,
  `SELECT * FROM gathered(a => TABLE moves PARTITION BY k ORDER BY ts, b => TABLE renamed PARTITION BY j, on_time => DESCRIPTOR(ts, t))`,
  `SELECT k, side, id, lefts, t FROM told(l => TABLE moves PARTITION BY k ORDER BY ts, r => TABLE nothing PARTITION BY k, ${on})`,
  // Without on_time the order says the time.
  'SELECT k, side, id, lefts, t FROM told(l => TABLE moves PARTITION BY k ORDER BY ts, r => TABLE nothing PARTITION BY k)',
  'SELECT * FROM chained(input => TABLE moves PARTITION BY k ORDER BY ts, times => 2)',
  'SELECT * FROM waits(input => TABLE moves PARTITION BY k ORDER BY ts, wait => 5)',
  // Changes, each at its own time.
  'SELECT * FROM kinds(input => (SELECT product, id, amount, ts FROM orders) PARTITION BY product ORDER BY ts)',
  // What is refused.
  numbered('ts DESC'),
  numbered('(ts DESC)'),
  numbered('v'),
  numbered('(v, ts)'),
  numbered('absent'),
  numbered('(ts, UPPER(k))'),
  numbered('(ts, ts DESC)'),
  'SELECT * FROM numbered(input => TABLE untimed PARTITION BY k ORDER BY v)',
  'SELECT * FROM numbered(input => TABLE two_times PARTITION BY k ORDER BY t)',
  'SELECT * FROM above(input => TABLE moves ORDER BY ts, bound => 5.0)',
  'SELECT * FROM waits(input => TABLE two_times PARTITION BY k ORDER BY ts, wait => 5, on_time => DESCRIPTOR(t))',
];

export const steppedOrderQueries: readonly string[] = [
  'SELECT * FROM told(l => TABLE lefts PARTITION BY k ORDER BY ts, r => TABLE rights PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT k, side, id, t, mark FROM told(l => TABLE lefts PARTITION BY k ORDER BY ts, r => TABLE rights PARTITION BY k ORDER BY ts)',
  'SELECT * FROM numbered(input => TABLE lefts PARTITION BY k ORDER BY (ts, id DESC))',
];
