/* The statements of a file on Flink, one after the other: what each answered, and what becomes of the jobs. */

import { ExternalError, toMillraceError, UserError, type MillraceError, type Span, type World } from '#base';
import { resolveSecrets } from '#connectors';
import type { Field } from '#data';
import type { Change } from '#engine';
import {
  JobFollower,
  resolveOptions,
  secretFree,
  type Answer,
  type FlinkSession,
  type FlinkTarget,
  type JobProgress,
} from '#flink';
import { printStatement, type ScriptStatement, type Statement } from '#sql';
import type { Source } from '../origins.ts';
import { changeLines, resultWriter, type ResultFormat } from '../results/formats.ts';
import { printChanges, printRows, type Write } from '../results/print.ts';
import { failureLine, headerLine, statusLine } from '../results/statement-lines.ts';
import type { ResultWriter } from '../results/writer.ts';
import { err, exitCode, isTerminal, out, report, taken, write } from '../terminal.ts';

/** Wider cells are cut on a terminal. */
const cellWidthMax = 60;

export interface FlinkScriptOptions {
  readonly world: World;
  readonly session: FlinkSession;
  readonly target: FlinkTarget;
  /** Of the session, as Flink reports them. */
  readonly properties: ReadonlyMap<string, string>;
  readonly json: boolean;
  readonly format: ResultFormat;
  readonly source: Source;
  /** Aborts when something asked to stop. */
  readonly stop: AbortSignal;
}

/** Which statement something is about. */
interface Place {
  readonly index: number;
  readonly statement: ScriptStatement;
  readonly startedAt: number;
}

const toOutput: Write = async (text) => {
  write(text);
  await taken();
};

export class FlinkScript {
  readonly #options: FlinkScriptOptions;
  readonly #follower: JobFollower;
  readonly #follows: Promise<void>[] = [];
  /** Aborts when the jobs are followed no longer: on a stop, or behind a failure. */
  readonly #leave = new AbortController();
  readonly #secrets = new Set<string>();
  #code = 0;

  constructor(options: FlinkScriptOptions) {
    this.#options = options;
    const { session, world, target, properties, stop } = options;
    const [host, port] = [properties.get('rest.address'), properties.get('rest.port')];
    const found = host === undefined ? undefined : `http://${host}:${port ?? 8081}`;
    this.#follower = new JobFollower(session, world, target.jobManager ?? found);
    stop.addEventListener('abort', () => {
      this.#leave.abort();
    });
  }

  /** False when it failed. */
  async statement(statement: ScriptStatement, index: number): Promise<boolean> {
    const { session, stop, world } = this.#options;
    const place = { index, statement, startedAt: world.monotonic() };
    const at = statement.span;
    let headed = false;
    try {
      const sql = printStatement(resolveOptions(statement.statement, resolveSecrets, this.#secrets));
      const kinds = statement.statement.kind === 'select-statement' && (await this.#changes(sql, at));
      const answer = await session.execute(sql, stop, at);
      const showsRows = answer?.hasRows === true && (answer.isQuery || answer.job === undefined);
      this.#header(place, showsRows ? answer.fields : undefined);
      headed = true;
      if (answer === undefined) this.#status(place, 'stopped', 0);
      else await this.#show(answer, showsRows, kinds, place);
      return true;
    } catch (thrown) {
      if (!headed) this.#header(place, undefined);
      this.#failed(toMillraceError(thrown), place);
      return false;
    }
  }

  /** Waits for the jobs; behind a failure or a stop they go on. Returns the exit code. */
  async end(): Promise<number> {
    if (this.#code !== 0) this.#leave.abort();
    await Promise.all(this.#follows);
    return this.#code;
  }

  /** Whether a query's result changes rows that it gave, as Flink plans it. */
  async #changes(sql: string, at: Span): Promise<boolean> {
    const { session, stop } = this.#options;
    const [row] = await session.rows(`EXPLAIN CHANGELOG_MODE ${sql}`, stop, at);
    const plan = String(row?.[0] ?? '').split('== Optimized Physical Plan ==')[1] ?? '';
    const mode = /changelogMode=\[([^\]]*)\]/.exec(plan)?.[1];
    return mode !== undefined && mode !== 'I';
  }

  async #show(answer: Answer, showsRows: boolean, kinds: boolean, place: Place): Promise<void> {
    const { stop, json, format, world } = this.#options;
    const changes = answer.changes(stop);
    if (answer.isQuery) {
      const next = async (): Promise<Change[] | undefined> => {
        const { done, value } = await changes.next();
        return done === true ? undefined : value;
      };
      const rows = await printChanges({ next }, this.#writer(answer.fields, kinds, place), toOutput, world);
      return this.#status(place, stop.aborted ? 'stopped' : 'ok', rows);
    }
    const rows: Change[] = [];
    for await (const part of changes) rows.push(...part);
    if (answer.job !== undefined) return this.#job(answer.job, place);
    if (!showsRows) return this.#status(place, 'ok', 0);
    const [cell] = rows[0]?.row ?? [];
    // EXPLAIN and SHOW CREATE give one text of several lines.
    const isText = rows.length === 1 && answer.fields.length === 1 && String(cell).includes('\n');
    if (isText && !json && format === 'table') out(String(cell));
    else await printRows(rows, this.#writer(answer.fields, false, place), toOutput);
    this.#status(place, 'ok', rows.length);
  }
  #writer(fields: readonly Field[], kinds: boolean, { index }: Place): ResultWriter {
    const { json, format, properties } = this.#options;
    const shape = { fields, kinds, zone: properties.get('table.local-time-zone') ?? 'UTC' };
    return json
      ? changeLines(shape, index)
      : resultWriter(format, shape, isTerminal() ? cellWidthMax : Infinity);
  }

  #job(job: string, place: Place): void {
    const { json } = this.#options;
    const name = `${job} (${targetText(place.statement.statement)})`;
    let state = '';
    const see = (progress: JobProgress): void => {
      if (json || progress.state === state) return;
      state = progress.state;
      err(`job ${name}: ${progressText(progress)}`);
    };
    const followed = this.#follower
      .follow(job, this.#leave.signal, place.statement.span, see)
      .then(async (progress) => {
        const ended = progress.state === 'FINISHED';
        const savepoint =
          ended || progress.state === 'CANCELED' ? undefined : await this.#leaveJob(job, name, place);
        this.#status(place, ended ? 'ok' : 'stopped', undefined, {
          job,
          state: progress.state,
          ...(progress.checkpoints === undefined ? {} : { checkpoints: progress.checkpoints }),
          ...(savepoint === undefined ? {} : { savepoint }),
        });
      });
    this.#follows.push(
      followed.catch((thrown: unknown) => {
        this.#failed(toMillraceError(thrown), place, job);
      }),
    );
  }
  /** A job that is followed no longer: stopped with a savepoint where that was asked for, else it goes on. */
  async #leaveJob(job: string, name: string, { statement }: Place): Promise<string | undefined> {
    const { session, target, stop } = this.#options;
    const anyway = new AbortController().signal;
    if (target.savepoints === undefined || !stop.aborted) {
      err(`job ${name} goes on, on Flink; STOP JOB '${job}' ends it`);
      return undefined;
    }
    const folder = target.savepoints.replaceAll("'", "''");
    await session.rows(`SET 'execution.checkpointing.savepoint-dir' = '${folder}'`, anyway, statement.span);
    const [row] = await session.rows(`STOP JOB '${job}' WITH SAVEPOINT`, anyway, statement.span);
    const savepoint = String(row?.[0] ?? '');
    err(`job ${name} stopped with the savepoint ${savepoint}`);
    return savepoint;
  }

  #header({ index, statement }: Place, fields: readonly Field[] | undefined): void {
    if (!this.#options.json) return;
    out(headerLine(index, statement, fields));
  }
  #status(
    { index, startedAt }: Place,
    status: 'ok' | 'stopped',
    rows: number | undefined,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    if (!this.#options.json) return;
    const ms = this.#options.world.monotonic() - startedAt;
    out(statusLine(index, status, { rows, ms, ...more }));
  }
  #failed(thrown: MillraceError, { index, statement }: Place, job?: string): void {
    const { json, source } = this.#options;
    const error = this.#shown(thrown, statement.span);
    this.#code ||= exitCode(error);
    if (json) out(failureLine(index, error, { job, file: source.name }));
    else if (job !== undefined) err(`job ${job} failed:`);
    report(error, { json, source });
  }
  /** Flink repeats options in its errors: none may show a secret. */
  #shown(error: MillraceError, at: Span): MillraceError {
    if (error.class === 'bug') return error;
    const details = {
      at: error.at ?? at,
      message: secretFree(error.message, this.#secrets),
      hint: error.hint,
    };
    return error.class === 'user'
      ? new UserError(error.code, details)
      : new ExternalError(error.code, details);
  }
}

function progressText({ state, records, checkpoints }: JobProgress): string {
  const parts = [state.toLowerCase()];
  if (records !== undefined && records > 0) parts.push(`${records} records`);
  if (checkpoints !== undefined && checkpoints > 0)
    parts.push(`${checkpoints} checkpoint${checkpoints === 1 ? '' : 's'}`);
  return parts.join(', ');
}

function targetText(statement: Statement): string {
  const names =
    statement.kind === 'insert'
      ? [statement.target]
      : statement.kind === 'statement-set'
        ? statement.inserts.map((i) => i.target)
        : statement.kind === 'create-table-as'
          ? [statement.name]
          : [];
  return names.map((n) => n.map((part) => part.text).join('.')).join(', ') || 'job';
}
