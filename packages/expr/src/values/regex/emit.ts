/* Nodes as a regular expression of JavaScript, without flags, or with u for texts that have surrogates.
 *
 *   (?i)a*+b ──▶ (?=([Aa]*))\1[Bb]
 *
 * Without u a match of V8 that backtracks too much is begun anew on an engine that does not (see compile.ts), which
 * knows no u; so u is only taken where a text needs it. */

import type { Node, Place } from './ast.ts';
import { codePointMax, complement, ofProperty, type CodePoints } from './code-points.ts';
import { lineEndSet, wordSet } from './properties.ts';

export interface Emitted {
  readonly source: string;
  /** Where Java's groups stand among JavaScript's; index 0 is the whole. */
  readonly groups: readonly number[];
}

export function emit(node: Node, unicode: boolean): Emitted {
  const emitter = new Emitter(unicode);
  const source = emitter.node(node);
  return { source, groups: emitter.groups };
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

class Emitter {
  readonly #unicode: boolean;
  readonly groups: number[] = [0];
  #captures = 0;

  constructor(unicode: boolean) {
    this.#unicode = unicode;
  }
  node(node: Node): string {
    switch (node.kind) {
      case 'set':
        return this.#set(node.set);
      case 'sequence':
        return node.parts.map((p) => (p.kind === 'either' ? `(?:${this.node(p)})` : this.node(p))).join('');
      case 'either':
        return node.options.map((o) => this.node(o)).join('|');
      case 'capture': {
        this.groups[node.index] = ++this.#captures;
        return `(${this.node(node.node)})`;
      }
      case 'repeat': {
        if (node.mode === 'possessive') return this.#atomic({ ...node, mode: 'greedy' });
        const { min, max } = node;
        const counts =
          max === Infinity
            ? min === 0
              ? '*'
              : min === 1
                ? '+'
                : `{${min},}`
            : min === 0 && max === 1
              ? '?'
              : min === max
                ? `{${min}}`
                : `{${min},${max}}`;
        return `${this.#unit(node.node)}${counts}${node.mode === 'lazy' ? '?' : ''}`;
      }
      case 'atomic':
        return this.#atomic(node.node);
      case 'look':
        return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${this.node(node.node)})`;
      case 'back':
        throw new TypeError('back references are matched by match.ts');
      case 'at':
        return this.#place(node.place);
    }
  }
  /** What a quantifier may follow. */
  #unit(node: Node): string {
    const source = this.node(node);
    return node.kind === 'set' || node.kind === 'capture' ? source : `(?:${source})`;
  }
  /** A look-ahead matches in one way only, and the back reference takes what it saw. */
  #atomic(node: Node): string {
    const index = ++this.#captures;
    return `(?:(?=(${this.node(node)}))\\${index})`;
  }
  #set(set: CodePoints): string {
    const single = set.length === 2 && set[0] === set[1] ? set[0] : undefined;
    if (single !== undefined && (this.#unicode || single <= 0xffff)) return this.#char(single);
    const inside = this.#ranges(set);
    const outside = this.#ranges(complement(set));
    if (inside === '') return '(?!)';
    if (outside === '') return '[\\s\\S]';
    return outside.length < inside.length ? `[^${outside}]` : `[${inside}]`;
  }
  #ranges(set: CodePoints): string {
    let text = '';
    const top = this.#unicode ? codePointMax : 0xffff;
    for (let i = 0; i < set.length && set[i]! <= top; i += 2) {
      const [low, high] = [set[i]!, Math.min(set[i + 1]!, top)];
      text += this.#char(low);
      if (high > low) text += `${high > low + 1 ? '-' : ''}${this.#char(high)}`;
    }
    return text;
  }
  #char(code: number): string {
    if (code < 0x80 && /[a-zA-Z0-9]/.test(String.fromCharCode(code))) return String.fromCharCode(code);
    if (code <= 0xff) return `\\x${hex(code, 2)}`;
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`;
  }
  #place(place: Place): string {
    const lineEnd = this.#set(lineEndSet);
    switch (place) {
      case 'start':
        return '(?:^)';
      case 'end':
        return '(?:$)';
      // Never between \r and \n.
      case 'end-or-last-line-end':
        return `(?:(?=(?:\\r\\n|${lineEnd})?$)(?<!\\r(?=\\n)))`;
      case 'end-or-last-newline':
        return '(?=\\n?$)';
      case 'line-start':
        return `(?:(?:^|(?<=${lineEnd})(?<!\\r(?=\\n)))(?=[\\s\\S]))`;
      case 'unix-line-start':
        return '(?:(?:^|(?<=\\n))(?=[\\s\\S]))';
      case 'line-end':
        return `(?:(?=${lineEnd}|$)(?<!\\r(?=\\n)))`;
      case 'unix-line-end':
        return '(?=\\n|$)';
      case 'word-border':
        return this.#border(true);
      case 'no-word-border':
        return this.#border(false);
      case 'unicode-word-border':
        return this.#borderOf(this.#set(wordSet(true)), true);
      case 'no-unicode-word-border':
        return this.#borderOf(this.#set(wordSet(true)), false);
      case 'last-match-end':
        throw new TypeError('\\G is matched by match.ts');
    }
  }
  #border(is: boolean): string {
    return this.#borderOf(this.#set(borderWord()), is);
  }
  #borderOf(word: string, is: boolean): string {
    return is
      ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
      : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
  }
}

/** To \b of Java 17 every letter and digit of Unicode is part of a word, and so are marks. */
export const borderWord = (): CodePoints => ofProperty('[\\p{L}\\p{Nd}\\p{Mn}_]');
