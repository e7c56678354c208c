/* Where queries of batch mode are answered otherwise than by Flink, each with its reason. */

const over =
  'In front of OVER, APPROX_COUNT_DISTINCT counts equal values again in Flink. Here it counts different ones, as elsewhere.';
const refused = (what: string): string =>
  `APPROX_COUNT_DISTINCT ${what} is refused by Flink, and answered here.`;

export const batchDifferences: ReadonlyMap<string, string> = new Map([
  ['SELECT item, APPROX_COUNT_DISTINCT(supplier) OVER (PARTITION BY item) AS n FROM bids', over],
  [
    'SELECT item, APPROX_COUNT_DISTINCT(supplier) OVER (PARTITION BY item ORDER BY bidtime) AS n FROM bids',
    over,
  ],
  [
    'SELECT APPROX_COUNT_DISTINCT(item) AS a, COUNT(DISTINCT item) AS b, COUNT(DISTINCT price) AS c, SUM(price) AS d FROM bids',
    refused('beside COUNT(DISTINCT …)'),
  ],
  [
    "SELECT TUMBLE_START(bidtime, INTERVAL '10' MINUTE) AS s, APPROX_COUNT_DISTINCT(item) AS n FROM bids GROUP BY TUMBLE(bidtime, INTERVAL '10' MINUTE)",
    refused('over a window of GROUP BY'),
  ],
]);
