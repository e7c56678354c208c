/* Writes a stream of changes into a table, at least once.
 *
 *   append   rows ──▶ buffer ──▶ COPY table
 *   upsert   rows ──▶ buffer, last of each key ──▶ COPY stage ──▶ DELETE …, INSERT … ON CONFLICT ──▶ commit
 *
 * A write starts once `max-rows` wait, or the first of them waited for `interval`; while it is under way the
 * next rows gather, and all of them go with the next. So a slow database sees fewer, larger writes.
 *
 * Keeps: one buffer, bounded in rows and bytes. Promises: at least once; a write is one transaction; writes
 * come in the order of the rows. */

import { present, toMillraceError, type Timer } from '#base';
import type { Options } from '#catalog';
import type { Batch } from '#data';
import type { Sink, SinkContext, Trouble } from '#dataflow';
import { AppendBuffer, UpsertBuffer, type BufferBounds, type RowBuffer, type Sending } from './buffer.ts';
import { SteadyConnection } from './connection.ts';
import { createsTable, jdbcOptions } from './options.ts';
import { checkTypes, databaseColumns } from './schema.ts';
import { copyIn, statements, upsertRows, type Statements } from './statements.ts';

const bounds: BufferBounds = { rowsMax: 1 << 16, bytesMax: 8 << 20 };

export class JdbcSink implements Sink {
  readonly #context: SinkContext;
  readonly #options: Options;
  readonly #connection: SteadyConnection;
  readonly #statements: Statements;
  readonly #what: string;
  readonly #isUpsert: boolean;
  readonly #buffer: RowBuffer;
  readonly #retries: number;
  /** 0: rows alone start no write. */
  readonly #rowsWanted: number;
  readonly #intervalMs: number;
  #writing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #blocked = false;
  #error: unknown;
  #closed = false;

  constructor(context: SinkContext) {
    const { table, world, signal, fields } = context;
    this.#context = context;
    this.#options = jdbcOptions(table);
    checkTypes(fields);
    const path = this.#options.require('table-name');
    const types = fields.map((f) => f.type);
    const key = table.primaryKey.map((name) => fields.findIndex((f) => f.name === name));
    this.#isUpsert = key.length > 0;
    this.#buffer = this.#isUpsert ? new UpsertBuffer(types, key) : new AppendBuffer(types);
    this.#statements = statements(
      path,
      fields.map((f) => f.name),
      table.primaryKey,
    );
    this.#what = `cannot write to the table "${path}"`;
    this.#retries = present(this.#options.number('sink.max-retries'), 'it has a default');
    this.#rowsWanted = present(this.#options.number('sink.buffer-flush.max-rows'), 'it has a default');
    this.#intervalMs = present(this.#options.durationMs('sink.buffer-flush.interval'), 'it has a default');
    const request = {
      world,
      signal,
      options: this.#options,
      warn: (message: string) => {
        context.warn(message);
      },
    };
    this.#connection = new SteadyConnection(request, async (client) => {
      await databaseColumns(client, path, table, createsTable(this.#options));
      if (this.#isUpsert) await client.query(this.#statements.makeStage);
    });
  }

  async open(): Promise<void> {
    this.#buffer.open();
    await this.#connection.run(this.#what, this.#retries, async () => {});
  }

  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }
  get trouble(): Trouble | undefined {
    return this.#connection.trouble;
  }
  write(batch: Batch, from: number): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    const buffer = this.#buffer;
    const row = buffer.add(batch, from, bounds);
    this.#blocked = row < batch.rows;
    if (this.#blocked || (this.#rowsWanted > 0 && buffer.rows >= this.#rowsWanted)) this.#start();
    else this.#armTimer();
    return row;
  }

  /** Sends what waits, unless a write is under way: then that one's end does. */
  #start(): void {
    if (this.#writing !== undefined || this.#buffer.rows === 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#send(this.#buffer.take())
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#writing = undefined;
        this.#afterWrite();
      });
  }
  #afterWrite(): void {
    if (this.#closed) return;
    if (this.#error === undefined && this.#rowsWanted > 0 && this.#buffer.rows >= this.#rowsWanted)
      this.#start();
    else this.#armTimer();
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#context.wake();
  }
  #armTimer(): void {
    if (
      this.#timer !== undefined ||
      this.#intervalMs === 0 ||
      this.#buffer.rows === 0 ||
      this.#writing !== undefined
    )
      return;
    this.#timer = this.#context.world.after(this.#intervalMs, () => {
      this.#timer = undefined;
      this.#start();
    });
  }

  async #send(sending: Sending): Promise<void> {
    await this.#connection.run(this.#what, this.#retries, async (client) => {
      if (!this.#isUpsert) return await copyIn(client, this.#statements.append, sending.lines);
      await client.query('BEGIN');
      await upsertRows(client, this.#statements, sending, 'COMMIT');
    });
    this.#context.count('numWrites', 1);
  }

  async flush(): Promise<void> {
    while (this.#error === undefined && (this.#writing !== undefined || this.#buffer.rows > 0)) {
      this.#start();
      await this.#writing;
    }
    if (this.#error !== undefined) throw toMillraceError(this.#error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#buffer.release();
    this.#timer?.cancel();
    await this.#connection.end();
    await this.#writing;
  }
}
