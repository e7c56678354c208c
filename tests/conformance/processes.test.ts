/* Flink's changes of process table functions written in Java beside ours of the same in TypeScript. */

import { describe, expect, test } from 'vitest';
import { TestBoard } from '#testkit';
import { recorded } from './answers.ts';
import { tables } from './cases.ts';
import { changelogTables } from './changelog-cases.ts';
import { processModules, processQueries, processTables, processViews } from './process-cases.ts';
import { processDifferences } from './process-differences.ts';
import { steppedProcessQueries } from './process-table-cases.ts';
import { changesOf, engineWith, inOrder, net, parseCell, type ReplayedChange } from './replay.ts';
import { stepwise } from './stepwise.ts';

const functions: Readonly<Record<string, unknown>> = Object.assign({}, ...Object.values(processModules));
const definitions = Object.keys(functions).map(
  (name) => `CREATE FUNCTION ${name} AS 'process-functions.ts#${name}' LANGUAGE TYPESCRIPT`,
);
/** Timers of several partitions that fall due together come in no order; nor do rows of two scans. */
const hasOrder = (sql: string): boolean =>
  !/waits|alarms|chained|held|told|gathered|half|three|kindsOfTwo|JOIN|UNION|TUMBLE/.test(sql);

/** Timers of several partitions fall due together all the same. */
const hasOrderInSteps = (sql: string): boolean => !sql.includes('gathered');
/** The rows of each partition in their order, where they depend on nothing else. */
function expectPartitions(
  sql: string,
  ours: readonly ReplayedChange[],
  theirs: readonly ReplayedChange[],
): void {
  const among = (changes: readonly ReplayedChange[]): string[] =>
    inOrder(changes.toSorted((a, b) => compare(String(a.row[0]), String(b.row[0]))));
  if (/deltas|gathered|marks|k, side/.test(sql)) expect(net(ours)).toEqual(net(theirs));
  else expect(among(ours)).toEqual(among(theirs));
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const load = async (): Promise<Readonly<Record<string, unknown>>> => functions;

describe('processes', () => {
  const answers = recorded('processes');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(processQueries);
  });
  test.each(answers)('$sql', async (answer) => {
    const engine = await engineWith(
      new TestBoard(),
      [...tables, ...changelogTables, ...processTables],
      [...processViews, ...definitions],
      load,
    );
    const differs = processDifferences.has(answer.sql);
    if (answer.error !== undefined) {
      if (differs) await changesOf(engine, answer.sql);
      else await expect(changesOf(engine, answer.sql)).rejects.toThrow();
      return;
    }
    const ours = await changesOf(engine, answer.sql).catch((error: unknown) => {
      if (!differs) throw error;
    });
    if (ours === undefined) return;
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    const theirs = answer.changes!.map(([kind, ...cells]) => ({
      kind: kind!,
      row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
    }));
    if (differs) expect(net(ours.changes)).not.toEqual(net(theirs));
    else if (answer.sql.includes('ORDER BY')) expectPartitions(answer.sql, ours.changes, theirs);
    else if (hasOrder(answer.sql)) expect(inOrder(ours.changes)).toEqual(inOrder(theirs));
    else expect(net(ours.changes)).toEqual(net(theirs));
  });
  test('every listed difference is one of a query', () => {
    expect([...processDifferences.keys()].filter((sql) => !processQueries.includes(sql))).toEqual([]);
  });
});

describe('process-steps', () => {
  const answers = recorded('process-steps');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(steppedProcessQueries);
  });
  test.each(answers)('$sql', async (answer) => {
    const ours = await stepwise(answer.sql, definitions, load);
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    const theirs = answer.changes!.map(([kind, ...cells]) => ({
      kind: kind!,
      row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
    }));
    if (answer.sql.includes('ORDER BY')) expectPartitions(answer.sql, ours.changes, theirs);
    else if (hasOrderInSteps(answer.sql)) expect(inOrder(ours.changes)).toEqual(inOrder(theirs));
    else expect(net(ours.changes)).toEqual(net(theirs));
  });
});
