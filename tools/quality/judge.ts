/* Great Expectations on this machine, the judge of our results: installed by pip into a folder of .cache, one process for
 * many cases. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The release that judges. */
export const judgeVersion = '1.24.1';
const packages = [`great_expectations==${judgeVersion}`, 'pandas==3.1.1', 'pyarrow==26.0.1'];

const run = promisify(execFile);
const home = join(import.meta.dirname, '..', '..', '.cache', `gx-${judgeVersion}`);
const python = join(home, 'bin', 'python');
/** Written when all is installed. */
const mark = join(home, 'installed');

/** Why there can be no judge here, or undefined when there can. */
export async function judgeMissing(): Promise<string | undefined> {
  if (existsSync(mark)) return undefined;
  try {
    await run('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)']);
    return undefined;
  } catch {
    return 'Great Expectations needs Python 3.10 with venv and pip';
  }
}
/** Brings it unless it is there. */
export async function installJudge(): Promise<void> {
  if (existsSync(mark)) return;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  await run('python3', ['-m', 'venv', home]);
  await run(join(home, 'bin', 'pip'), ['install', '-q', '--no-compile', ...packages], {
    maxBuffer: 64 << 20,
  });
  writeFileSync(mark, packages.join('\n'));
}

export interface JudgeCase {
  readonly parquet: string;
  readonly expectations: readonly {
    readonly type: string;
    readonly kwargs: Readonly<Record<string, unknown>>;
    readonly result_format: unknown;
  }[];
}
export interface Verdict {
  readonly success: boolean;
  readonly result: Readonly<Record<string, unknown>>;
  /** What it raised instead of a result. */
  readonly error: string | null;
}

export class Judge {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout! });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }
  /** Installs it where it is missing, which takes about 20 s. */
  static async start(): Promise<Judge> {
    await installJudge();
    return new Judge(
      spawn(python, [join(import.meta.dirname, 'judge.py')], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
  }
  async ask(question: JudgeCase): Promise<readonly Verdict[]> {
    this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error('the judge ended before it answered');
    return (JSON.parse(value) as { results: Verdict[] }).results;
  }
  stop(): void {
    this.#lines.close();
    this.#process.stdin!.end();
  }
}
