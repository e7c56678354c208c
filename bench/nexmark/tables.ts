/* The Nexmark tables in Flink SQL that both engines run as it stands: one table of events, and a view of each kind. */

const person =
  'person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING, `dateTime` TIMESTAMP(3), extra STRING>';
const auction =
  'auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>';
const bid =
  'bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING>';
const columns = `event_type INT, ${person}, ${auction}, ${bid}`;
const time =
  "`dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime` WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END, WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND";

const generated = (events: number): string =>
  `'connector' = 'nexmark', 'events.num' = '${events}', 'millrace.seed' = '1'`;
/** Where the events are. */
export interface NexmarkTopic {
  readonly bootstrapServers: string;
  readonly topic: string;
}
const kafka = ({ bootstrapServers, topic }: NexmarkTopic): string =>
  `'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${bootstrapServers}', 'format' = 'json'`;
const file = (path: string): string => `'connector' = 'filesystem', 'path' = '${path}', 'format' = 'json'`;

/** The generator, and what it fills: a table with these options. */
const filling = (events: number, options: string): string[] => [
  `CREATE TABLE generated (${columns}) WITH (${generated(events)})`,
  `CREATE TABLE filled (${columns}) WITH (${options})`,
  'INSERT INTO filled SELECT * FROM generated',
];
/** What fills the topic. */
export const loadStatements = (to: NexmarkTopic, events: number): string[] =>
  filling(events, `${kafka(to)}, 'properties.compression.type' = 'lz4'`);
/** What fills a folder with one file: several would have no order, and rows of the later ones might be late. */
export const writeStatements = (path: string, events: number): string[] =>
  filling(events, `${file(path)}, 'sink.rolling-policy.file-size' = '1 tb'`);

const reading = (options: string): string[] => [
  `CREATE TABLE nexmark (${columns}, ${time}) WITH (${options})`,
  'CREATE VIEW persons AS SELECT person.id, person.name, person.emailAddress, person.creditCard, person.city, person.state, `dateTime`, person.extra FROM nexmark WHERE event_type = 0',
  'CREATE VIEW auctions AS SELECT auction.id, auction.itemName, auction.description, auction.initialBid, auction.reserve, `dateTime`, auction.expires, auction.seller, auction.category, auction.extra FROM nexmark WHERE event_type = 1',
  'CREATE VIEW bids AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`, bid.extra FROM nexmark WHERE event_type = 2',
];
/** The tables over the topic. */
export const tableStatements = (from: NexmarkTopic): string[] =>
  reading(
    `${kafka(from)}, 'properties.group.id' = 'bench', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'`,
  );
/** The same tables, from the generator. */
export const generatedStatements = (events: number): string[] => reading(generated(events));
/** The same tables, from files. */
export const fileStatements = (path: string): string[] => reading(file(path));
