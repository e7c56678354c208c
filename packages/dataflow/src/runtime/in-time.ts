/* Answers that are waited for so long and no longer. */

import { ExternalError, type World } from '#base';

/** What the promise gives, or MDL3001 when that takes longer; what comes later is dropped. */
export function inTime<T>(promise: Promise<T>, limitMs: number, world: World, asked: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = world.after(limitMs, () => {
      reject(
        new ExternalError('MDL3001', {
          message: `${asked} gave no answer in ${limitMs} ms`,
          hint: "Give it more time: MAP['timeout', '5 min'] in ML_PREDICT, or SET 'table.exec.async-ml-predict.timeout'.",
        }),
      );
    });
    promise.then(resolve, reject).finally(() => {
      timer.cancel();
    });
  });
}
