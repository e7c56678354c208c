/* A table with what is expected of its rows: its scan, and the check over it. */

import { parseExpression } from '#sql';
import { check } from '../logical/nodes/check.ts';
import { scan } from '../logical/nodes/scan.ts';
import type { Rel } from '../logical/rel.ts';
import type { BoundTable } from '../logical/table.ts';
import { bindExpression } from './expressions.ts';
import { Scope } from './scope.ts';

/** The scan alone, where nothing is expected. */
export function readTable(table: BoundTable): Rel {
  const rows = scan(table);
  if (table.checks === undefined) return rows;
  const scope = Scope.of(undefined, rows.fields);
  const bound = table.checks.rows.map(({ unexpected, ...about }) => ({
    ...about,
    unexpected: bindExpression(parseExpression(unexpected), scope),
  }));
  return check(rows, table, bound);
}
