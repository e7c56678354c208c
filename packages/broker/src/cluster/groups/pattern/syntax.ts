/* The syntax of RE2, which Kafka takes for patterns of topic names: text to a tree. No lookaround and no references back,
 * so every pattern runs in time linear in the name (Cox, "Regular Expression Matching Can Be Simple And Fast"). */

export type PatternNode =
  | { readonly kind: 'one'; readonly matches: (char: string) => boolean }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' | 'word' | 'noWord' }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly choices: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly of: PatternNode; readonly min: number; readonly max: number };

/** What is wrong with a pattern. */
export class PatternError extends Error {}

const repeatMax = 1000;
const depthMax = 100;
const named: ReadonlyMap<string, string> = new Map([
  ['alnum', 'a-zA-Z0-9'],
  ['alpha', 'a-zA-Z'],
  ['ascii', '\\x00-\\x7f'],
  ['blank', ' \\t'],
  ['digit', '0-9'],
  ['lower', 'a-z'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\s'],
  ['upper', 'A-Z'],
  ['word', '\\w'],
  ['xdigit', '0-9a-fA-F'],
]);

export class PatternParser {
  readonly #text: string;
  #at = 0;
  #ignoreCase = false;
  #dotAll = false;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }
  parse(): PatternNode {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new PatternError('unexpected )');
    return node;
  }
  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }
  #takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }
  #either(): PatternNode {
    if (++this.#depth > depthMax) throw new PatternError('expression nests too deeply');
    const choices = [this.#sequence()];
    while (this.#take('|')) choices.push(this.#sequence());
    this.#depth--;
    return choices.length === 1 ? choices[0]! : { kind: 'either', choices };
  }
  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at]!)) {
      if (this.#take('\\Q')) {
        const quoted = this.#takeMatch(/(.*?)(?:\\E|$)/sy)![1]!;
        for (const char of quoted) parts.push(this.#literal(char));
      } else parts.push(this.#repeated(this.#atom()));
    }
    return { kind: 'all', parts };
  }
  #repeated(of: PatternNode): PatternNode {
    const bounds = this.#takeMatch(/([*+?]|\{(\d+)(,(\d*))?\})\??/y);
    if (bounds === undefined) return of;
    if (this.#takeMatch(/[*+?]|\{\d+(,\d*)?\}/y))
      throw new PatternError('invalid nested repetition operator');
    const [, sign, low, comma, high] = bounds;
    if (sign === '*') return { kind: 'repeat', of, min: 0, max: Infinity };
    if (sign === '+') return { kind: 'repeat', of, min: 1, max: Infinity };
    if (sign === '?') return { kind: 'repeat', of, min: 0, max: 1 };
    const min = Number(low);
    const max = comma === undefined ? min : high === '' ? Infinity : Number(high);
    if (min > repeatMax || (max !== Infinity && (max > repeatMax || max < min)))
      throw new PatternError('bad repetition operator');
    return { kind: 'repeat', of, min, max };
  }
  #atom(): PatternNode {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#class();
    if (this.#take('.')) return this.#one(this.#dotAll ? '[^]' : '.');
    if (this.#take('^')) return { kind: 'edge', edge: 'start' };
    if (this.#take('$')) return { kind: 'edge', edge: 'end' };
    if (this.#take('\\')) return this.#escape();
    if (this.#takeMatch(/[*+?]/y)) throw new PatternError('missing argument to repetition operator');
    return this.#literal(this.#takeMatch(/./suy)![0]);
  }
  #group(): PatternNode {
    const before = [this.#ignoreCase, this.#dotAll] as const;
    const flags = this.#takeMatch(/\?([imsU]*)(?:-([imsU]+))?([:)])/y);
    if (flags !== undefined) {
      const [, on, off = '', end] = flags;
      this.#ignoreCase = (before[0] || on!.includes('i')) && !off.includes('i');
      this.#dotAll = (before[1] || on!.includes('s')) && !off.includes('s');
      // Flags without a group hold to the end of the group around them.
      if (end === ')') return { kind: 'all', parts: [] };
    } else if (this.#take('?') && !this.#takeMatch(/P?<\w+>/y))
      throw new PatternError('invalid or unsupported Perl syntax');
    const node = this.#either();
    if (!this.#take(')')) throw new PatternError('missing closing )');
    [this.#ignoreCase, this.#dotAll] = before;
    return node;
  }
  #class(): PatternNode {
    const negative = this.#take('^');
    let items = '';
    for (let first = true; first || !this.#take(']'); first = false) {
      const name = this.#takeMatch(/\[:(\w+):\]/y);
      const escaped = this.#takeMatch(/\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[pP]\{\^?\w+\}|[pP]\w|.)/suy);
      if (name !== undefined) {
        const range = named.get(name[1]!);
        if (range === undefined) throw new PatternError(`invalid character class range: ${name[0]}`);
        items += range;
      } else if (escaped !== undefined) items += unicodeEscape(escaped[0]);
      else {
        const char = this.#takeMatch(/./suy)?.[0];
        if (char === undefined) throw new PatternError('missing closing ]');
        // A dash stands between two ends, or for itself at either end.
        const plainDash = char === '-' && (first || this.#text[this.#at] === ']');
        items += /[\]\\^[(){}/|]/.test(char) || plainDash ? `\\${char}` : char;
      }
    }
    return this.#one(`[${negative ? '^' : ''}${items}]`);
  }
  #escape(): PatternNode {
    if (this.#take('A')) return { kind: 'edge', edge: 'start' };
    if (this.#take('z')) return { kind: 'edge', edge: 'end' };
    if (this.#take('b')) return { kind: 'edge', edge: 'word' };
    if (this.#take('B')) return { kind: 'edge', edge: 'noWord' };
    const found = this.#takeMatch(
      /x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[pP]\{\^?\w+\}|[pP]\w|[dDsSwWtnrfv]|[^\w]/suy,
    );
    if (found === undefined) throw new PatternError('invalid escape sequence');
    return this.#one(`[${unicodeEscape(`\\${found[0]}`)}]`);
  }
  #literal(char: string): PatternNode {
    if (!this.#ignoreCase) return { kind: 'one', matches: (c) => c === char };
    const lower = char.toLowerCase();
    return { kind: 'one', matches: (c) => c.toLowerCase() === lower };
  }
  /** One character, told by an expression that never goes back. */
  #one(source: string): PatternNode {
    let single: RegExp;
    try {
      single = new RegExp(`^${source}$`, this.#ignoreCase ? 'ui' : 'u');
    } catch {
      throw new PatternError(`invalid character class range: ${source}`);
    }
    return { kind: 'one', matches: (char) => single.test(char) };
  }
}

/** As JavaScript writes it. */
function unicodeEscape(escape: string): string {
  const property = /^\\([pP])\{?(\^?)(\w+)\}?$/.exec(escape);
  if (property !== null) {
    const positive = (property[1] === 'p') !== (property[2] === '^');
    const name = property[3]!;
    return `\\${positive ? 'p' : 'P'}{${name.length <= 2 ? name : `Script=${name}`}}`;
  }
  if (/^\\x\{/.test(escape)) return `\\u${escape.slice(2)}`;
  return /^\\[^\w^$\\.*+?()[\]{}|/-]/u.test(escape) ? escape.slice(1) : escape;
}
