/* Walking through expressions of SQL text. */

import type { Expression } from '#sql';

/** Expressions directly below; sub-queries are worlds of their own. */
export function childrenOf(node: Expression): readonly Expression[] {
  const children: Expression[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'span' || key === 'list' || key === 'query' || key === 'over') continue;
    collect(value, children);
  }
  if (node.kind === 'call' && node.over !== undefined && !('text' in node.over))
    children.push(...node.over.partitionBy, ...node.over.orderBy.map((o) => o.expression));
  if (node.kind === 'in' && Array.isArray(node.list)) children.push(...(node.list as readonly Expression[]));
  return children;
}
function collect(value: unknown, into: Expression[]): void {
  if (Array.isArray(value)) for (const v of value) collect(v, into);
  else if (typeof value === 'object' && value !== null) {
    if ('kind' in value && 'span' in value && value.kind !== 'query') into.push(value as Expression);
    else if ('when' in value || 'value' in value) for (const v of Object.values(value)) collect(v, into);
  }
}
