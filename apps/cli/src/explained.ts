/* Which statements have a plan. */

import type { ExplainStatement, Statement } from '#sql';

/** The query of a statement that would run one. */
export function explained(statement: Statement): ExplainStatement['statement'] | undefined {
  switch (statement.kind) {
    case 'select-statement':
    case 'insert':
    case 'statement-set':
    case 'create-table-as':
      return statement;
    case 'explain':
      return statement.statement;
    default:
      return undefined;
  }
}
