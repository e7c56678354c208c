/* Records that end at a newline: '\n', with a '\r' before it dropped. */

import type { Framing } from './format.ts';

const newline = 10;
const carriageReturn = 13;

export class LineFraming implements Framing {
  recordEnd = 0;
  nextStart = 0;
  readonly terminator: Uint8Array = Uint8Array.of(newline);

  find(data: Uint8Array, start: number, end: number, final: boolean): boolean {
    const at = data.subarray(0, end).indexOf(newline, start);
    if (at < 0 && !final) return false;
    const lineEnd = at < 0 ? end : at;
    this.nextStart = at < 0 ? end : at + 1;
    this.recordEnd = lineEnd > start && data[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    return true;
  }
}
