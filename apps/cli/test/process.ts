/* The command as a process of its own, in a folder of its own: what a test types, and what came out. */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const bin = join(import.meta.dirname, '../bin/millrace.js');
/** The command in a line for sh. */
export const shellCommand = `'${process.execPath}' '${bin}'`;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  out = '';
  err = '';
  readonly #ended: Promise<number | null>;
  #changed: () => void = () => {};

  constructor(
    command: string,
    args: readonly string[],
    cwd: string,
    read: boolean,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.child = spawn(command, args, {
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
      this.#changed();
    });
    if (read)
      this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
        this.out += text;
        this.#changed();
      });
    this.#ended = new Promise((done) => {
      this.child.once('close', (code) => {
        done(code);
        this.#changed();
      });
    });
  }
  /** Waits until the condition holds; fails with what came when the process ends before. */
  async until(holds: (running: Running) => boolean): Promise<void> {
    while (!holds(this)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`it ended with ${this.child.exitCode}:\n${this.out}\n${this.err}`);
      await new Promise<void>((go) => {
        this.#changed = go;
      });
    }
  }
  async end(): Promise<Ran> {
    return { code: await this.#ended, out: this.out, err: this.err };
  }
}

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  readonly #running: Running[] = [];

  path(name: string): string {
    return join(this.folder, name);
  }
  file(name: string, text: string): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    return this.path(name);
  }
  /** `read: false` leaves standard output to the test; `env` stands beside the environment of the test. */
  start(
    args: readonly string[],
    { read = true, env = {} }: { read?: boolean; env?: Readonly<Record<string, string>> } = {},
  ): Running {
    const running = new Running(process.execPath, [bin, ...args], this.folder, read, env);
    this.#running.push(running);
    return running;
  }
  async run(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const running = this.start(args, { env });
    running.child.stdin.end(input);
    return await running.end();
  }
  /** A line for bash, with `pipefail`; `millrace` is the command. */
  async shell(line: string): Promise<Ran> {
    const script = `set -o pipefail; millrace() { ${shellCommand} "$@"; }; ${line}`;
    const running = new Running('bash', ['-c', script], this.folder, true);
    this.#running.push(running);
    running.child.stdin.end();
    return await running.end();
  }
  /** All lines of the files of a table, sorted; hidden files are in nobody's way. */
  rows(table: string): string[] {
    const folder = this.path(table);
    return readdirSync(folder)
      .filter((f) => !f.startsWith('.'))
      .flatMap((f) => readFileSync(join(folder, f), 'utf8').trimEnd().split('\n'))
      .sort();
  }
  /** Numbers of a job's checkpoints that are whole, the oldest first. */
  checkpoints(job: string): number[] {
    const state = this.path(`.millrace/state/${encodeURIComponent(job)}`);
    if (!existsSync(state)) return [];
    // What lies below comes and goes while it is looked at.
    const whole = readdirSync(state).filter((name) => existsSync(join(state, name, '_metadata')));
    return whole
      .flatMap((name) => /^chk-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
      .sort((a, b) => a - b);
  }
  close(): void {
    for (const { child } of this.#running) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as Record<string, unknown>);

/** A datagen table that counts: `rows` in all, or for ever at `rate` a second. */
export const counting = (name: string, how: { rows?: number; rate?: number }): string =>
  `CREATE TABLE ${name} (id BIGINT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${how.rows ?? 1_000_000_000}'${how.rate === undefined ? `, 'rows-per-second' = '1000000'` : `, 'rows-per-second' = '${how.rate}'`});\n`;
export const csvTable = (name: string, columns: string): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${name}', 'format' = 'csv');\n`;
