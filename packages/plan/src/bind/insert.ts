/* INSERT INTO: the query's columns cast to the table's, in the table's order. */

import { didYouMean, UserError, type Span } from '#base';
import { pathText } from '#catalog';
import { sameType, typeText, type LogicalType } from '#data';
import { canCastImplicitly, castTo, literal, type Expr } from '#expr';
import type { Identifier, InsertStatement } from '#sql';
import { inputsOf } from '../logical/kinds.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { connectorTable, withOptionHints, type BoundColumn, type BoundTable } from '../logical/table.ts';
import type { Binder } from './binder.ts';
import { bindExpression } from './expressions.ts';
import type { Session } from './session.ts';
import { Scope } from './scope.ts';

export type SinkColumn = Exclude<BoundColumn, { kind: 'computed' }>;

/** The query of an INSERT as the sink's columns, in the sink's order. */
export function bindInsert(
  node: InsertStatement,
  binder: Binder,
): { readonly rel: Rel; readonly table: BoundTable; readonly places: readonly (Span | undefined)[] } {
  const object = binder.session.get(node.target);
  if (object.kind === 'view')
    throw new UserError('CAT2003', {
      at: node.target[0]!.span,
      message: `"${object.path.object}" is a view: rows cannot be written into it`,
    });
  const hinted = withOptionHints(object, node.hints);
  const table = node.overwrite ? overwritten(hinted, node, binder.session) : hinted;
  const columns = sinkColumns(table);
  const rel = binder.query(node.query);
  if (node.overwrite) checkOverwrite(rel, node, table, binder.session);
  for (const { column: id } of node.partition) checkPartition(id, table);
  const fixed = new Map(node.partition.map((p) => [p.column.text, bindExpression(p.value, new Scope([]))]));
  const named = targets(node.columns, columns, fixed);
  if (rel.fields.length !== named.length)
    throw mismatch(
      table,
      rel,
      named,
      `${rel.fields.length} columns in the query, ${named.length} in the sink`,
      node,
    );
  const exprs = columns.map((c): Expr => {
    const constant = fixed.get(c.name);
    if (constant !== undefined) return castTo(constant, { ...c.type, nullable: false }, { implicit: true });
    const at = named.indexOf(c);
    if (at < 0) return literal(null, { ...c.type, nullable: true });
    const from = rel.fields[at]!.type;
    if (sameType(from, c.type, false)) return column(rel, at);
    if (!canCastImplicitly(from, c.type))
      throw mismatch(
        table,
        rel,
        named,
        `column ${at + 1} '${c.name}' takes ${typeText(c.type)}, the query gives ${typeText(from)}`,
        node,
      );
    return castTo(column(rel, at), { ...c.type, nullable: from.nullable }, { implicit: true });
  });
  return {
    rel: project(
      rel,
      exprs,
      columns.map((c) => c.name),
    ),
    table,
    places: columns.map((c) => itemPlace(node, named.indexOf(c)) ?? node.target.at(-1)!.span),
  };
}

/** PARTITION (…) names columns of PARTITIONED BY alone. */
function checkPartition({ text, span }: Identifier, table: BoundTable): void {
  const { partitionedBy, columns, path } = table;
  if (partitionedBy.includes(text)) return;
  const names = columns.map((c) => c.name);
  if (!names.includes(text))
    throw new UserError('SQL1004', {
      at: span,
      message: `no column "${text}" to write`,
      hint: didYouMean(text, names),
    });
  throw new UserError('PLAN2011', {
    at: span,
    message: `"${text}" is no partition column of "${path.object}"`,
    hint:
      partitionedBy.length === 0
        ? 'The table has none: leave PARTITION (…) out.'
        : `There are: ${partitionedBy.join(', ')}.`,
  });
}

/** Files go as new ones come: what is read must not be among them. */
function checkOverwrite(rel: Rel, node: InsertStatement, table: BoundTable, session: Session): void {
  const how = session.connectors.get(table.connector)!.sink!(connectorTable(table))!.overwrites;
  const reads = (part: Rel): boolean =>
    (part.kind === 'scan' && pathText(part.table.path) === pathText(table.path)) ||
    inputsOf(part).some(reads);
  if (how === 'always' || !reads(rel)) return;
  throw new UserError('PLAN2010', {
    at: node.target[0]!.span,
    message: `INSERT OVERWRITE: the query reads "${table.path.object}", whose files it takes the place of`,
    hint: 'Write into another table first.',
  });
}

/** The table as a sink gets it whose rows take the place of those there are. */
function overwritten(table: BoundTable, node: InsertStatement, session: Session): BoundTable {
  const sink = session.connectors.get(table.connector)?.sink?.(connectorTable(table));
  const how = sink?.overwrites;
  if (how === 'in batch mode' && !session.settings.batch)
    throw new UserError('PLAN2010', {
      at: node.target[0]!.span,
      message: `INSERT OVERWRITE: the connector '${table.connector}' does it in batch mode alone`,
      hint: "SET 'execution.runtime-mode' = 'batch' first, where all sources are bounded.",
    });
  if (how === undefined)
    throw new UserError('PLAN2010', {
      at: node.target[0]!.span,
      message: `INSERT OVERWRITE: the connector '${table.connector}' of "${table.path.object}" cannot put rows in the place of those there are`,
      hint: 'Write INSERT INTO, or into a table of CREATE TABLE … AS without a connector.',
    });
  return { ...table, overwrite: true };
}

/** Where the query gives its column `at`: a SELECT without stars says so. */
function itemPlace({ query }: InsertStatement, at: number): Span | undefined {
  const { body } = query;
  if (body.kind !== 'select' || body.items.some((item) => item.expression.kind === 'star')) return undefined;
  return body.items[at]?.expression.span;
}

/** What is written: physical columns, then metadata that is not VIRTUAL. */
export function sinkColumns(table: BoundTable): SinkColumn[] {
  const physical = table.columns.filter((c) => c.kind === 'physical');
  const metadata = table.columns.filter((c) => c.kind === 'metadata' && !c.virtual);
  return [...physical, ...metadata] as SinkColumn[];
}
/** The columns that the query's columns go to: as written in INSERT INTO t (…), else in declared order. */
function targets(
  names: readonly Identifier[],
  columns: readonly SinkColumn[],
  fixed: ReadonlyMap<string, Expr>,
): SinkColumn[] {
  if (names.length === 0) return columns.filter((c) => !fixed.has(c.name));
  return names.map((id, i) => {
    if (names.findIndex((n) => n.text === id.text) < i)
      throw new UserError('SQL2019', { at: id.span, message: `column "${id.text}" is written twice` });
    const found = columns.find((c) => c.name === id.text);
    if (found !== undefined) return found;
    throw new UserError('SQL1004', {
      at: id.span,
      message: `no column "${id.text}" to write`,
      hint: didYouMean(
        id.text,
        columns.map((c) => c.name),
      ),
    });
  });
}
function mismatch(
  table: BoundTable,
  rel: Rel,
  sink: readonly { name: string; type: LogicalType }[],
  cause: string,
  node: InsertStatement,
): UserError {
  const shown = (fields: readonly { name: string; type: LogicalType }[]): string =>
    fields.map((f) => `${f.name}: ${typeText(f.type)}`).join(', ');
  return new UserError('PLAN2001', {
    at: node.query.span,
    message: `Column types of query result and sink for '${table.path.object}' do not match. Cause: ${cause}. Query schema: [${shown(rel.fields)}]. Sink schema: [${shown(sink)}]`,
  });
}
