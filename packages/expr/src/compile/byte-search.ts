/* Runs the programs of values/regex/byte-program.ts over the bytes of a text. */

import { headAt, headsAt, step, wayHead, waysAt } from '../values/regex/byte-program.ts';

let groupStart = 0;
let groupLength = 0;
/** Where the search goes on after a way that failed: behind a repetition at its head. */
let passed = 0;

/** How long the part is that was found last. */
export const extractLength = (): number => groupLength;

/** Where the wanted group of the first occurrence begins, or -1. */
export function extractStart(program: Uint8Array, data: Uint8Array, start: number, length: number): number {
  const end = start + length;
  const needsHead = program[0] === 0;
  const head = program[headAt]!;
  for (let at = start; at <= end; ) {
    if (needsHead && at > start) {
      if (head !== 0) while (at < end && data[at] !== head) at++;
      else while (at < end && !has(program, headsAt, data[at]!)) at++;
      if (at === end) return -1;
    }
    let next = 0;
    for (let way = waysAt; way < program.length; ) {
      passed = at + 1;
      if (runs(program, way + wayHead, data, start, at, end)) return groupStart;
      next = next === 0 ? passed : Math.min(next, passed);
      way += wayHead + program[way]! + (program[way + 1]! << 8);
    }
    at = next;
    while (at < end && (data[at]! & 0xc0) === 0x80) at++;
  }
  return -1;
}

const has = (program: Uint8Array, set: number, byte: number): boolean =>
  (program[set + (byte >> 3)]! & (1 << (byte & 7))) !== 0;

/** Whether the steps from `first` on find an occurrence at `from`. */
function runs(
  program: Uint8Array,
  first: number,
  data: Uint8Array,
  start: number,
  from: number,
  end: number,
): boolean {
  let at = from;
  let isHead = true;
  for (let p = first; ; ) {
    const op = program[p]!;
    switch (op) {
      case step.done:
        return true;
      case step.open:
        groupStart = at;
        p++;
        continue;
      case step.close:
        groupLength = at - groupStart;
        p++;
        continue;
      case step.start:
        if (from !== start) return false;
        p++;
        continue;
      case step.text: {
        const count = program[p + 1]!;
        if (end - at < count) return false;
        for (let i = 0, text = p + 2; i < count; i++) if (data[at + i] !== program[text + i]) return false;
        at += count;
        isHead = false;
        p += 2 + count;
        continue;
      }
      default: {
        const set = p + 1;
        const before = at;
        if (op === step.once || op === step.optional) at = one(program, set, data, at, end);
        else while (at < end && has(program, set, data[at]!)) at++;
        if (isHead && at > before && op !== step.once && op !== step.optional) passed = at;
        isHead = false;
        if (at === before && (op === step.once || op === step.some)) return false;
        p = set + 32;
      }
    }
  }
}
/** Behind one character of the set; `at` where there is none. */
function one(program: Uint8Array, set: number, data: Uint8Array, at: number, end: number): number {
  if (at >= end || !has(program, set, data[at]!)) return at;
  let to = at + 1;
  if (data[at]! > 127) while (to < end && (data[to]! & 0xc0) === 0x80) to++;
  return to;
}
