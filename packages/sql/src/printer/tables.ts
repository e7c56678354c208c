/* What stands in FROM as canonical text. */

import { unreachable } from '#base';
import type { JoinRef, TableAlias, TableRef } from '../ast/queries.ts';
import { printCall } from './calls.ts';
import { printExpression } from './expressions.ts';
import { printMatchRecognize } from './match-recognize.ts';
import { printHints, printName, printNames, printPath } from './names.ts';
import { printQuery } from './queries.ts';

export function printTable(table: TableRef): string {
  switch (table.kind) {
    case 'named-table': {
      const asOf = table.asOf === undefined ? '' : ` FOR SYSTEM_TIME AS OF ${printExpression(table.asOf)}`;
      return printPath(table.name) + printHints(table.hints) + asOf + printTableAlias(table.alias);
    }
    case 'derived-table':
      return `${printLateral(table)}(${printQuery(table.query)})${printTableAlias(table.alias)}`;
    case 'table-function':
      return `${printLateral(table)}TABLE(${printCall(table.call, true)})${printTableAlias(table.alias)}`;
    case 'unnest': {
      const ordinality = table.ordinality ? ' WITH ORDINALITY' : '';
      return `UNNEST(${printExpression(table.expression)})${ordinality}${printTableAlias(table.alias)}`;
    }
    case 'join':
      return printJoin(table);
    case 'match-recognize':
      return printMatchRecognize(table);
    default:
      return unreachable(table);
  }
}

function printLateral(table: { readonly lateral: boolean }): string {
  return table.lateral ? 'LATERAL ' : '';
}

function printJoin(join: JoinRef): string {
  const words = `${join.natural ? 'NATURAL ' : ''}${join.type} JOIN`;
  const right = join.right.kind === 'join' ? `(${printTable(join.right)})` : printTable(join.right);
  const on = join.on === undefined ? '' : ` ON ${printExpression(join.on)}`;
  const using = join.using.length === 0 ? '' : ` USING ${printNames(join.using)}`;
  return `${printTable(join.left)} ${words} ${right}${on}${using}`;
}

/** ` AS name (columns)`, or nothing. */
export function printTableAlias(alias: TableAlias | undefined): string {
  if (alias === undefined) return '';
  return ` AS ${printName(alias.name)}${alias.columns.length === 0 ? '' : ` ${printNames(alias.columns)}`}`;
}
