/* Queries as canonical text, on one line. */

import { unreachable } from '#base';
import type { Expression } from '../ast/expressions.ts';
import type {
  GroupItem,
  GroupingSets,
  Query,
  QueryBody,
  SelectBody,
  SelectItem,
  SetOperation,
} from '../ast/queries.ts';
import { printExpression, printList } from './expressions.ts';
import { printHints, printName, printNames, printPath } from './names.ts';
import { printTable } from './tables.ts';
import { printOrderBy, printWindowSpec } from './windows.ts';

export function printQuery(query: Query): string {
  const limit = query.limit === undefined ? '' : ` LIMIT ${printExpression(query.limit)}`;
  const offset = query.offset === undefined ? '' : ` OFFSET ${printExpression(query.offset)}`;
  return printCommonTables(query.with) + printBody(query.body) + printOrderBy(query.orderBy) + limit + offset;
}

function printCommonTables(tables: Query['with']): string {
  if (tables.length === 0) return '';
  const printed = tables.map(({ name, columns, query }) => {
    const list = columns.length === 0 ? '' : ` ${printNames(columns)}`;
    return `${printName(name)}${list} AS (${printQuery(query)})`;
  });
  return `WITH ${printed.join(', ')} `;
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body);
    case 'set-operation':
      return printSetOperation(body);
    case 'values':
      return `VALUES ${body.rows.map(printRow).join(', ')}`;
    case 'table-body':
      return `TABLE ${printPath(body.name)}`;
    case 'parenthesized':
      return `(${printQuery(body.query)})`;
    default:
      return unreachable(body);
  }
}

/** A row of one value that is itself a row is marked, or it would be read as its items. */
function printRow(row: readonly Expression[]): string {
  return `${row.length === 1 && row[0]?.kind === 'row' ? 'ROW' : ''}(${printList(row)})`;
}

function printSetOperation(body: SetOperation): string {
  const { operator, all, left, right } = body;
  const level = setLevel(body);
  const before = setLevel(left) < level ? `(${printBody(left)})` : printBody(left);
  const after = setLevel(right) <= level ? `(${printBody(right)})` : printBody(right);
  return `${before} ${operator}${all ? ' ALL' : ''} ${after}`;
}

function setLevel(body: QueryBody): number {
  if (body.kind !== 'set-operation') return 3;
  return body.operator === 'INTERSECT' ? 2 : 1;
}

function printSelect(body: SelectBody): string {
  const { distinct, items, from, where, groupBy, having, windows, qualify } = body;
  return [
    `SELECT${printHints(body.hints)}${distinct ? ' DISTINCT' : ''} ${items.map(printItem).join(', ')}`,
    from === undefined ? '' : ` FROM ${printTable(from)}`,
    where === undefined ? '' : ` WHERE ${printExpression(where)}`,
    groupBy === undefined
      ? ''
      : ` GROUP BY ${body.groupByDistinct ? 'DISTINCT ' : ''}${groupBy.map(printGroupItem).join(', ')}`,
    having === undefined ? '' : ` HAVING ${printExpression(having)}`,
    windows.length === 0 ? '' : ` WINDOW ${windows.map(printNamedWindow).join(', ')}`,
    qualify === undefined ? '' : ` QUALIFY ${printExpression(qualify)}`,
  ].join('');
}

function printItem({ expression, alias }: SelectItem): string {
  return printExpression(expression) + (alias === undefined ? '' : ` AS ${printName(alias)}`);
}

function printGroupItem(item: GroupItem): string {
  if (item.kind === 'expression') return printExpression(item.expression);
  return item.form === 'EMPTY' ? '()' : `${item.form} (${item.sets.map(printSet).join(', ')})`;
}

function printSet(set: GroupingSets['sets'][number]): string {
  if ('kind' in set) return printGroupItem(set);
  const [only] = set;
  return set.length === 1 && only !== undefined ? printExpression(only) : `(${printList(set)})`;
}

function printNamedWindow({ name, spec }: SelectBody['windows'][number]): string {
  return `${printName(name)} AS ${printWindowSpec(spec)}`;
}
