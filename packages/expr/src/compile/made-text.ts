/* Text that is made for one row as bytes, so that what reads it (comparisons, parts, outputs) does so without decoding.
 *
 *   beginText ─▶ lowerText, upperText: the bytes go behind those made before ─▶ the row goes out, and they are forgotten */

import { decodeUtf8 } from '../values/format-value.ts';

let text = new Uint8Array(4096);
let used = 0;
let made = 0;
const encoder = new TextEncoder();

/** What was made for the row before is forgotten. */
export function beginText(): void {
  used = 0;
}
/** The bytes that positions of made text refer to. Asked anew after anything was made. */
export const textBytes = (): Uint8Array => text;
/** How long the text is that was made last. */
export const textLength = (): number => made;

function reserve(length: number): void {
  if (used + length <= text.length) return;
  const bigger = new Uint8Array(Math.max(used + length, text.length * 2));
  bigger.set(text.subarray(0, used));
  text = bigger;
}
/** What the letters from `first` on become is `by` away; other bytes of ASCII stay. Returns -1 when not all are ASCII. */
function mapAscii(data: Uint8Array, start: number, length: number, first: number, by: number): number {
  reserve(length);
  const to = text;
  const at = used;
  for (let i = 0; i < length; i++) {
    const byte = data[start + i]!;
    if (byte > 127) return -1;
    to[at + i] = byte >= first && byte < first + 26 ? byte + by : byte;
  }
  return keep(at, length);
}
function keep(at: number, length: number): number {
  used = at + length;
  made = length;
  return at;
}
function put(value: string): number {
  const bytes = encoder.encode(value);
  reserve(bytes.length);
  text.set(bytes, used);
  return keep(used, bytes.length);
}
const decoded = (data: Uint8Array, start: number, length: number): string =>
  decodeUtf8(data.subarray(start, start + length));

/** Where the text in small letters begins. */
export function lowerText(data: Uint8Array, start: number, length: number): number {
  const at = mapAscii(data, start, length, 65, 32);
  return at >= 0 ? at : put(decoded(data, start, length).toLowerCase());
}
/** Where the text in capitals begins. */
export function upperText(data: Uint8Array, start: number, length: number): number {
  const at = mapAscii(data, start, length, 97, -32);
  return at >= 0 ? at : put(decoded(data, start, length).toUpperCase());
}
