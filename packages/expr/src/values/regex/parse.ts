/* Reads a pattern of java.util.regex.Pattern (Java 17).
 *
 *   \Q…\E ──▶ escapes ──▶ alternatives, sequences, groups, classes ──▶ nodes
 *
 * Throws SyntaxError for what Java refuses too, and UnsupportedPattern for what we cannot do. */

import { empty, lengths, type JavaPattern, type Node, type Place } from './ast.ts';
import {
  codePointMax,
  complement,
  everything,
  ignoringCase,
  intersection,
  ofRanges,
  single,
  union,
  type CodePoints,
} from './code-points.ts';
import {
  digitSet,
  horizontalSpaceSet,
  noLineEnd,
  noNewline,
  propertySet,
  spaceSet,
  verticalSpaceSet,
  wordSet,
} from './properties.ts';

/** Java has it, and it is not here: `construct` names it. */
export class UnsupportedPattern extends Error {
  readonly construct: string;
  constructor(construct: string) {
    super(construct);
    this.construct = construct;
  }
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly unixLines: boolean;
  readonly unicodeCase: boolean;
  readonly unicodeClasses: boolean;
  readonly comments: boolean;
}
const plainFlags: Flags = {
  ignoreCase: false,
  multiline: false,
  dotAll: false,
  unixLines: false,
  unicodeCase: false,
  unicodeClasses: false,
  comments: false,
};
const flagLetters: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  d: 'unixLines',
  u: 'unicodeCase',
  U: 'unicodeClasses',
  x: 'comments',
};
const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  e: 0x1b,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
};
const repeatMax = 0x7fffffff;

export function parseJavaPattern(pattern: string): JavaPattern {
  const parser = new Parser(unquoted(pattern));
  const node = parser.all();
  return { node, groups: parser.groups, names: parser.names };
}

/** \Q…\E as escapes of single characters. */
function unquoted(pattern: string): string {
  if (!pattern.includes('\\Q')) return pattern;
  let text = '';
  for (let i = 0; i < pattern.length; ) {
    if (pattern[i] !== '\\') text += pattern[i++];
    else if (pattern[i + 1] !== 'Q') {
      text += pattern.slice(i, i + 2);
      i += 2;
    } else {
      const end = pattern.indexOf('\\E', i + 2);
      const literal = pattern.slice(i + 2, end < 0 ? undefined : end);
      text += literal.replace(/[^a-zA-Z0-9\x80-\uffff]/g, '\\$&').replace(/[0-9]/g, '\\x3$&');
      i = end < 0 ? pattern.length : end + 2;
    }
  }
  return text;
}

class Parser {
  /** Code points. */
  readonly #chars: readonly string[];
  #at = 0;
  #flags = plainFlags;
  groups = 0;
  readonly names = new Map<string, number>();

  constructor(pattern: string) {
    this.#chars = [...pattern];
  }

  all(): Node {
    const node = this.#either();
    if (this.#at < this.#chars.length) this.#fail('a group is closed that is not open');
    return node;
  }
  #fail(message: string): never {
    throw new SyntaxError(message);
  }

  // ── What comes next; with the flag x, blanks and comments are passed over. ──

  #peek(): string | undefined {
    if (this.#flags.comments) this.#skip();
    return this.#chars[this.#at];
  }
  #skip(): void {
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === '#')
        while (this.#at < this.#chars.length && !this.#endsComment(this.#chars[this.#at]!)) this.#at++;
      else if (char !== undefined && /[ \t\n\x0b\f\r]/.test(char)) this.#at++;
      else return;
    }
  }
  #endsComment(char: string): boolean {
    return this.#flags.unixLines ? char === '\n' : /[\n\r\x85\u2028\u2029]/.test(char);
  }
  #accept(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  // ── Structure ──

  #either(): Node {
    const options = [this.#sequence()];
    while (this.#accept('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'either', options };
  }
  #sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      const char = this.#peek();
      if (char === undefined || char === '|' || char === ')')
        return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
      const part = this.#repeated(this.#part(char));
      if (part !== empty) parts.push(part);
    }
  }
  #part(char: string): Node {
    switch (char) {
      case '(':
        this.#at++;
        return this.#group();
      case '[':
        this.#at++;
        return this.#set(this.#class());
      case '\\':
        this.#at++;
        return this.#escape();
      case '^':
        this.#at++;
        return at(
          this.#flags.multiline ? (this.#flags.unixLines ? 'unix-line-start' : 'line-start') : 'start',
        );
      case '$':
        this.#at++;
        return at(this.#lineEnd());
      case '.':
        this.#at++;
        return this.#set(this.#flags.dotAll ? everything : this.#flags.unixLines ? noNewline : noLineEnd);
      case '*':
      case '+':
      case '?':
        return this.#fail(`nothing stands before ${char}`);
      case '{':
        // A count of nothing is allowed, an open brace is not: the repetition says so.
        return empty;
      default:
        this.#at++;
        return this.#literal(char.codePointAt(0)!);
    }
  }
  #lineEnd(): Place {
    const { multiline, unixLines } = this.#flags;
    if (multiline) return unixLines ? 'unix-line-end' : 'line-end';
    return unixLines ? 'end-or-last-newline' : 'end-or-last-line-end';
  }
  #set(set: CodePoints): Node {
    return { kind: 'set', set };
  }
  #literal(code: number): Node {
    return this.#set(this.#anyCase(single(code)));
  }
  #anyCase(set: CodePoints): CodePoints {
    return this.#flags.ignoreCase ? ignoringCase(set, this.#unicodeCase()) : set;
  }
  #unicodeCase(): boolean {
    return this.#flags.unicodeCase || this.#flags.unicodeClasses;
  }

  #repeated(part: Node): Node {
    let node = part;
    const counted = this.#count();
    if (counted === undefined) return node;
    const mode = this.#accept('?') ? 'lazy' : this.#accept('+') ? 'possessive' : 'greedy';
    node = { kind: 'repeat', node, ...counted, mode };
    return node;
  }
  #count(): { min: number; max: number } | undefined {
    switch (this.#peek()) {
      case '?':
        this.#at++;
        return { min: 0, max: 1 };
      case '*':
        this.#at++;
        return { min: 0, max: Infinity };
      case '+':
        this.#at++;
        return { min: 1, max: Infinity };
      case '{': {
        this.#at++;
        const min = this.#number() ?? this.#fail('{ without a number');
        const max = this.#accept(',') ? (this.#number() ?? Infinity) : min;
        if (!this.#accept('}')) this.#fail('a { is not closed');
        if (max < min) this.#fail('the bounds of a repetition are the wrong way round');
        return { min, max };
      }
      default:
        return undefined;
    }
  }
  #number(): number | undefined {
    let text = '';
    while (/^[0-9]$/.test(this.#peek() ?? '')) text += this.#chars[this.#at++];
    if (Number(text) > repeatMax) this.#fail('a number of repetitions is too large');
    return text === '' ? undefined : Number(text);
  }

  // ── Groups, behind the parenthesis ──

  #group(): Node {
    const outside = this.#flags;
    // `(?` is read as it stands: no blank may come between.
    if (this.#chars[this.#at] !== '?') {
      const index = ++this.groups;
      return this.#closed({ kind: 'capture', index, node: this.#either() }, outside);
    }
    this.#at++;
    const char = this.#chars[this.#at++];
    switch (char) {
      case ':':
        return this.#closed(this.#either(), outside);
      case '>':
        return this.#closed({ kind: 'atomic', node: this.#either() }, outside);
      case '=':
      case '!':
        return this.#closed(look(true, char === '!', this.#either()), outside);
      case '<': {
        const sign = this.#chars[this.#at];
        if (sign === '=' || sign === '!') {
          this.#at++;
          const node = look(false, sign === '!', this.#either());
          if (node.max === Infinity) this.#fail('what is looked for behind has no greatest length');
          return this.#closed(node, outside);
        }
        const name = this.#name();
        if (this.names.has(name)) this.#fail(`two groups are named ${name}`);
        const index = ++this.groups;
        this.names.set(name, index);
        return this.#closed({ kind: 'capture', index, node: this.#either() }, outside);
      }
      default:
        this.#at--;
        return this.#flagGroup(outside);
    }
  }
  #closed(node: Node, outside: Flags): Node {
    if (!this.#accept(')')) this.#fail('a group is not closed');
    this.#flags = outside;
    return node;
  }
  #name(): string {
    let name = '';
    while (/^[a-zA-Z0-9]$/.test(this.#chars[this.#at] ?? '')) name += this.#chars[this.#at++];
    if (!/^[a-zA-Z]/.test(name)) this.#fail('a group’s name begins with a letter');
    if (this.#chars[this.#at++] !== '>') this.#fail('a group’s name is not closed by >');
    return name;
  }
  /** (?i) for what comes behind in the group around, (?i:…) for the group. */
  #flagGroup(outside: Flags): Node {
    let on = true;
    const flags: { -readonly [K in keyof Flags]: boolean } = { ...this.#flags };
    for (;;) {
      const char = this.#chars[this.#at++];
      if (char === ')') {
        this.#flags = flags;
        return empty;
      }
      if (char === ':') {
        this.#flags = flags;
        return this.#closed(this.#either(), outside);
      }
      if (char === '-' && on) {
        on = false;
        continue;
      }
      const flag = char === undefined ? undefined : flagLetters[char];
      if (flag === undefined) this.#fail(`unknown flag ${char ?? ''}`);
      flags[flag] = on;
      if (flag === 'unicodeClasses') flags.unicodeCase = on;
    }
  }

  // ── Escapes, behind the backslash ──

  #escape(): Node {
    const char = this.#chars[this.#at];
    if (char === undefined) this.#fail('the pattern ends in \\');
    const places: Readonly<Record<string, Place>> = {
      A: 'start',
      G: 'last-match-end',
      Z: this.#flags.unixLines ? 'end-or-last-newline' : 'end-or-last-line-end',
      z: 'end',
      b: this.#flags.unicodeClasses ? 'unicode-word-border' : 'word-border',
      B: this.#flags.unicodeClasses ? 'no-unicode-word-border' : 'no-word-border',
    };
    const place = places[char];
    if (place !== undefined) {
      this.#at++;
      if (char === 'b' && this.#chars[this.#at] === '{') {
        if (this.#chars.slice(this.#at, this.#at + 3).join('') === '{g}')
          throw new UnsupportedPattern('\\b{g}');
        this.#fail('\\b before {');
      }
      return at(place);
    }
    if (/^[1-9]$/.test(char)) {
      this.#at++;
      return this.#back(Number(char));
    }
    if (char === 'k') {
      this.#at++;
      if (this.#chars[this.#at++] !== '<') this.#fail('\\k without <name>');
      const name = this.#name();
      const group = this.names.get(name) ?? this.#fail(`no group is named ${name}`);
      return this.#reference(group);
    }
    if (char === 'R') {
      this.#at++;
      return lineBreak;
    }
    if (char === 'X') throw new UnsupportedPattern('\\X');
    const set = this.#escapedSet();
    return this.#set(typeof set === 'number' ? this.#anyCase(single(set)) : set);
  }
  /** As many digits as there are groups for. */
  #back(first: number): Node {
    let group = first;
    while (/^[0-9]$/.test(this.#chars[this.#at] ?? '')) {
      const more = group * 10 + Number(this.#chars[this.#at]);
      if (more > this.groups) break;
      group = more;
      this.#at++;
    }
    return this.#reference(group);
  }
  #reference(group: number): Node {
    const ignoreCase = !this.#flags.ignoreCase ? 'no' : this.#unicodeCase() ? 'unicode' : 'ascii';
    return { kind: 'back', group, ignoreCase };
  }
  /** A code point, or the set of a class such as \d. */
  #escapedSet(): number | CodePoints {
    const char = this.#chars[this.#at++];
    if (char === undefined) this.#fail('the pattern ends in \\');
    const { unicodeClasses } = this.#flags;
    switch (char) {
      case 'd':
        return digitSet(unicodeClasses);
      case 'D':
        return complement(digitSet(unicodeClasses));
      case 'w':
        return wordSet(unicodeClasses);
      case 'W':
        return complement(wordSet(unicodeClasses));
      case 's':
        return spaceSet(unicodeClasses);
      case 'S':
        return complement(spaceSet(unicodeClasses));
      case 'h':
        return horizontalSpaceSet;
      case 'H':
        return complement(horizontalSpaceSet);
      case 'v':
        return verticalSpaceSet;
      case 'V':
        return complement(verticalSpaceSet);
      case 'p':
      case 'P':
        return this.#property(char === 'P');
      case '0':
        return this.#octal();
      case 'x':
        return this.#hex();
      case 'u':
        return this.#unicode();
      case 'c': {
        const next = this.#chars[this.#at++] ?? this.#fail('\\c without a character');
        return next.codePointAt(0)! ^ 64;
      }
      case 'N':
        if (this.#chars[this.#at] === '{') throw new UnsupportedPattern('\\N{name}');
        return this.#fail('unknown escape \\N');
      default: {
        const simple = simpleEscapes[char];
        if (simple !== undefined) return simple;
        if (/^[a-zA-Z0-9]$/.test(char)) this.#fail(`unknown escape \\${char}`);
        return char.codePointAt(0)!;
      }
    }
  }
  #property(negated: boolean): CodePoints {
    let name = this.#chars[this.#at++] ?? this.#fail('\\p without a name');
    if (name === '{') {
      const end = this.#chars.indexOf('}', this.#at);
      if (end < 0) this.#fail('\\p{ is not closed');
      name = this.#chars.slice(this.#at, end).join('');
      this.#at = end + 1;
    }
    const [key, value] = name.split('=', 2) as [string, string | undefined];
    const { ignoreCase, unicodeClasses } = this.#flags;
    const set =
      propertySet(key, value, { ignoreCase, unicodeClasses }) ?? this.#fail(`there is no property ${name}`);
    return negated ? complement(set) : set;
  }
  #octal(): number {
    const digits = /^(?:[0-3][0-7]{2}|[0-7]{1,2})/.exec(
      this.#chars.slice(this.#at, this.#at + 3).join(''),
    )?.[0];
    if (digits === undefined) this.#fail('\\0 without octal digits');
    this.#at += digits.length;
    return parseInt(digits, 8);
  }
  #hex(): number {
    const rest = this.#chars.slice(this.#at, this.#at + 10).join('');
    const digits = /^[0-9a-fA-F]{2}/.exec(rest)?.[0];
    if (digits !== undefined) {
      this.#at += 2;
      return parseInt(digits, 16);
    }
    const braced = /^\{([0-9a-fA-F]+)\}/.exec(rest);
    const code = braced === null ? Infinity : parseInt(braced[1]!, 16);
    if (braced === null || code > codePointMax) this.#fail('\\x without hexadecimal digits');
    this.#at += braced[0].length;
    return code;
  }
  #unicode(): number {
    const four = (from: number): number | undefined => {
      const digits = this.#chars.slice(from, from + 4).join('');
      return /^[0-9a-fA-F]{4}$/.test(digits) ? parseInt(digits, 16) : undefined;
    };
    const first = four(this.#at);
    if (first === undefined) this.#fail('\\u without four hexadecimal digits');
    this.#at += 4;
    if (first >= 0xd800 && first < 0xdc00 && this.#chars.slice(this.#at, this.#at + 2).join('') === '\\u') {
      const second = four(this.#at + 2);
      if (second !== undefined && second >= 0xdc00 && second < 0xe000) {
        this.#at += 6;
        return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
      }
    }
    return first;
  }

  // ── Classes, behind the bracket ──

  #class(): CodePoints {
    // Only a ^ that follows the bracket at once negates.
    const negated = this.#chars[this.#at] === '^';
    if (negated) this.#at++;
    const set = this.#classItems(negated);
    this.#at++;
    return set;
  }
  /** Up to the closing bracket, which is not taken: the right side of && ends there too. */
  #classItems(negated: boolean): CodePoints {
    let set: CodePoints | undefined;
    const add = (more: CodePoints): void => {
      set = set === undefined ? more : union(set, more);
    };
    for (;;) {
      const char = this.#peek();
      if (char === undefined) this.#fail('a class is not closed');
      if (char === ']' && set !== undefined) return negated ? complement(set) : set;
      if (char === '[') {
        this.#at++;
        add(this.#class());
      } else if (char === '&' && this.#chars[this.#at + 1] === '&') {
        this.#at += 2;
        const right = this.#classRight();
        if (right === undefined) {
          if (set === undefined) this.#fail('&& without a class');
        } else set = set === undefined ? right : intersection(set, right);
      } else add(this.#classItem(char));
    }
  }
  #classRight(): CodePoints | undefined {
    let right: CodePoints | undefined;
    for (;;) {
      const char = this.#peek();
      if (char === undefined) this.#fail('a class is not closed');
      if (char === ']' || char === '&') return right;
      let more: CodePoints;
      if (char === '[') {
        this.#at++;
        more = this.#class();
      } else more = this.#classItems(false);
      right = right === undefined ? more : union(right, more);
    }
  }
  #classItem(char: string): CodePoints {
    const low = this.#classCode(char);
    if (typeof low !== 'number') return low;
    const dash = this.#peek() === '-';
    const end = dash ? this.#chars[this.#at + 1] : undefined;
    if (end === undefined || end === ']' || end === '[') return this.#anyCase(single(low));
    this.#at++;
    const high = this.#classCode(this.#peek()!);
    if (typeof high !== 'number' || high < low) this.#fail('a range of a class is the wrong way round');
    return this.#anyCase(ofRanges([[low, high]]));
  }
  #classCode(char: string): number | CodePoints {
    this.#at++;
    return char === '\\' ? this.#escapedSet() : char.codePointAt(0)!;
  }
}

const at = (place: Place): Node => ({ kind: 'at', place });
const look = (ahead: boolean, negated: boolean, node: Node): Extract<Node, { kind: 'look' }> => ({
  kind: 'look',
  ahead,
  negated,
  node,
  ...(ahead ? { min: 0, max: 0 } : lengths(node)),
});
/** \R */
const lineBreak: Node = {
  kind: 'either',
  options: [
    {
      kind: 'sequence',
      parts: [
        { kind: 'set', set: single(0x0d) },
        { kind: 'set', set: single(0x0a) },
      ],
    },
    { kind: 'set', set: verticalSpaceSet },
  ],
};
