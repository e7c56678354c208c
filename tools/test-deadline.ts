/* A vitest reporter that ends a run in which one file does not come to its end: a test that loops without a pause cannot be
 * timed out from within its own process. It names the files that were running, and ends the run's process group. */

import type { Reporter, TestModule } from 'vitest/node';

/** The longest files take a minute and a half; a busy machine twice that. */
const fileMinutesMax = 8;
const checkMs = 10_000;

export default class TestDeadline implements Reporter {
  readonly #running = new Map<TestModule, number>();
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#timer = setInterval(() => this.#check(), checkMs);
    this.#timer.unref();
  }
  onTestModuleStart(module: TestModule): void {
    this.#running.set(module, Date.now());
  }
  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module);
  }
  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }
  #check(): void {
    const now = Date.now();
    for (const [module, since] of this.#running) {
      if (now - since < fileMinutesMax * 60_000) continue;
      console.error(
        `[test] FAILED: ${module.moduleId} did not end within ${fileMinutesMax} minutes; the run is stopped`,
      );
      process.kill(-process.pid, 'SIGKILL');
    }
  }
}
