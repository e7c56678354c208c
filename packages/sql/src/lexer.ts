/* Cuts SQL text into tokens, by character codes, one at a time.
 *
 *   text ──▶ skip spaces and comments ──▶ word | `name` | number | 'string' | operator ──▶ Token
 *
 * Keeps: the offset, the line, and whether it stands inside a hint, the only place where its end is a token.
 * Promises: never throws and always moves on; what is wrong becomes a token of kind 'unterminated' or
 * 'unknown', which no rule of the grammar takes, so that the first mistake in the text is the one told. */

import type { Token, TokenKind } from './tokens.ts';

/** Character codes by name; only those that the scanner branches on. */
const ch = {
  tab: 0x09,
  newline: 0x0a,
  return: 0x0d,
  space: 0x20,
  doubleQuote: 0x22,
  dollar: 0x24,
  ampersand: 0x26,
  quote: 0x27,
  star: 0x2a,
  plus: 0x2b,
  minus: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  underscore: 0x5f,
  backtick: 0x60,
  byteOrderMark: 0xfeff,
} as const;

const plain = 0;
const letter = 1;
const digit = 2;

/** What each ASCII character may do in a word. */
const classOf = new Uint8Array(128);
for (let code = 0x41; code <= 0x5a; code++) {
  classOf[code] = letter;
  classOf[code + 0x20] = letter;
}
for (let code: number = ch.zero; code <= ch.nine; code++) classOf[code] = digit;
classOf[ch.underscore] = letter;
classOf[ch.dollar] = letter;

const unicodeLetter = /^[\p{L}\p{Nl}]$/u;
const unicodeWordPart = /^[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]$/u;

/** Operators of more than one character by their first. `==` and `::` are none of Flink's; they are tokens so
 *  that the parser can say what to write instead. */
const longOperators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<>', '<='],
  '>': ['>='],
  '!': ['!='],
  '|': ['||'],
  '=': ['=>', '=='],
  ':': ['::'],
};
const operators = new Set('()[]{},;.=<>+-*/%|:?^');

export class Lexer {
  readonly #text: string;
  #at: number;
  #line = 1;
  #lineStart: number;
  #inHint = false;

  /** Lines and columns are counted from `from`. */
  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = from;
    this.#lineStart = from;
  }

  /** The next token; of kind 'end' once the text is used up, and then for ever. */
  next(): Token {
    const text = this.#text;
    const comment = this.#skipBlanks();
    if (comment !== undefined) return comment;
    const start = this.#at;
    if (start >= text.length)
      return this.#token('end', '', '', start, this.#line, start - this.#lineStart + 1);
    const code = text.charCodeAt(start);
    if (code < 128) {
      const kind = classOf[code];
      if (kind === letter) return this.#word(start, code);
      if (kind === digit) return this.#number(start);
    } else if (isUnicodeLetter(text, start)) {
      return this.#word(start, code);
    }
    switch (code) {
      case ch.quote:
        return this.#enclosed('string', start, start + 1, code);
      case ch.backtick:
        return this.#enclosed('quoted', start, start + 1, code);
      case ch.doubleQuote:
        return this.#enclosed('double-quoted', start, start + 1, code);
      case ch.dot:
        if (isDigit(text.charCodeAt(start + 1))) return this.#number(start);
        return this.#operator(start, '.');
      default:
        return this.#symbol(start, code);
    }
  }

  /** Passes over blanks and comments; a comment that never ends comes back as a token. */
  #skipBlanks(): Token | undefined {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === ch.newline) {
        this.#line++;
        this.#lineStart = ++this.#at;
      } else if (
        code === ch.space ||
        code === ch.tab ||
        code === ch.return ||
        code === 0x0c ||
        code === ch.byteOrderMark
      ) {
        this.#at++;
      } else if (code === ch.minus && text.charCodeAt(this.#at + 1) === ch.minus) {
        this.#skipLine();
      } else if (code === ch.slash && text.charCodeAt(this.#at + 1) === ch.slash && !this.#inHint) {
        this.#skipLine();
      } else if (code === ch.slash && text.charCodeAt(this.#at + 1) === ch.star) {
        if (text.charCodeAt(this.#at + 2) === ch.plus) return undefined;
        const end = text.indexOf('*/', this.#at + 2);
        if (end < 0) return this.#unterminated(this.#at, '/*');
        this.#countLines(this.#at, end);
        this.#at = end + 2;
      } else {
        return undefined;
      }
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #word(start: number, first: number): Token {
    const text = this.#text;
    const second = text.charCodeAt(start + 1);
    if (second === ch.quote) {
      if (first === 0x58 || first === 0x78) return this.#enclosed('binary', start, start + 2, ch.quote);
      if (first === 0x4e || first === 0x6e) return this.#enclosed('string', start, start + 2, ch.quote);
    } else if (second === ch.ampersand && (first === 0x55 || first === 0x75)) {
      if (text.charCodeAt(start + 2) === ch.quote)
        return this.#enclosed('unicode-string', start, start + 3, ch.quote);
    }
    let at = start + 1;
    if (first >= 0xd800 && first < 0xdc00) at++;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code < 128) {
        if (classOf[code] === plain) break;
        at++;
      } else if (code >= 128 && isUnicodeWordPart(text, at)) {
        at += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
      } else {
        break;
      }
    }
    const word = text.slice(start, at);
    if (word === '$') return this.#operator(start, word);
    this.#at = at;
    return this.#token('word', word, word.toUpperCase(), start, this.#line, start - this.#lineStart + 1);
  }

  /** 1, 1.5, 1., .5, 1e3, 1.5E-3. */
  #number(start: number): Token {
    const text = this.#text;
    let at = this.#digits(start);
    if (text.charCodeAt(at) === ch.dot) at = this.#digits(at + 1);
    const code = text.charCodeAt(at);
    if (code === 0x45 || code === 0x65) {
      const sign = text.charCodeAt(at + 1);
      const exponent = sign === ch.plus || sign === ch.minus ? at + 2 : at + 1;
      if (isDigit(text.charCodeAt(exponent))) at = this.#digits(exponent);
    }
    this.#at = at;
    return this.#token('number', text.slice(start, at), '', start, this.#line, start - this.#lineStart + 1);
  }

  #digits(from: number): number {
    let at = from;
    while (isDigit(this.#text.charCodeAt(at))) at++;
    return at;
  }

  /** What stands between two `quote` characters, the first of them just before `from`; a doubled one is
   *  meant. */
  #enclosed(kind: TokenKind, start: number, from: number, quote: number): Token {
    const text = this.#text;
    const mark = String.fromCharCode(quote);
    let value = '';
    let at = from;
    for (;;) {
      const end = text.indexOf(mark, at);
      if (end < 0) return this.#unterminated(start, mark);
      if (text.charCodeAt(end + 1) !== quote) {
        value = at === from ? text.slice(from, end) : value + text.slice(at, end);
        const line = this.#line;
        const column = start - this.#lineStart + 1;
        this.#countLines(from, end);
        this.#at = end + 1;
        return this.#token(kind, value, '', start, line, column);
      }
      value += text.slice(at, end + 1);
      at = end + 2;
    }
  }

  #symbol(start: number, code: number): Token {
    const text = this.#text;
    if (code === ch.slash && text.startsWith('/*+', start)) {
      if (text.indexOf('*/', start) < 0) return this.#unterminated(start, '/*+');
      this.#inHint = true;
      return this.#operator(start, '/*+');
    }
    if (code === ch.star && this.#inHint && text.charCodeAt(start + 1) === ch.slash) {
      this.#inHint = false;
      return this.#operator(start, '*/');
    }
    const first = text.charAt(start);
    for (const operator of longOperators[first] ?? []) {
      if (text.startsWith(operator, start)) return this.#operator(start, operator);
    }
    if (operators.has(first)) return this.#operator(start, first);
    const line = this.#line;
    const whole = String.fromCodePoint(text.codePointAt(start) ?? 0);
    this.#at = start + whole.length;
    return this.#token('unknown', whole, '', start, line, start - this.#lineStart + 1);
  }

  #operator(start: number, operator: string): Token {
    this.#at = start + operator.length;
    return this.#token('operator', operator, operator, start, this.#line, start - this.#lineStart + 1);
  }

  /** `mark` is what opened it. The rest of the text belongs to it, so its span is the opening mark alone. */
  #unterminated(start: number, mark: string): Token {
    this.#at = this.#text.length;
    const column = start - this.#lineStart + 1;
    return {
      kind: 'unterminated',
      text: mark,
      symbol: '',
      start,
      end: start + mark.length,
      line: this.#line,
      column,
    };
  }

  #countLines(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      if (this.#text.charCodeAt(at) !== ch.newline) continue;
      this.#line++;
      this.#lineStart = at + 1;
    }
  }

  #token(kind: TokenKind, text: string, symbol: string, start: number, line: number, column: number): Token {
    return { kind, text, symbol, start, end: this.#at, line, column };
  }
}

/** Every token of `text`; the last one is of kind 'end'. */
export function tokenize(text: string): readonly Token[] {
  const lexer = new Lexer(text);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
}

function isDigit(code: number): boolean {
  return code >= ch.zero && code <= ch.nine;
}

function isUnicodeLetter(text: string, at: number): boolean {
  return unicodeLetter.test(String.fromCodePoint(text.codePointAt(at) ?? 0));
}

function isUnicodeWordPart(text: string, at: number): boolean {
  return unicodeWordPart.test(String.fromCodePoint(text.codePointAt(at) ?? 0));
}
