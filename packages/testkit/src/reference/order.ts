/* The order of ORDER BY: by each key in turn, NULLs where they are asked for. */

import { compareValues, type Row } from '#data';
import type { SortKeySpec } from '#job';

export function compareRows(a: Row, b: Row, keys: readonly SortKeySpec[]): number {
  for (const { column, descending, nullsLast } of keys) {
    const x = a[column]!;
    const y = b[column]!;
    if (x === null && y === null) continue;
    if (x === null) return nullsLast ? 1 : -1;
    if (y === null) return nullsLast ? -1 : 1;
    const order = compareValues(x, y);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}
