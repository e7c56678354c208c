/* A table with what is expected of its rows: its scan, and the check over it. */

import { parseExpression } from '#sql';
import { types } from '#data';
import { castTo, type Expr } from '#expr';
import { check, type BoundFreshness } from '../logical/nodes/check.ts';
import { freshness } from '../logical/nodes/freshness.ts';
import { scan } from '../logical/nodes/scan.ts';
import type { Rel } from '../logical/rel.ts';
import type { BoundTable } from '../logical/table.ts';
import type { FreshnessCheck } from '../logical/table-checks.ts';
import { bindExpression } from './expressions.ts';
import { Scope } from './scope.ts';

/** The scan alone, where nothing is expected. */
export function readTable(table: BoundTable): Rel {
  const { freshnessOnly, ...read } = table;
  const rows = scan(read);
  if (freshnessOnly !== undefined)
    return freshness(
      rows,
      table.path.object,
      boundFreshness(freshnessOnly.freshness, rows),
      freshnessOnly.windowMs,
    );
  if (table.checks === undefined) return rows;
  const scope = Scope.of(undefined, rows.fields);
  const bound = table.checks.rows.map(({ unexpected, ...about }) => ({
    ...about,
    unexpected: bindExpression(parseExpression(unexpected), scope),
  }));
  return check(rows, table, bound, boundFreshness(table.checks.freshness, rows));
}
function boundFreshness(checks: readonly FreshnessCheck[], rows: Rel): BoundFreshness[] {
  const scope = Scope.of(undefined, rows.fields);
  return checks.map(({ newest, ...about }) => ({
    ...about,
    newest: moment(bindExpression(parseExpression(newest), scope)),
  }));
}
/** A day as its first moment. */
const moment = (expr: Expr): Expr => (expr.type.kind === 'DATE' ? castTo(expr, types.timestamp(3)) : expr);
