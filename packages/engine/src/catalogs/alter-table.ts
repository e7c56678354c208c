/* ALTER TABLE: the table's syntax tree as it is afterwards, which is bound as CREATE TABLE is. Checks here are those that the
 * old table is needed for. */

import { didYouMean, UserError, type Span } from '#base';
import { notYet, type BoundTable } from '#plan';
import type { AlterTable, ColumnDefinition, CreateTable, Identifier, PrimaryKey } from '#sql';
import { columnsNamed } from './columns-named.ts';

export function alteredTable(table: BoundTable, node: AlterTable): CreateTable {
  const { action } = node;
  const ast = plain(table);
  switch (action.kind) {
    case 'set':
      return {
        ...ast,
        // An option that is there stays in its place.
        options: [...new Map([...ast.options, ...action.options].map((o) => [o.key, o])).values()],
      };
    case 'reset':
      return withoutOptions(ast, action.keys, node.span);
    case 'add':
      return added(ast, action);
    case 'modify':
      return modified(ast, action);
    case 'rename-column':
      return renamed(ast, action.from, action.to);
    case 'drop-columns':
      return dropped(ast, action.columns);
    case 'drop-primary-key':
      return withoutKey(ast, node.span);
    case 'drop-constraint': {
      const name = ast.primaryKey && constraintName(ast.primaryKey);
      if (name === action.name.text) return withoutKey(ast, node.span);
      throw failure(
        action.name.span,
        `there is no constraint "${action.name.text}"`,
        name && `The table has the constraint "${name}".`,
      );
    }
    case 'drop-watermark':
      if (ast.watermark === undefined) throw failure(node.span, 'the table has no watermark');
      return { ...ast, watermark: undefined };
    case 'rename':
    case 'add-partitions':
    case 'drop-partitions':
      return ast;
    case 'other':
      throw notYet(
        `ALTER TABLE … ${/^[A-Za-z]+ *[A-Za-z]*/.exec(action.text.trim())?.[0].toUpperCase() ?? ''}`,
        node.span,
      );
  }
}

const failure = (at: Span, message: string, hint?: string): UserError =>
  new UserError('CAT2014', { at, message, hint });

/** Without LIKE, and with a key that stood behind its column among the constraints. */
function plain({ ast }: BoundTable): CreateTable {
  const inline = ast.columns.filter((c) => c.kind === 'physical' && c.primaryKey).map((c) => c.name);
  const span = inline[0]?.span ?? ast.span;
  return {
    ...ast,
    like: undefined,
    columns: ast.columns.map((c) => (c.kind === 'physical' ? { ...c, primaryKey: false } : c)),
    primaryKey:
      inline.length > 0 ? { name: undefined, columns: inline, enforced: false, span } : ast.primaryKey,
  };
}

function withoutOptions(ast: CreateTable, keys: readonly string[], at: Span): CreateTable {
  if (keys.length === 0) throw failure(at, 'RESET names no option', "Write RESET ('key').");
  if (keys.includes('connector'))
    throw failure(at, "'connector' cannot be reset", 'DROP the table and make it with another.');
  return { ...ast, options: ast.options.filter((o) => !keys.includes(o.key)) };
}

type Change = Extract<AlterTable['action'], { readonly kind: 'add' | 'modify' }>;

function added(ast: CreateTable, change: Change): CreateTable {
  const { watermark, primaryKey } = change;
  let { columns } = ast;
  for (const { column, position } of change.columns) {
    if (columns.some((c) => c.name.text === column.name.text))
      throw failure(
        column.name.span,
        `there is a column "${column.name.text}" already`,
        'MODIFY changes a column that is there.',
      );
    columns = placed(columns, column, position ?? 'LAST');
  }
  if (watermark !== undefined && ast.watermark !== undefined)
    throw failure(watermark.span, 'the table has a watermark already', 'MODIFY WATERMARK changes it.');
  if (primaryKey !== undefined && ast.primaryKey !== undefined)
    throw failure(primaryKey.span, 'the table has a primary key already', 'MODIFY PRIMARY KEY changes it.');
  return withKey({ ...ast, columns, watermark: watermark ?? ast.watermark }, primaryKey);
}

function modified(ast: CreateTable, change: Change): CreateTable {
  const { watermark, primaryKey } = change;
  let { columns } = ast;
  for (const { column, position } of change.columns) {
    const at = find(columns, column.name);
    const comment = column.comment ?? columns[at]!.comment;
    const rest = columns.filter((_, i) => i !== at);
    const stays = position === undefined ? columns[at - 1]?.name : undefined;
    const place = position ?? (stays === undefined ? 'FIRST' : { after: stays });
    columns = placed(rest, { ...column, comment }, place);
  }
  if (watermark !== undefined && ast.watermark === undefined)
    throw failure(watermark.span, 'the table has no watermark', 'ADD WATERMARK declares one.');
  if (primaryKey !== undefined && ast.primaryKey === undefined)
    throw failure(primaryKey.span, 'the table has no primary key', 'ADD PRIMARY KEY declares one.');
  return withKey({ ...ast, columns, watermark: watermark ?? ast.watermark }, primaryKey);
}

function placed(
  columns: readonly ColumnDefinition[],
  column: ColumnDefinition,
  position: 'FIRST' | 'LAST' | { readonly after: Identifier },
): ColumnDefinition[] {
  if (position === 'FIRST') return [column, ...columns];
  if (position === 'LAST') return [...columns, column];
  const at = find(columns, position.after);
  return [...columns.slice(0, at + 1), column, ...columns.slice(at + 1)];
}

function find(columns: readonly ColumnDefinition[], { text, span }: Identifier): number {
  const at = columns.findIndex((c) => c.name.text === text);
  if (at >= 0) return at;
  const names = columns.map((c) => c.name.text);
  throw new UserError('SQL1004', { at: span, message: `no column "${text}"`, hint: didYouMean(text, names) });
}

/** Columns of a key are NOT NULL, and stay so. */
function withKey(ast: CreateTable, key: PrimaryKey | undefined): CreateTable {
  const primaryKey = key ?? ast.primaryKey;
  if (primaryKey === undefined) return ast;
  const names = new Set(primaryKey.columns.map((c) => c.text));
  const columns = ast.columns.map((c) =>
    c.kind === 'physical' && names.has(c.name.text) ? { ...c, type: { ...c.type, nullable: false } } : c,
  );
  return { ...ast, columns, primaryKey };
}
function withoutKey(ast: CreateTable, at: Span): CreateTable {
  if (ast.primaryKey === undefined) throw failure(at, 'the table has no primary key');
  return { ...withKey(ast, undefined), primaryKey: undefined };
}
const constraintName = ({ name, columns }: PrimaryKey): string =>
  name?.text ?? `PK_${columns.map((c) => c.text).join('_')}`;

/** What refers to the column, in words; undefined: nothing. */
function reference(ast: CreateTable, name: string, leaving: ReadonlySet<string>): string | undefined {
  const computed = ast.columns.find(
    (c) => c.kind === 'computed' && !leaving.has(c.name.text) && columnsNamed(c.expression).has(name),
  );
  if (computed !== undefined) return `the computed column "${computed.name.text}"`;
  const { watermark } = ast;
  if (
    watermark !== undefined &&
    (watermark.column[0]!.text === name || columnsNamed(watermark.expression).has(name))
  )
    return 'the watermark';
  if (ast.partitionedBy.some((c) => c.text === name)) return 'PARTITIONED BY';
  return undefined;
}

function renamed(ast: CreateTable, from: Identifier, to: Identifier): CreateTable {
  const at = find(ast.columns, from);
  if (ast.columns.some((c) => c.name.text === to.text))
    throw failure(to.span, `there is a column "${to.text}" already`);
  const user = reference(ast, from.text, new Set());
  if (user !== undefined) throw failure(from.span, `the column "${from.text}" is used by ${user}`);
  const { primaryKey } = ast;
  return {
    ...ast,
    columns: ast.columns.map((c, i) => (i === at ? { ...c, name: to } : c)),
    primaryKey: primaryKey && {
      ...primaryKey,
      columns: primaryKey.columns.map((c) => (c.text === from.text ? to : c)),
    },
  };
}

function dropped(ast: CreateTable, names: readonly Identifier[]): CreateTable {
  const leaving = new Set<string>();
  for (const name of names) {
    find(ast.columns, name);
    if (leaving.has(name.text)) throw failure(name.span, `the column "${name.text}" is named twice`);
    leaving.add(name.text);
  }
  for (const name of names) {
    const isKey = ast.primaryKey?.columns.some((c) => c.text === name.text) === true;
    const user = isKey ? 'the primary key' : reference(ast, name.text, leaving);
    if (user !== undefined) throw failure(name.span, `the column "${name.text}" is used by ${user}`);
  }
  return { ...ast, columns: ast.columns.filter((c) => !leaving.has(c.name.text)) };
}
