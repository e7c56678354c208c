/* The Nexmark queries as both engines are asked them: over a file of the generator's events, into files, whose net rows
 * are compared.
 *
 *   events.json ──▶ views ──▶ query ──▶ files: rows, or changes ──▶ net rows (net-rows.ts)
 *
 * Both run in streaming mode at parallelism 1. Of q12 the bids of each bidder are compared over all windows, for windows of
 * processing time are others in every run. */

import { files, linesOf, nexmarkQueries, type NexmarkQuery } from '../../bench/nexmark/queries.ts';
import { fileStatements, writeStatements } from '../../bench/nexmark/tables.ts';
import { netRows, type NetRows } from './net-rows.ts';

/** One of the two engines. */
export interface Party {
  readonly name: 'Millrace' | 'Flink';
  /** Runs a statement to its end. */
  execute(sql: string): Promise<void>;
}

/** As the npm tests ask. */
export const eventsOfTests = 5000;

/** Windows of processing time that are open when the input ends give nothing, so it ends late: with a clock that ticks once
 *  a second, for a window and the time that a slow machine takes for the events. */
function clockStatement(events: number): string {
  const seconds = 30 + Math.ceil(events / 12_500);
  return `CREATE TABLE clock (tick BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1', 'fields.tick.kind' = 'sequence', 'fields.tick.start' = '1', 'fields.tick.end' = '${seconds}')`;
}
const endingLate = 'SELECT bidder FROM bids UNION ALL SELECT tick FROM clock WHERE tick < 0';

const asCompared = (q: NexmarkQuery): NexmarkQuery =>
  q.name !== 'q12'
    ? q
    : {
        name: q.name,
        sink: 'bidder BIGINT, bid_count BIGINT',
        select: totals(q.select.replace('FROM bids', `FROM (${endingLate})`)),
        changes: true,
      };
const totals = (select: string): string =>
  `SELECT bidder, SUM(bid_count) FROM (${select}) AS w GROUP BY bidder`;

export const comparedQueries: readonly NexmarkQuery[] = nexmarkQueries.map(asCompared);

/** Fills a folder with files of events; ours can. */
export async function writeEvents(party: Party, folder: string, events: number): Promise<void> {
  for (const sql of writeStatements(folder, events)) await party.execute(sql);
}

/** What the queries read of these files, but for the function and the side input. */
export async function createTables(party: Party, folder: string, events: number): Promise<void> {
  for (const sql of [...fileStatements(folder), clockStatement(events)]) await party.execute(sql);
}

/** Writes what a query gives into files of a folder, and returns the rows that they hold in the end. */
export async function ask(party: Party, q: NexmarkQuery, folder: string): Promise<NetRows> {
  const onFlink = party.name === 'Flink';
  await party.execute(files(q, folder));
  await party.execute(`INSERT INTO file_${q.name} ${onFlink ? (q.onFlink ?? q.select) : q.select}`);
  return await netRows(folder, linesOf(q, onFlink));
}
