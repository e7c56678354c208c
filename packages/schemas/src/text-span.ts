/* Where in a schema's text something stands. */

import type { Span } from '#base';

/** One character at an offset of the text, or a stretch up to `end`. */
export function spanAt(text: string, start: number, end = start + 1): Span {
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  return { start, end, line, column: start - before.lastIndexOf('\n') };
}
