/* A row in a message: as SQL would print it, texts in quotes, cut where it is long; and where it came from. */

import { readRow, types, type Batch, type LogicalType } from '#data';
import type { EvalContext } from '../context.ts';
import { castFunction } from '../values/cast.ts';

/** Characters of a row in a message. */
const shownMax = 200;

/** `(1, 'a', NULL), from topic 't', partition 0, offset 5`; without the place where the batch does not know it. */
export function shownRow(
  batch: Batch,
  rowTypes: readonly LogicalType[],
  at: number,
  context: EvalContext,
): string {
  const cells = readRow(batch, rowTypes, at).map((value, i) => {
    const type = rowTypes[i]!;
    if (value === null) return 'NULL';
    if (typeof value === 'string') return `'${value}'`;
    try {
      return String(castFunction(type, types.STRING)(value as never, context));
    } catch {
      return type.kind;
    }
  });
  const text = `(${cells.join(', ')})`;
  const shown = text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
  return batch.origin === undefined ? shown : `${shown}, from ${batch.origin(at).place}`;
}
