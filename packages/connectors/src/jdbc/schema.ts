/* A table of ours and a table of PostgreSQL: names, types, and whether the two fit. */

import type pg from 'pg';
import { didYouMean, UserError } from '#base';
import type { ConnectorTable } from '#catalog';
import { typeText, unboundedLength, type Field, type LogicalType } from '#data';

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `public.orders` as `"public"."orders"`. */
export const quotePath = (path: string): string => path.split('.').map(quoteName).join('.');

/** Greatest length that PostgreSQL takes for varchar(n). */
const varcharMax = 10_485_760;

/** The type of a column that holds values of `type`; undefined when there is none. */
export function postgresType(type: LogicalType): string | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
      return 'boolean';
    case 'TINYINT':
    case 'SMALLINT':
      return 'smallint';
    case 'INT':
      return 'integer';
    case 'BIGINT':
      return 'bigint';
    case 'FLOAT':
      return 'real';
    case 'DOUBLE':
      return 'double precision';
    case 'DECIMAL':
      return `numeric(${type.precision}, ${type.scale})`;
    case 'CHAR':
      return `char(${type.length})`;
    case 'VARCHAR':
      return type.length === unboundedLength || type.length > varcharMax ? 'text' : `varchar(${type.length})`;
    case 'BINARY':
    case 'VARBINARY':
      return 'bytea';
    case 'DATE':
      return 'date';
    case 'TIME':
      return `time(${Math.min(type.precision, 6)})`;
    case 'TIMESTAMP':
      return `timestamp(${Math.min(type.precision, 6)})`;
    case 'TIMESTAMP_LTZ':
      return `timestamptz(${Math.min(type.precision, 6)})`;
    case 'ARRAY': {
      const element = postgresType(type.element);
      return element === undefined ? undefined : element.endsWith('[]') ? element : `${element}[]`;
    }
    default:
      return undefined;
  }
}

/** Throws JDBC1002 for a column that PostgreSQL cannot hold. */
export function checkTypes(fields: readonly Field[]): void {
  for (const { name, type } of fields) {
    if (postgresType(type) !== undefined) continue;
    throw new UserError('JDBC1002', {
      message: `column "${name}": the jdbc connector has no form for ${typeText(type)}`,
      hint: 'Declare it as STRING, and write JSON_STRING(…) or CAST(… AS STRING) into it.',
    });
  }
}

export function createTableSql(path: string, table: ConnectorTable, ifNotExists: boolean): string {
  const columns = table.physical.map(
    ({ name, type }) => `${quoteName(name)} ${postgresType(type)!}${type.nullable ? '' : ' NOT NULL'}`,
  );
  const key =
    table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${table.primaryKey.map(quoteName).join(', ')})`];
  const what = ifNotExists ? 'TABLE IF NOT EXISTS' : 'TABLE';
  return `CREATE ${what} ${quotePath(path)} (${[...columns, ...key].join(', ')})`;
}

/** A column of the database. */
export interface DatabaseColumn {
  readonly name: string;
  /** As PostgreSQL writes it: `numeric(10,2)`, `integer[]`. */
  readonly type: string;
}

/** The table's columns by name, in its order. The table is made first when it is missing and `create` is set.
 *  Throws JDBC1003 for a missing table, JDBC1004 for a missing column. */
export async function databaseColumns(
  client: pg.Client,
  path: string,
  table: ConnectorTable,
  create: boolean,
): Promise<Map<string, DatabaseColumn>> {
  checkTypes(table.physical);
  let columns = await readColumns(client, path);
  if (columns === undefined) {
    if (!create) {
      throw new UserError('JDBC1003', {
        message: `there is no table "${path}" in the database "${client.database ?? ''}"`,
        hint: `Set 'millrace.jdbc.create-table' = 'if-not-exists', or: ${createTableSql(path, table, false)};`,
      });
    }
    await client.query(createTableSql(path, table, true));
    columns = await readColumns(client, path);
  }
  const there = columns ?? new Map<string, DatabaseColumn>();
  for (const { name } of table.physical) {
    if (there.has(name)) continue;
    throw new UserError('JDBC1004', {
      message: `the table "${path}" has no column "${name}"`,
      hint: didYouMean(name, there.keys()),
    });
  }
  return there;
}

async function readColumns(
  client: pg.Client,
  path: string,
): Promise<Map<string, DatabaseColumn> | undefined> {
  const found = await client.query<{ id: string | null }>('SELECT to_regclass($1)::oid::text AS id', [
    quotePath(path),
  ]);
  const id = found.rows[0]?.id;
  if (id === null || id === undefined) return undefined;
  const { rows } = await client.query<DatabaseColumn>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [id],
  );
  return new Map(rows.map((r) => [r.name, r]));
}
