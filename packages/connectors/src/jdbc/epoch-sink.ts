/* Writes a stream of changes into a table exactly once: a transaction a checkpoint.
 *
 *   rows ──▶ buffer ──▶ chunks of COPY's bytes in the job's folder ── prepare: their names ─▶ manifest
 *   commit   BEGIN · a row in millrace_commits · every chunk · COMMIT ─▶ the chunks go
 *
 * Where the table has a policy for bad rows, `prepare` tries the chunks in a transaction that is rolled back, behind all that
 * is prepared and not committed: rows that the database refuses leave their chunks and are reported in front of the barrier.
 * What is refused at the commit all the same, for another instance was there first, is left out then; it stands in the
 * commit's row, so that a commit that is repeated reports it again: behind its barrier, and so in the next checkpoint.
 *
 * The row and the chunks stand or fall together, so a commit that is repeated finds its row and does nothing.
 * Keeps: one buffer, and what of it is on its way to the disk, both bounded. Promises: a row is in the table once, from
 * the first checkpoint behind it on; a write comes in the order of the rows. */

import type pg from 'pg';
import { ExternalError, toMillraceError, UserError } from '#base';
import type { Batch } from '#data';
import type { Refusals, Sink, SinkContext, Trouble } from '#dataflow';
import type { BufferBounds, Sending } from './buffer.ts';
import { jdbcOptions } from './options.ts';
import { joinLines, lineJson, splitLines, type RefusedRow } from './refused-rows.ts';
import { copyIn, upsertRows } from './statements.ts';
import { tableWriter, type TableWriter } from './table-writer.ts';

const bounds: BufferBounds = { rowsMax: 1 << 17, bytesMax: 4 << 20 };
/** On their way to the disk. */
const pendingBytesMax = 16 << 20;

interface Chunk {
  readonly file: string;
  readonly rows: number;
  readonly deletes: number;
}
/** What the manifest lists. */
interface Prepared {
  /** Names the commit for ever. */
  readonly id: string;
  readonly chunks: readonly Chunk[];
}

/** A row that a commit left out. */
interface Refused {
  readonly row: string;
  readonly code: string;
  readonly message: string;
}

/** One row a commit. Those of a job go after a week: long before, no checkpoint lists them any more. */
const commitsTable = `CREATE TABLE IF NOT EXISTS millrace_commits (
  id text PRIMARY KEY, job text NOT NULL, sink text NOT NULL, committed_at timestamptz NOT NULL DEFAULT now());
  ALTER TABLE millrace_commits ADD COLUMN IF NOT EXISTS refused jsonb`;
const keepRefused = 'UPDATE millrace_commits SET refused = $2 WHERE id = $1';
const readRefused = 'SELECT refused::text AS refused FROM millrace_commits WHERE id = $1';
const markCommit = 'INSERT INTO millrace_commits (id, job, sink) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const forgetOld =
  "DELETE FROM millrace_commits WHERE job = $1 AND sink = $2 AND committed_at < now() - interval '7 days'";

export class JdbcEpochSink implements Sink {
  readonly #context: SinkContext;
  readonly #writer: TableWriter;
  readonly #folder: string;
  /** What names chunks and commits of this process. */
  readonly #run: string;
  #named = 0;
  #chunks: Chunk[] = [];
  /** What nothing is written behind: it can report no row. */
  #last: string | undefined;
  /** Prepared, and not known to be committed; where rows may be refused. */
  #uncommitted: Prepared[] = [];
  /** Every write of a chunk, one after the other. */
  #tail: Promise<void> = Promise.resolve();
  #pendingBytes = 0;
  #blocked = false;
  #error: unknown;

  constructor(context: SinkContext) {
    const { table, world, writer } = context;
    this.#context = context;
    if (writer.folder === undefined)
      throw new UserError('JDBC1007', {
        at: jdbcOptions(table).at('sink.delivery-guarantee'),
        message: `the table '${table.path.object}' is to be written exactly once, and the job keeps no checkpoints on disk`,
        hint: "`millrace run` keeps them; without, 'sink.delivery-guarantee' = 'at-least-once' is what there is.",
      });
    this.#writer = tableWriter(context, (client) => client.query(commitsTable));
    this.#folder = writer.folder;
    const { rng } = world;
    this.#run = [rng.uint32(), rng.uint32()].map((n) => n.toString(16).padStart(8, '0')).join('');
  }

  async open(prepared: readonly Uint8Array[] = []): Promise<void> {
    const { world, instance } = this.#context;
    this.#writer.buffer.open();
    await world.disk.makeFolder(this.#folder);
    await this.#writer.run(async () => {});
    for (const bytes of prepared) await this.commit(bytes);
    // What is left was written behind the checkpoint: its rows come again.
    if (instance > 0) return;
    for (const file of await world.disk.list(this.#folder))
      await world.disk.remove(`${this.#folder}/${file}`);
  }

  get bufferedBytes(): number {
    return this.#writer.buffer.bytes + this.#pendingBytes;
  }
  get trouble(): Trouble | undefined {
    return this.#writer.connection.trouble;
  }
  write(batch: Batch, from: number): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    for (let row = from; row < batch.rows; ) {
      if (this.#pendingBytes >= pendingBytesMax) {
        this.#blocked = true;
        return row;
      }
      row = this.#writer.buffer.add(batch, row, bounds);
      if (row < batch.rows) this.#spill();
    }
    return batch.rows;
  }
  /** What the buffer holds becomes a chunk. */
  #spill(): void {
    if (this.#writer.buffer.rows === 0) return;
    const { lines, rows, deletes } = this.#writer.buffer.take();
    const file = `${this.#context.instance}-${this.#run}-${this.#named++}.copy`;
    this.#chunks.push({ file, rows, deletes });
    this.#pendingBytes += lines.length;
    this.#tail = this.#tail
      .then(() => (this.#error === undefined ? this.#store(file, lines) : undefined))
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#pendingBytes -= lines.length;
        if (!this.#blocked) return;
        this.#blocked = false;
        this.#context.wake();
      });
  }
  async #store(file: string, lines: Uint8Array): Promise<void> {
    const { disk } = this.#context.world;
    await disk.write(`${this.#folder}/${file}`, [lines]);
    await disk.sync(`${this.#folder}/${file}`);
  }

  async flush(): Promise<void> {
    const prepared = await this.prepare();
    if (prepared !== undefined) await this.commit(prepared);
  }
  async prepare(last = false): Promise<Uint8Array | undefined> {
    this.#spill();
    await this.#tail;
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (this.#chunks.length === 0) return undefined;
    const { refusals } = this.#context;
    if (refusals !== undefined) {
      await this.#leaveOutRefused(refusals);
      if (this.#chunks.length === 0) return undefined;
    }
    await this.#context.world.disk.sync(this.#folder);
    const { writer, instance } = this.#context;
    const id = `${writer.incarnation}-${instance}-${this.#run}-${this.#named++}`;
    const prepared: Prepared = { id, chunks: this.#chunks };
    this.#chunks = [];
    if (refusals !== undefined) this.#uncommitted.push(prepared);
    if (last) this.#last = id;
    return Buffer.from(JSON.stringify(prepared));
  }
  /** Tries what waits for this checkpoint, and takes out what the table does not take. */
  async #leaveOutRefused(refusals: Refusals): Promise<void> {
    const refused = await this.#writer.run(async (client) => {
      await client.query('BEGIN');
      for (const prepared of this.#uncommitted) await this.#applyPrepared(client, prepared);
      const found = new Map<Chunk, readonly RefusedRow[]>();
      for (const chunk of this.#chunks)
        found.set(chunk, await this.#writer.writeBut(client, await this.#read(chunk)));
      await client.query('ROLLBACK');
      return found;
    });
    const kept: Chunk[] = [];
    for (const [chunk, rows] of refused) {
      const rest = rows.length === 0 ? chunk : await this.#rewrite(chunk, rows);
      if (rest !== undefined) kept.push(rest);
      for (const { line, error } of rows) refusals.json(lineJson(line, this.#context.fields), error);
    }
    this.#chunks = kept;
  }
  /** The chunk without these rows, in a file of its own; undefined where none is left. */
  async #rewrite(chunk: Chunk, refused: readonly RefusedRow[]): Promise<Chunk | undefined> {
    const without = new Set(refused.map(({ index }) => index));
    const { lines } = await this.#read(chunk);
    const left = splitLines(lines).filter((_, i) => !without.has(i));
    await this.#context.world.disk.remove(`${this.#folder}/${chunk.file}`);
    if (left.length === 0) return undefined;
    const file = `${this.#context.instance}-${this.#run}-${this.#named++}.copy`;
    await this.#store(file, joinLines(left));
    return { file, rows: left.length, deletes: this.#writer.deletesOf(left) };
  }
  async commit(bytes: Uint8Array): Promise<void> {
    const { world, writer, count } = this.#context;
    const prepared = JSON.parse(Buffer.from(bytes).toString()) as Prepared;
    const { id, chunks } = prepared;
    const { refusals } = this.#context;
    const mayRefuse = refusals !== undefined && id !== this.#last;
    const refused = await this.#writer.run(async (client) => {
      await client.query('BEGIN');
      const rows = await this.#applyPrepared(client, prepared, mayRefuse);
      if (rows === 'before') {
        await client.query('ROLLBACK');
        return mayRefuse ? await refusedBefore(client, id) : [];
      }
      const kept = rows.map(
        ({ line, error: { code, message } }): Refused => ({
          row: lineJson(line, this.#context.fields),
          code,
          message,
        }),
      );
      if (kept.length > 0) await client.query(keepRefused, [id, JSON.stringify(kept)]);
      await client.query(forgetOld, [writer.job, writer.sink]);
      await client.query('COMMIT');
      return kept;
    });
    for (const { row, code, message } of refused) refusals!.json(row, new UserError(code, { message }));
    this.#uncommitted = this.#uncommitted.filter((p) => p.id !== id);
    count('numWrites', 1);
    for (const { file } of chunks) await world.disk.remove(`${this.#folder}/${file}`);
  }
  /** Rows that were refused, where they may be; else what is refused is thrown. 'before': it was committed before. */
  async #applyPrepared(
    client: pg.Client,
    { id, chunks }: Prepared,
    mayRefuse = false,
  ): Promise<readonly RefusedRow[] | 'before'> {
    const { job, sink } = this.#context.writer;
    const { rowCount } = await client.query(markCommit, [id, job, sink]);
    if (rowCount === 0) return 'before';
    const refused: RefusedRow[] = [];
    for (const chunk of chunks) {
      const sending = await this.#read(chunk);
      if (mayRefuse) refused.push(...(await this.#writer.writeBut(client, sending)));
      else await this.#apply(client, sending);
    }
    return refused;
  }
  async #apply(client: pg.Client, sending: Sending): Promise<void> {
    if (this.#writer.isUpsert)
      await upsertRows(client, this.#writer.statements, sending, this.#writer.statements.clearStage);
    else await copyIn(client, this.#writer.statements.append, sending.lines);
  }
  async #read({ file, rows, deletes }: Chunk): Promise<Sending> {
    const path = `${this.#folder}/${file}`;
    const lines = await this.#context.world.disk.read(path);
    if (lines === undefined)
      throw new ExternalError('JDBC2004', {
        message: `rows are lost: a checkpoint lists ${path} for the table, and it is not there`,
        retryable: false,
      });
    return { lines, rows, deletes };
  }

  async close(): Promise<void> {
    this.#writer.buffer.release();
    await this.#writer.connection.end();
    await this.#tail;
  }
}

/** What a commit left out whose reports nobody may have kept. */
async function refusedBefore(client: pg.Client, id: string): Promise<readonly Refused[]> {
  const { rows } = await client.query<{ readonly refused: string | null }>(readRefused, [id]);
  return JSON.parse(rows[0]?.refused ?? '[]') as readonly Refused[];
}
