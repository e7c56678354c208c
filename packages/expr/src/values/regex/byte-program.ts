/* Simple patterns as programs over UTF-8 bytes: what finds a part of a text without decoding it, in one pass.
 *
 *   (&|^)channel_id=([^&]*)   ─▶   heads: &; two ways: "&channel_id=" ( [^&]* ) and: start "channel_id=" ( [^&]* )
 *
 * In front of the ways stand the heads: whether an occurrence may be empty, and the bytes that one behind the text's start can
 * begin with, so that a search passes over all others. A way begins with its length, so that one that fails is left at once.
 *
 * Simple is a row of characters or classes, each once or greedily repeated, with groups around some of them, and at its head
 * maybe a choice of such rows. A class has all characters beyond ASCII, or none. A repetition takes all it can and gives
 * nothing back: right where nothing behind it could take what it takes, which is checked; and where it may be followed by
 * something that fails, no occurrence may begin within it, so that the search is linear. */

import type { JavaPattern, Node } from './ast.ts';
import { codePointMax, contains, type CodePoints } from './code-points.ts';

/** Steps of a program; a set follows each of the first four as 32 bytes, a bit a byte value; `text`: how many bytes, and they
 *  themselves. */
export const step = {
  once: 0,
  optional: 1,
  many: 2,
  some: 3,
  open: 4,
  close: 5,
  start: 6,
  done: 7,
  text: 8,
} as const;
const setBytes = 32;
const waysMax = 4;
const textMax = 255;
/** Where in a program the byte stands that alone can be a head, 0 if several can; where the heads' set and the first way
 *  begin; in front of them: 1 if an occurrence may be empty. A way's steps stand behind two bytes with their length. */
export const headAt = 1;
export const headsAt = 2;
export const waysAt = headsAt + setBytes;
export const wayHead = 2;
const wayBytesMax = 0xffff;

interface Item {
  readonly op: number;
  readonly set?: Uint8Array;
}

/** The heads and the ways, each a row of steps and `done`, one behind the other; undefined where the pattern is not simple.
 *  `group`: the one whose place is wanted. */
export function byteProgram(pattern: JavaPattern, group: number): Uint8Array | undefined {
  if (group < 0 || group > pattern.groups) return undefined;
  const ways = waysOf(pattern.node).map((way) => itemsOf(way, group));
  if (ways.length > waysMax) return undefined;
  const heads = new Uint8Array(waysAt);
  const bytes: number[] = [];
  for (const items of ways) {
    if (items === undefined || !isExact(items) || !isLinear(items)) return undefined;
    addHeads(items, heads);
    const steps = [...stepsOf(items), step.done];
    if (steps.length > wayBytesMax) return undefined;
    bytes.push(steps.length & 0xff, steps.length >> 8, ...steps);
  }
  heads[headAt] = onlyByte(heads.subarray(headsAt)) ?? 0;
  return Uint8Array.from([...heads, ...bytes]);
}
/** The steps in bytes; characters one behind the other become a text. */
function stepsOf(items: readonly Item[]): number[] {
  const bytes: number[] = [];
  let text: number[] = [];
  const endText = (): void => {
    if (text.length > 0) bytes.push(step.text, text.length, ...text);
    text = [];
  };
  for (const { op, set } of items) {
    const byte = op === step.once ? onlyByte(set!) : undefined;
    if (byte === undefined || text.length === textMax) endText();
    if (byte === undefined) bytes.push(op, ...(set ?? []));
    else text.push(byte);
  }
  endText();
  return bytes;
}
/** The byte value that a set has alone, none of beyond ASCII. */
function onlyByte(set: Uint8Array): number | undefined {
  const at = set.findIndex((bits) => bits !== 0);
  if (at < 0 || at >= 16 || set.some((bits, i) => i > at && bits !== 0)) return undefined;
  const bits = set[at]!;
  return (bits & (bits - 1)) === 0 ? at * 8 + Math.log2(bits) : undefined;
}
/** What this way can begin with, anywhere but at the start of the text, where no heads are asked. */
function addHeads(items: readonly Item[], heads: Uint8Array): void {
  if (items.some(({ op }) => op === step.start)) return;
  for (const { op, set } of items) {
    set?.forEach((bits, i) => (heads[headsAt + i]! |= bits));
    if (op === step.once || op === step.some) return;
  }
  heads[0] = 1;
}

/** A choice at the pattern's head makes a pattern for each of its options. */
function waysOf(node: Node): readonly Node[] {
  if (node.kind === 'either') return node.options.flatMap(waysOf);
  if (node.kind === 'capture') return waysOf(node.node).map((option) => ({ ...node, node: option }));
  const [head, ...rest] = node.kind === 'sequence' ? node.parts : [];
  if (head === undefined || (head.kind !== 'either' && head.kind !== 'capture')) return [node];
  return waysOf(head).map((option) => ({ kind: 'sequence', parts: [option, ...rest] }));
}

/** Undefined for what is not simple. */
function itemsOf(node: Node, group: number): Item[] | undefined {
  const items: Item[] = group === 0 ? [{ op: step.open }] : [];
  if (!addItems(node, group, items)) return undefined;
  if (group === 0) items.push({ op: step.close });
  return items;
}
function addItems(node: Node, group: number, items: Item[]): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.parts.every((part) => addItems(part, group, items));
    case 'set':
      return addSet(node.set, step.once, items);
    case 'capture':
      if (node.index === group) items.push({ op: step.open });
      if (!addItems(node.node, group, items)) return false;
      if (node.index === group) items.push({ op: step.close });
      return true;
    case 'at':
      if (node.place !== 'start' || items.some(({ set }) => set !== undefined)) return false;
      items.push({ op: step.start });
      return true;
    case 'repeat': {
      const op = repetition(node);
      return op !== undefined && node.node.kind === 'set' && addSet(node.node.set, op, items);
    }
    default:
      return false;
  }
}
function repetition({ min, max, mode }: Extract<Node, { kind: 'repeat' }>): number | undefined {
  if (mode === 'lazy') return undefined;
  if (max === 1) return min === 0 ? step.optional : step.once;
  if (max !== Infinity || min > 1) return undefined;
  return min === 0 ? step.many : step.some;
}
function addSet(set: CodePoints, op: number, items: Item[]): boolean {
  const beyond = set.at(-1) === codePointMax && set.at(-2)! <= 128;
  if (!beyond && (set.at(-1) ?? 0) > 127) return false;
  const bits = new Uint8Array(setBytes);
  for (let code = 0; code < 128; code++) if (contains(set, code)) bits[code >> 3]! |= 1 << (code & 7);
  if (beyond) bits.fill(255, 16);
  items.push({ op, set: bits });
  return true;
}

const overlap = (a: Uint8Array, b: Uint8Array): boolean => a.some((bits, i) => (bits & b[i]!) !== 0);
const isRepeated = ({ op }: Item): boolean => op === step.optional || op === step.many || op === step.some;

/** What may stand behind a repetition takes nothing that the repetition takes. */
function isExact(items: readonly Item[]): boolean {
  const sets = items.filter((item) => item.set !== undefined);
  return sets.every((item, i) => {
    if (!isRepeated(item)) return true;
    for (const next of sets.slice(i + 1)) {
      if (overlap(item.set!, next.set!)) return false;
      if (next.op === step.once || next.op === step.some) return true;
    }
    return true;
  });
}
/** No repetition that something must follow takes what an occurrence may begin with; but for one at the head, which is
 *  passed as a whole. */
function isLinear(items: readonly Item[]): boolean {
  if (items.some(({ op }) => op === step.start)) return true;
  const sets = items.filter((item) => item.set !== undefined);
  const [head] = sets;
  if (head === undefined) return true;
  const needed = sets.findLastIndex(({ op }) => op === step.once || op === step.some);
  if (head.op === step.optional || (head.op === step.many && needed > 0 && overlap(head.set!, sets[1]!.set!)))
    return false;
  return sets.every(
    (item, i) =>
      i === 0 ||
      i >= needed ||
      !(item.op === step.many || item.op === step.some) ||
      !overlap(item.set!, head.set!),
  );
}
