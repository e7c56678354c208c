/* A DuckDB of one run. Memory is bounded: what does not fit goes to a folder of its own beside the system's temporary files,
 * which goes with the session. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Cell } from '../cell.ts';
import type { TableColumn } from '../table/column.ts';
import { OneAtATime } from '../table/one-at-a-time.ts';
import { duckdbError } from './errors.ts';
import { addFunctions } from './functions.ts';
import { loadDuckDB, type DuckDB } from './load.ts';
import { cellsOf, duckdbFamily } from './values.ts';

const memoryLimitDefault = '1GB';

export class DuckDBSession {
  readonly duckdb: DuckDB;
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #folder: string;
  readonly #cell: (value: never) => Cell;
  readonly #turns = new OneAtATime();

  private constructor(
    duckdb: DuckDB,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    folder: string,
  ) {
    this.duckdb = duckdb;
    this.connection = connection;
    this.#instance = instance;
    this.#folder = folder;
    this.#cell = cellsOf(duckdb);
  }
  /** A database of its own on disk, which goes with `close`. Throws QLT1001, UserError for a memory limit. */
  static async open(memoryLimit: string = memoryLimitDefault): Promise<DuckDBSession> {
    const duckdb = await loadDuckDB();
    const folder = await mkdtemp(join(tmpdir(), 'millrace-quality-'));
    try {
      const instance = await duckdb.DuckDBInstance.create(join(folder, 'data.duckdb'), {
        memory_limit: memoryLimit,
        temp_directory: join(folder, 'spilled'),
      });
      const connection = await instance.connect();
      await connection.run(
        `SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false`,
      );
      addFunctions(duckdb, connection);
      return new DuckDBSession(duckdb, instance, connection, folder);
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw duckdbError(`memory limit '${memoryLimit}'`, thrown);
    }
  }
  async query(sql: string, what = 'the query'): Promise<Cell[][]> {
    try {
      const reader = await this.#turns.run(() => this.connection.runAndReadAll(sql));
      return reader.getRows().map((row) => row.map(this.#cell as (value: unknown) => Cell));
    } catch (thrown) {
      throw duckdbError(what, thrown);
    }
  }
  async run(sql: string, what: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (thrown) {
      throw duckdbError(what, thrown);
    }
  }
  async columnsOf(from: string, what: string): Promise<TableColumn[]> {
    const rows = await this.query(`DESCRIBE SELECT * FROM ${from}`, what);
    return rows.map(([name, type]) => ({
      name: String(name),
      type: String(type),
      family: duckdbFamily(String(type)),
    }));
  }
  /** Of the statement that runs; undefined where DuckDB cannot tell. */
  get percent(): number | undefined {
    const { percentage } = this.connection.progress;
    return percentage >= 0 ? percentage : undefined;
  }
  async close(): Promise<void> {
    this.connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
