/* Runs the statements of a script one after the other and tells of each: what `run` and `sql` share. */

import { toMillraceError, type MillraceError } from '#base';
import { typeText, type Field } from '#data';
import { jsonText, type Change, type EngineJob, type Execution, type Executor } from '#engine';
import { parseScript, type ScriptStatement } from '#sql';
import { errorJson, err, exitCode, out, report } from './terminal.ts';
import { changeLine, resultTable } from './result-text.ts';

export interface ScriptOptions {
  readonly json: boolean;
  readonly keepGoing: boolean;
  readonly source: { readonly text: string; readonly name?: string };
  /** A signal asked to stop. */
  readonly stopped: () => boolean;
  readonly jobOptions?: (statement: ScriptStatement) => {
    readonly name?: string;
    readonly parallelism?: number;
  };
  /** Tells of a job that started. */
  readonly onJob?: (job: EngineJob) => void;
}

interface JobReport {
  readonly index: number;
  readonly job: EngineJob;
  readonly startedAt: number;
}

/** Runs a whole script; jobs run side by side and are waited for at the end. Returns the exit code. */
export async function runScript(executor: Executor, options: ScriptOptions): Promise<number> {
  const statements = parseScript(options.source.text);
  const jobs: JobReport[] = [];
  let code = 0;
  for (const [i, statement] of statements.entries()) {
    const failed = await new StatementRun(executor, options, statement, i + 1, jobs).run();
    if (failed !== undefined) {
      code ||= exitCode(failed);
      if (!options.keepGoing) break;
    }
    if (options.stopped()) break;
  }
  if (code !== 0 && !options.keepGoing) await Promise.all(jobs.map((j) => j.job.cancel()));
  for (const report of jobs) {
    const failed = await finishJob(report, executor, options);
    if (failed !== undefined) code ||= exitCode(failed);
  }
  return options.stopped() && code === 0 ? 130 : code;
}

async function finishJob(
  { index, job, startedAt }: JobReport,
  executor: Executor,
  options: ScriptOptions,
): Promise<MillraceError | undefined> {
  try {
    await job.done;
    if (options.json) {
      const status = options.stopped() || job.state === 'canceled' ? 'stopped' : 'ok';
      out(
        JSON.stringify({
          statement: index,
          status,
          rows: job.totals().rowsOut,
          ms: Math.round(executor.world.monotonic() - startedAt),
          job: job.name,
        }),
      );
    }
    return undefined;
  } catch (thrown) {
    const error = toMillraceError(thrown);
    tellFailure(error, index, options, job.name);
    return error;
  }
}
function tellFailure(error: MillraceError, index: number, options: ScriptOptions, job?: string): void {
  if (options.json)
    out(
      JSON.stringify({
        statement: index,
        status: 'error',
        ...(job ? { job } : {}),
        error: errorJson(error, options.source.name),
      }),
    );
  report(error, { json: options.json, source: options.source });
}

class StatementRun {
  readonly #executor: Executor;
  readonly #options: ScriptOptions;
  readonly #statement: ScriptStatement;
  readonly #index: number;
  readonly #jobs: JobReport[];
  readonly #startedAt: number;

  constructor(
    executor: Executor,
    options: ScriptOptions,
    statement: ScriptStatement,
    index: number,
    jobs: JobReport[],
  ) {
    this.#executor = executor;
    this.#options = options;
    this.#statement = statement;
    this.#index = index;
    this.#jobs = jobs;
    this.#startedAt = executor.world.monotonic();
  }
  #header(fields: readonly Field[] | undefined): void {
    if (!this.#options.json) return;
    const columns = fields?.map((f) => ({ name: f.name, type: typeText(f.type) }));
    out(
      JSON.stringify({
        statement: this.#index,
        line: this.#statement.span.line,
        sql: this.#statement.text,
        ...(columns ? { columns } : {}),
      }),
    );
  }
  #status(rows: number, status: 'ok' | 'stopped' = 'ok'): void {
    if (this.#options.json)
      out(
        JSON.stringify({
          statement: this.#index,
          status,
          rows,
          ms: Math.round(this.#executor.world.monotonic() - this.#startedAt),
        }),
      );
  }

  /** Undefined when it went well. */
  async run(): Promise<MillraceError | undefined> {
    let headed = false;
    try {
      const execution = await this.#executor.execute(
        this.#statement.statement,
        this.#options.jobOptions?.(this.#statement) ?? {},
      );
      this.#header('fields' in execution ? execution.fields : undefined);
      headed = true;
      await this.#tell(execution);
      return undefined;
    } catch (thrown) {
      const error = toMillraceError(thrown);
      if (!headed) this.#header(undefined);
      tellFailure(error, this.#index, this.#options);
      return error;
    }
  }
  async #tell(execution: Execution): Promise<void> {
    switch (execution.kind) {
      case 'ok':
        return this.#status(0);
      case 'table': {
        const changes = execution.rows.map((row): Change => ({ kind: '+I', row }));
        if (this.#options.json) this.#lines(changes, execution.fields);
        else out(resultTable(changes, execution.fields, false));
        return this.#status(changes.length);
      }
      case 'job':
        this.#jobs.push({ index: this.#index, job: execution.job, startedAt: this.#startedAt });
        this.#options.onJob?.(execution.job);
        if (!this.#options.json && this.#options.onJob === undefined)
          err(`job ${execution.job.name} started`);
        return;
      case 'query':
        return await this.#query(execution);
    }
  }
  async #query(execution: Extract<Execution, { kind: 'query' }>): Promise<void> {
    let rows = 0;
    const kept: Change[] = [];
    for (;;) {
      const changes = await execution.changes.next();
      if (changes === undefined) break;
      rows += changes.length;
      if (this.#options.json) this.#lines(changes, execution.fields);
      else if (kept.length < 500) {
        kept.push(...changes);
        if (kept.length >= 500) {
          // A long result is told as it comes.
          out(resultTable(kept, execution.fields, true));
        }
      } else for (const change of changes) out(changeLine(change, execution.fields));
    }
    if (!this.#options.json && kept.length < 500)
      out(
        resultTable(
          kept,
          execution.fields,
          kept.some((c) => c.kind !== '+I'),
        ),
      );
    this.#status(rows, this.#options.stopped() ? 'stopped' : 'ok');
  }
  #lines(changes: readonly Change[], fields: readonly Field[]): void {
    process.stdout.write(
      changes
        .map(
          ({ kind, row }) =>
            `{"statement":${this.#index},"kind":"${kind}","row":[${row.map((v, i) => jsonText(v, fields[i]!.type)).join(',')}]}\n`,
        )
        .join(''),
    );
  }
}
