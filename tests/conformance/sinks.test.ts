/* What Flink's sinks held in the end, and the records that brought it there, against ours. */

import { describe, expect, test } from 'vitest';
import { fromJson, parseJson } from '#engine';
import type { Row } from '#data';
import { TestBoard, type WrittenRow } from '#testkit';
import { recorded, type SinkAnswer } from './answers.ts';
import { tables } from './cases.ts';
import { changelogTables } from './changelog-cases.ts';
import { recordDifferences, sinkDifferences } from './differences.ts';
import { lookupTables } from './lookup-cases.ts';
import { engineWith, parseCell, rowText, run } from './replay.ts';
import { conflictText, sinkCaseName, sinkCases, type SinkCase } from './sink-cases.ts';

/** A sink by key as those of Kafka and JDBC are: -U is not asked for. */
const byKey = `'sink-changelog-mode-enforced' = 'I,UA,D'`;
const inserts = `'sink-insert-only' = 'true'`;

interface Column {
  readonly name: string;
  readonly type: Parameters<typeof parseCell>[1];
}
/** What a sink got, and how its rows are read. */
interface Written {
  readonly columns: readonly Column[];
  /** Places of the key's columns. */
  readonly key: readonly number[];
  readonly changes: readonly WrittenRow[];
}

async function write({ into, columns, query, named, set, onConflict }: SinkCase): Promise<Written> {
  const board = new TestBoard();
  const engine = await engineWith(board, [...tables, ...changelogTables, ...lookupTables]);
  const options = into === 'append' ? inserts : byKey;
  await run(engine, `CREATE TABLE sink (${columns}) WITH ('connector' = 'test', ${options})`);
  for (const [k, v] of Object.entries(set ?? {})) await run(engine, `SET '${k}' = '${v}'`);
  await run(
    engine,
    `INSERT INTO sink${named === undefined ? '' : ` (${named})`} ${query}${conflictText(onConflict)}`,
  );
  const table = engine.session.list().find((o) => o.path.object === 'sink');
  if (table?.kind !== 'table') throw new Error('a table was expected');
  return {
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    key: table.primaryKey,
    changes: board.table(table.path).written,
  };
}

/** A record for each change: by its key, the row or its end. */
type Entry = readonly [key: string, row: string | null];
const adds = (kind: number): boolean => kind === 0 || kind === 2;

function ourEntries({ key, changes }: Written): Entry[] {
  return changes.map(({ kind, row }) => [rowText(key.map((k) => row[k]!)), adds(kind) ? rowText(row) : null]);
}
function theirEntries({ columns, key }: Written, records: NonNullable<SinkAnswer['records']>): Entry[] {
  const read = (json: string, of: readonly Column[]): string => {
    const object = new Map(Object.entries(parseJson(json) as Record<string, never>));
    return rowText(of.map((c) => fromJson(object.get(c.name) ?? null, c.type)));
  };
  const keys = key.map((k) => columns[k]!);
  return records.map(([k, v]) => [read(k, keys), v === null ? null : read(v, columns)]);
}
/** What one watermark settles or closes comes by key in no order. */
const inOrder = ({ onConflict, query }: SinkCase, entries: readonly Entry[]): readonly Entry[] =>
  onConflict === 'DO NOTHING' || onConflict === 'DO ERROR' || query.includes('TUMBLE')
    ? entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    : entries;
/** The rows that stand in the end. */
function left(entries: readonly Entry[]): string[] {
  const rows = new Map(entries);
  return [...rows.values()].filter((row) => row !== null).sort();
}
function standing(written: Written, answer: SinkAnswer): string[] {
  if (answer.records !== undefined) return left(theirEntries(written, answer.records));
  const values = (cells: readonly (string | null)[]): Row =>
    cells.map((c, i) => parseCell(c, written.columns[i]!.type));
  return answer.rows!.map((cells) => rowText(values(cells))).sort();
}

describe('sinks', () => {
  const answers = new Map(recorded('sinks').map((a) => [a.sql, a]));
  const cases = sinkCases.map((asked) => ({ name: sinkCaseName(asked), asked }));

  test('every case has an answer', () => {
    expect([...answers.keys()]).toEqual(cases.map((c) => c.name));
  });
  test('every listed difference is one of a case', () => {
    const listed = [...sinkDifferences.keys(), ...recordDifferences.keys()];
    expect(listed.filter((name) => !answers.has(name))).toEqual([]);
  });
  test.each(cases.filter((c) => !sinkDifferences.has(c.name)))('$name', async ({ name, asked }) => {
    const answer = answers.get(name)!;
    if (answer.error !== undefined) {
      await expect(write(asked)).rejects.toThrow();
      return;
    }
    const written = await write(asked);
    if (asked.into === 'append') return;
    const ours = inOrder(asked, ourEntries(written));
    expect(left(ours)).toEqual(standing(written, answer));
    if (answer.records === undefined) return;
    const theirs = inOrder(asked, theirEntries(written, answer.records));
    if (recordDifferences.has(name)) expect(ours, 'the same by now').not.toEqual(theirs);
    else expect(ours).toEqual(theirs);
  });
  const listed = cases.filter((c) => sinkDifferences.has(c.name));
  if (listed.length > 0)
    test.each(listed)('still differs: $name', async ({ name, asked }) => {
      const answer = answers.get(name)!;
      const written = await write(asked).catch(() => undefined);
      if (written === undefined || answer.error !== undefined)
        expect(written === undefined).not.toBe(answer.error !== undefined);
      else expect(left(ourEntries(written))).not.toEqual(standing(written, answer));
    });
});
