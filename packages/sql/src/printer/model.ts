/* CREATE MODEL and ALTER MODEL as canonical text. */

import { unreachable } from '#base';
import type { AlterModel, CreateModel, ModelColumn } from '../ast/statements.ts';
import { printComment, printName, printOption, printPath, printString, printWith } from './names.ts';
import { printDataType } from './types.ts';

export function printCreateModel({
  temporary,
  ifNotExists,
  name,
  input,
  output,
  comment,
  options,
}: CreateModel): string {
  const head = `CREATE${temporary ? ' TEMPORARY' : ''} MODEL ${ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(name)}`;
  const columns = input.length === 0 ? '' : ` INPUT ${printColumns(input)} OUTPUT ${printColumns(output)}`;
  // WITH is never left out.
  const given = options.length === 0 ? ' WITH ()' : printWith(options);
  return `${head}${columns}${printComment(comment)}${given}`;
}

const printColumns = (columns: readonly ModelColumn[]): string =>
  `(${columns.map((c) => `${printName(c.name)} ${printDataType(c.type)}${printComment(c.comment)}`).join(', ')})`;

export function printAlterModel({ ifExists, name, action }: AlterModel): string {
  const head = `ALTER MODEL ${ifExists ? 'IF EXISTS ' : ''}${printPath(name)}`;
  switch (action.kind) {
    case 'set':
      return `${head} SET (${action.options.map(printOption).join(', ')})`;
    case 'reset':
      return `${head} RESET (${action.keys.map(printString).join(', ')})`;
    case 'rename':
      return `${head} RENAME TO ${printPath(action.to)}`;
    default:
      return unreachable(action);
  }
}
