/* CREATE TABLE … AS SELECT: the table that it stands for, and the INSERT that fills it.
 *
 *   CREATE TABLE t (more INT, price DECIMAL(10, 2)) WITH (…) AS SELECT id, price FROM s
 *     ⇒  CREATE TABLE t (more INT, id BIGINT, price DECIMAL(10, 2)) WITH (…)   INSERT INTO t (id, price) SELECT …
 *
 * Columns that the query does not give stand in front; of those that it gives a declared type counts. Flink:
 * MergeTableAsUtil. */

import { didYouMean, UserError } from '#base';
import { typeText } from '#data';
import type { EvalContext } from '#expr';
import {
  parseStatement,
  quoteName,
  type ColumnDefinition,
  type CreateTable,
  type CreateTableAs,
  type Identifier,
  type InsertStatement,
} from '#sql';
import type { RelField } from '../logical/field.ts';
import { QueryBinder } from './query.ts';
import type { Session } from './session.ts';

export interface TableAs {
  readonly table: CreateTable;
  readonly insert: InsertStatement;
}

/** Throws for what Flink refuses. Changes nothing. */
export function bindCreateTableAs(node: CreateTableAs, session: Session, evaluation: EvalContext): TableAs {
  if (node.temporary)
    throw new UserError('SQL9001', {
      at: node.span,
      message: 'CREATE TEMPORARY TABLE … AS is not supported, in Flink neither',
      hint: 'Leave TEMPORARY out.',
    });
  const options = withConnector(node, session);
  const { fields } = new QueryBinder(session, evaluation).query(node.query);
  const given = inOrder(fields, node.order);
  const { kind: _, query, order: __, mode: ___, ...elements } = node;
  const columns = mergedColumns(node, given);
  const insert: InsertStatement = {
    kind: 'insert',
    overwrite: false,
    target: node.name,
    hints: [],
    partition: [],
    // A table that is there already is filled by position, as by any INSERT.
    columns:
      session.find(session.path(node.name)) === undefined || node.mode !== 'create'
        ? fields.map((f) => ({ ...node.name.at(-1)!, text: f.name }))
        : [],
    query,
    onConflict: undefined,
    span: node.span,
  };
  return { table: { ...elements, kind: 'create-table', columns, options, like: undefined }, insert };
}

/** Without a connector the table goes to the one that keeps tables by itself, where there is one. */
function withConnector(node: CreateTableAs, { connectors }: Session): CreateTableAs['options'] {
  if (node.options.some((o) => o.key === 'connector')) return node.options;
  const keeper = [...connectors.values()].find((c) => c.keeper !== undefined);
  const { text, span } = node.name.at(-1)!;
  if (keeper !== undefined) return [{ key: 'connector', value: keeper.name, span }, ...node.options];
  throw new UserError('CAT1005', {
    at: span,
    message: `table "${text}" has no 'connector' option`,
    hint: "Add WITH ('connector' = 'kafka', …) in front of AS.",
  });
}

/** The fields in the order that names in front of AS ask for. */
function inOrder(fields: readonly RelField[], order: readonly Identifier[]): readonly RelField[] {
  if (order.length === 0) return fields;
  const names = fields.map((f) => f.name);
  if (order.length !== fields.length)
    throw new UserError('SQL2007', {
      at: order[0]!.span,
      message: `${order.length} column names for ${fields.length} columns`,
      hint: 'Name every column of the query once.',
    });
  return order.map((id, i) => {
    if (order.findIndex((o) => o.text === id.text) < i)
      throw new UserError('SQL2019', { at: id.span, message: `column "${id.text}" is written twice` });
    const found = fields.find((f) => f.name === id.text);
    if (found !== undefined) return found;
    throw new UserError('SQL1004', {
      at: id.span,
      message: `the query gives no column "${id.text}"`,
      hint: didYouMean(id.text, names),
    });
  });
}

function mergedColumns(node: CreateTableAs, given: readonly RelField[]): readonly ColumnDefinition[] {
  const names = new Set(given.map((f) => f.name));
  const declared = new Map(node.columns.map((c) => [c.name.text, c]));
  for (const column of node.columns) checkDeclared(column, names.has(column.name.text));
  for (const id of node.primaryKey?.columns ?? []) {
    const field = given.find((f) => f.name === id.text);
    if (field?.type.nullable === true && !declared.has(id.text))
      throw new UserError('CAT2005', {
        at: id.span,
        message: `column "${id.text}" may be NULL, so it cannot be in the primary key`,
        hint: `Declare it: ${quoteName(id.text)} ${typeText({ ...field.type, nullable: false })}.`,
      });
  }
  return [
    ...node.columns.filter((c) => !names.has(c.name.text)),
    ...given.map((f) => declared.get(f.name) ?? columnOf(f, node)),
  ];
}

function checkDeclared(column: ColumnDefinition, given: boolean): void {
  const name = column.name.text;
  if (given && column.kind === 'computed')
    throw new UserError('CAT2005', {
      at: column.span,
      message: `the query gives a column "${name}" too: a computed column cannot take its place`,
    });
  if (!given && column.kind === 'physical' && column.type.nullable === false)
    throw new UserError('CAT2005', {
      at: column.span,
      message: `column "${name}" is NOT NULL, and the query gives no value for it`,
      hint: 'Leave NOT NULL out, or give the column in the query.',
    });
}

/** A column of the query as the table declares it. */
function columnOf({ name, type }: RelField, node: CreateTableAs): ColumnDefinition {
  const at = node.name.at(-1)!.span;
  if (type.kind === 'NULL')
    throw new UserError('CAT2005', {
      at: node.query.span,
      message: `column "${name}" is NULL and has no type`,
      hint: 'Write CAST(NULL AS …).',
    });
  const text = `CREATE TABLE t (${quoteName(name)} ${typeText(type)})`;
  const [column] = (parseStatement(text) as CreateTable).columns;
  return { ...column!, name: { ...column!.name, span: at }, span: at };
}
