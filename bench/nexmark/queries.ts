/* The Nexmark queries q0 to q23 as https://github.com/nexmark/nexmark has them, over the views of tables.ts, in
 * Flink SQL that both engines run as it stands, but where `onFlink` says otherwise.
 *
 * q6 is not among them: it averages over the ten rows before in an order that is no time attribute, which Flink refuses on
 * streams, as we do. */

export interface NexmarkQuery {
  readonly name: string;
  /** Columns of its sink. */
  readonly sink: string;
  readonly select: string;
  /** What it reads beside the views, made before it. */
  readonly needs?: 'count_char' | 'side_input';
  /** Its rows change, so only a sink that keeps changes can take them. */
  readonly changes?: true;
  /** Columns of the sink by which its files lie in folders. */
  readonly partitionedBy?: string;
  /** The same for Flink, where ours names what exists only here. */
  readonly onFlink?: string;
}

const hop = "TABLE(HOP(TABLE bids, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))";
const tumble = (of: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND))`;

/** Row by row. */
const rows: readonly NexmarkQuery[] = [
  {
    name: 'q0',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
    select: 'SELECT auction, bidder, price, `dateTime`, extra FROM bids',
  },
  {
    name: 'q1',
    sink: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), `dateTime` TIMESTAMP(3), extra STRING',
    select: 'SELECT auction, bidder, 0.908 * price AS price, `dateTime`, extra FROM bids',
  },
  {
    name: 'q2',
    sink: 'auction BIGINT, price BIGINT',
    select: 'SELECT auction, price FROM bids WHERE MOD(auction, 123) = 0',
  },
  {
    name: 'q10',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING, dt STRING, hm STRING',
    select:
      "SELECT auction, bidder, price, `dateTime`, extra, DATE_FORMAT(`dateTime`, 'yyyy-MM-dd'), DATE_FORMAT(`dateTime`, 'HH:mm') FROM bids",
    partitionedBy: 'dt, hm',
  },
  {
    name: 'q13',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), `value` STRING',
    select: `SELECT B.auction, B.bidder, B.price, B.\`dateTime\`, S.\`value\` FROM (SELECT *, PROCTIME() AS p_time FROM bids) AS B
      JOIN side_input FOR SYSTEM_TIME AS OF B.p_time AS S ON MOD(B.auction, 10000) = S.key`,
    needs: 'side_input',
  },
  countingCharacters("count_char(extra, 'c')", "CHAR_LENGTH(extra) - CHAR_LENGTH(REPLACE(extra, 'c', ''))"),
  {
    name: 'q21',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, channel_id STRING',
    select: `SELECT auction, bidder, price, channel, CASE
        WHEN LOWER(channel) = 'apple' THEN '0'
        WHEN LOWER(channel) = 'google' THEN '1'
        WHEN LOWER(channel) = 'facebook' THEN '2'
        WHEN LOWER(channel) = 'baidu' THEN '3'
        ELSE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) END AS channel_id FROM bids
      WHERE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) IS NOT NULL
        OR LOWER(channel) IN ('apple', 'google', 'facebook', 'baidu')`,
  },
  {
    name: 'q22',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, dir1 STRING, dir2 STRING, dir3 STRING',
    select:
      "SELECT auction, bidder, price, channel, SPLIT_INDEX(url, '/', 3) AS dir1, SPLIT_INDEX(url, '/', 4) AS dir2, SPLIT_INDEX(url, '/', 5) AS dir3 FROM bids",
  },
];

/** q14, whose function is the program's. */
function countingCharacters(counted: string, onFlink: string): NexmarkQuery {
  const select = (count: string): string => `SELECT auction, bidder, 0.908 * price AS price, CASE
      WHEN HOUR(\`dateTime\`) >= 8 AND HOUR(\`dateTime\`) <= 18 THEN 'dayTime'
      WHEN HOUR(\`dateTime\`) <= 6 OR HOUR(\`dateTime\`) >= 20 THEN 'nightTime'
      ELSE 'otherTime' END AS bidTimeType, \`dateTime\`, extra, ${count} AS c_counts FROM bids
    WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000`;
  return {
    name: 'q14',
    sink: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), bidTimeType STRING, `dateTime` TIMESTAMP(3), extra STRING, c_counts BIGINT',
    select: select(counted),
    needs: 'count_char',
    onFlink: select(onFlink),
  };
}

/** Windows. */
const windows: readonly NexmarkQuery[] = [
  {
    name: 'q5',
    sink: 'auction BIGINT, num BIGINT',
    select: `SELECT c.auction, c.num FROM
      (SELECT auction, COUNT(*) AS num, window_start, window_end FROM ${hop} GROUP BY auction, window_start, window_end) AS c
      JOIN (SELECT MAX(num) AS maxn, window_start, window_end FROM
        (SELECT COUNT(*) AS num, window_start, window_end FROM ${hop} GROUP BY auction, window_start, window_end)
        GROUP BY window_start, window_end) AS m
      ON c.window_start = m.window_start AND c.window_end = m.window_end AND c.num >= m.maxn`,
  },
  {
    name: 'q7',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
    select: `SELECT b.auction, b.bidder, b.price, b.\`dateTime\`, b.extra FROM bids AS b
      JOIN (SELECT MAX(price) AS maxprice, window_end AS \`dateTime\` FROM ${tumble('bids')} GROUP BY window_start, window_end) AS m
      ON b.price = m.maxprice
      WHERE b.\`dateTime\` BETWEEN m.\`dateTime\` - INTERVAL '10' SECOND AND m.\`dateTime\``,
  },
  {
    name: 'q8',
    sink: 'id BIGINT, name STRING, starttime TIMESTAMP(3)',
    select: `SELECT p.id, p.name, p.window_start FROM
      (SELECT id, name, window_start, window_end FROM ${tumble('persons')} GROUP BY id, name, window_start, window_end) AS p
      JOIN (SELECT seller, window_start, window_end FROM ${tumble('auctions')} GROUP BY seller, window_start, window_end) AS a
      ON p.id = a.seller AND p.window_start = a.window_start AND p.window_end = a.window_end`,
  },
  {
    name: 'q11',
    sink: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
    select:
      "SELECT bidder, COUNT(*) AS bid_count, SESSION_START(`dateTime`, INTERVAL '10' SECOND) AS starttime, SESSION_END(`dateTime`, INTERVAL '10' SECOND) AS endtime FROM bids GROUP BY bidder, SESSION(`dateTime`, INTERVAL '10' SECOND)",
  },
  {
    name: 'q12',
    sink: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
    select: `WITH B AS (SELECT *, PROCTIME() AS p_time FROM bids)
      SELECT bidder, COUNT(*) AS bid_count, window_start AS starttime, window_end AS endtime
      FROM TABLE(TUMBLE(TABLE B, DESCRIPTOR(p_time), INTERVAL '10' SECOND)) GROUP BY bidder, window_start, window_end`,
  },
];

const joins: readonly NexmarkQuery[] = [
  {
    name: 'q3',
    sink: 'name STRING, city STRING, state STRING, id BIGINT',
    select: `SELECT P.name, P.city, P.state, A.id FROM auctions AS A INNER JOIN persons AS P ON A.seller = P.id
      WHERE A.category = 10 AND (P.state = 'OR' OR P.state = 'ID' OR P.state = 'CA')`,
  },
  {
    name: 'q20',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, bid_dateTime TIMESTAMP(3), bid_extra STRING, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, auction_extra STRING',
    select: `SELECT auction, bidder, price, channel, url, B.\`dateTime\`, B.extra,
        itemName, description, initialBid, reserve, A.\`dateTime\`, expires, seller, category, A.extra
      FROM bids AS B INNER JOIN auctions AS A ON B.auction = A.id WHERE A.category = 10`,
  },
  {
    name: 'q23',
    sink: 'bidder BIGINT, price BIGINT, channel STRING, url STRING, bid_extra STRING, person_id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING, person_extra STRING, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, auction_extra STRING',
    select: `SELECT bidder, price, channel, url, B.extra AS bid_extra,
        P.id AS person_id, name, emailAddress, creditCard, city, state, P.extra AS person_extra,
        itemName, description, initialBid, reserve, A.\`dateTime\` AS auction_dateTime, expires, seller, category, A.extra AS auction_extra
      FROM bids AS B JOIN persons AS P ON P.id = B.bidder JOIN auctions AS A ON A.seller = B.bidder`,
  },
];

/** Counts of all bids, and of those in three ranges of price. */
const ranges = (count: string): string =>
  `${count}, ${count} FILTER (WHERE price < 10000), ${count} FILTER (WHERE price >= 10000 AND price < 1000000), ${count} FILTER (WHERE price >= 1000000)`;
const rangeColumns = (of: string): string =>
  `total_${of} BIGINT, rank1_${of} BIGINT, rank2_${of} BIGINT, rank3_${of} BIGINT`;
const statistics = ['COUNT(*)', 'COUNT(DISTINCT bidder)', 'COUNT(DISTINCT auction)'].map(ranges).join(', ');
const statisticColumns = ['bids', 'bidders', 'auctions'].map(rangeColumns).join(', ');
const day = "DATE_FORMAT(`dateTime`, 'yyyy-MM-dd')";

/** Groups that go on for ever. */
const groups: readonly NexmarkQuery[] = [
  {
    name: 'q4',
    sink: 'id BIGINT, final BIGINT',
    select: `SELECT Q.category, AVG(Q.final) FROM
      (SELECT MAX(B.price) AS final, A.category FROM auctions AS A, bids AS B
        WHERE A.id = B.auction AND B.\`dateTime\` BETWEEN A.\`dateTime\` AND A.expires GROUP BY A.id, A.category) AS Q
      GROUP BY Q.category`,
    changes: true,
  },
  {
    name: 'q15',
    sink: `\`day\` STRING, ${statisticColumns}`,
    select: `SELECT ${day} AS \`day\`, ${statistics} FROM bids GROUP BY ${day}`,
    changes: true,
  },
  {
    name: 'q16',
    sink: `channel STRING, \`day\` STRING, \`minute\` STRING, ${statisticColumns}`,
    select: `SELECT channel, ${day} AS \`day\`, MAX(DATE_FORMAT(\`dateTime\`, 'HH:mm')) AS \`minute\`, ${statistics} FROM bids GROUP BY channel, ${day}`,
    changes: true,
  },
  {
    name: 'q17',
    sink: `auction BIGINT, \`day\` STRING, ${rangeColumns('bids')}, min_price BIGINT, max_price BIGINT, avg_price BIGINT, sum_price BIGINT`,
    select: `SELECT auction, ${day} AS \`day\`, ${ranges('COUNT(*)')}, MIN(price), MAX(price), AVG(price), SUM(price) FROM bids GROUP BY auction, ${day}`,
    changes: true,
  },
];

/** Of each auction the best bid in time, of each bidder the last bid on each auction, of each auction the ten best bids. */
const ranked: readonly NexmarkQuery[] = [
  {
    name: 'q9',
    sink: 'id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING, auction BIGINT, bidder BIGINT, price BIGINT, bid_dateTime TIMESTAMP(3), bid_extra STRING',
    select: `SELECT id, itemName, description, initialBid, reserve, \`dateTime\`, expires, seller, category, extra, auction, bidder, price, bid_dateTime, bid_extra
      FROM (SELECT A.*, B.auction, B.bidder, B.price, B.\`dateTime\` AS bid_dateTime, B.extra AS bid_extra,
          ROW_NUMBER() OVER (PARTITION BY A.id ORDER BY B.price DESC, B.\`dateTime\` ASC) AS rownum
        FROM auctions AS A, bids AS B WHERE A.id = B.auction AND B.\`dateTime\` BETWEEN A.\`dateTime\` AND A.expires)
      WHERE rownum <= 1`,
    changes: true,
  },
  {
    name: 'q18',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING',
    select:
      'SELECT auction, bidder, price, channel, url, `dateTime`, extra FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY `dateTime` DESC) AS rank_number FROM bids) WHERE rank_number <= 1',
    changes: true,
  },
  {
    name: 'q19',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING, rank_number BIGINT',
    select:
      'SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC) AS rank_number FROM bids) WHERE rank_number <= 10',
    changes: true,
  },
];

const numberOf = (q: NexmarkQuery): number => Number(q.name.slice(1));
/** Those of the benchmark, by number. */
export const nexmarkQueries: readonly NexmarkQuery[] = [
  ...rows,
  ...windows,
  ...joins,
  ...groups,
  ...ranked,
].sort((a, b) => numberOf(a) - numberOf(b));

/** Those, and a plain window that the benchmark lacks. */
export const queries: readonly NexmarkQuery[] = [
  ...nexmarkQueries,
  {
    name: 'tumble',
    sink: 'auction BIGINT, window_start TIMESTAMP(3), n BIGINT',
    select: `SELECT auction, window_start, COUNT(*) AS n FROM ${tumble('bids')} GROUP BY auction, window_start, window_end`,
  },
];

export const blackhole = (q: NexmarkQuery): string =>
  `CREATE TABLE sink_${q.name} (${q.sink}) WITH ('connector' = 'blackhole')`;
/** A sink of files: CSV; of what changes, Debezium's JSON. */
export function files(q: NexmarkQuery, path: string): string {
  const folders = q.partitionedBy === undefined ? '' : ` PARTITIONED BY (${q.partitionedBy})`;
  const format = q.changes === true ? 'debezium-json' : 'csv';
  return `CREATE TABLE file_${q.name} (${q.sink})${folders} WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = '${format}')`;
}

/** Where Flink plans for rows that are never replaced, and then replaces them without taking them back (docs/differences.md,
 *  the first row by a value). The first column is the key by which it does. */
const neverTakenBack: readonly string[] = ['q9'];

/** What the lines of these files are. */
export function linesOf(q: NexmarkQuery, onFlink: boolean): 'rows' | 'changes' | 'upserts' {
  if (q.changes !== true) return 'rows';
  return onFlink && neverTakenBack.includes(q.name) ? 'upserts' : 'changes';
}
