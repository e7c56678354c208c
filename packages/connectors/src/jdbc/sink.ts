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
import type { Batch } from '#data';
import type { Refusals, Sink, SinkContext, Trouble } from '#dataflow';
import type { BufferBounds, Sending } from './buffer.ts';
import { jdbcOptions } from './options.ts';
import { lineJson } from './refused-rows.ts';
import { copyIn, upsertRows } from './statements.ts';
import { tableWriter, type TableWriter } from './table-writer.ts';

const bounds: BufferBounds = { rowsMax: 1 << 16, bytesMax: 8 << 20 };

export class JdbcSink implements Sink {
  readonly #context: SinkContext;
  readonly #writer: TableWriter;
  /** 0: rows alone start no write. */
  readonly #rowsWanted: number;
  readonly #intervalMs: number;
  #writing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #blocked = false;
  #error: unknown;
  #closed = false;

  constructor(context: SinkContext) {
    const options = jdbcOptions(context.table);
    this.#context = context;
    this.#writer = tableWriter(context);
    this.#rowsWanted = present(options.number('sink.buffer-flush.max-rows'), 'it has a default');
    this.#intervalMs = present(options.durationMs('sink.buffer-flush.interval'), 'it has a default');
  }

  async open(): Promise<void> {
    this.#writer.buffer.open();
    await this.#writer.run(async () => {});
  }

  get bufferedBytes(): number {
    return this.#writer.buffer.bytes;
  }
  get trouble(): Trouble | undefined {
    return this.#writer.connection.trouble;
  }
  write(batch: Batch, from: number): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    const buffer = this.#writer.buffer;
    const row = buffer.add(batch, from, bounds);
    this.#blocked = row < batch.rows;
    if (this.#blocked || (this.#rowsWanted > 0 && buffer.rows >= this.#rowsWanted)) this.#start();
    else this.#armTimer();
    return row;
  }

  /** Sends what waits, unless a write is under way: then that one's end does. */
  #start(): void {
    if (this.#writing !== undefined || this.#writer.buffer.rows === 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#send(this.#writer.buffer.take())
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
    if (this.#error === undefined && this.#rowsWanted > 0 && this.#writer.buffer.rows >= this.#rowsWanted)
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
      this.#writer.buffer.rows === 0 ||
      this.#writing !== undefined
    )
      return;
    this.#timer = this.#context.world.after(this.#intervalMs, () => {
      this.#timer = undefined;
      this.#start();
    });
  }

  async #send(sending: Sending): Promise<void> {
    const { refusals } = this.#context;
    if (refusals !== undefined) return await this.#sendIsolated(sending, refusals);
    await this.#writer.run(async (client) => {
      if (!this.#writer.isUpsert) return await copyIn(client, this.#writer.statements.append, sending.lines);
      await client.query('BEGIN');
      await upsertRows(client, this.#writer.statements, sending, 'COMMIT');
    });
    this.#context.count('numWrites', 1);
  }

  /** Rows that are refused are reported once the others are in the table for good. */
  async #sendIsolated(sending: Sending, refusals: Refusals): Promise<void> {
    const writer = this.#writer;
    const refused = await writer.run(async (client) => {
      await client.query('BEGIN');
      const rows = await writer.writeBut(client, sending);
      await client.query('COMMIT');
      return rows;
    });
    this.#context.count('numWrites', 1);
    for (const { line, error } of refused) refusals.json(lineJson(line, this.#context.fields), error);
  }

  async flush(): Promise<void> {
    while (this.#error === undefined && (this.#writing !== undefined || this.#writer.buffer.rows > 0)) {
      this.#start();
      await this.#writing;
    }
    if (this.#error !== undefined) throw toMillraceError(this.#error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#writer.buffer.release();
    this.#timer?.cancel();
    await this.#writer.connection.end();
    await this.#writing;
  }
}
