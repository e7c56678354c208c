/* The Nexmark tables and queries of the benchmark, in Flink SQL that both engines run as it stands. */

export interface NexmarkQuery {
  readonly name: string;
  /** Columns of its sink. */
  readonly sink: string;
  readonly select: string;
  /** Its rows change: no file can take them, so they are compared by the tests of the connector alone. */
  readonly changes?: boolean;
}

const person =
  'person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING, `dateTime` TIMESTAMP(3), extra STRING>';
const auction =
  'auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>';
const bid =
  'bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING>';
const columns = `event_type INT, ${person}, ${auction}, ${bid}`;
const time =
  "`dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime` WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END, WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND";

/** The generator that fills the topic, and the table that writes it. */
export function loadStatements(bootstrapServers: string, events: number): string[] {
  return [
    `CREATE TABLE generated (${columns}) WITH ('connector' = 'nexmark', 'events.num' = '${events}', 'millrace.seed' = '1')`,
    `CREATE TABLE topic (${columns}) WITH ('connector' = 'kafka', 'topic' = 'nexmark', 'properties.bootstrap.servers' = '${bootstrapServers}', 'format' = 'json', 'properties.compression.type' = 'lz4')`,
    'INSERT INTO topic SELECT * FROM generated',
  ];
}

export function tableStatements(bootstrapServers: string): string[] {
  return [
    `CREATE TABLE nexmark (${columns}, ${time}) WITH ('connector' = 'kafka', 'topic' = 'nexmark', 'properties.bootstrap.servers' = '${bootstrapServers}', 'properties.group.id' = 'bench', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset')`,
    ...views,
  ];
}
/** The same tables, from the generator. */
export function generatedStatements(events: number): string[] {
  return [
    `CREATE TABLE nexmark (${columns}, ${time}) WITH ('connector' = 'nexmark', 'events.num' = '${events}', 'millrace.seed' = '1')`,
    ...views,
  ];
}
const views: readonly string[] = [
  'CREATE VIEW auctions AS SELECT auction.id, auction.itemName, auction.description, auction.initialBid, auction.reserve, `dateTime`, auction.expires, auction.seller, auction.category, auction.extra FROM nexmark WHERE event_type = 1',
  'CREATE VIEW bids AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`, bid.extra FROM nexmark WHERE event_type = 2',
  'CREATE VIEW persons AS SELECT person.id, person.name, `dateTime` FROM nexmark WHERE event_type = 0',
];

const hop = "TABLE(HOP(TABLE bids, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))";
const tumble = (of: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND))`;

const inserting: readonly NexmarkQuery[] = [
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
    name: 'q22',
    sink: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, dir1 STRING, dir2 STRING, dir3 STRING',
    select:
      "SELECT auction, bidder, price, channel, SPLIT_INDEX(url, '/', 3) AS dir1, SPLIT_INDEX(url, '/', 4) AS dir2, SPLIT_INDEX(url, '/', 5) AS dir3 FROM bids",
  },
  {
    name: 'tumble',
    sink: 'auction BIGINT, window_start TIMESTAMP(3), n BIGINT',
    select:
      "SELECT auction, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end",
  },
];

/** Of each auction the best bid in time, of each bidder the last bid on each auction, of each auction the ten best bids. */
const ranked: readonly NexmarkQuery[] = [
  {
    name: 'q9',
    sink: 'id BIGINT, itemName STRING, seller BIGINT, category BIGINT, expires TIMESTAMP(3), auction BIGINT, bidder BIGINT, price BIGINT, bid_time TIMESTAMP(3)',
    select:
      'SELECT id, itemName, seller, category, expires, auction, bidder, price, bid_time FROM (SELECT A.*, B.auction, B.bidder, B.price, B.`dateTime` AS bid_time, ROW_NUMBER() OVER (PARTITION BY A.id ORDER BY B.price DESC, B.`dateTime` ASC) AS rownum FROM auctions AS A, bids AS B WHERE A.id = B.auction AND B.`dateTime` BETWEEN A.`dateTime` AND A.expires) WHERE rownum <= 1',
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

export const queries: readonly NexmarkQuery[] = [...inserting, ...ranked];

export const blackhole = (q: NexmarkQuery): string =>
  `CREATE TABLE sink_${q.name} (${q.sink}) WITH ('connector' = 'blackhole')`;
export const files = (q: NexmarkQuery, path: string): string =>
  `CREATE TABLE file_${q.name} (${q.sink}) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv')`;
