/* Flink's changes of queries against ours: over sources that insert, over sources that take rows back, and looking up.
 *
 * The changes are compared one by one. By what is left of them only where no order is fixed: a query over two scans,
 * rows that one watermark frees together; and where differences.ts says why we get there another way. */

import { describe, expect, test } from 'vitest';
import type { Executor } from '#engine';
import { TestBoard } from '#testkit';
import { aggregateQueries } from './aggregate-cases.ts';
import { recorded, type QueryAnswer } from './answers.ts';
import { queries, tables } from './cases.ts';
import { boundedJoinQueries, boundedTables, boundedViews } from './bounded-join-cases.ts';
import { changelogFunctionQueries, changelogFunctionTables } from './changelog-function-cases.ts';
import { changelogQueries, changelogTables } from './changelog-cases.ts';
import { queryDifferences, stepDifferences } from './differences.ts';
import { joinQueries } from './join-cases.ts';
import { lookupQueries, lookupTables } from './lookup-cases.ts';
import { matchQueries, matchTables } from './match-cases.ts';
import { numberQueries, numberTables } from './number-cases.ts';
import { setQueries } from './set-cases.ts';
import { subQueryQueries } from './sub-query-cases.ts';
import { overQueries, overTables } from './over-cases.ts';
import { changesOf, engineWith, inOrder, net, parseCell, type Replayed } from './replay.ts';
import type { ConformanceTable } from './tables.ts';
import { typeQueries, typeTables } from './type-cases.ts';

/** What the queries of a group may read. */
interface Known {
  readonly tables: readonly ConformanceTable[];
  readonly views: readonly string[];
}
const engineOf = ({ tables, views }: Known): Promise<Executor> => engineWith(new TestBoard(), tables, views);

/** Our changes beside Flink's. */
async function both(known: Known, answer: QueryAnswer): Promise<{ ours: Replayed; theirs: Replayed }> {
  const ours = await changesOf(await engineOf(known), answer.sql);
  const changes = answer.changes!.map(([kind, ...cells]) => ({
    kind: kind!,
    row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
  }));
  return { ours, theirs: { fields: ours.fields, changes } };
}

function orderIsFixed(sql: string, sources: readonly ConformanceTable[]): boolean {
  const read = sources.flatMap(({ name }) => sql.match(new RegExp(`\\b(FROM|TABLE) ${name}\\b`, 'g')) ?? []);
  // Rows that one watermark frees come by timer time; among equal times the order is unspecified.
  return read.length < 2 && !/window_|TUMBLE|HOP|SESSION|CUMULATE|OVER .*ORDER BY ts/.test(sql);
}

const changing = [...tables, ...changelogTables];
const groups = [
  { group: 'queries', asked: queries, sources: tables, lookups: [], views: [] },
  { group: 'changelogs', asked: changelogQueries, sources: changing, lookups: [], views: [] },
  {
    group: 'changelog-functions',
    asked: changelogFunctionQueries,
    sources: [...changing, ...changelogFunctionTables],
    lookups: [],
    views: [],
  },
  { group: 'sub-queries', asked: subQueryQueries, sources: changing, lookups: [], views: [] },
  { group: 'joins', asked: joinQueries, sources: changing, lookups: [], views: [] },
  {
    group: 'bounded-joins',
    asked: boundedJoinQueries,
    sources: [...changing, ...boundedTables],
    lookups: [],
    views: boundedViews,
  },
  { group: 'overs', asked: overQueries, sources: [...changing, ...overTables], lookups: [], views: [] },
  { group: 'matches', asked: matchQueries, sources: [...tables, ...matchTables], lookups: [], views: [] },
  { group: 'sets', asked: setQueries, sources: changing, lookups: [], views: [] },
  { group: 'aggregates', asked: aggregateQueries, sources: changing, lookups: [], views: [] },
  { group: 'types', asked: typeQueries, sources: typeTables, lookups: [], views: [] },
  { group: 'lookups', asked: lookupQueries, sources: changing, lookups: lookupTables, views: [] },
  { group: 'numbers', asked: numberQueries, sources: numberTables, lookups: [], views: [] },
] as const;

describe.each(groups)('$group', ({ group, asked, sources, lookups, views }) => {
  const answers = recorded(group);
  const known: Known = { tables: [...sources, ...lookups], views };

  test('every query has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(asked);
  });
  test.each(answers.filter((a) => !queryDifferences.has(a.sql)))('$sql', async (answer) => {
    if (answer.error !== undefined) {
      const engine = await engineOf(known);
      await expect(changesOf(engine, answer.sql)).rejects.toThrow();
      return;
    }
    const { ours, theirs } = await both(known, answer);
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    // Rows of the two sides of a join come in no order.
    if (
      group !== 'joins' &&
      group !== 'sub-queries' &&
      group !== 'bounded-joins' &&
      group !== 'matches' &&
      orderIsFixed(answer.sql, sources) &&
      !stepDifferences.has(answer.sql)
    )
      expect(inOrder(ours.changes)).toEqual(inOrder(theirs.changes));
    else expect(net(ours.changes)).toEqual(net(theirs.changes));
  });

  const listed = answers.filter((a) => stepDifferences.has(a.sql) || queryDifferences.has(a.sql));
  if (listed.length > 0)
    test.each(listed)('still differs: $sql', async (answer) => {
      const theyFail = answer.error !== undefined;
      const sides = await both(known, { ...answer, changes: answer.changes ?? [] }).catch(() => undefined);
      if (sides === undefined || theyFail) expect(sides === undefined).not.toBe(theyFail);
      else if (stepDifferences.has(answer.sql))
        expect(inOrder(sides.ours.changes)).not.toEqual(inOrder(sides.theirs.changes));
      else expect(net(sides.ours.changes)).not.toEqual(net(sides.theirs.changes));
    });
});

test('every listed difference is one of a query', () => {
  const sqls = new Set(groups.flatMap((g) => g.asked));
  const listed = [...queryDifferences.keys(), ...stepDifferences.keys()];
  expect(listed.filter((sql) => !sqls.has(sql))).toEqual([]);
});
