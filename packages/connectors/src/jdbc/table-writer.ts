/* What both sinks work with: the table's statements, a buffer for its rows, and a connection that has found the table. */

import type pg from 'pg';
import { present } from '#base';
import type { SinkContext } from '#dataflow';
import { AppendBuffer, UpsertBuffer, type RowBuffer, type Sending } from './buffer.ts';
import { SteadyConnection } from './connection.ts';
import { createsTable, jdbcOptions, tableName } from './options.ts';
import { checkTypes, databaseColumns } from './schema.ts';
import { joinLines, splitLines, writeBut, type RefusedRow } from './refused-rows.ts';
import { copyIn, statements, upsertRows, type Statements } from './statements.ts';

export interface TableWriter {
  readonly statements: Statements;
  /** It has a key: rows take each other's place. */
  readonly isUpsert: boolean;
  readonly buffer: RowBuffer;
  /** Runs work, again after failures that may pass: 'sink.max-retries'. */
  readonly run: <T>(work: (client: pg.Client) => Promise<T>) => Promise<T>;
  /** Writes what was taken of the buffer in the transaction that is open, but for rows that are refused, and returns these. */
  readonly writeBut: (client: pg.Client, sending: Sending) => Promise<readonly RefusedRow[]>;
  readonly deletesOf: (lines: readonly Buffer[]) => number;
  readonly connection: SteadyConnection;
  /** For messages. */
  readonly what: string;
}

/** `prepare` runs on each new connection, once the table was found. Throws UserError for types that PostgreSQL has not. */
export function tableWriter(
  context: SinkContext,
  prepare: (client: pg.Client) => Promise<unknown> = async () => {},
): TableWriter {
  const { table, world, signal, fields } = context;
  const options = jdbcOptions(table);
  checkTypes(fields);
  const path = tableName(options);
  const types = fields.map((f) => f.type);
  const key = table.primaryKey.map((name) => fields.findIndex((f) => f.name === name));
  const isUpsert = key.length > 0;
  const names = fields.map((f) => f.name);
  const made = statements(path, names, table.primaryKey);
  const what = `cannot write to the table "${path}"`;
  const retries = present(options.number('sink.max-retries'), 'it has a default');
  const request = {
    world,
    signal,
    options,
    warn: (message: string) => {
      context.warn(message);
    },
  };
  const connection = new SteadyConnection(request, async (client) => {
    await databaseColumns(client, path, table, createsTable(options));
    await prepare(client);
    if (isUpsert) await client.query(made.makeStage);
  });
  const deletesOf = (lines: readonly Buffer[]): number =>
    isUpsert ? lines.filter((line) => line.at(-1) === deleteMark).length : 0;
  return {
    deletesOf,
    statements: made,
    isUpsert,
    buffer: isUpsert ? new UpsertBuffer(types, key) : new AppendBuffer(types),
    run: (work) => connection.run(what, retries, work),
    writeBut: (client, sending) =>
      writeBut(client, splitLines(sending.lines), what, async (lines) => {
        const bytes = joinLines(lines);
        if (!isUpsert) return await copyIn(client, made.append, bytes);
        const part = { lines: bytes, rows: lines.length, deletes: deletesOf(lines) };
        await upsertRows(client, made, part, made.clearStage);
      }),
    connection,
    what,
  };
}
/** What the line of a delete ends with. */
const deleteMark = 't'.charCodeAt(0);
