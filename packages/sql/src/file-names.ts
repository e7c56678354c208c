/* The files that a statement names in place of tables. */

import type { Identifier } from './ast/names.ts';
import type { Statement } from './ast/statements.ts';

/** Each path once, in the order of the text. */
export function fileNames(statement: Statement): Identifier[] {
  const found = new Map<string, Identifier>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('file' in node && node.file === true) {
      const name = node as Identifier;
      if (!found.has(name.text)) found.set(name.text, name);
      return;
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(statement);
  return [...found.values()];
}
