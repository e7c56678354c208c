/* The columns that an expression of a table's definition names. */

import type { Expression } from '#sql';

export function columnsNamed(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node && node.kind === 'column' && 'path' in node && Array.isArray(node.path))
      for (const { text } of node.path as readonly { readonly text: string }[]) names.add(text);
    for (const value of Object.values(node)) visit(value);
  };
  visit(expression);
  return names;
}
