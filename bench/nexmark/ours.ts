/* Millrace as the Nexmark benchmark runs it: another process, so that its CPU time is its own. */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NexmarkEngine, NexmarkInputs, RunCost } from './engine.ts';
import type { NexmarkQuery } from './queries.ts';

const program = fileURLToPath(new URL('./ours-process.ts', import.meta.url));

export class OurNexmark implements NexmarkEngine {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(inputs: NexmarkInputs): Promise<OurNexmark> {
    const child = fork(program, [JSON.stringify(inputs)], {
      execArgv: ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'],
    });
    const engine = new OurNexmark(child);
    await engine.#answer();
    return engine;
  }

  async run(query: NexmarkQuery, folder?: string): Promise<RunCost> {
    this.#child.send({ query: query.name, folder });
    return (await this.#answer()) as RunCost;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }

  /** The next message, or an error when the process ends without one. */
  async #answer(): Promise<unknown> {
    const ended = new AbortController();
    try {
      return await Promise.race([
        once(this.#child, 'message', { signal: ended.signal }).then(([message]) => message as unknown),
        once(this.#child, 'exit', { signal: ended.signal }).then(([code]) => {
          throw new Error(`our side ended with ${code}`);
        }),
      ]);
    } finally {
      ended.abort();
    }
  }
}
