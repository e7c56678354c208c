/* Text counted in characters, that is code points, as Flink counts it. */

import { badArgument } from './data-errors.ts';

const surrogate = /[\ud800-\udfff]/;

/** Characters of a text. */
export function charCount(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Characters [from, to), counted from 0. */
export function charSlice(text: string, from: number, to: number): string {
  return surrogate.test(text) ? [...text].slice(from, to).join('') : text.slice(from, to);
}

/** SUBSTRING: from `position` (1 the first, below 0 from the end), `length` characters at most; null if that is < 0. */
export function substring(text: string, position: number, length = 2147483647): string | null {
  if (length < 0) return null;
  const count = charCount(text);
  const start = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  if (start < 0 || start >= count) return '';
  return charSlice(text, start, Math.min(start + length, count));
}

/** The place of `part` in `text` from character `from` on, both counted from 1; 0 where it is not. */
export function position(part: string, text: string, from = 1): number {
  if (!surrogate.test(text)) return text.indexOf(part, Math.max(0, from - 1)) + 1;
  const start = charSlice(text, 0, Math.max(0, from - 1)).length;
  const at = text.indexOf(part, start);
  return at < 0 ? 0 : charCount(text.slice(0, at)) + 1;
}

/** Text without the characters of `set` at its ends. */
export function trim(text: string, set: string, leading: boolean, trailing: boolean): string {
  const drop = new Set(set);
  const chars = [...text];
  let start = 0;
  let end = chars.length;
  while (leading && start < end && drop.has(chars[start]!)) start++;
  while (trailing && end > start && drop.has(chars[end - 1]!)) end--;
  return chars.slice(start, end).join('');
}

/** `fill` repeated and cut to `length` units; '' is never asked for. */
const filling = (fill: string, length: number): string =>
  fill.repeat(Math.ceil(length / fill.length)).slice(0, length);

/** LPAD and RPAD: text cut or filled to `length`; null for a length below 0 or an empty filling. */
export function pad(text: string, length: number, fill: string, left: boolean): string | null {
  if (length < 0 || fill === '') return null;
  if (length <= text.length) return text.slice(0, length);
  const missing = filling(fill, length - text.length);
  return left ? missing + text : text + missing;
}

/** OVERLAY: `length` characters from `start` on replaced; unchanged where `start` lies outside. */
export function overlay(
  text: string,
  replacement: string,
  start: number,
  length = replacement.length,
): string {
  if (start <= 0 || start > text.length) return text;
  const rest = length > 0 ? text.slice(Math.min(text.length, start - 1 + length)) : '';
  return text.slice(0, start - 1) + replacement + rest;
}

/** INITCAP: ASCII letters and digits make words; the first letter of each is a capital, the others small. */
export function initcap(text: string): string {
  return text.replace(/[A-Za-z0-9]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase());
}

/** INSTR: the place of the `nth` occurrence from character `start` on, or backwards from the end when it is below 0. */
export function occurrence(text: string, part: string, start = 1, nth = 1): number {
  if (nth <= 0) badArgument('INSTR', `the occurrence ${nth} is not above 0`);
  if (start === 0) return 0;
  if (part === '') return start > 0 ? 1 : charCount(text) + 1;
  const [chars, wanted] = [[...text], [...part]];
  const step = start > 0 ? 1 : -1;
  let left = nth;
  // Backwards an occurrence ends at the character that the place names, counted from the end.
  const first = start > 0 ? start - 1 : chars.length + start + 1 - wanted.length;
  for (let at = first; at >= 0 && at < chars.length; at += step) {
    if (wanted.every((c, i) => chars[at + i] === c) && --left === 0) return at + 1;
  }
  return 0;
}

/** TRANSLATE: each character of `from` becomes the one at its place in `to`, or goes when there is none; a NULL is ''. */
export function translate(text: string | null, from: string | null, to: string | null): string | null {
  if (text === null || from === null || from === '') return text;
  const targets = [...(to ?? '')];
  const map = new Map<string, string>();
  for (const [i, char] of [...from].entries()) if (!map.has(char)) map.set(char, targets[i] ?? '');
  return [...text].map((char) => map.get(char) ?? char).join('');
}

/** Pieces between whole separators, empty ones kept; none for ''. An empty separator means runs of white space. */
export function splitWhole(text: string, separator: string): string[] {
  if (text === '') return [];
  return separator === '' ? text.split(/\s/) : text.split(separator);
}
