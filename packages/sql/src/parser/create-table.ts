/* CREATE TABLE: columns, watermark, primary key, PARTITIONED BY, WITH, LIKE, AS. */

import { type Span, UserError } from '#base';
import type { Identifier } from '../ast/names.ts';
import type {
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  LikeClause,
  PlacedColumn,
  PrimaryKey,
  TableElements,
  WatermarkDefinition,
} from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { spanOf } from './mistakes.ts';
import { atString, parseComment, parseName, parseNameAfterDot, parseNames, parseString } from './names.ts';
import { parseIfNotExists, parseTableName, parseWithOptions } from './options.ts';
import { parseQueryExpression } from './queries.ts';
import { parseType } from './types.ts';

/** What stands behind CREATE [TEMPORARY] TABLE; the statement began at `first`. */
export function parseCreateTable(
  c: Cursor,
  first: Token,
  temporary: boolean,
  mode: CreateTableAs['mode'] = 'create',
): CreateTable | CreateTableAs {
  const replacing = mode === 'create' ? undefined : c.previous();
  const ifNotExists = parseIfNotExists(c);
  if (replacing !== undefined && (ifNotExists || temporary))
    throw new UserError('SQL0004', {
      at: spanOf(ifNotExists ? c.previous() : first),
      message: `a table that is replaced cannot be ${ifNotExists ? 'IF NOT EXISTS' : 'TEMPORARY'}, in Flink neither`,
    });
  const name = parseTableName(c);
  // (b, a) in front of AS only orders the columns of the query.
  const order = atNames(c) ? parseNames(c) : [];
  const elements = c.at('(')
    ? parseElements(c)
    : { columns: [], watermark: undefined, primaryKey: undefined };
  const comment = parseComment(c);
  refuseDistribution(c);
  const partitionedBy = c.acceptAll('PARTITIONED', 'BY') ? parsePartitionColumns(c) : [];
  const options = parseWithOptions(c);
  const head = { temporary, ifNotExists, name, comment, ...elements, partitionedBy, options };
  if (c.accept('AS')) {
    const query = parseQueryExpression(c);
    return { kind: 'create-table-as', mode, ...head, order, query, span: c.spanFrom(first) };
  }
  if (replacing !== undefined) c.fail('AS', ...(options.length === 0 ? ['WITH'] : []));
  if (order.length > 0) throw noType(order[0]!);
  const like = c.at('LIKE') ? parseLike(c) : undefined;
  if (elements.columns.length === 0 && like === undefined && options.length === 0)
    c.fail('(', 'WITH', 'LIKE', 'AS');
  return { kind: 'create-table', ...head, like, span: c.spanFrom(first) };
}

/** ( name, … ) and nothing else between the parentheses. */
function atNames(c: Cursor): boolean {
  if (!c.at('(')) return false;
  let ahead = 2;
  while (c.at(',', ahead)) ahead += 2;
  return c.at(')', ahead) && !c.at(')', 1);
}

function parsePartitionColumns(c: Cursor): Identifier[] {
  return c.acceptAll('(', ')') ? [] : parseNames(c);
}

function refuseDistribution(c: Cursor): void {
  if (!c.at('DISTRIBUTED')) return;
  throw new UserError('SQL0004', {
    at: spanOf(c.peek()),
    message: 'DISTRIBUTED BY is not supported',
    hint: 'Leave it out: it has no effect on the results.',
  });
}

/** ( column | WATERMARK | PRIMARY KEY, … ). */
function parseElements(c: Cursor): TableElements {
  const { columns, ...rest } = parsePlacedElements(c);
  return { ...rest, columns: columns.map((p) => p.column) };
}
/** The same, of ALTER TABLE: behind a column may stand where it goes. */
export function parsePlacedElements(
  c: Cursor,
  placed = false,
): Omit<TableElements, 'columns'> & {
  readonly columns: readonly PlacedColumn[];
} {
  const columns: PlacedColumn[] = [];
  let watermark: WatermarkDefinition | undefined;
  let primaryKey: PrimaryKey | undefined;
  const several = !placed || c.at('(');
  if (several) c.expect('(');
  if (several && !placed && c.accept(')')) return { columns, watermark, primaryKey };
  do {
    const first = c.peek();
    if (c.at('WATERMARK') && c.at('FOR', 1)) {
      if (watermark !== undefined) throw declaredTwice(first, 'a watermark');
      watermark = parseWatermark(c);
    } else if (c.atAll('PRIMARY', 'KEY') || (c.at('CONSTRAINT') && c.at('PRIMARY', 2))) {
      if (primaryKey !== undefined) throw declaredTwice(first, 'a primary key');
      primaryKey = parsePrimaryKey(c);
    } else {
      refuseUnique(c);
      const column = parseColumn(c, placed);
      columns.push({ column, position: placed ? parsePosition(c) : undefined });
    }
  } while (several && c.accept(','));
  if (several) c.expect(')', ',');
  return { columns, watermark, primaryKey };
}

/** FIRST, AFTER column. */
function parsePosition(c: Cursor): PlacedColumn['position'] {
  if (c.accept('FIRST')) return 'FIRST';
  return c.accept('AFTER') ? { after: parseName(c, 'a column name') } : undefined;
}

function refuseUnique(c: Cursor): void {
  if (!(c.at('UNIQUE') && c.at('(', 1)) && !(c.at('CONSTRAINT') && c.at('UNIQUE', 2))) return;
  throw new UserError('SQL0004', {
    at: spanOf(c.peek()),
    message: 'UNIQUE is not supported, in Flink neither',
  });
}

function declaredTwice(at: Span, what: string): UserError {
  return new UserError('SQL0005', { at: spanOf(at), message: `the table has ${what} already` });
}

/** WATERMARK FOR path AS expression. */
function parseWatermark(c: Cursor): WatermarkDefinition {
  const first = c.next();
  c.expect('FOR');
  const column = [parseName(c, 'a column name')];
  while (c.accept('.')) column.push(parseNameAfterDot(c, 'a field name'));
  c.expect('AS');
  const expression = parseExpression(c);
  const token = c.previous();
  if (token.kind === 'number' && /^(SECOND|MINUTE|HOUR|DAY|MILLISECOND)S?$/.test(c.peek().symbol)) {
    throw new UserError('SQL0001', {
      at: spanOf(token),
      message: `${token.text} ${c.peek().text} is no interval`,
      hint: `Write INTERVAL '${token.text}' ${c.peek().symbol.replace(/S$/, '')}.`,
    });
  }
  return { column, expression, span: c.spanFrom(first) };
}

/** [CONSTRAINT name] PRIMARY KEY (columns) NOT ENFORCED. */
function parsePrimaryKey(c: Cursor): PrimaryKey {
  const first = c.peek();
  const name = c.accept('CONSTRAINT') ? parseName(c, 'the name of a constraint') : undefined;
  c.expectAll('PRIMARY', 'KEY');
  const columns = parseNames(c);
  const enforced = parseEnforced(c);
  return { name, columns, enforced, span: c.spanFrom(first) };
}

/** NOT ENFORCED is false; ENFORCED, which is also meant when neither stands here, is true. */
function parseEnforced(c: Cursor): boolean {
  if (c.acceptAll('NOT', 'ENFORCED')) return false;
  c.accept('ENFORCED');
  return true;
}

function noType({ text, span }: Identifier): UserError {
  return new UserError('SQL0001', {
    at: span,
    message: `the column "${text}" has no type`,
    hint: `Write its type behind the name, for example \`${text}\` STRING.`,
  });
}

function parseColumn(c: Cursor, placed: boolean): ColumnDefinition {
  const first = c.peek();
  const name = parseName(c, 'a column name');
  if (c.at(',') || c.at(')')) throw noType(name);
  if (c.accept('AS')) {
    const expression = parseExpression(c);
    return { kind: 'computed', name, expression, comment: parseComment(c), span: c.spanFrom(first) };
  }
  const type = parseType(c);
  if (c.at('METADATA')) {
    c.next();
    const from = c.accept('FROM') ? parseString(c, 'a metadata key in single quotes') : undefined;
    const virtual = c.accept('VIRTUAL');
    return { kind: 'metadata', name, type, from, virtual, comment: parseComment(c), span: c.spanFrom(first) };
  }
  const primaryKey = parseColumnKey(c);
  const comment = parseComment(c);
  if (!placed && !c.at(',') && !c.at(')')) failBehindColumn(c, comment !== undefined);
  return { kind: 'physical', name, type, primaryKey, comment, span: c.spanFrom(first) };
}

/** PRIMARY KEY NOT ENFORCED behind a column. */
function parseColumnKey(c: Cursor): boolean {
  const constraint = c.at('CONSTRAINT') && c.at('PRIMARY', 2);
  if (constraint) {
    c.next();
    parseName(c);
  }
  if (!c.acceptAll('PRIMARY', 'KEY')) return false;
  const place = c.previous();
  if (parseEnforced(c)) {
    throw new UserError('SQL0004', {
      at: spanOf(place),
      message: 'a primary key is not enforced: the data stands outside',
      hint: 'Write PRIMARY KEY NOT ENFORCED.',
    });
  }
  return true;
}

function failBehindColumn(c: Cursor, commented: boolean): never {
  if (atString(c)) c.fail('COMMENT', ',', ')');
  if (!commented && c.at('COMMENT')) {
    // Its text is what cannot be read.
    c.next();
    parseString(c);
  }
  return commented ? c.fail(',', ')') : c.fail('NOT NULL', 'METADATA', 'PRIMARY KEY', 'COMMENT', ',', ')');
}

const likeActions = ['INCLUDING', 'EXCLUDING', 'OVERWRITING'] as const;
const likeSubjects = [
  'ALL',
  'CONSTRAINTS',
  'DISTRIBUTION',
  'GENERATED',
  'METADATA',
  'OPTIONS',
  'PARTITIONS',
  'WATERMARKS',
] as const;

/** LIKE table [ ( {INCLUDING | EXCLUDING | OVERWRITING} {ALL | OPTIONS | …} … ) ]. */
function parseLike(c: Cursor): LikeClause {
  const first = c.next();
  const table = parseTableName(c);
  const options: LikeClause['options'][number][] = [];
  if (c.accept('(')) {
    while (!c.at(')')) {
      const action = c.expectOne(...likeActions);
      options.push({ action, what: c.expectOne(...likeSubjects) });
    }
    c.next();
  }
  return { table, options, span: c.spanFrom(first) };
}
