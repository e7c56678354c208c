/* Where and how the shell shows results: as a table that lives, as text in another form, into a file. */

import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { extname } from 'node:path';
import { ExternalError } from '#base';
import type { Change, ChangeQueue, Execution, Executor } from '#engine';
import { lossLines } from '../losses.ts';
import { resultFormats, resultWriter, type ResultFormat } from '../results/formats.ts';
import { printChanges, printRows, type Write } from '../results/print.ts';
import { every } from '../results/within.ts';
import type { ResultShape } from '../results/writer.ts';
import { progressText } from '../status.ts';
import { isTerminal, out, taken, write } from '../terminal.ts';
import { LiveTable } from './live-table.ts';
import { page, type Suspend } from './pager.ts';

/** A running table that changes is drawn so often at most, ms; one that does not, less often: its state may. */
const redrawMs = 100;
const idleRedrawMs = 500;
/** Wider cells are cut. */
const cellWidthMax = 60;

/** A file that takes results. */
export interface Destination {
  readonly name: string;
  readonly format: ResultFormat | undefined;
  readonly write: Write;
  close(): Promise<void>;
}
type Shown = Exclude<Execution, { kind: 'ok' | 'job' }>;
type Query = Extract<Execution, { kind: 'query' }>;

const toTerminal: Write = async (text) => {
  write(text);
  await taken();
};

export class Results {
  readonly #executor: Executor;
  readonly #suspend: Suspend;
  #format: ResultFormat;

  constructor(executor: Executor, format: ResultFormat, suspend: Suspend) {
    this.#executor = executor;
    this.#format = format;
    this.#suspend = suspend;
  }
  setFormat(format: ResultFormat | 'toggle'): ResultFormat {
    this.#format = format !== 'toggle' ? format : this.#format === 'vertical' ? 'table' : 'vertical';
    return this.#format;
  }
  /** Opens a file; its ending says the form where it is one of ours. Throws CLI3001. */
  async open(file: string): Promise<Destination> {
    const ending = extname(file).slice(1).replace('md', 'markdown').replace('jsonl', 'json');
    const stream = createWriteStream(file);
    let failure: ExternalError | undefined;
    const failed = (cause: Error): ExternalError => {
      failure ??= new ExternalError('CLI3001', {
        message: `${file} cannot be written: ${cause.message}`,
        cause,
      });
      return failure;
    };
    stream.on('error', failed);
    await once(stream, 'open').catch((cause: unknown) => {
      throw failed(cause as Error);
    });
    return {
      name: file,
      format: resultFormats.find((f) => f === ending),
      write: (text) => writeTo(stream, text, () => failure),
      close: async () => {
        stream.end();
        if (!stream.closed) await once(stream, 'close');
      },
    };
  }

  async show(execution: Shown, destination: Destination | undefined): Promise<void> {
    const shape: ResultShape = {
      fields: execution.fields,
      kinds: execution.kind === 'query' && !execution.insertOnly,
      zone: this.#executor.session.settings.timeZone,
    };
    const rows = execution.kind === 'table' ? execution.rows.map((row): Change => ({ kind: '+I', row })) : [];
    if (destination === undefined && this.#format === 'table') {
      if (execution.kind === 'table') return await this.#table(rows, shape);
      if (!this.#isChangelog && isTerminal()) return await this.#live(execution, shape);
    }
    const format = destination?.format ?? this.#format;
    const writer = resultWriter(format, shape, destination === undefined ? cellWidthMax : Infinity);
    const to = destination?.write ?? toTerminal;
    if (execution.kind === 'table') return await printRows(rows, writer, to);
    await printChanges(execution.changes, writer, to, this.#executor.world);
    this.#losses(execution);
  }
  get #isChangelog(): boolean {
    const mode = this.#executor.session.settings.get('sql-client.execution.result-mode');
    return mode.toUpperCase() !== 'TABLE';
  }
  #losses({ job }: Query): void {
    for (const line of lossLines(job.totals())) out(line);
  }

  async #table(rows: readonly Change[], shape: ResultShape): Promise<void> {
    const [cell] = rows[0]?.row ?? [];
    // EXPLAIN and SHOW CREATE give one text of several lines.
    const isText = rows.length === 1 && shape.fields.length === 1 && String(cell).includes('\n');
    const writer = resultWriter('table', shape, cellWidthMax);
    const text = isText ? String(cell) : (writer.take(rows) + writer.end()).trimEnd();
    const lines = text.split('\n');
    await page(lines, lines.length, this.#suspend);
  }

  async #live(query: Query, shape: ResultShape): Promise<void> {
    const { world, session } = this.#executor;
    const table = new LiveTable(
      shape,
      Number(session.settings.get('sql-client.execution.max-table-result.rows')),
    );
    try {
      await this.#follow(query.changes, table, () => {
        table.draw(`running · ${progressText(query.job, world)} · Ctrl-C ends it`);
      });
    } finally {
      table.clear();
      const { lines, count } = table.whole();
      await page(lines, count, this.#suspend);
    }
    this.#losses(query);
  }
  /** Applies changes as they come, and draws now and then. */
  async #follow(changes: ChangeQueue, table: LiveTable, draw: () => void): Promise<void> {
    const { world } = this.#executor;
    let drawnAt = world.monotonic();
    let drawnCount = -1;
    const look = (): void => {
      const now = world.monotonic();
      const waitMs = drawnCount === table.changes ? idleRedrawMs : redrawMs;
      if (now - drawnAt < waitMs) return;
      draw();
      drawnAt = now;
      drawnCount = table.changes;
    };
    const stop = every(world, redrawMs, look);
    try {
      for (let part = await changes.next(); part !== undefined; part = await changes.next()) {
        table.apply(part);
        look();
        // A source that never pauses must not keep keys and signals waiting.
        await world.breathe();
      }
    } finally {
      stop();
    }
  }
}

async function writeTo(
  stream: WriteStream,
  text: string,
  failure: () => ExternalError | undefined,
): Promise<void> {
  if (text !== '' && failure() === undefined && !stream.write(text))
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => {});
  const failed = failure();
  if (failed !== undefined) throw failed;
}
