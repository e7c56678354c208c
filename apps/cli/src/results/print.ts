/* Writes a running query's result: rows as they come, no faster than they are read. */

import type { World } from '#base';
import type { Change, ChangeQueue } from '#engine';
import { within } from './within.ts';
import type { ResultWriter } from './writer.ts';

/** A row waits no longer than this for others, however fast they come. */
const pauseMs = 100;

/** Where text goes; resolves when there is room for more. */
export type Write = (text: string) => Promise<void>;

/** Returns how many changes there were. Throws what failed the job, after what came before was written. */
export async function printChanges(
  changes: Pick<ChangeQueue, 'next'>,
  writer: ResultWriter,
  write: Write,
  world: World,
): Promise<number> {
  let count = 0;
  /** When what was kept back is written. */
  let pauseAt = Infinity;
  try {
    for (;;) {
      const next = changes.next();
      const waitMs = Math.max(0, pauseAt - world.monotonic());
      let part = waitMs === Infinity ? await next : await within(next, waitMs, world);
      if (part === 'late') {
        await write(writer.pause());
        pauseAt = Infinity;
        part = await next;
      }
      if (part === undefined) break;
      count += part.length;
      pauseAt = Math.min(pauseAt, world.monotonic() + pauseMs);
      await write(writer.take(part));
    }
  } finally {
    await write(count > 0 ? writer.pause() : '');
  }
  await write(writer.end());
  return count;
}

/** A table that is there already. */
export async function printRows(rows: readonly Change[], writer: ResultWriter, write: Write): Promise<void> {
  const text = writer.take(rows);
  await write(text + writer.end());
}
