/* Reads a table once, only the columns that are asked for, range by range.
 *
 *   COPY (SELECT columns FROM table WHERE range) TO STDOUT ──▶ lines ──▶ values ──▶ batch
 *
 * Instance i of n reads the ranges i, i + n, …. The stream is held back while rows are not needed.
 *
 * Keeps: the range being read and how many of its rows went out; they are its position. Going on from there
 * skips as many, which is right while the table is not written to: it is read in the order in which it is
 * stored. */

import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { assert, present, toMillraceError, UserError } from '#base';
import type { Options } from '#catalog';
import { BatchBuilder, type Batch, type Value } from '#data';
import type { Polled, SourceContext } from '#dataflow';
import type { ShareReader } from '../parted-source.ts';
import { ChunkReader, type Chunks } from '../chunk-reader.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { connect } from './connection.ts';
import { lineCells, lineReader } from './copy-text.ts';
import { databaseError } from './failures.ts';
import { textRowJson } from './lookup-answer.ts';
import { createsTable, jdbcOptions, tableName } from './options.ts';
import { scanRanges } from './ranges.ts';
import { databaseColumns, quoteName, quotePath } from './schema.ts';

/** Rows in the order in which they are stored, each time. */
const inStoredOrder = 'SET synchronize_seqscans = off; SET max_parallel_workers_per_gather = 0';

export class JdbcReader implements ShareReader {
  readonly #context: SourceContext;
  readonly #options: Options;
  readonly #path: string;
  readonly #ranges: readonly (string | undefined)[];
  /** Indexes of the ranges that this instance reads. */
  readonly #own: readonly number[];
  readonly #builder: BatchBuilder;
  readonly #values: (line: string) => Value[];
  #client: pg.Client | undefined;
  #reader: ChunkReader | undefined;
  /** Into `#own`. */
  #at = 0;
  #rows = 0;
  #announced = 0;
  #closed = false;

  constructor(context: SourceContext) {
    const { table, fields, instance, instances } = context;
    this.#context = context;
    this.#options = jdbcOptions(table);
    this.#path = tableName(this.#options);
    this.#ranges = scanRanges(this.#options, table);
    this.#own = this.#ranges.map((_, i) => i).filter((i) => i % instances === instance);
    this.#builder = new BatchBuilder(fields.map((f) => f.type));
    this.#values = lineReader(fields);
  }

  async open(position: Uint8Array | undefined): Promise<void> {
    if (position !== undefined) {
      const { range, rows } = decodePosition(position, (v) => hasNumbers(v, 'range', 'rows'));
      this.#at = range;
      this.#rows = rows;
    }
    this.#announced = this.#at;
    if (this.#own.length === 0) return;
    const { world, signal, table } = this.#context;
    const warn = (message: string): void => {
      this.#context.warn(message);
    };
    const client = await connect({ world, signal, options: this.#options, warn });
    this.#client = client;
    try {
      await databaseColumns(client, this.#path, table, createsTable(this.#options));
      await client.query(inStoredOrder);
    } catch (error) {
      throw databaseError(this.#what, error);
    }
  }
  get #what(): string {
    return `cannot read the table "${this.#path}"`;
  }

  poll(): Polled {
    if (this.#announced < this.#own.length)
      return { kind: 'split-start', split: this.#own[this.#announced++]! };
    const range = this.#own[this.#at];
    if (range === undefined) return { kind: 'end' };
    this.#reader ??= this.#start(range);
    const batch = this.#read(this.#reader);
    if (batch.rows > 0 || this.#context.badRecords?.full === true)
      return { kind: 'batch', split: range, batch };
    if (!this.#reader.finished) return { kind: 'wait' };
    this.#reader = undefined;
    this.#at++;
    this.#rows = 0;
    return { kind: 'split-end', split: range };
  }

  #start(range: number): ChunkReader {
    const { fields, limit } = this.#context;
    const where = this.#ranges[range] === undefined ? '' : ` WHERE ${this.#ranges[range]}`;
    const first = limit === undefined ? '' : ` LIMIT ${Math.max(0, limit - this.#rows)}`;
    const rest = this.#rows > 0 ? ` OFFSET ${this.#rows}` : '';
    const columns = fields.map((f) => quoteName(f.name)).join(', ');
    const sql = `COPY (SELECT ${columns} FROM ${quotePath(this.#path)}${where}${first}${rest}) TO STDOUT`;
    const client = present(this.#client, 'open comes before poll');
    return new ChunkReader(new CopyChunks(client, sql, this.#what), this.#path, () => {
      if (!this.#closed) this.#context.wake();
    });
  }

  #read(reader: ChunkReader): Batch {
    const builder = this.#builder;
    let start = reader.take();
    const { data } = reader;
    const { badRecords } = this.#context;
    while (!builder.full && badRecords?.full !== true) {
      const end = data.indexOf(10, start);
      if (end < 0) break;
      this.#append(data.toString('utf8', start, end));
      start = end + 1;
    }
    assert(
      builder.full || badRecords?.full === true || !reader.final || start === data.length,
      'the last line of a COPY ends',
    );
    reader.consumed(start);
    return builder.build();
  }
  /** A row with a value that does not fit its column goes to the table's bad records, where it has any. */
  #append(line: string): void {
    const { badRecords, fields } = this.#context;
    this.#rows++;
    try {
      this.#builder.appendRow(this.#values(line));
    } catch (error) {
      if (badRecords === undefined || !(error instanceof UserError)) throw error;
      const row = textRowJson(fields, lineCells(line, fields.length));
      badRecords.unread({ error, place: `table ${this.#path}`, row });
    }
  }

  snapshot(): Uint8Array {
    return encodePosition({ range: this.#at, rows: this.#rows });
  }
  async close(): Promise<void> {
    this.#closed = true;
    this.#reader?.close();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}

/** The bytes of a COPY … TO STDOUT. */
class CopyChunks implements Chunks {
  readonly #stream: ReturnType<typeof copyTo>;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #what: string;

  constructor(client: pg.Client, sql: string, what: string) {
    this.#what = what;
    this.#stream = client.query(copyTo(sql));
    this.#chunks = (this.#stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }
  async next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      return done === true ? undefined : value;
    } catch (error) {
      throw toMillraceError(databaseError(this.#what, error));
    }
  }
  close(): void {
    this.#stream.on('error', () => {});
    this.#stream.destroy();
  }
}
