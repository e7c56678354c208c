/* Runs the statements of scripts one after the other and reports on each: what `run` and `sql` share. Jobs run side by
 * side; how one ends is reported when it ends, not when the last one has. */

import { toMillraceError, type MillraceError } from '#base';
import type { Field } from '#data';
import type { Change, EngineJob, Execution, Executor, JobOptions } from '#engine';
import { parseEachStatement, type BrokenStatement, type ScriptStatement } from '#sql';
import { accountsJson } from './accounts.ts';
import { driftJson, evolvedJson } from './drift-lines.ts';
import { lossesJson, lossLines } from './losses.ts';
import { Origins, type Source } from './origins.ts';
import { changeLines, resultWriter, type ResultFormat } from './results/formats.ts';
import { printChanges, printRows, type Write } from './results/print.ts';
import { failureLine, headerLine, statusLine } from './results/statement-lines.ts';
import type { ResultWriter } from './results/writer.ts';
import { err, exitCode, isTerminal, out, report, taken, write } from './terminal.ts';

/** Wider cells are cut on a terminal. */
const cellWidthMax = 60;

export interface ScriptOptions {
  readonly json: boolean;
  readonly format: ResultFormat;
  readonly keepGoing: boolean;
  readonly sources: readonly Source[];
  /** Something asked to stop. */
  readonly stopped: () => boolean;
  readonly jobOptions?: (statement: ScriptStatement) => JobOptions;
  /** A job started. */
  readonly onJob: (job: EngineJob) => void;
  /** A query started whose rows are printed. */
  readonly onQuery: (job: EngineJob) => void;
  /** Whoever runs it sums up what became of the jobs. */
  readonly sumsUp: boolean;
  /** Called around what is written in between, where a status is shown. */
  readonly beforeText?: () => void;
}

/** Runs all sources in order; a script with a statement that does not parse runs nothing, unless it keeps going. Returns
 *  the exit code. */
export async function runScript(executor: Executor, options: ScriptOptions): Promise<number> {
  const statements = options.sources.flatMap((source) =>
    parseEachStatement(source.text).map((statement) => ({ statement, source })),
  );
  if (!options.keepGoing) {
    const broken = statements.find(({ statement }) => 'error' in statement);
    if (broken !== undefined)
      return report((broken.statement as BrokenStatement).error, {
        json: options.json,
        source: broken.source,
      });
  }
  const run = new ScriptRun(executor, options);
  for (const [i, { statement, source }] of statements.entries()) {
    if (options.stopped()) break;
    const good = await run.statement(statement, { index: i + 1, source });
    if (!good && !options.keepGoing) break;
  }
  return await run.end();
}

/** Which statement something is about. */
interface Place {
  readonly index: number;
  readonly source: Source;
}

const toOutput: Write = async (text) => {
  write(text);
  await taken();
};

class ScriptRun {
  readonly #executor: Executor;
  readonly #options: ScriptOptions;
  readonly #jobs: EngineJob[] = [];
  readonly #ends: Promise<void>[] = [];
  readonly #origins = new Origins();
  #code = 0;

  constructor(executor: Executor, options: ScriptOptions) {
    this.#executor = executor;
    this.#options = options;
  }

  /** False when it failed. */
  async statement(statement: ScriptStatement | BrokenStatement, place: Place): Promise<boolean> {
    const startedAt = this.#executor.world.monotonic();
    let headed = false;
    try {
      if ('error' in statement) throw statement.error;
      this.#origins.add(statement.statement, place.source);
      const execution = await this.#executor.execute(
        statement.statement,
        this.#options.jobOptions?.(statement) ?? {},
      );
      this.#header(statement, place, 'fields' in execution ? execution.fields : undefined);
      headed = true;
      await this.#show(execution, place, startedAt);
      return true;
    } catch (thrown) {
      if (!headed) this.#header(statement, place, undefined);
      this.#failed(toMillraceError(thrown), place);
      return false;
    }
  }

  /** Waits for the jobs; after a statement that failed they are stopped. Returns the exit code. */
  async end(): Promise<number> {
    if (this.#code !== 0 && !this.#options.keepGoing)
      await Promise.all(this.#jobs.map((job) => job.stop().catch(() => {})));
    await Promise.all(this.#ends);
    return this.#code;
  }

  async #show(execution: Execution, place: Place, startedAt: number): Promise<void> {
    switch (execution.kind) {
      case 'ok':
        return this.#status(place, startedAt, 'ok', 0);
      case 'table': {
        const rows = execution.rows.map((row): Change => ({ kind: '+I', row }));
        const [cell] = rows[0]?.row ?? [];
        // EXPLAIN and SHOW CREATE give one text of several lines.
        const isText = rows.length === 1 && execution.fields.length === 1 && String(cell).includes('\n');
        if (isText && !this.#options.json && this.#options.format === 'table') out(String(cell));
        else await printRows(rows, this.#writer(execution.fields, false, place), toOutput);
        return this.#status(place, startedAt, 'ok', rows.length);
      }
      case 'job':
        return this.#job(execution.job, place, startedAt);
      case 'query':
        return await this.#query(execution, place, startedAt);
    }
  }
  #writer(fields: readonly Field[], kinds: boolean, { index }: Place): ResultWriter {
    const shape = { fields, kinds, zone: this.#executor.session.settings.timeZone };
    return this.#options.json
      ? changeLines(shape, index)
      : resultWriter(this.#options.format, shape, isTerminal() ? cellWidthMax : Infinity);
  }
  async #query(
    { fields, changes, job, insertOnly }: Extract<Execution, { kind: 'query' }>,
    place: Place,
    startedAt: number,
  ): Promise<void> {
    this.#options.beforeText?.();
    this.#options.onQuery(job);
    const writer = this.#writer(fields, !insertOnly, place);
    const rows = await printChanges(changes, writer, toOutput, this.#executor.world);
    const totals = job.totals();
    if (!this.#options.json) for (const line of lossLines(totals)) err(line);
    this.#status(place, startedAt, this.#options.stopped() ? 'stopped' : 'ok', rows, lossesJson(totals));
  }
  #job(job: EngineJob, place: Place, startedAt: number): void {
    this.#jobs.push(job);
    this.#options.onJob(job);
    const ended = job.done.then(
      () => {
        const stopped = this.#options.stopped() || job.state === 'canceled' || job.stopping;
        const totals = job.totals();
        if (!this.#options.json && !this.#options.sumsUp)
          for (const line of lossLines(totals)) err(`${job.name}: ${line}`);
        this.#status(place, startedAt, stopped ? 'stopped' : 'ok', totals.rowsOut, {
          job: job.name,
          ...lossesJson(totals),
          account: accountsJson(job.accounts()),
          ...driftJson(job.drift()),
          ...evolvedJson(job.evolved),
          ...(job.checks().length > 0 && { checks: job.checks() }),
        });
      },
      (thrown: unknown) => {
        this.#failed(toMillraceError(thrown), place, job.name);
      },
    );
    this.#ends.push(ended);
    if (!this.#options.json && !this.#options.sumsUp && job.isLive) err(`job ${job.name} started`);
  }

  #header(
    statement: ScriptStatement | BrokenStatement,
    { index }: Place,
    fields: readonly Field[] | undefined,
  ): void {
    if (!this.#options.json) return;
    out(headerLine(index, statement, fields));
  }
  #status(
    { index }: Place,
    startedAt: number,
    status: 'ok' | 'stopped',
    rows: number,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    if (!this.#options.json) return;
    const ms = this.#executor.world.monotonic() - startedAt;
    out(statusLine(index, status, { rows, ms, ...more }));
  }
  #failed(error: MillraceError, { index, source: own }: Place, job?: string): void {
    const { json, beforeText } = this.#options;
    const source = this.#origins.of(error) ?? own;
    this.#code ||= exitCode(error);
    beforeText?.();
    if (json) out(failureLine(index, error, { job, file: source.name }));
    else if (job !== undefined) err(`job ${job} failed:`);
    report(error, { json, source });
  }
}
