/* VARIANT, BITMAP and structured types: where we answer otherwise than Flink on purpose. The cases stand in type-cases.ts. */

import { typeQueries } from './type-cases.ts';

const noRule =
  'Flink’s planner has no rule for VARIANT and BITMAP in CASE and beside a constant one ("No assign rules for VARIANT defined"). We answer.';
const mixed =
  'Flink does not compare a BITMAP that may be NULL with one that may not, nor cast it to BITMAP. We do.';
const byColumn = 'Flink takes members of a VARIANT by constant names alone ("None.get"). We take any.';
const shared =
  'Where rows of OVER change or come in another order than the window’s, Flink changes the bitmap that it gave for a row before, so it takes back rows that it never gave, and its net result is wrong. Ours is right.';
/** Of which cases a reason is, by their ends. */
const reasons: readonly (readonly [end: RegExp, reason: string])[] = [
  [/WHERE v (?:=|<>) PARSE_JSON\('1'\)$/, noRule],
  [/CASE WHEN id > 3 THEN v ELSE/, noRule],
  [/WHERE b = BITMAP_BUILD\(ARRAY\[7, 1\]\)$/, mixed],
  [/^SELECT CAST\(b AS BITMAP\)/, mixed],
  [/JSON_STRING\(v\[k\]\)/, byColumn],
  [/^SELECT id, BITMAP.* OVER .* FROM edits$/, shared],
  [/^SELECT id, BITMAP.* OVER \(ORDER BY n\)/, shared],
];

export const typeDifferences: readonly (readonly [string, string])[] = typeQueries.flatMap((sql) => {
  const reason = reasons.find(([end]) => end.test(sql))?.[1];
  return reason === undefined ? [] : [[sql, reason] as const];
});
