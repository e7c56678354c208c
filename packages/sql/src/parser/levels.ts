/** How tightly operators bind, as Flink's parser (that is Calcite's) has it:
 *
 *  OR < AND < NOT < IS NULL < = <> < > OVERLAPS IS DISTINCT FROM < IN BETWEEN LIKE < + - < * / % ||
 *  < sign < [ ] .
 *
 *  All group from the left, LIKE and SIMILAR TO from the right. */
export const levels = {
  or: 22,
  and: 24,
  not: 26,
  is: 28,
  comparison: 30,
  range: 32,
  sum: 40,
  product: 60,
  sign: 80,
  primary: 100,
} as const;
