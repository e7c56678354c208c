/* A file, or a table of a DuckDB file, as a checked table. */

import { didYouMean, UserError } from '#base';
import { quotedName, quotedText } from '../dialect/dialect.ts';
import { duckdbDialect } from '../dialect/duckdb.ts';
import { rowColumn, type CheckedTable } from '../table/checked-table.ts';
import { DuckDBSession } from './session.ts';
import { fileSource } from './source.ts';

export interface DuckDBOptions {
  /** As DuckDB writes it: 1GB. */
  readonly memoryLimit?: string | undefined;
  /** Other files that queries and references know by these names. */
  readonly references?: ReadonlyMap<string, string> | undefined;
}

/** A file by its path or pattern; of a DuckDB file the table `table`. Throws QLT1001 to QLT1003 and QLT2006, ExternalError
 *  for what cannot be read. */
export async function openFile(
  path: string,
  options: DuckDBOptions & { readonly table?: string | undefined } = {},
): Promise<CheckedTable> {
  const source = fileSource(path);
  const session = await DuckDBSession.open(options.memoryLimit);
  try {
    for (const [name, file] of options.references ?? []) await addReference(session, name, file);
    if (source.kind === 'database') return await attached(session, path, options);
    if (source.kind === 'parquet')
      return await checkedTable(session, path, source.relation, parquetRows(path), options);
    await session.run(`CREATE TABLE "data" AS SELECT * FROM ${source.relation}`, path);
    const numbered = `(SELECT rowid AS ${quotedName(rowColumn)}, * FROM "data")`;
    return await checkedTable(session, path, '"data"', numbered, options);
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

/** Of one file its own numbers; of several those of all, in the order of their names. */
function parquetRows(path: string): string {
  const quoted = quotedText(path);
  return /[*?[]/.test(path)
    ? `(SELECT row_number() OVER () - 1 AS ${quotedName(rowColumn)}, * FROM read_parquet(${quoted}))`
    : `(SELECT file_row_number AS ${quotedName(rowColumn)}, * FROM read_parquet(${quoted}))`;
}

async function addReference(session: DuckDBSession, name: string, file: string): Promise<void> {
  const { kind, relation } = fileSource(file);
  if (kind === 'database')
    throw new UserError('QLT1003', {
      message: `--reference ${name}=${file}: expected a Parquet, CSV or JSON file`,
    });
  const as = kind === 'parquet' ? 'VIEW' : 'TABLE';
  await session.run(`CREATE ${as} ${quotedName(name)} AS SELECT * FROM ${relation}`, file);
}

async function attached(
  session: DuckDBSession,
  path: string,
  options: DuckDBOptions & { readonly table?: string | undefined },
): Promise<CheckedTable> {
  await session.run(`ATTACH ${quotedText(path)} AS source (READ_ONLY)`, path);
  const tables = (
    await session.query(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'source' UNION ALL
      SELECT view_name FROM duckdb_views() WHERE database_name = 'source' AND NOT internal`)
  ).map(([name]) => String(name));
  const table = options.table ?? (tables.length === 1 ? tables[0]! : undefined);
  if (table === undefined || !tables.includes(table))
    throw new UserError('QLT2003', {
      message:
        table === undefined
          ? `${path}: which table? --table is missing`
          : `there is no table "${table}" in ${path}`,
      hint: didYouMean(table ?? '', tables),
    });
  for (const name of tables)
    await session.run(
      `CREATE VIEW IF NOT EXISTS ${quotedName(name)} AS SELECT * FROM source.${quotedName(name)}`,
      path,
    );
  const from = `source.${quotedName(table)}`;
  const numbered = `(SELECT row_number() OVER () - 1 AS ${quotedName(rowColumn)}, * FROM ${from})`;
  return await checkedTable(session, `${path}: ${table}`, from, numbered, options);
}

async function checkedTable(
  session: DuckDBSession,
  name: string,
  from: string,
  numbered: string,
  options: DuckDBOptions = {},
): Promise<CheckedTable> {
  const columns = await session.columnsOf(from, name);
  return {
    name,
    columns,
    dialect: duckdbDialect,
    from,
    numbered,
    key: [],
    query: (sql) => session.query(sql, name),
    other: (table) => {
      if (options.references !== undefined && !options.references.has(table) && !from.startsWith('source.'))
        throw noReference(table, [...options.references.keys()]);
      if (options.references === undefined && !from.startsWith('source.')) throw noReference(table, []);
      return quotedName(table);
    },
    progress: () => session.percent,
    close: () => session.close(),
  };
}
const noReference = (table: string, known: readonly string[]): UserError =>
  new UserError('QLT2003', {
    message: `there is no table "${table}" to compare with`,
    hint: didYouMean(table, known) ?? `Name a file for it: --reference ${table}=FILE`,
  });
