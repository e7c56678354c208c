/* Further columns of a table of PostgreSQL, for rows that are yet to come: those that are there have NULL in them. */

import type { AddedColumns } from '#dataflow';
import { connect } from './connection.ts';
import { databaseError } from './failures.ts';
import { jdbcOptions, tableName } from './options.ts';
import { checkTypes, postgresType, quoteName, quotePath } from './schema.ts';

/** A column that is there already stays as it is. Throws UserError JDBC1002 for a type that PostgreSQL has not, and what the
 *  database says. */
export async function addColumns({ world, table, columns, signal, warn }: AddedColumns): Promise<void> {
  checkTypes(columns);
  const options = jdbcOptions(table);
  const path = tableName(options);
  const client = await connect({ world, options, signal, warn });
  const added = columns.map(
    ({ name, type }) => `ADD COLUMN IF NOT EXISTS ${quoteName(name)} ${postgresType(type)!}`,
  );
  try {
    await client.query(`ALTER TABLE ${quotePath(path)} ${added.join(', ')}`);
  } catch (thrown) {
    throw databaseError(`cannot add columns to the table "${path}"`, thrown);
  } finally {
    await client.end();
  }
}
