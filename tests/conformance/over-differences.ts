/* Where OVER gives something else than Flink, each with its reason. */

const ofTicks = (call: string, window: string): string =>
  `SELECT id, k, ${call} OVER (${window}) AS r FROM ticks`;
const twoSeconds = "PARTITION BY k ORDER BY ts RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND CURRENT ROW";
const byTime = 'PARTITION BY k ORDER BY ts';
const ofBids = (call: string): string =>
  `SELECT item, supplier, ${call} OVER (PARTITION BY supplier ORDER BY price ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS r FROM bids`;
const all =
  (reason: string) =>
  (...sqls: readonly string[]): [string, string][] =>
    sqls.map((sql) => [sql, reason]);

const ranks = all(
  'On streams the RANK and DENSE_RANK of Flink count rows up to the last equal one, for it does not compare their sort keys. Ours are those of SQL: equal rows have one rank, and it is that of the first.',
);
const lags = all(
  'On streams the LAG of Flink looks back from the last row of a time and gives that to all of them, and takes the default for a value that is NULL. Ours looks back from each row, and takes the default where there is no row.',
);
const lates = all(
  'Flink takes a row for late that is behind a time at which it only looked whether the state of its partition can go. We take it as long as no row behind it went out.',
);
const fails = all(
  'Flink fails ("GenericRowData cannot be cast") where FIRST_VALUE and LAST_VALUE are kept by rows; we give the value.',
);
const averages = all(
  'Flink sends -U and +U of an average that did not change, when what it is made of did; we send nothing.',
);

export const overDifferences: readonly [string, string][] = [
  ...ranks(
    ofTicks('RANK()', byTime),
    ofTicks('DENSE_RANK()', byTime),
    'SELECT item, RANK() OVER (PARTITION BY supplier ORDER BY price) AS r FROM bids',
    'SELECT item, DENSE_RANK() OVER (ORDER BY price) AS r FROM bids',
  ),
  ...lags(
    ofTicks('LAG(v)', byTime),
    ofTicks('LAG(v, 2)', byTime),
    ofTicks('LAG(v, 1, -1)', byTime),
    ofTicks('LAG(v, 1, -1)', 'PARTITION BY k ORDER BY proc'),
  ),
  ...lates(
    ofTicks('SUM(v)', twoSeconds),
    ofTicks('MAX(v)', twoSeconds),
    ofTicks('COUNT(DISTINCT v)', twoSeconds),
    ofTicks('LAST_VALUE(v)', twoSeconds),
  ),
  ...fails(ofBids('FIRST_VALUE(item)'), ofBids('LAST_VALUE(price)')),
];

export const overStepDifferences: readonly [string, string][] = averages(
  'SELECT item, supplier, AVG(price) OVER (PARTITION BY supplier ORDER BY item) AS r FROM bids',
  ofBids('AVG(price)'),
);
