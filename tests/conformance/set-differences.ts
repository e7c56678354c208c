/* Where grouping sets differ from Flink's, each with its reason. */

export const setDifferences: readonly [string, string][] = [
  [
    "SELECT window_start, window_end, item, COUNT(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY item, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, ROLLUP (item)",
    'Flink makes the sessions anew in each grouping set, so the set without item has sessions over all items. Ours are those of PARTITION BY in every set.',
  ],
];

const twice =
  'Flink runs a grouping set that stands in GROUP BY twice as another query and joins the two by UNION ALL; we go through all sets with each row.';
export const setStepDifferences: readonly [string, string][] = [
  ...[
    'SELECT COUNT(*) AS n, SUM(price) AS s FROM bids GROUP BY GROUPING SETS (supplier, supplier, ())',
    'SELECT COUNT(*) AS n, SUM(price) AS s FROM bids GROUP BY GROUPING SETS ((), ())',
    'SELECT COUNT(*) AS n, SUM(price) AS s FROM bids GROUP BY GROUPING SETS ((supplier, item), (item, supplier))',
    'SELECT supplier, GROUP_ID() AS g, COUNT(*) AS n FROM bids GROUP BY GROUPING SETS (supplier, supplier, ())',
  ].map((sql): [string, string] => [sql, twice]),
  [
    'SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier) ORDER BY n DESC LIMIT 2',
    'Flink ranks in front of the projection that drops the number of the set, so it knows the groups by their key and updates them in place. We rank what SELECT gives.',
  ],
];
