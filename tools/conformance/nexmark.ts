/* npm run conformance -- nexmark [--events N] [--query qN]...: the Nexmark queries on Millrace and on a real Flink, over the
 * same file of events; the net rows of both are compared, and the first that differ are shown. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countCharStatement, fillSideInput, sideStatement } from '../../bench/nexmark/needs.ts';
import type { NexmarkQuery } from '../../bench/nexmark/queries.ts';
import type { NexmarkAnswer } from '../../tests/conformance/answers.ts';
import { beyond, digestOf, type NetRows } from '../../tests/conformance/net-rows.ts';
import {
  ask,
  comparedQueries,
  createTables,
  eventsOfTests,
  writeEvents,
  type Party,
} from '../../tests/conformance/nexmark-cases.ts';
import { nexmarkParty } from '../../tests/conformance/nexmark-ours.ts';
import { flinkVersion, type FlinkSession } from '../flink.ts';
import { counted, type Judge } from './judge.ts';

const shownMax = 3;

export interface NexmarkAsked {
  readonly events: number;
  readonly queries: readonly NexmarkQuery[];
}
/** What the command line asks for. Throws an Error for what does not exist. */
export function nexmarkAsked(args: readonly string[]): NexmarkAsked {
  const { values } = parseArgs({
    args: [...args],
    options: { events: { type: 'string', default: '500000' }, query: { type: 'string', multiple: true } },
  });
  const names = values.query ?? comparedQueries.map((q) => q.name);
  const unknown = names.find((name) => !comparedQueries.some((q) => q.name === name));
  if (unknown !== undefined)
    throw new Error(`no query '${unknown}': ${comparedQueries.map((q) => q.name).join(', ')}`);
  const events = Number(values.events);
  if (!Number.isSafeInteger(events) || events < 1)
    throw new Error(`--events: found '${values.events}', expected a number from 1`);
  return {
    events,
    queries: comparedQueries.filter((q) => names.includes(q.name)),
  };
}

const onFlink = (session: FlinkSession): Party => ({
  name: 'Flink',
  execute: async (sql) => {
    await session.execute(sql);
  },
});

/** Ours, with events in a file, and Flink, with the tables of both. */
async function parties(judge: Judge, events: number): Promise<{ ours: Party; flink: Party }> {
  const ours = nexmarkParty();
  const session = await judge.session();
  const flink = onFlink(session);
  const folder = join(judge.folder, 'events');
  await writeEvents(ours, folder, events);
  for (const party of [ours, flink]) await createTables(party, folder, events);
  await ours.execute(countCharStatement);
  const side = sideStatement(await fillSideInput(await judge.postgres()));
  for (const party of [ours, flink]) await party.execute(side);
  return { ours, flink };
}

/** The digests of what Flink gives for the events of npm test. */
export async function recordNexmark(judge: Judge): Promise<NexmarkAnswer[]> {
  const { flink } = await parties(judge, eventsOfTests);
  return await counted('nexmark', comparedQueries, async (q) => ({
    sql: q.name,
    ...digestOf(await ask(flink, q, join(judge.folder, 'recorded', q.name))),
  }));
}

/** Compares, prints a line a query, and returns whether all are equal. */
export async function compareNexmark(judge: Judge, { events, queries }: NexmarkAsked): Promise<boolean> {
  console.log(`${events.toLocaleString('en')} events, net rows of Millrace and of Flink ${flinkVersion}`);
  const { ours, flink } = await parties(judge, events);
  let equal = true;
  for (const q of queries) equal = (await compare(judge, ours, flink, q)) && equal;
  return equal;
}

async function compare(judge: Judge, ours: Party, flink: Party, q: NexmarkQuery): Promise<boolean> {
  const [mine, theirs] = [await timed(judge, ours, q), await timed(judge, flink, q)];
  const both = beyond(mine.rows, theirs.rows);
  const equal = both.every((rows) => rows.size === 0);
  const found = equal ? `equal, ${digestOf(mine.rows).rows.toLocaleString('en')} rows` : 'DIFFERENT';
  console.log(`${q.name}: ${found} (Millrace ${mine.seconds} s, Flink ${theirs.seconds} s)`);
  for (const [i, rows] of both.entries()) {
    if (rows.size > 0) console.log(`  only ${i === 0 ? 'Millrace' : 'Flink'}: ${digestOf(rows).rows} rows`);
    for (const [row, n] of [...rows].slice(0, shownMax)) console.log(`    ${n} × ${row}`);
  }
  return equal;
}

async function timed(
  judge: Judge,
  party: Party,
  q: NexmarkQuery,
): Promise<{ readonly rows: NetRows; readonly seconds: string }> {
  const folder = join(judge.folder, party.name, q.name);
  const started = performance.now();
  const rows = await ask(party, q, folder);
  // The changes of some queries are gigabytes.
  rmSync(folder, { recursive: true, force: true });
  return { rows, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}
