/* ALTER of everything that can be changed. */

import { UserError } from '#base';
import type {
  AlterCatalog,
  AlterDatabase,
  AlterFunction,
  AlterTable,
  AlterView,
  ObjectName,
  Statement,
} from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { spanOf } from './mistakes.ts';
import { parsePartitions } from './partitions.ts';
import { parsePlacedElements } from './create-table.ts';
import { parseAlterModel } from './model.ts';
import { parseComment, parseName, parseNames, parsePath, parseString } from './names.ts';
import { parseIfExists, parseOptionKeys, parseOptions, parseTableName } from './options.ts';
import { parseQueryExpression } from './queries.ts';
import { parseUnsupported, skipStatement } from './unsupported.ts';

export function parseAlter(c: Cursor): Statement {
  const first = c.next();
  const what = c.peek().symbol;
  switch (what) {
    case 'TABLE':
      c.next();
      return parseAlterTable(c, first);
    case 'VIEW':
      c.next();
      return parseAlterView(c, first);
    case 'DATABASE':
      c.next();
      return parseAlterDatabase(c, first);
    case 'CATALOG':
      c.next();
      return parseAlterCatalog(c, first);
    case 'FUNCTION':
    case 'TEMPORARY':
      return parseAlterFunction(c, first);
    case 'MODEL':
      c.next();
      return parseAlterModel(c, first);
    case 'CONNECTION':
    case 'MATERIALIZED':
      return parseUnsupported(
        c,
        first,
        what === 'MATERIALIZED' ? 'ALTER MATERIALIZED TABLE' : `ALTER ${what}`,
      );
    default:
      return c.fail('TABLE', 'VIEW', 'DATABASE', 'CATALOG', 'FUNCTION', 'MODEL');
  }
}

function parseAlterTable(c: Cursor, first: Token): AlterTable {
  const ifExists = parseIfExists(c);
  const name = parseTableName(c);
  const action = parseTableAction(c);
  return { kind: 'alter-table', ifExists, name, action, span: c.spanFrom(first) };
}

function parseTableAction(c: Cursor): AlterTable['action'] {
  const first = c.peek();
  switch (first.symbol) {
    case 'SET':
      c.next();
      return { kind: 'set', options: parseOptions(c) };
    case 'RESET':
      c.next();
      return { kind: 'reset', keys: parseOptionKeys(c) };
    case 'RENAME':
      c.next();
      return parseRename(c);
    case 'ADD':
    case 'MODIFY': {
      if (c.atAll('ADD', 'PARTITION') || c.atAll('ADD', 'IF')) return parsePartitionChange(c);
      if (partitionWords.has(c.peek(1).symbol)) return parseOther(c);
      c.next();
      refuseColumnWord(c, first.text);
      const kind = first.symbol === 'ADD' ? 'add' : 'modify';
      return { kind, ...parsePlacedElements(c, true) };
    }
    case 'DROP':
      if (c.atAll('DROP', 'PARTITION') || c.atAll('DROP', 'IF')) return parsePartitionChange(c);
      if (partitionWords.has(c.peek(1).symbol)) return parseOther(c);
      c.next();
      refuseColumnWord(c, first.text);
      return parseTableDrop(c);
    case 'PARTITION':
      return parseOther(c);
    default:
      return c.fail('SET', 'RESET', 'RENAME', 'ADD', 'MODIFY', 'DROP');
  }
}

/** ADD COLUMN is another dialect's: Flink names the column alone. */
function refuseColumnWord(c: Cursor, word: string): void {
  if (!c.at('COLUMN') || !c.atName(1)) return;
  throw new UserError('SQL0001', {
    at: spanOf(c.peek()),
    message: `found "${c.peek().text}", expected the name of a column`,
    hint: `Write ${word} ${c.peek(1).text}, without COLUMN.`,
  });
}

const partitionWords: ReadonlySet<string> = new Set(['PARTITION', 'DISTRIBUTION']);

/** ADD [IF NOT EXISTS] PARTITION (…) …, DROP [IF EXISTS] PARTITION (…), …. */
function parsePartitionChange(c: Cursor): AlterTable['action'] {
  const adds = c.expectOne('ADD', 'DROP') === 'ADD';
  const unlessThere = c.accept('IF');
  if (unlessThere && adds) c.expect('NOT');
  if (unlessThere) c.expect('EXISTS');
  return { kind: adds ? 'add-partitions' : 'drop-partitions', unlessThere, partitions: parsePartitions(c) };
}

function parseOther(c: Cursor): AlterTable['action'] {
  const first = c.peek();
  skipStatement(c);
  const { start, end } = c.spanFrom(first);
  return { kind: 'other', text: c.text.slice(start, end) };
}

/** DROP column | (columns) | PRIMARY KEY | CONSTRAINT name | WATERMARK. */
function parseTableDrop(c: Cursor): AlterTable['action'] {
  if (c.acceptAll('PRIMARY', 'KEY')) return { kind: 'drop-primary-key' };
  if (c.at('CONSTRAINT') && c.atName(1)) {
    c.next();
    return { kind: 'drop-constraint', name: parseName(c, 'the name of a constraint') };
  }
  if (c.accept('WATERMARK')) return { kind: 'drop-watermark' };
  return { kind: 'drop-columns', columns: c.at('(') ? parseNames(c) : [parseName(c, 'a column name')] };
}

/** RENAME TO table, RENAME column TO column. */
function parseRename(c: Cursor): AlterTable['action'] {
  if (c.at('TO') && !c.at('TO', 1)) {
    c.next();
    return { kind: 'rename', to: parseTableName(c) };
  }
  const from = parseName(c, 'a column name');
  c.expect('TO');
  return { kind: 'rename-column', from, to: parseName(c, 'a column name') };
}

/** ALTER DATABASE name SET (…). */
function parseAlterDatabase(c: Cursor, first: Token): AlterDatabase {
  const name = parsePath(c, 'a database name');
  c.expect('SET');
  return { kind: 'alter-database', name, options: parseOptions(c), span: c.spanFrom(first) };
}

/** ALTER CATALOG name {SET (…) | RESET (…) | COMMENT 'text'}. */
function parseAlterCatalog(c: Cursor, first: Token): AlterCatalog {
  const name = parseName(c, 'a catalog name');
  const action = parseCatalogAction(c);
  return { kind: 'alter-catalog', name, action, span: c.spanFrom(first) };
}

function parseCatalogAction(c: Cursor): AlterCatalog['action'] {
  if (c.accept('SET')) return { kind: 'set', options: parseOptions(c) };
  if (c.accept('RESET')) return { kind: 'reset', keys: parseOptionKeys(c) };
  const comment = parseComment(c);
  return comment === undefined ? c.fail('SET', 'RESET', 'COMMENT') : { kind: 'comment', comment };
}

/** ALTER [TEMPORARY [SYSTEM]] FUNCTION [IF EXISTS] name AS 'class' [LANGUAGE word]. */
function parseAlterFunction(c: Cursor, first: Token): AlterFunction {
  const temporary = c.accept('TEMPORARY');
  const system = temporary && c.accept('SYSTEM');
  c.expect('FUNCTION');
  const ifExists = parseIfExists(c);
  const name = parsePath(c, 'a function name');
  c.expect('AS');
  const className = parseString(c, 'a class or module name in single quotes');
  const language = c.accept('LANGUAGE') ? parseName(c, 'a language').text.toUpperCase() : undefined;
  const span = c.spanFrom(first);
  return { kind: 'alter-function', temporary, system, ifExists, name, className, language, span };
}

function parseAlterView(c: Cursor, first: Token): AlterView {
  const name: ObjectName = parsePath(c, 'a view name');
  const action = parseViewAction(c);
  return { kind: 'alter-view', name, action, span: c.spanFrom(first) };
}

function parseViewAction(c: Cursor): AlterView['action'] {
  if (c.accept('AS')) return { kind: 'as', query: parseQueryExpression(c) };
  if (c.acceptAll('RENAME', 'TO')) return { kind: 'rename', to: parsePath(c, 'a view name') };
  return c.fail('RENAME TO', 'AS');
}
