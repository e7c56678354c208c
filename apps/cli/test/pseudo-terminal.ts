/* A program on a terminal of its own, as a person would use it: keys in, what the screen was sent out.
 *
 *   keys ─▶ script (util-linux) ─▶ pseudo-terminal ─▶ program ─▶ pseudo-terminal ─▶ script ─▶ transcript
 *
 * Nothing here waits for a time: each wait is for a text, and fails with the transcript when it does not come. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Why no pseudo-terminal can be had here, or undefined. */
export function terminalMissing(): string | undefined {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return stdout?.includes('util-linux')
    ? undefined
    : 'needs script from util-linux (apt-get install bsdutils)';
}

export const keys = {
  up: '\u001b[A',
  tab: '\t',
  enter: '\r',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlR: '\u0012',
} as const;

const waitMsMax = 60_000;
// What moves the cursor, clears or colours: a test reads the words.
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;

export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #text = '';
  /** Up to where the transcript was looked at. */
  #seen = 0;
  #changed: () => void = () => {};

  /** `command` is a line for sh. */
  constructor(command: string, env: Readonly<Record<string, string>>, rows: number) {
    this.#child = spawn('script', ['-qfec', `stty cols 160 rows ${rows}; exec ${command}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#changed();
    });
    this.#exit = new Promise((done) => {
      this.#child.once('close', (code) => {
        done(code);
      });
    });
  }

  /** With escapes. */
  get raw(): string {
    return this.#text;
  }
  /** Closes the terminal under the program, as a window that is closed. */
  close(): void {
    this.#child.kill('SIGKILL');
  }
  get transcript(): string {
    return this.#text.replace(escapes, '');
  }
  type(text: string): void {
    this.#child.stdin!.write(text);
  }
  /** Waits until `text` was written behind what was waited for before; returns what came up to its end. */
  async until(text: string): Promise<string> {
    const late = AbortSignal.timeout(waitMsMax);
    for (;;) {
      const at = this.transcript.indexOf(text, this.#seen);
      if (at >= 0) {
        const from = this.#seen;
        this.#seen = at + text.length;
        return this.transcript.slice(from, this.#seen);
      }
      if (late.aborted || this.#child.exitCode !== null)
        throw new Error(`${JSON.stringify(text)} did not come:\n${this.transcript}`);
      await new Promise<void>((go) => {
        this.#changed = go;
        late.addEventListener('abort', () => {
          go();
        });
        void this.#exit.then(() => {
          go();
        });
      });
    }
  }
  exit(): Promise<number | null> {
    return this.#exit;
  }
  /** For the end of a test that failed half-way. */
  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }
}
