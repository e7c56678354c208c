/* What both sinks work with: the table's statements, a buffer for its rows, and a connection that has found the table. */

import type pg from 'pg';
import { present } from '#base';
import type { SinkContext } from '#dataflow';
import { AppendBuffer, UpsertBuffer, type RowBuffer } from './buffer.ts';
import { SteadyConnection } from './connection.ts';
import { createsTable, jdbcOptions } from './options.ts';
import { checkTypes, databaseColumns } from './schema.ts';
import { statements, type Statements } from './statements.ts';

export interface TableWriter {
  readonly statements: Statements;
  /** It has a key: rows take each other's place. */
  readonly isUpsert: boolean;
  readonly buffer: RowBuffer;
  /** Runs work, again after failures that may pass: 'sink.max-retries'. */
  readonly run: <T>(work: (client: pg.Client) => Promise<T>) => Promise<T>;
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
  const path = options.require('table-name');
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
  return {
    statements: made,
    isUpsert,
    buffer: isUpsert ? new UpsertBuffer(types, key) : new AppendBuffer(types),
    run: (work) => connection.run(what, retries, work),
    connection,
    what,
  };
}
