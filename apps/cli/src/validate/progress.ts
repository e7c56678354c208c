/* A line on the terminal while something takes long: what it is, since when, how far it has come. */

import { realWorld } from '#host';
import { every } from '../results/within.ts';

const refreshMs = 500;
/** What is done sooner shows nothing. */
const quietMs = 1500;

/** `percent` of the step that runs, where it is known. Nothing is drawn but on a terminal. */
export async function withProgress<T>(
  what: string,
  work: () => Promise<T>,
  percent: () => number | undefined = () => undefined,
): Promise<T> {
  if (process.stderr.isTTY !== true) return await work();
  const world = realWorld();
  const started = world.monotonic();
  let drawn = false;
  const stop = every(world, refreshMs, () => {
    const ms = world.monotonic() - started;
    if (ms < quietMs) return;
    const share = percent();
    drawn = true;
    process.stderr.write(
      `\r\u001B[K${what} … ${Math.round(ms / 1000)} s${share === undefined ? '' : `, ${Math.round(share)} % of this step`}`,
    );
  });
  try {
    return await work();
  } finally {
    stop();
    if (drawn) process.stderr.write('\r\u001B[K');
  }
}
