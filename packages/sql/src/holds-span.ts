/* Which statement a place belongs to: an error of a running job may come from a view or a computed column, which another
 * text made. */

import type { Span } from '#base';
import type { Statement } from './ast/statements.ts';

/** Whether a node of the tree has this very span; equal numbers alone say nothing about another text. */
export function holdsSpan(statement: Statement, span: Span): boolean {
  const visit = (node: unknown): boolean => {
    if (node === span) return true;
    if (typeof node !== 'object' || node === null) return false;
    return Object.values(node).some(visit);
  };
  return visit(statement);
}
