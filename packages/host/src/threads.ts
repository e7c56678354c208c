/* Worker threads of Node, behind the port that the engine knows. */

import { isMainThread, parentPort, Worker, type TransferListItem } from 'node:worker_threads';
import type { Thread, ThreadHost, ThreadPort } from '#base';

const isSource = import.meta.url.endsWith('.ts');

/** Starts threads that run the TypeScript module at `entry`, or what it was compiled to. From source they resolve packages
 *  to their sources. */
export function workerThreads(entry: URL): ThreadHost {
  const module = isSource ? entry : new URL(entry.href.replace(/\.ts$/, '.js'));
  return { start: (name) => new WorkerThread(module, name) };
}

class WorkerThread implements Thread {
  readonly #worker: Worker;
  #ended = false;
  #lost: ((reason: Error) => void) | undefined;
  #reason: Error | undefined;

  constructor(entry: URL, name: string) {
    this.#worker = new Worker(entry, {
      name,
      ...(isSource
        ? { execArgv: ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'] }
        : {}),
    });
    this.#worker.on('error', (error: Error) => {
      this.#reason = error;
    });
    this.#worker.on('exit', (code) => {
      if (!this.#ended) this.#lost?.(this.#reason ?? new Error(`it ended with code ${code}`));
    });
  }
  post(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer as TransferListItem[]);
  }
  onMessage(take: (message: unknown) => void): void {
    this.#worker.on('message', take);
  }
  onLost(lost: (reason: Error) => void): void {
    this.#lost = lost;
  }
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }
}

/** In such a thread: its end of the messages. */
export function ownPort(): ThreadPort {
  const port = parentPort;
  if (isMainThread || port === null) throw new Error('only a thread has a port of its own');
  return {
    post: (message, transfer = []) => {
      port.postMessage(message, transfer as TransferListItem[]);
    },
    onMessage: (take) => {
      port.on('message', take);
    },
  };
}
