/* millrace test --watch: runs the files, and again those that a change touches: the file itself, or one that it includes.
 *
 *   fs.watch ─▶ a moment of quiet ─▶ the touched files run ─▶ wait again, until a signal ends it */

import { watch, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { realWorld } from '#host';
import type { Timer } from '#base';
import { onStop } from '../signals.ts';
import { dim, out, report } from '../terminal.ts';
import { checkTests, findTests, type TestFlags } from './test-run.ts';

/** Editors write a file in several steps. */
const quietMs = 100;

export async function watchTests(paths: readonly string[], flags: TestFlags): Promise<number> {
  const watching = new Watching(paths, flags);
  await watching.run(findTests(paths));
  return await watching.done;
}

class Watching {
  readonly done: Promise<number>;
  readonly #paths: readonly string[];
  readonly #flags: TestFlags;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #included = new Map<string, ReadonlySet<string>>();
  #changed = new Set<string>();
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(paths: readonly string[], flags: TestFlags) {
    this.#paths = paths;
    this.#flags = flags;
    this.done = new Promise((resolveDone) => {
      const stop = onStop(async () => {
        for (const watcher of this.#watchers.values()) watcher.close();
        this.#timer?.cancel();
        await this.#running;
        resolveDone(stop.code);
      });
    });
  }

  async run(files: readonly string[]): Promise<void> {
    try {
      const { included } = await checkTests(files, this.#flags);
      for (const [file, others] of included) this.#included.set(file, others);
    } catch (thrown) {
      // A file that went away in between is no reason to end.
      report(thrown, { json: this.#flags.json === true });
    }
    for (const [file, others] of this.#included)
      for (const path of [file, ...others]) this.#watch(dirname(resolve(path)));
    if (this.#flags.json !== true) out(dim('waiting for changes; Ctrl-C ends it'));
  }
  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watch(folder, (_, name) => {
      if (name !== null) this.#note(resolve(folder, name));
    });
    watcher.on('error', () => {
      this.#watchers.delete(folder);
    });
    this.#watchers.set(folder, watcher);
  }
  #note(path: string): void {
    this.#changed.add(path);
    this.#timer?.cancel();
    this.#timer = realWorld().after(quietMs, () => {
      this.#running = this.#running.then(() => this.#again());
    });
  }
  async #again(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    const files = this.#tests().filter(
      (file) =>
        changed.has(resolve(file)) || [...(this.#included.get(file) ?? [])].some((path) => changed.has(path)),
    );
    if (files.length > 0) await this.run(files);
  }
  #tests(): string[] {
    try {
      return findTests(this.#paths);
    } catch {
      return [];
    }
  }
}
