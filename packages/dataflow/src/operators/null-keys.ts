/* Rows that meet nobody in a join, whatever the other side holds. */

import type { Column } from '#data';

/** For rows `from` … `from + count - 1`: 1 where the key holds a NULL that meets nothing, else 0. `filterNulls`: for each
 *  column of the key, whether NULL meets nothing. */
export function nullKeys(
  keys: readonly Column[],
  filterNulls: readonly boolean[],
  from: number,
  count: number,
  into: Uint8Array,
): void {
  into.fill(0, 0, count);
  keys.forEach(({ valid }, k) => {
    if (valid === undefined || !filterNulls[k]) return;
    for (let i = 0; i < count; i++) if (valid[from + i] === 0) into[i] = 1;
  });
}
