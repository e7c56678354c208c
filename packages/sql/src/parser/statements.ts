/* Statements by their first word. */

import { UserError } from '#base';
import type {
  DescribeStatement,
  DropStatement,
  ExplainStatement,
  ResetStatement,
  SetStatement,
  Statement,
  StatementSet,
  StopJobStatement,
  TruncateTable,
  UseStatement,
} from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import { parseAlter } from './alter.ts';
import { parseCreate } from './create.ts';
import { parseCreateTable } from './create-table.ts';
import type { Cursor } from './cursor.ts';
import { parseInsert, parseInserts } from './insert.ts';
import { spanOf } from './mistakes.ts';
import { atString, parsePath, parseString } from './names.ts';
import { parseIfExists } from './options.ts';
import { atQuery, parseQueryExpression } from './queries.ts';
import { parseShow } from './show.ts';
import { parseUnsupported } from './unsupported.ts';

/** What a statement may begin with, for messages. */
const firstWords =
  'SELECT INSERT CREATE DROP ALTER SET RESET SHOW DESCRIBE USE EXPLAIN EXECUTE WITH VALUES BEGIN'.split(' ');

/** Flink's statements that do nothing here. */
const unsupportedWords = new Set(
  'ADD ANALYZE CALL COMPILE DELETE LOAD MERGE REMOVE UNLOAD UPDATE UPSERT'.split(' '),
);

/** One statement, without its semicolon. */
export function parseAnyStatement(c: Cursor): Statement {
  const first = c.peek();
  switch (first.symbol) {
    case 'INSERT':
      return parseInsert(c);
    case 'CREATE':
      return parseCreate(c);
    case 'DROP':
      return parseDrop(c);
    case 'ALTER':
      return parseAlter(c);
    case 'SET':
      return parseSet(c);
    case 'RESET':
      return parseReset(c);
    case 'SHOW':
      return parseShow(c);
    case 'DESCRIBE':
    case 'DESC':
      return parseDescribe(c);
    case 'USE':
      return parseUse(c);
    case 'EXPLAIN':
      return parseExplain(c);
    case 'EXECUTE':
      return parseExecute(c);
    case 'BEGIN':
      return parseBegin(c);
    case 'STOP':
      return parseStopJob(c);
    case 'REPLACE':
      return parseReplaceTable(c);
    case 'TRUNCATE':
      return parseTruncate(c);
    default:
      break;
  }
  if (atQuery(c) || first.symbol === '(') {
    const query = parseQueryExpression(c);
    return { kind: 'select-statement', query, span: c.spanFrom(first) };
  }
  if (unsupportedWords.has(first.symbol)) {
    c.next();
    const second = c.peek();
    const name = second.kind === 'word' ? `${first.symbol} ${second.symbol}` : first.symbol;
    return parseUnsupported(c, first, twoWords.has(name) ? name : first.symbol);
  }
  return c.fail(...firstWords);
}

/** Those of them that are known by two words. */
const twoWords = new Set(
  'ADD JAR,ANALYZE TABLE,COMPILE PLAN,LOAD MODULE,REMOVE JAR,UNLOAD MODULE'.split(','),
);

/** DROP [TEMPORARY [SYSTEM]] {TABLE | VIEW | …} [IF EXISTS] name [RESTRICT | CASCADE]. */
function parseDrop(c: Cursor): DropStatement | Statement {
  const first = c.next();
  const temporary = c.accept('TEMPORARY');
  const system = temporary && c.accept('SYSTEM');
  if (c.at('CONNECTION')) return parseUnsupported(c, first, 'DROP CONNECTION');
  if (c.at('MATERIALIZED')) return parseUnsupported(c, first, 'DROP MATERIALIZED TABLE');
  const what = system
    ? c.expectOne('FUNCTION')
    : temporary
      ? c.expectOne('TABLE', 'VIEW', 'FUNCTION', 'MODEL')
      : c.expectOne('TABLE', 'VIEW', 'FUNCTION', 'MODEL', 'CATALOG', 'DATABASE');
  const ifExists = parseIfExists(c);
  const name = parsePath(c, `a ${what.toLowerCase()} name`);
  const behavior = what === 'DATABASE' ? c.acceptOne('RESTRICT', 'CASCADE') : undefined;
  return { kind: 'drop', what, temporary, system, ifExists, name, behavior, span: c.spanFrom(first) };
}

/** SET 'key' = 'value', or SET alone. */
function parseSet(c: Cursor): SetStatement {
  const first = c.next();
  if (atEnd(c)) return { kind: 'set', key: undefined, value: undefined, span: c.spanFrom(first) };
  if (!atString(c)) failUnquoted(c, 'SET');
  const key = parseString(c);
  c.expect('=');
  const value = parseString(c, 'the value in single quotes');
  return { kind: 'set', key, value, span: c.spanFrom(first) };
}

/** STOP JOB 'name' [WITH SAVEPOINT] [WITH DRAIN]. */
function parseStopJob(c: Cursor): StopJobStatement {
  const first = c.next();
  c.expect('JOB');
  const job = parseString(c, "the job's name in single quotes");
  let savepoint = false;
  let drain = false;
  while (c.accept('WITH')) {
    if (c.expectOne('SAVEPOINT', 'DRAIN') === 'DRAIN') drain = true;
    else savepoint = true;
  }
  return { kind: 'stop-job', job, savepoint, drain, span: c.spanFrom(first) };
}

/** RESET 'key', or RESET alone. */
function parseReset(c: Cursor): ResetStatement {
  const first = c.next();
  if (atEnd(c)) return { kind: 'reset', key: undefined, span: c.spanFrom(first) };
  if (!atString(c)) failUnquoted(c, 'RESET');
  return { kind: 'reset', key: parseString(c), span: c.spanFrom(first) };
}

function failUnquoted(c: Cursor, word: 'SET' | 'RESET'): never {
  const token = c.peek();
  if (token.kind !== 'word') c.fail('a key in single quotes');
  while (!atEnd(c) && !c.at('=')) c.next();
  const key = c.text.slice(token.start, c.previous().end);
  throw new UserError('SQL0001', {
    at: spanOf(token),
    message: `${word} takes its key in single quotes`,
    hint: `Write ${word} '${key}'${word === 'SET' ? " = 'value'" : ''}.`,
  });
}

function atEnd(c: Cursor): boolean {
  return c.peek().kind === 'end' || c.at(';');
}

/** DESCRIBE [EXTENDED] table, DESCRIBE {CATALOG | DATABASE | FUNCTION | MODEL} [EXTENDED] name. */
function parseDescribe(c: Cursor): DescribeStatement | Statement {
  const first = c.next();
  const word = c.peek().symbol;
  if (notDescribed.has(word) && (c.atName(1) || atString(c, 1)))
    return parseUnsupported(c, first, `DESCRIBE ${word}`);
  const what = c.atName(1) ? (c.acceptOne('CATALOG', 'DATABASE', 'FUNCTION', 'MODEL') ?? 'TABLE') : 'TABLE';
  const extended = c.atName(1) && c.accept('EXTENDED');
  const name = parsePath(c, `a ${what.toLowerCase()} name`);
  return { kind: 'describe', what, extended, name, span: c.spanFrom(first) };
}

const notDescribed = new Set(['JOB']);

/** REPLACE TABLE … AS query. */
function parseReplaceTable(c: Cursor): Statement {
  const first = c.next();
  c.expect('TABLE');
  return parseCreateTable(c, first, false, 'replace');
}

/** TRUNCATE TABLE name. */
function parseTruncate(c: Cursor): TruncateTable {
  const first = c.next();
  c.expect('TABLE');
  const name = parsePath(c, 'a table name');
  return { kind: 'truncate-table', name, span: c.spanFrom(first) };
}

/** USE CATALOG name, USE [catalog.]database. */
function parseUse(c: Cursor): UseStatement | Statement {
  const first = c.next();
  if (c.at('MODULES') && c.atName(1)) return parseUnsupported(c, first, 'USE MODULES');
  const what = c.at('CATALOG') && c.atName(1) ? 'CATALOG' : 'DATABASE';
  if (what === 'CATALOG') c.next();
  const name = parsePath(c, what === 'CATALOG' ? 'a catalog name' : 'a database name');
  return { kind: 'use', what, name, span: c.spanFrom(first) };
}

const explainDetails = [
  'ESTIMATED_COST',
  'CHANGELOG_MODE',
  'JSON_EXECUTION_PLAN',
  'PLAN_ADVICE',
  'AST',
  'CODEGEN',
] as const;

/** EXPLAIN [PLAN FOR | detail, …] statement. */
function parseExplain(c: Cursor): ExplainStatement {
  const first = c.next();
  const details: ExplainStatement['details'][number][] = [];
  if (!c.acceptAll('PLAN', 'FOR')) {
    for (
      let detail = c.acceptOne(...explainDetails);
      detail !== undefined;
      detail = c.expectOne(...explainDetails)
    ) {
      details.push(detail);
      if (!c.accept(',')) break;
    }
  }
  return { kind: 'explain', details, statement: parseExplained(c), span: c.spanFrom(first) };
}

function parseExplained(c: Cursor): ExplainStatement['statement'] {
  const first = c.peek();
  if (c.at('INSERT')) return parseInsert(c);
  if (c.at('STATEMENT') || c.at('EXECUTE')) {
    c.accept('EXECUTE');
    return parseStatementSet(c, first);
  }
  if (c.at('CREATE')) {
    const statement = parseCreate(c);
    if (statement.kind === 'create-table-as') return statement;
    throw new UserError('SQL0004', {
      at: statement.span,
      message: 'only queries, INSERT, statement sets and CREATE TABLE AS can be explained',
    });
  }
  if (!atQuery(c) && !c.at('('))
    c.fail('SELECT', 'INSERT', 'STATEMENT SET', 'CREATE TABLE', ...explainDetails);
  const query = parseQueryExpression(c);
  return { kind: 'select-statement', query, span: c.spanFrom(first) };
}

/** EXECUTE STATEMENT SET BEGIN … END; EXECUTE before a single statement changes nothing. */
function parseExecute(c: Cursor): StatementSet | Statement {
  const first = c.next();
  if (c.at('STATEMENT')) return parseStatementSet(c, first);
  if (c.at('PLAN')) return parseUnsupported(c, first, 'EXECUTE PLAN');
  if (c.at('INSERT') || atQuery(c)) return parseAnyStatement(c);
  return c.fail('STATEMENT SET', 'INSERT', 'SELECT');
}

function parseStatementSet(c: Cursor, first: Token): StatementSet {
  c.expectAll('STATEMENT', 'SET', 'BEGIN');
  return parseInserts(c, first);
}

/** BEGIN STATEMENT SET; INSERT …; END. */
function parseBegin(c: Cursor): StatementSet {
  const first = c.next();
  c.expectAll('STATEMENT', 'SET', ';');
  return parseInserts(c, first);
}
