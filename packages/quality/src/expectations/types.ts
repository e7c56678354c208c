/* expect_column_values_to_be_of_type, …_in_type_list, expect_column_type_to_be: by the names that the database, Python,
 * pandas, SQLAlchemy and SQL have for a type. */

import { UserError } from '#base';
import {
  expectation,
  type CheckContext,
  type Expectation,
  type Outcome,
} from '../expectation/expectation.ts';
import { mostly } from '../expectation/row-expectation.ts';
import { column, optional, text, texts } from '../suite/args.ts';
import { columnNamed, type Family, type TableColumn } from '../table/column.ts';

/** Names of a whole family, in lower case. */
const familyNames: Readonly<Record<string, readonly Family[]>> = {
  int: ['integer'],
  float: ['float'],
  number: ['integer', 'decimal', 'float'],
  numeric: ['decimal'],
  decimal: ['decimal'],
  'decimal.decimal': ['decimal'],
  bool: ['boolean'],
  boolean: ['boolean'],
  str: ['text'],
  string: ['text'],
  text: ['text'],
  varchar: ['text'],
  char: ['text'],
  date: ['date'],
  datetime: ['timestamp'],
  datetime64: ['timestamp'],
  'datetime64[us]': ['timestamp'],
  'datetime64[ns]': ['timestamp'],
  timestamp: ['timestamp'],
  time: ['time'],
  bytes: ['bytes'],
};
/** Names of one width: what it is in DuckDB, in PostgreSQL and in Flink SQL. */
const exactNames: Readonly<Record<string, readonly string[]>> = {
  int8: ['TINYINT'],
  int16: ['SMALLINT', 'smallint'],
  int32: ['INTEGER', 'integer', 'INT'],
  int64: ['BIGINT', 'bigint'],
  uint8: ['UTINYINT'],
  uint16: ['USMALLINT'],
  uint32: ['UINTEGER'],
  uint64: ['UBIGINT'],
  float32: ['FLOAT', 'real'],
  float64: ['DOUBLE', 'double precision'],
  tinyint: ['TINYINT'],
  smallint: ['SMALLINT', 'smallint'],
  integer: ['INTEGER', 'integer', 'INT'],
  bigint: ['BIGINT', 'bigint'],
  biginteger: ['BIGINT', 'bigint'],
  smallinteger: ['SMALLINT', 'smallint'],
  real: ['FLOAT', 'real'],
  double: ['DOUBLE', 'double precision'],
  double_precision: ['DOUBLE', 'double precision'],
};

/** undefined for a name of no type. */
function isOfType({ type, family }: TableColumn, name: string): boolean | undefined {
  const wanted = name.trim().toLowerCase();
  const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, '');
  if (plain(type) === plain(name)) return true;
  const families = familyNames[wanted];
  if (families !== undefined) return families.includes(family);
  const exact = exactNames[wanted];
  if (exact !== undefined) return exact.includes(type);
  // decimal(10,2), varchar(20): one of that length, and no other.
  return /^[a-z][\w ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?(\[\])*$/.test(wanted) ? false : undefined;
}

function typeCheck(context: CheckContext, name: string, wanted: readonly string[]): Outcome {
  const found = columnNamed(context.table.columns, name);
  return {
    success: isOfAnyType(found, wanted),
    result: context.format.format === 'BOOLEAN_ONLY' ? {} : { observed_value: found.type },
  };
}
/** Throws QLT1009 where all are names of no type. */
export function isOfAnyType(found: TableColumn, wanted: readonly string[]): boolean {
  const answers = wanted.map((type) => isOfType(found, type));
  const unknown = wanted.filter((_, i) => answers[i] === undefined);
  if (unknown.length === wanted.length && wanted.length > 0)
    throw new UserError('QLT1009', {
      message: `there is no type ${unknown.map((t) => JSON.stringify(t)).join(', ')}`,
      hint: `Name it as the table does (${found.type}), or as one of: ${[...Object.keys(familyNames), ...Object.keys(exactNames)].join(', ')}.`,
    });
  return answers.includes(true);
}

const ofType = (type: string): Expectation =>
  expectation({
    type,
    scope: 'column',
    args: { column, mostly, type_: text },
    check: async (args, context) => typeCheck(context, args.column, [args.type_]),
  });
export const valuesToBeOfType = ofType('expect_column_values_to_be_of_type');
export const columnTypeToBe = ofType('expect_column_type_to_be');

/** Without a list, any type will do. */
export const valuesToBeInTypeList = expectation({
  type: 'expect_column_values_to_be_in_type_list',
  scope: 'column',
  args: { column, mostly, type_list: optional(texts) },
  check: async (args, context) => {
    const list = args.type_list ?? [columnNamed(context.table.columns, args.column).type];
    return typeCheck(context, args.column, list);
  },
});
