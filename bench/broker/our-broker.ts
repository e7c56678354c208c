/* The embedded Kafka in a process of its own, started as `services up kafka` does, as seen from the benchmark. */

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { brokerFlags } from '../../apps/cli/src/services/node-flags.ts';

export class OurBroker {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly address: string;
  /** How long `Broker.start` took. */
  readonly startMs: number;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, first: string) {
    this.#child = child;
    this.#lines = lines;
    const { address, startMs } = JSON.parse(first) as { address: string; startMs: number };
    this.address = address;
    this.startMs = startMs;
  }
  /** In memory, or with its logs in a folder. */
  static async start(dir?: string): Promise<OurBroker> {
    const script = join(import.meta.dirname, 'ours.ts');
    const node = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', script];
    const child = spawn(
      process.execPath,
      [...brokerFlags, ...node, ...(dir === undefined ? [] : [`dir=${dir}`])],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return new OurBroker(child, lines, String((await lines.next()).value));
  }
  async residentBytes(): Promise<number> {
    this.#child.stdin!.write('\n');
    return (JSON.parse(String((await this.#lines.next()).value)) as { rss: number }).rss;
  }
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.stdin!.end();
    await ended;
  }
}
