/* CREATE TABLE as canonical text: a line for each column, constraint and option. */

import { unreachable } from '#base';
import type {
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  LikeClause,
  PrimaryKey,
  WatermarkDefinition,
} from '../ast/statements.ts';
import { printExpression } from './expressions.ts';
import { printComment, printName, printNames, printPath, printString, printWith } from './names.ts';
import { printQuery } from './queries.ts';
import { printDataType } from './types.ts';

export function printCreateTable(table: CreateTable | CreateTableAs): string {
  const words =
    table.kind === 'create-table-as' && table.mode !== 'create'
      ? `${table.mode === 'replace' ? 'REPLACE' : 'CREATE OR REPLACE'} TABLE`
      : `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE`;
  const name = `${table.ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(table.name)}`;
  const elements = [
    ...table.columns.map(printColumn),
    ...(table.watermark === undefined ? [] : [printWatermark(table.watermark)]),
    ...(table.primaryKey === undefined ? [] : [printPrimaryKey(table.primaryKey)]),
  ];
  const partitions =
    table.partitionedBy.length === 0 ? '' : ` PARTITIONED BY ${printNames(table.partitionedBy)}`;
  return [
    `${words} ${name}`,
    table.kind === 'create-table-as' && table.order.length > 0 ? ` ${printNames(table.order)}` : '',
    elements.length === 0 ? '' : ` (\n  ${elements.join(',\n  ')}\n)`,
    printComment(table.comment),
    partitions,
    printWith(table.options),
    table.kind === 'create-table-as' ? ` AS ${printQuery(table.query)}` : printLike(table.like),
  ].join('');
}

export function printColumn(column: ColumnDefinition): string {
  const name = printName(column.name);
  switch (column.kind) {
    case 'physical': {
      const key = column.primaryKey ? ' PRIMARY KEY NOT ENFORCED' : '';
      return `${name} ${printDataType(column.type)}${key}${printComment(column.comment)}`;
    }
    case 'computed':
      return `${name} AS ${printExpression(column.expression)}${printComment(column.comment)}`;
    case 'metadata': {
      const from = column.from === undefined ? '' : ` FROM ${printString(column.from)}`;
      const virtual = column.virtual ? ' VIRTUAL' : '';
      return `${name} ${printDataType(column.type)} METADATA${from}${virtual}${printComment(column.comment)}`;
    }
    default:
      return unreachable(column);
  }
}

export function printWatermark(watermark: WatermarkDefinition): string {
  return `WATERMARK FOR ${printPath(watermark.column)} AS ${printExpression(watermark.expression)}`;
}

export function printPrimaryKey(key: PrimaryKey): string {
  const name = key.name === undefined ? '' : `CONSTRAINT ${printName(key.name)} `;
  return `${name}PRIMARY KEY ${printNames(key.columns)}${key.enforced ? '' : ' NOT ENFORCED'}`;
}

function printLike(like: LikeClause | undefined): string {
  if (like === undefined) return '';
  const options = like.options.map(({ action, what }) => `${action} ${what}`);
  return ` LIKE ${printPath(like.table)}${options.length === 0 ? '' : ` (${options.join(' ')})`}`;
}
