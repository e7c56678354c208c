/* What readers of a test table see of rows that a job of the same file writes into it; option 'written-rows'.
 *
 *   'unread'          nothing: the test pushes what is read
 *   'read'            each change as it is written, as from a topic: it goes into the log
 *   'read-at-start'   what the table holds when the reader starts, as from files or a database
 *
 * Lookups ask what the table holds now. */

import type { ChangelogMode, ConnectorTable } from '#catalog';
import type { Row, Value } from '#data';
import type { SinkContext } from '#dataflow';
import type { PushedRow, TestTable, WrittenNames, WrittenRow } from './board.ts';
import { netRows, upsertRows } from './slt/cells.ts';

/** What the table holds after its first `count` changes. */
export function heldRows(
  { written, names }: TestTable,
  { primaryKey }: ConnectorTable,
  count: number,
): PushedRow[] {
  if (names === undefined) return [];
  const changes = written.slice(0, count);
  const key = primaryKey.map((name) => names.physical.indexOf(name));
  return (key.length > 0 ? upsertRows(changes, key) : netRows(changes)).map((row) =>
    pushedRow(0, row, names),
  );
}
function pushedRow(kind: number, row: Row, { physical, metadata }: WrittenNames): PushedRow {
  const cells = (names: readonly string[], from: number): Map<string, Value> =>
    new Map(names.map((name, i) => [name, row[from + i]!]));
  return { kind, physical: cells(physical, 0), metadata: cells(metadata, physical.length) };
}

/** A written change as a source of this changelog gives it; undefined: not at all. */
export function readBack(
  { kind, row }: WrittenRow,
  { names, log }: TestTable,
  changelog: ChangelogMode,
  { table, world }: Pick<SinkContext, 'table' | 'world'>,
): PushedRow | undefined {
  const read = kindRead(kind, changelog);
  if (read === undefined) return undefined;
  const { physical, metadata } = pushedRow(read, row, names!);
  const keyOnly = read === 3 && changelog.keyOnlyDelete === true;
  return {
    kind: read,
    physical: keyOnly
      ? new Map([...physical].map(([name, v]) => [name, table.primaryKey.includes(name) ? v : null]))
      : physical,
    // What a topic adds by itself.
    metadata: new Map<string, Value>([
      ['partition', 0],
      ['offset', BigInt(log.length)],
      ['timestamp', { ms: world.now(), ns: 0 }],
      ...metadata,
    ]),
  };
}
function kindRead(
  kind: number,
  { insert, updateBefore, updateAfter, ...rest }: ChangelogMode,
): number | undefined {
  switch (kind) {
    case 0:
      return insert ? 0 : 2;
    case 1:
      return updateBefore ? 1 : undefined;
    case 2:
      return updateAfter ? 2 : 0;
    default:
      return rest.delete ? 3 : undefined;
  }
}
