/* Runs the programs of values/regex/byte-program.ts over the bytes of a text. */

import { headsAt, step, waysAt } from '../values/regex/byte-program.ts';

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
  for (let at = start; at <= end; ) {
    if (needsHead && at > start) {
      while (at < end && !has(program, headsAt, data[at]!)) at++;
      if (at === end) return -1;
    }
    let next = 0;
    for (let way = waysAt; way < program.length; ) {
      passed = at + 1;
      const done = run(program, way, data, start, at, end);
      if (done >= 0) return groupStart;
      next = next === 0 ? passed : Math.min(next, passed);
      way = -done;
    }
    at = next;
    while (at < end && (data[at]! & 0xc0) === 0x80) at++;
  }
  return -1;
}

const has = (program: Uint8Array, set: number, byte: number): boolean =>
  (program[set + (byte >> 3)]! & (1 << (byte & 7))) !== 0;

/** 0 for an occurrence at `from`; else where the next way begins, negative. */
function run(
  program: Uint8Array,
  way: number,
  data: Uint8Array,
  start: number,
  from: number,
  end: number,
): number {
  let at = from;
  let isHead = true;
  for (let p = way; ; ) {
    const op = program[p]!;
    switch (op) {
      case step.done:
        return 0;
      case step.open:
        groupStart = at;
        p++;
        continue;
      case step.close:
        groupLength = at - groupStart;
        p++;
        continue;
      case step.start:
        if (from !== start) return wayEnd(program, p);
        p++;
        continue;
      default: {
        const set = p + 1;
        const before = at;
        if (op === step.once || op === step.optional) at = one(program, set, data, at, end);
        else while (at < end && has(program, set, data[at]!)) at++;
        if (isHead && at > before && op !== step.once && op !== step.optional) passed = at;
        isHead = false;
        if (at === before && (op === step.once || op === step.some)) return wayEnd(program, p);
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
/** Behind the way that step `p` belongs to, negative. */
function wayEnd(program: Uint8Array, p: number): number {
  let at = p;
  while (program[at] !== step.done) at += program[at]! <= step.some ? 33 : 1;
  return -(at + 1);
}
