/* ALTER TABLE: options set and reset, tables renamed. */

import { UserError } from '#base';
import { bindCreateTable, notYet, type BoundTable, type Session } from '#plan';
import type { AlterTable, CreateTable, OptionEntry } from '#sql';

export function alterTable(node: AlterTable, session: Session): void {
  const path = session.path(node.name);
  if (session.find(path) === undefined && node.ifExists) return;
  const table = session.get(node.name);
  if (table.kind !== 'table')
    throw new UserError('CAT2003', { at: node.span, message: `"${path.object}" is a view, not a table` });
  const { action } = node;
  switch (action.kind) {
    case 'set':
      return replace(
        table,
        withOptions(table.ast, [
          ...table.ast.options.filter((o) => !action.options.some((n) => n.key === o.key)),
          ...action.options,
        ]),
        session,
      );
    case 'reset':
      return replace(
        table,
        withOptions(
          table.ast,
          table.ast.options.filter((o) => !action.keys.includes(o.key)),
        ),
        session,
      );
    case 'rename': {
      session.remove(path);
      session.put({ ...table, path: session.path(action.to) });
      return;
    }
    case 'rename-column':
      throw notYet('ALTER TABLE … RENAME column', node.span);
    case 'other':
      throw notYet(
        `ALTER TABLE … ${/^[A-Za-z]+/.exec(action.text.trim())?.[0].toUpperCase() ?? ''}`,
        node.span,
      );
  }
}
const withOptions = (ast: CreateTable, options: readonly OptionEntry[]): CreateTable => ({
  ...ast,
  options,
  like: undefined,
});

/** The table as if it had been made so: everything is checked anew. */
function replace(table: BoundTable, ast: CreateTable, session: Session): void {
  session.put({ ...bindCreateTable(ast, session), path: table.path });
}
