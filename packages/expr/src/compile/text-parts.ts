/* Parts of UTF-8 text by characters, found on the bytes. */

const continues = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Behind `count` characters from `at` on, `end` at most. */
function forward(data: Uint8Array, at: number, end: number, count: number): number {
  let to = at;
  for (let left = count; left > 0 && to < end; left--) {
    to++;
    while (to < end && continues(data[to]!)) to++;
  }
  return to;
}

/** Where SUBSTRING from character `position` on begins: counted from 1, below 0 from the end; the text's end where there is
 *  no such character. */
export function partStart(data: Uint8Array, start: number, length: number, position: number): number {
  const end = start + length;
  if (position >= 0) return forward(data, start, end, position === 0 ? 0 : position - 1);
  let at = end;
  for (let left = -position; left > 0; left--) {
    if (at === start) return end;
    at--;
    while (at > start && continues(data[at]!)) at--;
  }
  return at;
}
/** How many bytes `count` characters from `at` on are, up to `end`. */
export function partLength(data: Uint8Array, at: number, end: number, count: number): number {
  return forward(data, at, end, count) - at;
}
/** Where the last `count` characters begin; the text's start where it has fewer. */
export function lastStart(data: Uint8Array, start: number, length: number, count: number): number {
  const end = start + length;
  let at = end;
  for (let left = count; left > 0 && at > start; left--) {
    at--;
    while (at > start && continues(data[at]!)) at--;
  }
  return at;
}
