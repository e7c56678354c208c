/* A Java pattern made ready to search with.
 *
 *   pattern ──▶ parse ──▶ nodes ─┬─▶ JavaScript's expression  (text without surrogates)
 *                                ├─▶ the same with u          (text with them, if it cannot explode)
 *                                └─▶ match.ts                 (what JavaScript cannot say, or what might explode there)
 *
 * "Explode": nested or ambiguous loops, which take time that doubles with every character of a text that almost
 * matches. V8 begins such a match anew on an engine that is linear, if the expression has no look-around and no
 * back reference and no u; the flag for that is set here. */

import { setFlagsFromString } from 'node:v8';
import { childrenOf, some, type JavaPattern, type Node } from './ast.ts';
import { emit, type Emitted } from './emit.ts';
import { beyondJavaScript, Matching, mayBeEmpty, needsMatching } from './match.ts';

setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** One occurrence: where it is, and the text of its groups, 0 being all of it. */
export interface Found {
  readonly index: number;
  readonly end: number;
  group(index: number): string | null;
}

const surrogate = /[\ud800-\udfff]/;

export class JavaRegex {
  /** How many groups the pattern has. */
  readonly groups: number;
  readonly #node: Node;
  readonly #plain: Searching | undefined;
  /** Says whether there is a match, where its groups may be others. */
  readonly #tested: RegExp | undefined;
  readonly #withSurrogates: (() => Searching) | undefined;
  #unicode: Searching | undefined;
  #matching: Matching | undefined;

  constructor({ node, groups }: JavaPattern) {
    this.groups = groups;
    this.#node = node;
    const explosive = mayExplode(node);
    if (beyondJavaScript(node)) return;
    // The linear engine knows no look-around, and repeats only so often.
    if (!explosive || isLinear(node)) {
      const plain = searching(emit(node, false), '');
      this.#tested = plain.regex;
      if (!needsMatching(node)) this.#plain = plain;
    }
    if (needsMatching(node)) return;
    if (!explosive && !mayBeEmpty(node)) this.#withSurrogates = () => searching(emit(node, true), 'u');
  }
  /** Whether the pattern occurs in the text. */
  test(text: string): boolean {
    const regex = surrogate.test(text) ? this.#searchFor(text)?.regex : this.#tested;
    if (regex === undefined) return this.#match().find(text, 0) !== undefined;
    regex.lastIndex = 0;
    return regex.test(text);
  }
  /** The first occurrence from `from` on. */
  find(text: string, from = 0): Found | undefined {
    const search = this.#searchFor(text);
    if (search === undefined) {
      const places = this.#match().find(text, from);
      return places && ofPlaces(text, places.slice());
    }
    search.regex.lastIndex = from;
    const match = search.regex.exec(text);
    return match === null ? undefined : ofMatch(match, search.groups);
  }
  /** All occurrences, one behind the other. */
  *all(text: string): Generator<Found> {
    for (let from = 0; from <= text.length; ) {
      const found = this.find(text, from);
      if (found === undefined) return;
      yield found;
      from = found.end > found.index ? found.end : found.end + 1;
    }
  }
  /** The text with every occurrence replaced. */
  replaceAll(text: string, replacement: string): string {
    const search = this.#searchFor(text);
    if (search !== undefined) return text.replace(search.regex, () => replacement);
    let result = '';
    let last = 0;
    for (const found of this.all(text)) {
      result += text.slice(last, found.index) + replacement;
      last = found.end;
    }
    return result + text.slice(last);
  }
  #searchFor(text: string): Searching | undefined {
    if (!surrogate.test(text)) return this.#plain;
    if (this.#withSurrogates === undefined) return undefined;
    return (this.#unicode ??= this.#withSurrogates());
  }
  #match(): Matching {
    return (this.#matching ??= new Matching(this.#node, this.groups));
  }
}

interface Searching {
  readonly regex: RegExp;
  readonly groups: readonly number[];
}
const searching = ({ source, groups }: Emitted, flags: string): Searching => ({
  regex: new RegExp(source, `${flags}g`),
  groups,
});

const ofMatch = (match: RegExpExecArray, groups: readonly number[]): Found => ({
  index: match.index,
  end: match.index + match[0].length,
  group: (i) => match[groups[i]!] ?? null,
});
const ofPlaces = (text: string, places: Int32Array): Found => ({
  index: places[0]!,
  end: places[1]!,
  group: (i) => (places[2 * i]! < 0 ? null : text.slice(places[2 * i], places[2 * i + 1])),
});

/** A loop of many passes whose pass can be had in more ways than one, or more than two loops in a row. */
function mayExplode(node: Node): boolean {
  const loops = (n: Node): boolean => n.kind === 'repeat' && n.max > 8;
  const ambiguous = (n: Node): boolean =>
    (n.kind === 'repeat' && n.min !== n.max) || n.kind === 'either' || (n.kind === 'look' && loopsIn(n) > 0);
  if (some(node, (n) => loops(n) && childrenOf(n).some((c) => some(c, ambiguous)))) return true;
  return loopsIn(node) > 3;
}
const loopsIn = (node: Node): number =>
  (node.kind === 'repeat' && node.max === Infinity ? 1 : 0) +
  childrenOf(node).reduce((n, c) => n + loopsIn(c), 0);

/** Counts above this are no matter for V8's linear engine. */
const linearCountMax = 16;
const isLinear = (node: Node): boolean =>
  !some(
    node,
    (n) =>
      n.kind === 'look' ||
      n.kind === 'atomic' ||
      (n.kind === 'repeat' &&
        (n.mode === 'possessive' ||
          n.min > linearCountMax ||
          (n.max !== Infinity && n.max > linearCountMax))) ||
      (n.kind === 'at' && n.place !== 'start' && n.place !== 'end'),
  );
