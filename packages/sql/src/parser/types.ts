/* Types as written: INT, DECIMAL(10, 2), ROW<a INT, b STRING>, INT ARRAY NOT NULL, INTERVAL DAY(3) TO
 * SECOND(3). */

import { UserError } from '#base';
import type { DataType, Identifier } from '../ast/names.ts';
import type { Cursor } from './cursor.ts';
import { spanOf } from './mistakes.ts';
import { atString, parseCount, parseName, parsePath, parseString } from './names.ts';

/** Every spelling of a simple type, and its canonical name. */
const simpleTypes: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  DECIMAL: 'DECIMAL',
  DEC: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  FLOAT: 'FLOAT',
  REAL: 'FLOAT',
  DOUBLE: 'DOUBLE',
  STRING: 'STRING',
  VARCHAR: 'VARCHAR',
  CHAR: 'CHAR',
  CHARACTER: 'CHAR',
  BYTES: 'BYTES',
  VARBINARY: 'VARBINARY',
  BINARY: 'BINARY',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ',
  NULL: 'NULL',
  VARIANT: 'VARIANT',
  BITMAP: 'BITMAP',
};

/** How many numbers may stand in parentheses behind a type. */
const parametersMax: Readonly<Record<string, number>> = {
  DECIMAL: 2,
  VARCHAR: 1,
  CHAR: 1,
  VARBINARY: 1,
  BINARY: 1,
  TIME: 1,
  TIMESTAMP: 1,
  TIMESTAMP_LTZ: 1,
};

type Parts = Omit<DataType, 'span' | 'nullable'>;

const bare: Omit<Parts, 'name'> = { parameters: [], elements: [], fields: [], interval: undefined };

/** A whole type with its nullability and any ARRAY or MULTISET behind it. */
export function parseType(c: Cursor): DataType {
  const first = c.peek();
  c.down();
  const outer = c.measure();
  const parts = parsePlainType(c);
  c.grow();
  let type: DataType = { ...parts, nullable: parseNullability(c), span: c.spanFrom(first) };
  for (;;) {
    const collection = c.acceptOne('ARRAY', 'MULTISET');
    if (collection === undefined) break;
    c.grow();
    const nullable = parseNullability(c);
    type = { ...bare, name: collection, elements: [type], nullable, span: c.spanFrom(first) };
  }
  c.measured(outer);
  c.up();
  return type;
}

/** NOT NULL is false. A NULL means nothing, unless it begins the NULL ON EMPTY of a JSON function. */
function parseNullability(c: Cursor): false | undefined {
  if (c.acceptAll('NOT', 'NULL')) return false;
  if (!c.at('ON', 1)) c.accept('NULL');
  return undefined;
}

function parsePlainType(c: Cursor): Parts {
  const token = c.peek();
  const name = token.kind === 'word' ? simpleTypes[token.symbol] : undefined;
  if (name !== undefined) {
    c.next();
    return parseSimpleType(c, token.symbol, name);
  }
  switch (token.symbol) {
    case 'ARRAY':
    case 'MULTISET':
      return parseCollection(c, 1);
    case 'MAP':
      return parseCollection(c, 2);
    case 'ROW':
      return parseRow(c);
    case 'INTERVAL':
      c.next();
      return parseIntervalType(c);
    case 'STRUCTURED':
      if (c.at('<', 1)) return parseStructured(c);
      break;
    case 'RAW':
      if (c.at('(', 1) || c.at('<', 1)) {
        throw new UserError('SQL0004', {
          at: spanOf(token),
          message: `the type ${token.symbol} is not supported`,
        });
      }
      break;
  }
  if (!c.atName()) c.fail('a type');
  const path = parsePath(c, 'a type');
  return { ...bare, name: path.map((part) => part.text).join('.') };
}

function parseSimpleType(c: Cursor, written: string, name: string): Parts {
  let canonical = name;
  if (written === 'DOUBLE') c.accept('PRECISION');
  if (name === 'CHAR' && c.accept('VARYING')) canonical = 'VARCHAR';
  if (name === 'BINARY' && c.accept('VARYING')) canonical = 'VARBINARY';
  const most = parametersMax[canonical] ?? 0;
  const parameters: number[] = [];
  if (most > 0 && c.accept('(')) {
    parameters.push(parseCount(c));
    if (most > 1 && c.accept(',')) parameters.push(parseCount(c));
    c.expect(')');
  }
  if (name === 'TIMESTAMP') canonical = parseZone(c);
  else if (name === 'TIME') c.acceptAll('WITHOUT', 'TIME', 'ZONE');
  return { ...bare, name: canonical, parameters };
}

function parseZone(c: Cursor): string {
  if (c.acceptAll('WITHOUT', 'TIME', 'ZONE')) return 'TIMESTAMP';
  if (c.acceptAll('WITH', 'LOCAL', 'TIME', 'ZONE')) return 'TIMESTAMP_LTZ';
  if (c.acceptAll('WITH', 'TIME', 'ZONE')) return 'TIMESTAMP_TZ';
  return 'TIMESTAMP';
}

function parseCollection(c: Cursor, count: 1 | 2): Parts {
  const name = c.next().symbol;
  c.expect('<');
  const elements = [parseType(c)];
  if (count === 2) {
    c.expect(',');
    elements.push(parseType(c));
  }
  c.expect('>');
  return { ...bare, name, elements };
}

/** ROW<name TYPE ['comment'], …>, ROW(name TYPE, …), ROW<>. */
function parseRow(c: Cursor): Parts {
  c.next();
  if (c.accept('<>') || c.acceptAll('(', ')')) return { ...bare, name: 'ROW' };
  const close = c.expectOne('<', '(') === '<' ? '>' : ')';
  const fields = c.list(() => parseField(c));
  c.expect(close, ',');
  return { ...bare, name: 'ROW', fields };
}
function parseField(c: Cursor): Parts['fields'][number] {
  const name: Identifier = parseName(c, 'a field name');
  const type = parseType(c);
  return { name, type, comment: atString(c) ? parseString(c) : undefined };
}

/** STRUCTURED<'class', name TYPE ['comment'], …>. */
function parseStructured(c: Cursor): Parts {
  c.next();
  c.expect('<');
  const className = parseString(c);
  const fields = c.accept(',') ? c.list(() => parseField(c)) : [];
  c.expect('>', ',');
  return { ...bare, name: 'STRUCTURED', className, fields };
}

const intervalUnits = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;

function parseIntervalType(c: Cursor): Parts {
  const from = c.expectOne(...intervalUnits);
  let precision: number | undefined;
  let fraction: number | undefined;
  if (c.accept('(')) {
    precision = parseCount(c);
    if (from === 'SECOND' && c.accept(',')) fraction = parseCount(c);
    c.expect(')');
  }
  const to = c.accept('TO') ? c.expectOne(...intervalUnits) : undefined;
  if (to === 'SECOND' && c.accept('(')) {
    fraction = parseCount(c);
    c.expect(')');
  }
  return { ...bare, name: 'INTERVAL', interval: { from, to, precision, fraction } };
}
