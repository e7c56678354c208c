/* The interactive shell: history, completion, statements over several lines, results as a table that updates.
 *
 *   a line ─▶ a command (\d, help) ─▶ what it says
 *          └▶ the statement being typed ─ ";" ─▶ executed ─▶ its result: here, through the pager, or into a file
 *
 * Ctrl-C ends the running query, or clears what was typed. Leaving (quit, Ctrl-D, a signal, a closed terminal) stops the
 * INSERTs that run: what they have read is written. */

import { createInterface, type Interface } from 'node:readline';
import { toMillraceError } from '#base';
import type { EngineJob, Execution, Executor } from '#engine';
import { parseEachStatement, splitStatement } from '#sql';
import { readText } from '../input.ts';
import { lossLines } from '../losses.ts';
import { Origins } from '../origins.ts';
import type { ResultFormat } from '../results/formats.ts';
import { onStop } from '../signals.ts';
import { countOf, durationText, StatusBoard, stopLines } from '../status.ts';
import { dim, err, out, report } from '../terminal.ts';
import { complete } from './complete.ts';
import { edit } from './edit.ts';
import { historyMax, loadHistory, oneLine, saveHistory } from './history.ts';
import { bindKeys } from './keys.ts';
import { metaAction, type MetaAction } from './meta.ts';
import { Results, type Destination } from './results.ts';

export async function shell(executor: Executor, format: ResultFormat): Promise<number> {
  let running: Shell | undefined;
  const rl = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: loadHistory(),
    historySize: historyMax,
    removeHistoryDuplicates: true,
    prompt: 'millrace> ',
    completer: (line: string) => running?.complete(line) ?? [[], line],
  });
  // A terminal that was closed ends the input, and then cannot be set back to what it was: no news.
  rl.on('error', () => {});
  bindKeys(rl);
  out(dim('Flink SQL; end statements with ";". help, quit.'));
  running = new Shell(executor, rl, format);
  return await running.run();
}

class Shell {
  readonly #executor: Executor;
  readonly #rl: Interface;
  readonly #results: Results;
  /** The lines of the statement being typed. */
  #text = '';
  /** How many of them are in the history. */
  #lines = 0;
  /** The last whole statement, for \e. */
  #last = '';
  #running: EngineJob | undefined;
  #closed = false;
  /** A line is being worked on: it ends with a prompt. */
  #busy = false;
  #timing = false;
  #destination: Destination | undefined;
  readonly #origins = new Origins();
  readonly #board: StatusBoard;

  constructor(executor: Executor, rl: Interface, format: ResultFormat) {
    this.#executor = executor;
    this.#rl = rl;
    this.#results = new Results(executor, format, () => this.#suspend());
    this.#board = new StatusBoard(executor.world, false, (text) => {
      this.#between([`[INFO] ${text}`]);
    });
  }

  async run(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let work = Promise.resolve();
    /** Lines that were typed, or pasted, ahead. */
    let waiting = 0;
    const stop = onStop(async () => {
      this.#rl.close();
    });
    this.#rl.on('history', (lines: string[]) => {
      saveHistory(lines);
    });
    this.#rl.on('SIGINT', () => {
      this.#interrupt();
    });
    this.#rl.on('close', () => {
      this.#closed = true;
      void this.#current?.cancel();
      void work.finally(resolve);
    });
    this.#rl.on('line', (line) => {
      waiting++;
      work = work.then(async () => {
        waiting--;
        this.#busy = true;
        if (!this.#closed) await this.#line(line);
        this.#busy = false;
        if (waiting === 0) this.#prompt();
      });
    });
    this.#prompt();
    await promise;
    await this.#leave();
    this.#board.close();
    await this.#destination?.close();
    stop.off();
    return stop.code;
  }

  complete(line: string): [string[], string] {
    const { candidates, word, note } = complete(this.#text, line, this.#executor);
    if (note !== undefined) {
      out(`\n${note}`);
      this.#rl.prompt(true);
    }
    return [[...candidates], word];
  }

  /** Running jobs stop: what they took is written. */
  async #leave(): Promise<void> {
    const jobs = this.#executor.jobs.filter((j) => j.state === 'running');
    if (jobs.length === 0) return;
    const names = jobs.map((j) => j.name).join(', ');
    err(
      `stopping ${jobs.length === 1 ? 'the job' : `${jobs.length} jobs`} ${names}: what was read is written; Ctrl-C ends at once`,
    );
    await Promise.all(
      jobs.map(async (job) => {
        // A failure is reported by whoever started it.
        await job.stop().catch(() => {});
        for (const line of [...stopLines(job), ...lossLines(job.totals())]) err(`${job.name}: ${line}`);
      }),
    );
  }
  #interrupt(): void {
    if (this.#current !== undefined) {
      void this.#current.cancel();
      return;
    }
    this.#clear();
    // Ctrl-E, Ctrl-U: the line that was begun goes too.
    this.#rl.write(null, { ctrl: true, name: 'e' });
    this.#rl.write(null, { ctrl: true, name: 'u' });
    out('^C');
    this.#prompt();
  }
  /** What the prompt waits for: a query, or a job that waits for what it reads and writes to open. */
  get #current(): EngineJob | undefined {
    return this.#running ?? this.#executor.jobs.find((j) => j.state === 'created');
  }
  #clear(): void {
    this.#text = '';
    this.#lines = 0;
  }
  #prompt(): void {
    if (this.#closed) return;
    this.#rl.setPrompt(this.#text === '' ? 'millrace> ' : '       -> ');
    this.#rl.prompt();
  }
  /** Gives the terminal to another program. */
  #suspend(): () => void {
    this.#rl.pause();
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    return () => {
      if (this.#closed) return;
      if (process.stdin.isTTY) process.stdin.setRawMode(true);
      this.#rl.resume();
    };
  }

  async #line(line: string): Promise<void> {
    const toFile = /^(.*?)\\g(?:\s+(\S+))?\s*$/s.exec(line);
    // With nothing before it, it runs what was typed; or the last statement once more.
    if (toFile !== null && `${this.#text}${toFile[1]!}`.trim() === '') {
      this.#clear();
      return await this.#take(this.#last, toFile[2]);
    }
    try {
      const action = toFile === null ? metaAction(line) : undefined;
      if (action !== undefined) return await this.#act(action);
    } catch (thrown) {
      report(thrown, { json: false });
      return;
    }
    this.#lines++;
    await this.#take(toFile === null ? line : `${toFile[1]!};`, toFile?.[2]);
  }
  /** More text of the statement being typed; statements that end are run. */
  async #take(line: string, file?: string): Promise<void> {
    this.#text += `${line}\n`;
    for (;;) {
      const end = splitStatement(this.#text, 0);
      if (end === undefined || this.#text.trim() === '') break;
      const text = this.#text.slice(0, end.end);
      this.#text = this.#text.slice(end.end).replace(/^\s+/, '');
      this.#remember(text);
      await this.#run(text, file);
    }
    // Nothing but comments is no statement that waits for its end.
    if (parseEachStatement(this.#text).length === 0) this.#clear();
  }
  /** The lines of a statement become one entry of the history. */
  #remember(text: string): void {
    this.#last = text;
    const { history } = this.#rl as unknown as { readonly history: string[] };
    if (this.#lines > 1 && history !== undefined) {
      history.splice(0, this.#lines, oneLine(text));
      saveHistory(history);
    }
    this.#lines = 0;
  }

  async #act(action: MetaAction): Promise<void> {
    switch (action.kind) {
      case 'quit':
        return this.#rl.close();
      case 'text':
        return out(action.text);
      case 'sql':
        return await this.#run(action.text);
      case 'result':
        return await this.#show(action.execution);
      case 'format':
        return out(`results are written as ${this.#results.setFormat(action.format)}`);
      case 'timing':
        this.#timing = action.on ?? !this.#timing;
        return out(`timing is ${this.#timing ? 'on' : 'off'}`);
      case 'output':
        await this.#destination?.close();
        this.#destination = action.file === undefined ? undefined : await this.#results.open(action.file);
        return;
      case 'include':
        return await this.#run(await readText(action.file));
      case 'edit': {
        const text = await edit(this.#text.trim() === '' ? this.#last : this.#text, () => this.#suspend());
        this.#clear();
        if (text === undefined) return;
        out(dim(text.trimEnd()));
        return await this.#take(text);
      }
    }
  }

  async #run(text: string, file?: string): Promise<void> {
    for (const statement of parseEachStatement(text)) {
      if (this.#closed) return;
      const startedAt = this.#executor.world.monotonic();
      try {
        if ('error' in statement) throw statement.error;
        this.#origins.add(statement.statement, { text });
        await this.#show(await this.#executor.execute(statement.statement), file);
      } catch (thrown) {
        const known = toMillraceError(thrown);
        report(known, { json: false, source: this.#origins.of(known) ?? { text } });
        return;
      }
      if (this.#timing) out(dim(`Time: ${durationText(this.#executor.world.monotonic() - startedAt)}`));
    }
  }

  async #show(execution: Execution, file?: string): Promise<void> {
    switch (execution.kind) {
      case 'ok':
        return out('[INFO] done');
      case 'job':
        return this.#job(execution.job);
      case 'query':
        if (execution.job.state === 'canceled') return out('[INFO] the query was canceled before it began');
        break;
      default:
    }
    const own = file === undefined ? undefined : await this.#results.open(file);
    if (execution.kind === 'query') this.#running = execution.job;
    if (this.#closed) await this.#running?.cancel();
    try {
      await this.#results.show(execution, own ?? this.#destination);
    } finally {
      this.#running = undefined;
      await own?.close();
    }
  }
  #job(job: EngineJob): void {
    if (!job.isLive) return out(`[INFO] job ${job.name} was canceled before it began`);
    this.#board.watch(job);
    out(`[INFO] job ${job.name} runs; STOP JOB '${job.name}' ends it`);
    job.done.then(
      () => {
        if (this.#closed) return;
        const { rowsOut } = job.totals();
        const how = job.stopping ? 'stopped' : 'finished';
        this.#between([
          `[INFO] job ${job.name} ${how}: ${countOf(rowsOut)} written`,
          ...stopLines(job).slice(1),
          ...lossLines(job.totals()),
        ]);
      },
      (error: unknown) => {
        out('');
        err(`job ${job.name} failed:`);
        const known = toMillraceError(error);
        report(known, { json: false, source: this.#origins.of(known) });
        this.#again();
      },
    );
  }
  /** Lines while something else may be typed or shown. */
  #between(lines: readonly string[]): void {
    out(`\n${lines.join('\n')}`);
    this.#again();
  }
  /** What was being typed stands behind the message again. */
  #again(): void {
    if (!this.#busy && !this.#closed) this.#rl.prompt(true);
  }
}
