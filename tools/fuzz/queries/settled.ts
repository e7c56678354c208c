/* Checks without Flink: what is left of a query over changes is what it gives over the rows that are left of them, and
 * several instances give what one does.
 *
 *   changes ──▶ query ──▶ net result ─┐
 *      └──▶ rows that are left ──▶ query ──▶ the same */

import { TestBoard } from '#testkit';
import { cutByRow } from '../../../packages/testkit/src/board.ts';
import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import type { Answer } from './answer.ts';
import { net, type Difference } from './compare.ts';
import type { QueryCase } from './generate.ts';
import { ours } from './ours.ts';

/** What sees more than the rows that are left: when they came, what was before them, sessions that a row once held
 *  together, changes as rows, sums of fractions; and the last row by time, which of several of one time is that which came
 *  last where rows only come, and that which came first where they change, as in Flink. */
const seesMore =
  /TO_CHANGELOG|FOR SYSTEM_TIME|FIRST_VALUE|LAST_VALUE|LISTAGG|ARRAY_AGG|JSON_ARRAYAGG|MATCH_RECOGNIZE|SESSION|VAR_|STDDEV|proc|ORDER BY \w+\.\w+ DESC\) (?:AS \w+ FROM .*)?= 1\b|ROW_NUMBER.*(?:GROUPING SETS|ROLLUP|CUBE)/s;

/** What sees in which order rows came: groups of several sets come to ROW_NUMBER from several instances, and some are equal. */
const seesOrder =
  /FIRST_VALUE|LAST_VALUE|LISTAGG|ARRAY_AGG|JSON_ARRAYAGG|MATCH_RECOGNIZE|VAR_|STDDEV|proc|ROW_NUMBER.*(?:GROUPING SETS|ROLLUP|CUBE)/s;

/** How ours differs from itself; undefined where it does not, or where it may. */
export async function unsettled(asked: QueryCase, answer: Answer): Promise<Difference | undefined> {
  if (answer.error !== undefined) return undefined;
  if (asked.into !== undefined) return await byRows(asked, answer);
  const text = [...asked.views, asked.sql].join(' ');
  const changing = asked.tables.some((t) => t.gives !== undefined);
  if (changing && !seesMore.test(text)) {
    const found = beside(answer, await ours({ ...asked, tables: asked.tables.map(settled) }), 'what is left');
    if (found !== undefined) return found;
  }
  if (seesOrder.test(text)) return undefined;
  const board = new TestBoard();
  board.cut = cutByRow;
  return beside(answer, await ours(asked, board, 3), 'three instances');
}
/** What a sink holds hangs on which rows meet, and so on the order of rows: of one table, then, and one at a time. */
async function byRows(asked: QueryCase, answer: Answer): Promise<Difference | undefined> {
  if (asked.into?.conflict === undefined) return undefined;
  const board = new TestBoard();
  board.cut = cutByRow;
  return beside(answer, await ours(asked, board), 'rows one at a time');
}
function beside(answer: Answer, other: Answer, who: string): Difference | undefined {
  // What only inserts is sometimes asked for more, as the order of OVER.
  if (other.error === 'refused') return undefined;
  const [a, b] = [net(answer.changes), net(other.changes)];
  if (other.error === undefined && a.join('\n') === b.join('\n')) return undefined;
  const rest = (of: readonly string[], without: readonly string[]): string =>
    of
      .filter((row) => !without.includes(row))
      .slice(0, 4)
      .join('  ');
  return { way: 'we change', ours: rest(a, b), theirs: `of ${who}: ${other.message ?? rest(b, a)}` };
}

/** The table as it is in the end, each row where it last changed. */
function settled(table: ConformanceTable): ConformanceTable {
  if (table.gives === undefined) return table;
  const live: (readonly unknown[])[] = [];
  const text = (row: readonly unknown[]): string => JSON.stringify(row);
  for (const [kind, ...cells] of table.rows) {
    const isKeyed = table.gives === 'upserts';
    const at = live.findLastIndex((row) => (isKeyed ? row[0] === cells[0] : text(row) === text(cells)));
    if (isKeyed && at >= 0 && kind === '+U' && text(live[at]!) === text(cells)) continue;
    if (at >= 0 && (isKeyed || kind === '-U' || kind === '-D')) live.splice(at, 1);
    if (kind === '+I' || kind === '+U') live.push(cells);
  }
  const { name, columns, fields } = table;
  return { name, columns, fields, rows: live };
}
