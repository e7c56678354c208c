/* The interactive shell: history, completion, statements over several lines, results as a table that updates.
 * Ctrl-C ends the running query, or clears the line; Ctrl-D leaves. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Field, Row } from '#data';
import type { Change, Execution, Executor } from '#engine';
import { keywords, parseScript, splitStatement } from '#sql';
import { changeLine, resultTable } from './result-text.ts';
import { dim, isTerminal, out, report } from './terminal.ts';

const historyMax = 1000;
/** Rows of a live table on the screen; the rest is counted. */
const shownRowsMax = 40;
const redrawMs = 100;

const historyFile = (): string => join(homedir(), '.millrace', 'history');

export async function shell(executor: Executor): Promise<number> {
  const file = historyFile();
  const history = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).reverse() : [];
  const rl = createInterface({
    input: process.stdin,
    output: process.stdout,
    history,
    historySize: historyMax,
    prompt: 'millrace> ',
    completer: (line: string) => complete(line, executor),
  });
  rl.on('history', (lines: string[]) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${[...lines].reverse().join('\n')}\n`);
  });
  out(dim('Flink SQL; end statements with ";". help, quit.'));
  return await new Shell(executor, rl).run();
}

/** Keywords, tables and columns that begin with the last word. */
export function complete(line: string, executor: Executor): [string[], string] {
  const word = /[\w$`]*$/.exec(line)?.[0] ?? '';
  if (word === '') return [[], word];
  const objects = executor.session.list();
  const names = objects.flatMap((o) => [
    o.path.object,
    ...(o.kind === 'table' ? o.columns.map((c) => c.name) : []),
  ]);
  const upper = word === word.toUpperCase();
  const all = [...new Set([...names, ...keywords.map((k) => (upper ? k.toUpperCase() : k.toLowerCase()))])];
  return [all.filter((n) => n.toLowerCase().startsWith(word.toLowerCase())).sort(), word];
}

class Shell {
  readonly #executor: Executor;
  readonly #rl: Interface;
  #text = '';
  #running: Extract<Execution, { kind: 'query' }> | undefined;

  constructor(executor: Executor, rl: Interface) {
    this.#executor = executor;
    this.#rl = rl;
  }
  run(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    let work = Promise.resolve();
    this.#rl.on('SIGINT', () => {
      this.#interrupt();
    });
    this.#rl.on('close', () => {
      void work
        .then(() => this.#leave())
        .then(() => {
          resolve(0);
        });
    });
    this.#rl.on('line', (line) => {
      work = work.then(() => this.#line(line));
    });
    this.#rl.prompt();
    return promise;
  }
  async #leave(): Promise<void> {
    await Promise.all(this.#executor.jobs.map((j) => j.cancel()));
  }
  #interrupt(): void {
    if (this.#running !== undefined) void this.#running.job.cancel();
    else {
      this.#text = '';
      out('');
      this.#prompt();
    }
  }
  #prompt(): void {
    this.#rl.setPrompt(this.#text === '' ? 'millrace> ' : '       -> ');
    this.#rl.prompt();
  }

  async #line(line: string): Promise<void> {
    const command = line.trim().replace(/;$/, '').toLowerCase();
    if (this.#text === '' && (command === 'quit' || command === 'exit')) return this.#rl.close();
    if (this.#text === '' && command === 'help') {
      out(
        "Statements of Flink SQL, each ended by \";\": CREATE TABLE, CREATE VIEW, SELECT, INSERT INTO, EXPLAIN, SHOW TABLES, DESCRIBE t, SET 'key' = 'value'.\nTab completes; Ctrl-C ends a query; quit leaves.",
      );
      return this.#prompt();
    }
    this.#text += `${line}\n`;
    for (
      let end = splitStatement(this.#text, 0);
      end !== undefined && this.#text.trim() !== '';
      end = splitStatement(this.#text, 0)
    ) {
      const text = this.#text.slice(0, end.end);
      this.#text = this.#text.slice(end.end).replace(/^\s+/, '');
      await this.#run(text);
    }
    if (this.#text.trim() === '') this.#text = '';
    this.#prompt();
  }

  async #run(text: string): Promise<void> {
    try {
      for (const { statement } of parseScript(text)) {
        const execution = await this.#executor.execute(statement);
        switch (execution.kind) {
          case 'ok':
            out('[INFO] done');
            break;
          case 'job':
            out(`[INFO] job ${execution.job.name} runs`);
            execution.job.done.catch((error: unknown) => {
              report(error, { json: false });
            });
            break;
          case 'table':
            out(
              resultTable(
                execution.rows.map((row): Change => ({ kind: '+I', row })),
                execution.fields,
                false,
              ),
            );
            break;
          case 'query':
            await this.#query(execution);
        }
      }
    } catch (thrown) {
      report(thrown, { json: false, source: { text } });
    }
  }

  async #query(execution: Extract<Execution, { kind: 'query' }>): Promise<void> {
    this.#running = execution;
    const changelog =
      this.#executor.session.settings.get('sql-client.execution.result-mode').toUpperCase() !== 'TABLE';
    try {
      if (changelog) {
        for (
          let changes = await execution.changes.next();
          changes !== undefined;
          changes = await execution.changes.next()
        ) {
          for (const change of changes) out(changeLine(change, execution.fields));
        }
      } else await this.#liveTable(execution);
    } finally {
      this.#running = undefined;
    }
  }
  async #liveTable(execution: Extract<Execution, { kind: 'query' }>): Promise<void> {
    const table = new LiveTable(execution.fields);
    let last = -Infinity;
    for (
      let changes = await execution.changes.next();
      changes !== undefined;
      changes = await execution.changes.next()
    ) {
      table.apply(changes);
      const now = this.#executor.world.monotonic();
      if (!isTerminal() || now - last < redrawMs) continue;
      last = now;
      table.draw();
    }
    table.finish();
  }
}

/** The rows that a changelog leaves, redrawn in place. */
class LiveTable {
  readonly #fields: readonly Field[];
  readonly #rows: Row[] = [];
  #drawn = 0;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }
  apply(changes: readonly Change[]): void {
    for (const { kind, row } of changes) {
      if (kind === '+I' || kind === '+U') this.#rows.push(row);
      else {
        const text = changeLine({ kind: '+I', row }, this.#fields);
        const at = this.#rows.findLastIndex((r) => changeLine({ kind: '+I', row: r }, this.#fields) === text);
        if (at >= 0) this.#rows.splice(at, 1);
      }
    }
  }
  draw(): void {
    this.#clear();
    const shown = this.#rows.slice(-shownRowsMax).map((row): Change => ({ kind: '+I', row }));
    const text = `${resultTable(shown, this.#fields, false)}${this.#rows.length > shown.length ? dim(` (the last of ${this.#rows.length})`) : ''}`;
    out(text);
    this.#drawn = text.split('\n').length;
  }
  #clear(): void {
    if (this.#drawn > 0) process.stdout.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
  finish(): void {
    this.#clear();
    out(
      resultTable(
        this.#rows.map((row): Change => ({ kind: '+I', row })),
        this.#fields,
        false,
      ),
    );
  }
}
