/* A check without Flink: what is left of a query over changes is what it gives over the rows that are left of them.
 *
 *   changes ──▶ query ──▶ net result ─┐
 *      └──▶ rows that are left ──▶ query ──▶ the same */

import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import type { Answer } from './answer.ts';
import { net, type Difference } from './compare.ts';
import type { QueryCase } from './generate.ts';
import { ours } from './ours.ts';

/** What sees more than the rows that are left: when they came, what was before them, sessions that a row once held
 *  together, and sums of fractions. */
const seesMore =
  /FOR SYSTEM_TIME|FIRST_VALUE|LAST_VALUE|LISTAGG|ARRAY_AGG|MATCH_RECOGNIZE|SESSION|VAR_|STDDEV|proc/;

/** How the two differ; undefined where they do not, or where they may. */
export async function unsettled(asked: QueryCase, answer: Answer): Promise<Difference | undefined> {
  const { tables, views, sql } = asked;
  const changing = tables.some((t) => t.gives !== undefined);
  if (!changing || answer.error !== undefined || seesMore.test([...views, sql].join(' '))) return undefined;
  const other = await ours({ ...asked, tables: tables.map(settled) });
  // What only inserts is sometimes asked for more, as the order of OVER.
  if (other.error === 'refused') return undefined;
  const [a, b] = [net(answer.changes), net(other.changes)];
  if (other.error === undefined && a.join('\n') === b.join('\n')) return undefined;
  const rest = (of: readonly string[], without: readonly string[]): string =>
    of
      .filter((row) => !without.includes(row))
      .slice(0, 4)
      .join('  ');
  return { way: 'we change', ours: rest(a, b), theirs: `of what is left: ${other.message ?? rest(b, a)}` };
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
