/* The interactive shell: history, completion, statements over several lines, results as a table that updates.
 * Ctrl-C ends the running query, or clears what was typed; Ctrl-D leaves, and ends what still runs. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Change, Execution, Executor } from '#engine';
import { keywords, parseScript, splitStatement } from '#sql';
import { LiveTable } from './live-table.ts';
import { changeLine, resultTable } from './result-text.ts';
import { dim, out, report } from './terminal.ts';

const historyMax = 1000;

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
    // Options of tables may hold passwords: nobody else reads it.
    writeFileSync(file, `${[...lines].reverse().join('\n')}\n`, { mode: 0o600 });
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
  #closed = false;

  constructor(executor: Executor, rl: Interface) {
    this.#executor = executor;
    this.#rl = rl;
  }
  run(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    let work = Promise.resolve();
    /** Lines that were typed, or pasted, ahead. */
    let waiting = 0;
    this.#rl.on('SIGINT', () => {
      this.#interrupt();
    });
    this.#rl.on('close', () => {
      this.#closed = true;
      void this.#running?.job.cancel();
      void work
        .then(() => this.#leave())
        .then(() => {
          resolve(0);
        });
    });
    this.#rl.on('line', (line) => {
      waiting++;
      work = work.then(async () => {
        waiting--;
        if (!this.#closed) await this.#line(line);
        if (waiting === 0) this.#prompt();
      });
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
      // Ctrl-E, Ctrl-U: the line that was begun goes too.
      this.#rl.write(null, { ctrl: true, name: 'e' });
      this.#rl.write(null, { ctrl: true, name: 'u' });
      out('^C');
      this.#prompt();
    }
  }
  #prompt(): void {
    if (this.#closed) return;
    this.#rl.setPrompt(this.#text === '' ? 'millrace> ' : '       -> ');
    this.#rl.prompt();
  }

  async #line(line: string): Promise<void> {
    const command = line.trim().replace(/;$/, '').toLowerCase();
    if (this.#text === '' && (command === 'quit' || command === 'exit')) return this.#rl.close();
    if (this.#text === '' && command === 'help') {
      out(
        "Statements of Flink SQL, each ended by \";\": CREATE TABLE, CREATE VIEW, SELECT, INSERT INTO, EXPLAIN, SHOW TABLES, DESCRIBE t, SET 'key' = 'value'.\nTab completes, the arrow up brings earlier lines back; Ctrl-C ends a query; quit or Ctrl-D leaves.",
      );
      return;
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
  }

  async #run(text: string): Promise<void> {
    try {
      for (const { statement } of parseScript(text)) {
        if (this.#closed) return;
        const execution = await this.#executor.execute(statement);
        switch (execution.kind) {
          case 'ok':
            out('[INFO] done');
            break;
          case 'job':
            out(`[INFO] job ${execution.job.name} runs`);
            execution.job.done.catch((error: unknown) => {
              out('');
              report(error, { json: false });
              // What was being typed stands behind the message again.
              if (this.#running === undefined && !this.#closed) this.#rl.prompt(true);
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
    if (this.#closed) await execution.job.cancel();
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
    for (
      let changes = await execution.changes.next();
      changes !== undefined;
      changes = await execution.changes.next()
    ) {
      table.apply(changes);
      table.draw(this.#executor.world.monotonic());
    }
    table.finish();
  }
}
