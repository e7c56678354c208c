/* Asks Flink queries and writes down every change that it gives. */

import { aggregateQueries } from '../../tests/conformance/aggregate-cases.ts';
import {
  changelogFunctionQueries,
  changelogFunctionTables,
} from '../../tests/conformance/changelog-function-cases.ts';
import { batchQueries, batchSetting } from '../../tests/conformance/batch-cases.ts';
import { changelogQueries, changelogTables } from '../../tests/conformance/changelog-cases.ts';
import { queries, tables } from '../../tests/conformance/cases.ts';
import {
  boundedJoinQueries,
  boundedTables,
  boundedViews,
  steppedJoinQueries,
} from '../../tests/conformance/bounded-join-cases.ts';
import {
  conflictOf,
  fuzzedCases,
  fuzzedName,
  sinkColumns,
  type FuzzedCase,
  type FuzzedSink,
} from '../../tests/conformance/fuzzed-cases.ts';
import { emitCases, emitName } from '../../tests/conformance/emit-cases.ts';
import { joinQueries } from '../../tests/conformance/join-cases.ts';
import { matchQueries, matchTables } from '../../tests/conformance/match-cases.ts';
import { lookupQueries, lookupTables } from '../../tests/conformance/lookup-cases.ts';
import { numberQueries, numberTables } from '../../tests/conformance/number-cases.ts';
import { setQueries } from '../../tests/conformance/set-cases.ts';
import { steppedTable, steppedViews } from '../../tests/conformance/stepped-table.ts';
import { subQueryQueries } from '../../tests/conformance/sub-query-cases.ts';
import { overQueries, overTables } from '../../tests/conformance/over-cases.ts';
import { typeQueries, typeTables } from '../../tests/conformance/type-cases.ts';
import type { QueryAnswer } from '../../tests/conformance/answers.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import { describe } from '../fuzz/queries/described.ts';
import { heldRecords } from '../fuzz/queries/held.ts';
import {
  createLookups,
  createSources,
  createStepped,
  freshTopic,
  rawTable,
  upsertKafka,
  withText,
} from './flink-tables.ts';
import { counted, countedTogether, type Judge } from './judge.ts';

/** Over sources that only insert. */
export async function recordQueries(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, tables);
  return await counted('queries', queries, (sql) => askQuery(session, sql));
}
/** In batch mode. */
export async function recordBatches(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, tables);
  await session.execute(batchSetting);
  return await counted('batches', batchQueries, (sql) => askQuery(session, sql));
}
/** Over sources that take rows back. */
export async function recordChangelogs(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('changelogs', changelogQueries, (sql) => askQuery(session, sql));
}
/** That take their changes for rows, and rows for changes. */
export async function recordChangelogFunctions(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables, ...changelogFunctionTables]);
  return await counted('changelog-functions', changelogFunctionQueries, (sql) => askQuery(session, sql));
}
/** Windows that go out beside their end, each as its settings say. */
export async function recordEmits(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('emits', emitCases, async (asked) => {
    for (const [k, v] of Object.entries(asked.set)) await session.execute(`SET '${k}' = '${v}'`);
    const answer = await askQuery(session, asked.query);
    for (const k of Object.keys(asked.set)) await session.execute(`RESET '${k}'`);
    return { ...answer, sql: emitName(asked) };
  });
}
/** That join such sources with one another. */
export async function recordJoins(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('joins', joinQueries, (sql) => askQuery(session, sql));
}
/** That ask sub-queries in ON, behind groups, by ANY and ALL. */
export async function recordSubQueries(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('sub-queries', subQueryQueries, (sql) => askQuery(session, sql));
}
/** That join them within bounds of time. */
export async function recordBoundedJoins(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables, ...boundedTables]);
  for (const view of boundedViews) await session.execute(view);
  return await counted('bounded-joins', boundedJoinQueries, (sql) => askQuery(session, sql));
}
/** The same over rows that come one at a time. */
export async function recordStepped(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createStepped(session, steppedTable);
  for (const view of steppedViews) await session.execute(view);
  return await countedTogether('stepped', steppedJoinQueries, (sql) => askQuery(session, sql));
}
/** That rank rows, deduplicate them, or look at those around each. */
export async function recordOvers(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables, ...overTables]);
  return await counted('overs', overQueries, (sql) => askQuery(session, sql));
}
/** That look for patterns of rows. */
export async function recordMatches(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...matchTables]);
  return await counted('matches', matchQueries, (sql) => askQuery(session, sql));
}
/** That group by several sets, or take sets of rows from one another. */
export async function recordSets(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('sets', setQueries, (sql) => askQuery(session, sql));
}
/** That gather values, over either. */
export async function recordAggregates(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  return await counted('aggregates', aggregateQueries, (sql) => askQuery(session, sql));
}
/** Of VARIANT, BITMAP and structured types. */
export async function recordTypes(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, typeTables);
  return await counted('types', typeQueries, (sql) => askQuery(session, sql));
}
/** That look rows up in a database. */
export async function recordLookups(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  await createLookups(judge, session, lookupTables);
  return await counted('lookups', lookupQueries, (sql) => askQuery(session, sql));
}

/** Aggregates at the bounds of their types. */
export async function recordNumbers(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, numberTables);
  return await counted('numbers', numberQueries, (sql) => askQuery(session, sql));
}

/** Those that the fuzzer found, each over tables of its own. */
export async function recordFuzzed(judge: Judge): Promise<QueryAnswer[]> {
  return await counted('fuzzed', fuzzedCases, async (asked) => {
    const session = await judge.session();
    try {
      await createSources(judge, session, asked.tables);
      for (const [k, v] of Object.entries(asked.set ?? {})) await session.execute(`SET '${k}' = '${v}'`);
      const answer =
        asked.into === undefined
          ? await askViews(session, asked)
          : await askHeld(judge, session, asked, asked.into);
      return { ...answer, sql: fuzzedName(asked) };
    } finally {
      await session.close();
    }
  });
}
async function askViews(session: FlinkSession, { views, sql }: FuzzedCase): Promise<QueryAnswer> {
  try {
    for (const view of views) await session.execute(view);
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return { sql, error: error.reason };
  }
  return await askQuery(session, sql);
}

/** What a topic holds of the case's rows in the end. */
async function askHeld(
  judge: Judge,
  session: FlinkSession,
  asked: FuzzedCase,
  into: FuzzedSink,
): Promise<QueryAnswer> {
  const { bootstrapServers } = await judge.kafka();
  const topic = freshTopic('fuzzed');
  const { columns, message } = await describe((sql) => session.execute(sql), asked, 'asked');
  if (message !== undefined) return { sql: asked.sql, error: message };
  try {
    await session.execute(
      `CREATE TABLE sink (${sinkColumns(columns, into)}) WITH (${withText(upsertKafka(topic, bootstrapServers))})`,
    );
    await session.execute(`INSERT INTO sink SELECT * FROM asked${conflictOf(into)}`);
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return { sql: asked.sql, error: error.reason };
  }
  await session.execute(rawTable('held', topic, bootstrapServers));
  const { rows } = await session.execute('SELECT k, v FROM held');
  const records = rows.map(({ fields }) => ({ key: String(fields[0]), value: cellText(fields[1]) }));
  return { sql: asked.sql, columns: columns.map((c) => c.name), changes: heldRecords(records, columns) };
}

/** The kinds of change as the gateway names them. */
export const changeKinds: Readonly<Record<string, string>> = {
  INSERT: '+I',
  UPDATE_BEFORE: '-U',
  UPDATE_AFTER: '+U',
  DELETE: '-D',
};

/** Every change of a query, or why there is none. */
export async function askQuery(session: FlinkSession, sql: string): Promise<QueryAnswer> {
  try {
    const result = await session.execute(sql);
    return {
      sql,
      columns: result.columns.map((c) => c.name),
      changes: result.rows.map((r) => [changeKinds[r.kind]!, ...r.fields.map(cellText)]),
    };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return { sql, error: error.reason };
  }
}
export const cellText = (v: unknown): string | null =>
  v === null ? null : typeof v === 'object' ? JSON.stringify(v) : String(v);
