/* Answers that are waited for so long and no longer. */

import { ExternalError, type Timer, type World } from '#base';

export class TimedAnswers {
  readonly #world: World;
  readonly #limitMs: number;
  readonly #asked: string;
  readonly #running = new Set<Timer>();

  /** `asked`: who answers, for messages. */
  constructor(world: World, limitMs: number, asked: string) {
    this.#world = world;
    this.#limitMs = limitMs;
    this.#asked = asked;
  }
  /** What the promise gives, or MDL3001 when that takes longer; what comes later is dropped. */
  of<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = this.#world.after(this.#limitMs, () => {
        this.#running.delete(timer);
        reject(
          new ExternalError('MDL3001', {
            message: `${this.#asked} gave no answer in ${this.#limitMs} ms`,
            hint: "Give it more time: MAP['timeout', '5 min'] in ML_PREDICT, or SET 'table.exec.async-ml-predict.timeout'.",
          }),
        );
      });
      this.#running.add(timer);
      const settled = (): void => {
        timer.cancel();
        this.#running.delete(timer);
      };
      promise.then(
        (value) => {
          settled();
          resolve(value);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }
  /** Nobody waits any more. */
  close(): void {
    for (const timer of this.#running) timer.cancel();
    this.#running.clear();
  }
}
