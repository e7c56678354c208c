/* A row test as an SQL condition. */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';
import { columnNamed, isNumeric, type TableColumn } from '../table/column.ts';
import type { Bounds, RowTest } from '../row-test.ts';
import type { Dialect } from './dialect.ts';

/** Throws QLT2001 for a column that is not there, QLT2002 for a value that the column's type cannot be compared to. */
export function testSql(test: RowTest, columns: readonly TableColumn[], dialect: Dialect): string {
  const sql = (inner: RowTest): string => testSql(inner, columns, dialect);
  const named = (name: string): TableColumn => columnNamed(columns, name);
  const quoted = (name: string): string => dialect.quote(named(name).name);
  switch (test.kind) {
    case 'true':
      return 'TRUE';
    case 'not':
      return `NOT (${sql(test.test)})`;
    case 'and':
    case 'or':
      return test.tests.length === 0
        ? test.kind === 'and'
          ? 'TRUE'
          : 'FALSE'
        : `(${test.tests.map(sql).join(test.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'null':
      return `${quoted(test.column)} IS NULL`;
    case 'compare':
      return compareSql(test, named(test.column), dialect);
    case 'compare-columns':
      return compareColumnsSql(test, named(test.left), named(test.right), dialect);
    case 'between':
      return boundsSql(quoted(test.column), test.bounds, (value) =>
        comparable(value, named(test.column), dialect),
      );
    case 'in':
      return inSql(test.values, named(test.column), dialect);
    case 'pair-in':
      return pairInSql(test.pairs, named(test.columns[0]), named(test.columns[1]), dialect);
    case 'length':
      return boundsSql(dialect.length(textOf(test.column, columns, dialect)), test.bounds, (value) =>
        String(value),
      );
    case 'regex':
      return dialect.regex(textOf(test.column, columns, dialect), test.pattern);
    case 'like':
      return dialect.like(textOf(test.column, columns, dialect), test.pattern, test.escape);
    case 'strftime':
      return dialect.strftime(onlyText(named(test.column), dialect), test.format);
    case 'date-text':
      return dialect.dateText(onlyText(named(test.column), dialect));
    case 'json':
      return dialect.json(onlyText(named(test.column), dialect));
    case 'json-schema':
      return dialect.jsonSchema(onlyText(named(test.column), dialect), test.schema);
    case 'sum':
      return `${test.columns.map((c) => numberSql(named(c), dialect)).join(' + ')} = ${test.total}`;
    case 'all-equal':
      return allEqualSql(test.columns.map(quoted));
    case 'all-different':
      return allDifferentSql(test.columns.map(named), dialect);
    case 'distance': {
      const off = `(${numberSql(named(test.column), dialect)} - (${test.center}))`;
      const scaled = test.scale === 1 ? off : `${off} / ${test.scale}`;
      return `${test.absolute ? `abs(${scaled})` : scaled} < ${test.limit}`;
    }
  }
}

function comparable(value: Cell, column: TableColumn, dialect: Dialect): string {
  const literal = dialect.literal(value, column.family);
  if (literal !== undefined) return literal;
  throw new UserError('QLT2002', {
    message: `column "${column.name}" is ${column.type}, which cannot be compared to ${JSON.stringify(value)}`,
    hint: 'Numbers compare to numbers, text to text, dates and times to text such as 2024-01-31T12:00:00.',
  });
}
function numberSql(column: TableColumn, dialect: Dialect): string {
  if (!isNumeric(column.family) && column.family !== 'boolean')
    throw new UserError('QLT2002', {
      message: `column "${column.name}" is ${column.type}, expected a number`,
    });
  return column.family === 'boolean'
    ? `CAST(${dialect.quote(column.name)} AS INTEGER)`
    : dialect.double(dialect.quote(column.name));
}
/** The text of a value; of a number or date, the one that results show. */
function textOf(name: string, columns: readonly TableColumn[], dialect: Dialect): string {
  const column = columnNamed(columns, name);
  return dialect.text(dialect.quote(column.name));
}
function onlyText(column: TableColumn, dialect: Dialect): string {
  if (column.family !== 'text' && column.type.toUpperCase() !== 'JSON')
    throw new UserError('QLT2002', {
      message: `column "${column.name}" is ${column.type}, expected text`,
      hint: 'The check reads text; ask for it before the column is given another type.',
    });
  return dialect.text(dialect.quote(column.name));
}

function boundsSql(
  sql: string,
  { min, max, strictMin, strictMax }: Bounds,
  literal: (value: Cell) => string,
): string {
  const sides: string[] = [];
  if (min !== undefined && min !== null)
    sides.push(`${sql} ${strictMin === true ? '>' : '>='} ${literal(min)}`);
  if (max !== undefined && max !== null)
    sides.push(`${sql} ${strictMax === true ? '<' : '<='} ${literal(max)}`);
  return sides.length === 0 ? 'TRUE' : `(${sides.join(' AND ')})`;
}

function compareSql(
  test: Extract<RowTest, { kind: 'compare' }>,
  column: TableColumn,
  dialect: Dialect,
): string {
  const literal = dialect.literal(test.value, column.family);
  // Text is no number, and not equal to one.
  if (literal === undefined && test.operator === '=') return 'FALSE';
  if (literal === undefined && test.operator === '<>') return 'TRUE';
  return `${dialect.quote(column.name)} ${test.operator} ${literal ?? comparable(test.value, column, dialect)}`;
}
function compareColumnsSql(
  { operator }: Extract<RowTest, { kind: 'compare-columns' }>,
  left: TableColumn,
  right: TableColumn,
  dialect: Dialect,
): string {
  const kind = ({ family }: TableColumn): string =>
    isNumeric(family) || family === 'boolean' ? 'number' : family === 'date' ? 'timestamp' : family;
  if (kind(left) !== kind(right)) {
    if (operator === '=') return 'FALSE';
    throw new UserError('QLT2002', {
      message: `columns "${left.name}" (${left.type}) and "${right.name}" (${right.type}) cannot be compared`,
    });
  }
  const side = (column: TableColumn): string =>
    column.family === 'boolean' && left.family !== right.family
      ? `CAST(${dialect.quote(column.name)} AS INTEGER)`
      : dialect.quote(column.name);
  return `${side(left)} ${operator} ${side(right)}`;
}
function inSql(values: readonly Cell[], column: TableColumn, dialect: Dialect): string {
  const literals = values.flatMap((v) => (v === null ? [] : (dialect.literal(v, column.family) ?? [])));
  return literals.length === 0 ? 'FALSE' : `${dialect.quote(column.name)} IN (${literals.join(', ')})`;
}
function pairInSql(
  pairs: readonly (readonly [Cell, Cell])[],
  left: TableColumn,
  right: TableColumn,
  dialect: Dialect,
): string {
  const side = (value: Cell, column: TableColumn): string | undefined => {
    if (value === null) return `${dialect.quote(column.name)} IS NULL`;
    const literal = dialect.literal(value, column.family);
    return literal && `${dialect.quote(column.name)} = ${literal}`;
  };
  const tests = pairs.flatMap(([a, b]) => {
    const sides = [side(a, left), side(b, right)];
    return sides.includes(undefined) ? [] : [`(${sides.join(' AND ')})`];
  });
  return tests.length === 0 ? 'FALSE' : `(${tests.join(' OR ')})`;
}
/** NULL equals NULL. */
function allEqualSql(columns: readonly string[]): string {
  const [first, ...rest] = columns;
  return rest.length === 0
    ? 'TRUE'
    : `(${rest.map((c) => `${first} IS NOT DISTINCT FROM ${c}`).join(' AND ')})`;
}
/** NULL equals NULL; values of types that never compare differ. */
function allDifferentSql(columns: readonly TableColumn[], dialect: Dialect): string {
  const tests: string[] = [];
  columns.forEach((left, i) => {
    for (const right of columns.slice(i + 1)) {
      const [a, b] = [dialect.quote(left.name), dialect.quote(right.name)];
      const alike = left.family === right.family || (isNumeric(left.family) && isNumeric(right.family));
      tests.push(alike ? `${a} IS DISTINCT FROM ${b}` : `NOT (${a} IS NULL AND ${b} IS NULL)`);
    }
  });
  return tests.length === 0 ? 'TRUE' : `(${tests.join(' AND ')})`;
}
