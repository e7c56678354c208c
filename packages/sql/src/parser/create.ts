/* CREATE of everything that is not a table. */

import type {
  CreateCatalog,
  CreateDatabase,
  CreateFunction,
  CreateView,
  Statement,
} from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import { parseCreateTable } from './create-table.ts';
import type { Cursor } from './cursor.ts';
import { parseCreateModel } from './model.ts';
import { parseComment, parseName, parsePath, parseString } from './names.ts';
import { parseIfNotExists, parseWithOptions } from './options.ts';
import { parseQueryExpression } from './queries.ts';
import { parseUnsupported } from './unsupported.ts';

export function parseCreate(c: Cursor): Statement {
  const first = c.next();
  if (c.atAll('OR', 'ALTER', 'MATERIALIZED')) return parseUnsupported(c, first, 'CREATE MATERIALIZED TABLE');
  const orReplace = c.acceptAll('OR', 'REPLACE');
  const temporary = c.acceptOne('TEMPORARY') !== undefined;
  const system = temporary && c.accept('SYSTEM');
  if (system && !c.at('FUNCTION')) c.fail('FUNCTION');
  switch (c.peek().symbol) {
    case 'TABLE':
      c.next();
      return parseCreateTable(c, first, temporary, orReplace ? 'create-or-replace' : 'create');
    case 'VIEW':
      c.next();
      return parseCreateView(c, first, temporary, orReplace);
    case 'FUNCTION':
      return parseCreateFunction(c, first, temporary, system);
    case 'CATALOG':
      c.next();
      return parseCreateCatalog(c, first);
    case 'DATABASE':
      c.next();
      return parseCreateDatabase(c, first);
    case 'MODEL':
      c.next();
      return parseCreateModel(c, first, temporary);
    case 'CONNECTION':
      return parseUnsupported(c, first, 'CREATE CONNECTION');
    case 'MATERIALIZED':
      return parseUnsupported(c, first, 'CREATE MATERIALIZED TABLE');
    default:
      return c.fail(
        'TABLE',
        'VIEW',
        'FUNCTION',
        'MODEL',
        'CATALOG',
        'DATABASE',
        ...(temporary ? [] : ['TEMPORARY']),
      );
  }
}

function parseCreateView(c: Cursor, first: Token, temporary: boolean, orReplace: boolean): CreateView {
  const ifNotExists = parseIfNotExists(c);
  const name = parsePath(c, 'a view name');
  const columns = c.at('(') ? c.parenthesized(() => parseName(c, 'a column name')) : [];
  const comment = parseComment(c);
  c.expect('AS', ...(columns.length === 0 ? ['('] : []));
  const query = parseQueryExpression(c);
  const span = c.spanFrom(first);
  return { kind: 'create-view', temporary, ifNotExists, orReplace, name, columns, comment, query, span };
}

/** FUNCTION name AS 'class' [LANGUAGE word]; jars and options are Flink's own and refused later by name. */
function parseCreateFunction(
  c: Cursor,
  first: Token,
  temporary: boolean,
  system: boolean,
): CreateFunction | Statement {
  c.next();
  const ifNotExists = parseIfNotExists(c);
  const name = parsePath(c, 'a function name');
  c.expect('AS');
  const className = parseString(c, 'a class or module name in single quotes');
  const language = c.accept('LANGUAGE') ? parseName(c, 'a language').text.toUpperCase() : undefined;
  if (c.at('USING')) return parseUnsupported(c, first, 'CREATE FUNCTION … USING JAR');
  if (c.at('WITH')) return parseUnsupported(c, first, 'CREATE FUNCTION … WITH');
  const span = c.spanFrom(first);
  return { kind: 'create-function', temporary, system, ifNotExists, name, className, language, span };
}

function parseCreateCatalog(c: Cursor, first: Token): CreateCatalog {
  const ifNotExists = parseIfNotExists(c);
  const name = parseName(c, 'a catalog name');
  const comment = parseComment(c);
  const options = parseWithOptions(c);
  return { kind: 'create-catalog', ifNotExists, name, comment, options, span: c.spanFrom(first) };
}

function parseCreateDatabase(c: Cursor, first: Token): CreateDatabase {
  const ifNotExists = parseIfNotExists(c);
  const name = parsePath(c, 'a database name');
  const comment = parseComment(c);
  const options = parseWithOptions(c);
  return { kind: 'create-database', ifNotExists, name, comment, options, span: c.spanFrom(first) };
}
