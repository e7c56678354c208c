/* Writes a running query's result: rows as they come, no faster than they are read. */

import type { World } from '#base';
import type { Change, ChangeQueue } from '#engine';
import { within } from './within.ts';
import type { ResultWriter } from './writer.ts';

/** A row waits no longer than this for others. */
const pauseMs = 100;

/** Where text goes; resolves when there is room for more. */
export type Write = (text: string) => Promise<void>;

/** Returns how many changes there were. Throws what failed the job, after what came before was written. */
export async function printChanges(
  changes: ChangeQueue,
  writer: ResultWriter,
  write: Write,
  world: World,
): Promise<number> {
  let count = 0;
  try {
    for (;;) {
      const next = changes.next();
      let part = await within(next, pauseMs, world);
      if (part === 'late') {
        await write(writer.pause());
        part = await next;
      }
      if (part === undefined) break;
      count += part.length;
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
