/* Tests of a text that its bytes decide, without decoding it or counting what need not be counted.
 *
 *   channel IN ('Apple', 'Baidu')   ─▶  five bytes, and these         CHAR_LENGTH(url) <= 200   ─▶  at most 200 bytes, or counted
 */

import type { Code, Slice } from './code.ts';

/** Longer constants are compared in a loop. */
const unrolledMax = 24;

/** Whether a slice has exactly these bytes, each compared to a constant; undefined where that would be long. */
export function sameAsConstant(code: Code, slice: Slice, bytes: Uint8Array): string | undefined {
  if (bytes.length > unrolledMax) return undefined;
  const { data, start, length } = named(code, slice);
  const equal = [...bytes].map((byte, i) => `${data}[${start}${i === 0 ? '' : ` + ${i}`}] === ${byte}`);
  return `(${[`${length} === ${bytes.length}`, ...equal].join(' && ')})`;
}

/** A slice whose start and length are names: each element is loaded once. */
function named(code: Code, slice: Slice): Slice {
  const key = `slice ${slice.column} ${slice.part}`;
  const known = code.recall(key)?.slice;
  if (known !== undefined) return known;
  const [start, length] = [code.name(), code.name()];
  code.emit(`const ${start} = ${slice.start};`);
  code.emit(`const ${length} = ${slice.length};`);
  const found: Slice = { ...slice, start, length };
  code.remember(key, {
    type: { kind: 'BOOLEAN', nullable: false },
    value: '',
    nanos: '0',
    isNull: 'false',
    slice: found,
  });
  return found;
}

export type LengthOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The greatest number of bytes of a character in UTF-8. */
const bytesMax = 4;

/** How many characters a slice has against a constant. Characters are counted only where the number of bytes leaves it open:
 *  n bytes are at most n characters, and at least a fourth of that. */
export function lengthTest(code: Code, slice: Slice, operator: LengthOperator, bound: number): string {
  const { data, start, length } = named(code, slice);
  const chars = `charsAt(${data}, ${start}, ${length})`;
  switch (operator) {
    case '<':
      return lengthTest(code, slice, '<=', bound - 1);
    case '>':
      return lengthTest(code, slice, '>=', bound + 1);
    case '<=':
      if (bound < 0) return 'false';
      return `(${length} <= ${bound} || ${length} <= ${bound * bytesMax} && ${chars} <= ${bound})`;
    case '>=':
      if (bound <= 0) return 'true';
      return `(${length} > ${(bound - 1) * bytesMax} || ${length} >= ${bound} && ${chars} >= ${bound})`;
    case '=':
      if (bound < 0) return 'false';
      return `(${length} >= ${bound} && ${length} <= ${bound * bytesMax} && ${chars} === ${bound})`;
    case '<>':
      return `!${lengthTest(code, slice, '=', bound)}`;
  }
}
