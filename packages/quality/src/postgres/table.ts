/* A table, view or query of PostgreSQL as a checked table: its database does the work, and answers with counts and samples. */

import pg from 'pg';
import { ExternalError, MillraceError, UserError } from '#base';
import type { Cell } from '../cell.ts';
import { quotedName } from '../dialect/dialect.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import type { CheckedTable } from '../table/checked-table.ts';
import type { Family, TableColumn } from '../table/column.ts';
import { OneAtATime } from '../table/one-at-a-time.ts';
import { postgresParsers, postgresFamily } from './values.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly connection: string;
  /** A table or view, with or without its schema. */
  readonly table?: string | undefined;
  /** A SELECT instead. */
  readonly query?: string | undefined;
}
const attemptMsMax = 10_000;
const settings = `SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET standard_conforming_strings = on;
  SET default_transaction_read_only = on; SET extra_float_digits = 1`;

/** Throws QLT1018 for an address, UserError for a table that is not there, ExternalError when it cannot be reached. */
export async function openPostgresTable({
  connection,
  table,
  query,
}: PostgresOptions): Promise<CheckedTable> {
  const client = await connect(connection);
  const turns = new OneAtATime();
  const run = async (sql: string): Promise<Cell[][]> => {
    try {
      const { rows } = await turns.run(() => client.query<Cell[]>({ text: sql, rowMode: 'array' }));
      return rows;
    } catch (thrown) {
      throw postgresError(table ?? 'the query', thrown);
    }
  };
  try {
    const from = query === undefined ? nameOf(table!) : `(${query.replace(/[;\s]+$/, '')}) AS checked`;
    const columns = await columnsOf(client, from, table ?? 'the query');
    const key = query === undefined ? await keyOf(run, from) : [];
    return {
      name: table ?? 'the query',
      columns,
      dialect: postgresDialect,
      from,
      numbered: undefined,
      key,
      query: run,
      other: nameOf,
      close: () => client.end(),
    };
  } catch (thrown) {
    await client.end().catch(() => {});
    throw thrown;
  }
}

/** schema.table, each part as it was created: without quotes in lower case. */
function nameOf(table: string): string {
  const parts = table.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [table];
  return parts.map((part) => (part.startsWith('"') ? part : quotedName(part))).join('.');
}

async function connect(connection: string): Promise<pg.Client> {
  let address: URL;
  try {
    address = new URL(connection);
    if (!/^postgres(ql)?:$/.test(address.protocol)) throw new TypeError(address.protocol);
  } catch (cause) {
    throw new UserError('QLT1018', {
      message: 'the connection is no address of PostgreSQL',
      hint: 'Write postgres://user:password@host:5432/database.',
      // The address may hold a password: it is no cause to be shown.
      cause: cause instanceof TypeError ? undefined : cause,
    });
  }
  const client = new pg.Client({
    connectionString: connection,
    application_name: 'millrace validate',
    connectionTimeoutMillis: attemptMsMax,
    types: { getTypeParser: postgresParsers },
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(settings);
    return client;
  } catch (thrown) {
    await client.end().catch(() => {});
    // Two addresses in one, as a shell may join them, have a password where the database is named.
    const place = `${address.host}${address.pathname}`.replaceAll(/\/\/[^/]*@/g, '//…@');
    throw postgresError(`PostgreSQL at ${place}`, thrown);
  }
}

async function columnsOf(client: pg.Client, from: string, what: string): Promise<TableColumn[]> {
  try {
    const { fields } = await client.query({ text: `SELECT * FROM ${from} LIMIT 0`, rowMode: 'array' });
    const types = await client.query<[string]>({
      text: `SELECT format_type(t.oid, m.mod) FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS m(oid, mod, at)
        JOIN pg_type t ON t.oid = m.oid ORDER BY m.at`,
      values: [fields.map((f) => f.dataTypeID), fields.map((f) => f.dataTypeModifier)],
      rowMode: 'array',
    });
    return fields.map((field, i): TableColumn => {
      const type = types.rows[i]![0];
      const family: Family = postgresFamily(type);
      return { name: field.name, type, family };
    });
  } catch (thrown) {
    throw postgresError(what, thrown);
  }
}

/** Columns of the primary key. */
async function keyOf(run: (sql: string) => Promise<Cell[][]>, from: string): Promise<string[]> {
  const rows =
    await run(`SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
    WHERE i.indrelid = '${from.replaceAll("'", "''")}'::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)`);
  return rows.map(([name]) => String(name));
}

/** SQLSTATE classes that are about the statement, the data or the rights: they come back the same. */
const lasting = /^(0A|21|22|23|26|28|2B|3D|3F|42|44|54|P0)/;

function postgresError(what: string, thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const error = thrown as Error & { readonly code?: string };
  const state = /^[0-9A-Z]{5}$/.test(error.code ?? '') ? error.code! : undefined;
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : undefined;
  const reason =
    first instanceof Error
      ? first.message
      : error.message === ''
        ? String(error.code ?? error.name)
        : error.message;
  const message = `${what}: ${reason}${state === undefined ? '' : ` [SQLSTATE ${state}]`}`;
  return state !== undefined && lasting.test(state)
    ? new UserError('QLT2006', { message, cause: thrown })
    : new ExternalError('QLT3002', { message, cause: thrown });
}
