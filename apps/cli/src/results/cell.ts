/* One value as the text of a cell: what a person may look at safely.
 *
 * Control characters are shown by their escapes, so that no value moves the cursor or rings the bell; bytes as x'…', as
 * Flink prints them. Widths count what a terminal shows: a wide character takes two columns. */

import stringWidth from 'string-width';
import type { Field, LogicalType, Value } from '#data';
import { formatValue } from '#expr';

const control = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Control characters, and those that turn the direction of writing, by their escapes. */
export function safeText(text: string): string {
  return text.replace(control, (c) => named[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value without escapes, as CAST to STRING gives it in `zone`, but bytes as x'…'. NULL is null. */
export function plainText(value: Value, type: LogicalType, zone: string): string | null {
  if (value === null) return null;
  if (type.kind === 'BINARY' || type.kind === 'VARBINARY')
    return `x'${Buffer.from(value as Uint8Array).toString('hex')}'`;
  return formatValue(value, type, zone);
}

/** A value for the eye. */
export function cellText(value: Value, field: Field, zone: string): string {
  const text = plainText(value, field.type, zone);
  return text === null ? '<NULL>' : safeText(text);
}

const ascii = /^[\u0020-\u007e]*$/;
/** Columns of a terminal. */
export function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

const segments = new Intl.Segmenter();
/** No wider than `width`; what was cut ends with an ellipsis. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (ascii.test(text)) return `${text.slice(0, Math.max(0, width - 1))}…`;
  let cut = '';
  let used = 0;
  for (const { segment } of segments.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Numbers stand to the right. */
export const isNumber = (field: Field): boolean =>
  ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(field.type.kind);
