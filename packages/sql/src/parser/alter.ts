/* ALTER TABLE and ALTER VIEW. */

import type { AlterTable, AlterView, ObjectName, Statement } from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { parseName, parsePath } from './names.ts';
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
    case 'CATALOG':
    case 'CONNECTION':
    case 'DATABASE':
    case 'FUNCTION':
    case 'MATERIALIZED':
    case 'MODEL':
    case 'TEMPORARY':
      return parseUnsupported(c, first, `ALTER ${what}`);
    default:
      return c.fail('TABLE', 'VIEW');
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
    case 'MODIFY':
    case 'DROP':
    case 'PARTITION': {
      skipStatement(c);
      const { start, end } = c.spanFrom(first);
      return { kind: 'other', text: c.text.slice(start, end) };
    }
    default:
      return c.fail('SET', 'RESET', 'RENAME', 'ADD', 'MODIFY', 'DROP');
  }
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
