/* Statements as canonical text, without a semicolon. Tables and statement sets take a line for each part. */

import { unreachable } from '#base';
import type {
  AlterCatalog,
  AlterTable,
  AlterView,
  CreateFunction,
  CreateView,
  DropStatement,
  InsertStatement,
  PartitionItem,
  PlacedColumn,
  ShowStatement,
  Statement,
  StatementSet,
} from '../ast/statements.ts';
import { printColumn, printCreateTable, printPrimaryKey, printWatermark } from './create-table.ts';
import { printExpression } from './expressions.ts';
import { printAlterModel, printCreateModel } from './model.ts';
import {
  printComment,
  printHints,
  printName,
  printNames,
  printOption,
  printPath,
  printString,
  printWith,
} from './names.ts';
import { printQuery } from './queries.ts';

export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'select-statement':
      return printQuery(statement.query);
    case 'insert':
      return printInsert(statement);
    case 'statement-set':
      return `EXECUTE ${printStatementSet(statement)}`;
    case 'create-table':
    case 'create-table-as':
      return printCreateTable(statement);
    case 'create-view':
      return printCreateView(statement);
    case 'create-function':
      return printCreateFunction(statement);
    case 'create-model':
      return printCreateModel(statement);
    case 'alter-model':
      return printAlterModel(statement);
    case 'create-catalog': {
      const { ifNotExists, name, comment, options } = statement;
      const head = `CREATE CATALOG ${ifNotExists ? 'IF NOT EXISTS ' : ''}${printName(name)}`;
      return head + printComment(comment) + printWith(options);
    }
    case 'create-database': {
      const { ifNotExists, name, comment, options } = statement;
      const head = `CREATE DATABASE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(name)}`;
      return head + printComment(comment) + printWith(options);
    }
    case 'drop':
      return printDrop(statement);
    case 'alter-table':
      return printAlterTable(statement);
    case 'alter-view':
      return printAlterView(statement);
    case 'alter-database':
      return `ALTER DATABASE ${printPath(statement.name)} SET ${printList(statement.options.map(printOption))}`;
    case 'alter-catalog':
      return `ALTER CATALOG ${printName(statement.name)} ${printCatalogAction(statement.action)}`;
    case 'alter-function': {
      const { temporary, system, ifExists, name, className, language } = statement;
      const words = `ALTER${temporary ? ' TEMPORARY' : ''}${system ? ' SYSTEM' : ''} FUNCTION`;
      const written = language === undefined ? '' : ` LANGUAGE ${language}`;
      return `${words} ${ifExists ? 'IF EXISTS ' : ''}${printPath(name)} AS ${printString(className)}${written}`;
    }
    case 'truncate-table':
      return `TRUNCATE TABLE ${printPath(statement.name)}`;
    case 'show':
      return printShow(statement);
    case 'describe':
      return `DESCRIBE ${statement.what === 'TABLE' ? '' : `${statement.what} `}${statement.extended ? 'EXTENDED ' : ''}${printPath(statement.name)}`;
    case 'use':
      return `USE ${statement.what === 'CATALOG' ? 'CATALOG ' : ''}${printPath(statement.name)}`;
    case 'set':
      if (statement.key === undefined) return 'SET';
      return `SET ${printString(statement.key)} = ${printString(statement.value ?? '')}`;
    case 'reset':
      return statement.key === undefined ? 'RESET' : `RESET ${printString(statement.key)}`;
    case 'explain': {
      const details = statement.details.length === 0 ? 'PLAN FOR' : statement.details.join(', ');
      const inner = statement.statement;
      const text = inner.kind === 'statement-set' ? printStatementSet(inner) : printStatement(inner);
      return `EXPLAIN ${details} ${text}`;
    }
    case 'stop-job': {
      const { job, savepoint, drain } = statement;
      return `STOP JOB ${printString(job)}${savepoint ? ' WITH SAVEPOINT' : ''}${drain ? ' WITH DRAIN' : ''}`;
    }
    case 'unsupported':
      return statement.text;
    default:
      return unreachable(statement);
  }
}

function printInsert(insert: InsertStatement): string {
  const { overwrite, target, hints, partition, columns, query, onConflict } = insert;
  return [
    `INSERT ${overwrite ? 'OVERWRITE' : 'INTO'} ${printPath(target)}${printHints(hints)}`,
    ...(partition.length === 0 ? [] : [`PARTITION ${printItems(partition)}`]),
    ...(columns.length === 0 ? [] : [printNames(columns)]),
    printQuery(query),
    ...(onConflict === undefined ? [] : [`ON CONFLICT DO ${onConflict}`]),
  ].join(' ');
}

const printItems = (items: readonly PartitionItem[]): string =>
  `(${items.map(({ column, value }) => `${printName(column)} = ${printExpression(value)}`).join(', ')})`;

function printStatementSet(set: StatementSet): string {
  return `STATEMENT SET BEGIN\n${set.inserts.map((insert) => `${printInsert(insert)};\n`).join('')}END`;
}

function printCreateView(view: CreateView): string {
  const words = `CREATE${view.orReplace ? ' OR REPLACE' : ''}${view.temporary ? ' TEMPORARY' : ''} VIEW`;
  const name = `${view.ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(view.name)}`;
  const columns = view.columns.length === 0 ? '' : ` ${printNames(view.columns)}`;
  return `${words} ${name}${columns}${printComment(view.comment)} AS ${printQuery(view.query)}`;
}

function printCreateFunction(made: CreateFunction): string {
  const words = `CREATE${made.temporary ? ' TEMPORARY' : ''}${made.system ? ' SYSTEM' : ''} FUNCTION`;
  const name = `${made.ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(made.name)}`;
  const language = made.language === undefined ? '' : ` LANGUAGE ${made.language}`;
  return `${words} ${name} AS ${printString(made.className)}${language}`;
}

function printDrop(drop: DropStatement): string {
  const words = `DROP${drop.temporary ? ' TEMPORARY' : ''}${drop.system ? ' SYSTEM' : ''} ${drop.what}${drop.ifExists ? ' IF EXISTS' : ''}`;
  return `${words} ${printPath(drop.name)}${drop.behavior === undefined ? '' : ` ${drop.behavior}`}`;
}

function printAlterTable({ ifExists, name, action }: AlterTable): string {
  const head = `ALTER TABLE ${ifExists ? 'IF EXISTS ' : ''}${printPath(name)}`;
  switch (action.kind) {
    case 'set':
      return `${head} SET ${printList(action.options.map(printOption))}`;
    case 'reset':
      return `${head} RESET ${printList(action.keys.map(printString))}`;
    case 'rename':
      return `${head} RENAME TO ${printPath(action.to)}`;
    case 'rename-column':
      return `${head} RENAME ${printName(action.from)} TO ${printName(action.to)}`;
    case 'add':
    case 'modify': {
      const parts = [
        ...action.columns.map(printPlaced),
        ...(action.watermark === undefined ? [] : [printWatermark(action.watermark)]),
        ...(action.primaryKey === undefined ? [] : [printPrimaryKey(action.primaryKey)]),
      ];
      return `${head} ${action.kind.toUpperCase()} ${printList(parts)}`;
    }
    case 'drop-columns':
      return `${head} DROP ${printNames(action.columns)}`;
    case 'drop-primary-key':
      return `${head} DROP PRIMARY KEY`;
    case 'drop-constraint':
      return `${head} DROP CONSTRAINT ${printName(action.name)}`;
    case 'drop-watermark':
      return `${head} DROP WATERMARK`;
    case 'add-partitions':
    case 'drop-partitions': {
      const adds = action.kind === 'add-partitions';
      const unless = action.unlessThere ? (adds ? ' IF NOT EXISTS' : ' IF EXISTS') : '';
      const parts = action.partitions.map(
        ({ items, options }) =>
          `PARTITION ${printItems(items)}${options.length === 0 ? '' : ` WITH ${printList(options.map(printOption))}`}`,
      );
      return `${head} ${adds ? 'ADD' : 'DROP'}${unless} ${parts.join(adds ? ' ' : ', ')}`;
    }
    case 'other':
      return `${head} ${action.text}`;
    default:
      return unreachable(action);
  }
}

const printList = (parts: readonly string[]): string => `(${parts.join(', ')})`;

function printPlaced({ column, position }: PlacedColumn): string {
  const text = printColumn(column);
  if (position === undefined) return text;
  return `${text} ${position === 'FIRST' ? 'FIRST' : `AFTER ${printName(position.after)}`}`;
}

function printCatalogAction(action: AlterCatalog['action']): string {
  switch (action.kind) {
    case 'set':
      return `SET ${printList(action.options.map(printOption))}`;
    case 'reset':
      return `RESET ${printList(action.keys.map(printString))}`;
    case 'comment':
      return `COMMENT ${printString(action.comment)}`;
    default:
      return unreachable(action);
  }
}

function printAlterView({ name, action }: AlterView): string {
  const change =
    action.kind === 'as' ? `AS ${printQuery(action.query)}` : `RENAME TO ${printPath(action.to)}`;
  return `ALTER VIEW ${printPath(name)} ${change}`;
}

function printShow({ what, name, partition, like }: ShowStatement): string {
  const named = what === 'PARTITIONS' || what.startsWith('CREATE ');
  const of = partition === undefined ? '' : ` PARTITION ${printItems(partition)}`;
  const place = name.length === 0 ? '' : ` ${named ? '' : 'FROM '}${printPath(name)}${of}`;
  if (like === undefined) return `SHOW ${what}${place}`;
  const word = `${like.negated ? 'NOT ' : ''}${like.ignoreCase ? 'ILIKE' : 'LIKE'}`;
  return `SHOW ${what}${place} ${word} ${printString(like.pattern)}`;
}
