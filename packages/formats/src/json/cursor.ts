/* Reads one JSON text value by value and checks every byte of its structure, as Jackson does with Flink's
 * settings: control characters may stand in strings; comments, single quotes, NaN, leading zeros, trailing
 * commas may not. Stricter than Jackson in one point: text must be valid UTF-8 (Jackson lets overlong
 * forms and surrogates pass). */

import { isUtf8 } from 'node:buffer';
import { MalformedRecord } from '../malformed.ts';

/** What stands at the cursor. */
export type TokenKind = 'string' | 'integer' | 'float' | 'true' | 'false' | 'null' | 'object' | 'array';

/** Nesting that Jackson allows. */
export const depthMax = 1000;

export const code = {
  tab: 9,
  newline: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  upperE: 69,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  lowerE: 101,
  f: 102,
  n: 110,
  t: 116,
  u: 117,
  openBrace: 123,
  closeBrace: 125,
} as const;

const literals = {
  true: Buffer.from('true'),
  false: Buffer.from('false'),
  null: Buffer.from('null'),
} as const;
const isDigit = (c: number): boolean => c >= code.zero && c <= code.nine;
const isWordPart = (c: number): boolean =>
  (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || isDigit(c) || c === 95 || c === 36 || c >= 128;

export class JsonCursor {
  data: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  #from = 0;
  #depth = 0;

  /** The value last read by `value`: its kind and bytes (a string's without its quotes). */
  kind: TokenKind = 'null';
  start = 0;
  stop = 0;
  /** The string last read contains a backslash. */
  escaped = false;
  readonly #format: string;

  /** `format`: what errors call the text. */
  constructor(format = 'json') {
    this.#format = format;
  }

  reset(data: Uint8Array, start: number, end: number): void {
    this.data = data;
    this.at = start;
    this.end = end;
    this.#from = start;
    this.#depth = 0;
    // A byte order mark before the text is skipped.
    if (end - start >= 3 && data[start] === 0xef && data[start + 1] === 0xbb && data[start + 2] === 0xbf)
      this.at += 3;
  }

  malformed(reason: string, at = this.at, hint?: string): MalformedRecord {
    return new MalformedRecord(this.#format, reason, at - this.#from, undefined, hint);
  }
  #found(at = this.at): string {
    if (at >= this.end) return 'the end';
    const c = this.data[at]!;
    return c > 32 && c < 127 ? `'${String.fromCharCode(c)}'` : `byte 0x${c.toString(16).padStart(2, '0')}`;
  }

  /** Skips white space and returns the byte at the cursor, or -1 at the end. */
  peek(): number {
    const { data, end } = this;
    while (this.at < end) {
      const c = data[this.at]!;
      if (c !== code.space && c !== code.newline && c !== code.tab && c !== code.carriageReturn) return c;
      this.at++;
    }
    return -1;
  }
  #expected(what: string): MalformedRecord {
    return this.malformed(`expected ${what}, found ${this.#found()}`);
  }

  /** Into the object or array whose bracket is at the cursor. */
  enter(): void {
    this.at++;
    if (++this.#depth > depthMax) throw this.malformed(`nested deeper than ${depthMax}`);
  }
  /** Past the closing bracket; the caller has seen it. */
  leave(): void {
    this.at++;
    this.#depth--;
  }
  /** At the next key of an object, whose string `start` … `stop` is, the cursor behind its colon; false at
   *  the object's end, and then outside. `first` tells the first call from later ones. */
  nextKey(first: boolean): boolean {
    let c = this.peek();
    if (c === code.closeBrace) {
      this.leave();
      return false;
    }
    if (!first) {
      if (c !== code.comma) throw this.#expected(`',' or '}' in an object`);
      this.at++;
      c = this.peek();
    }
    if (c !== code.quote) throw this.#expected('a field name in double quotes');
    this.#string();
    if (this.peek() !== code.colon) throw this.#expected(`':' after a field name`);
    this.at++;
    return true;
  }
  /** Like `nextKey`, in an array: the cursor is at the next element. */
  nextElement(first: boolean): boolean {
    const c = this.peek();
    if (c === code.closeBracket) {
      this.leave();
      return false;
    }
    if (!first) {
      if (c !== code.comma) throw this.#expected(`',' or ']' in an array`);
      this.at++;
    }
    return true;
  }

  /** Reads the whole value at the cursor into `kind`, `start`, `stop`, `escaped`: a scalar, or a container
   *  that is checked and left as its bytes. */
  value(): void {
    const c = this.peek();
    switch (c) {
      case code.quote:
        return this.#string();
      case code.openBrace:
        return this.#container('object');
      case code.openBracket:
        return this.#container('array');
      case code.t:
        return this.#literal('true');
      case code.f:
        return this.#literal('false');
      case code.n:
        return this.#literal('null');
      default:
        if (c === code.minus || isDigit(c)) return this.#number();
        throw this.#expected('a value');
    }
  }
  #container(kind: 'object' | 'array'): void {
    const start = this.at;
    this.enter();
    if (kind === 'object') for (let first = true; this.nextKey(first); first = false) this.value();
    else for (let first = true; this.nextElement(first); first = false) this.value();
    this.kind = kind;
    this.start = start;
    this.stop = this.at;
  }
  #literal(word: 'true' | 'false' | 'null'): void {
    const bytes = literals[word];
    const start = this.at;
    for (let i = 0; i < bytes.length; i++) {
      if (start + i >= this.end || this.data[start + i] !== bytes[i])
        throw this.malformed(`expected '${word}'`, start);
    }
    this.at = start + bytes.length;
    if (this.at < this.end && isWordPart(this.data[this.at]!))
      throw this.malformed(`expected '${word}'`, start);
    this.kind = word;
    this.start = start;
    this.stop = this.at;
  }
  #digits(what: string): void {
    const from = this.at;
    while (this.at < this.end && isDigit(this.data[this.at]!)) this.at++;
    if (this.at === from) throw this.#expected(what);
  }
  #number(): void {
    const { data } = this;
    const start = this.at;
    if (data[this.at] === code.minus) this.at++;
    const first = this.at;
    this.#digits('a digit');
    if (data[first] === code.zero && this.at > first + 1)
      throw this.malformed('a number with a leading zero', start);
    this.kind = 'integer';
    if (this.at < this.end && data[this.at] === code.dot) {
      this.at++;
      this.kind = 'float';
      this.#digits('a digit after the decimal point');
    }
    if (this.at < this.end && (data[this.at]! | 32) === code.lowerE) {
      this.at++;
      this.kind = 'float';
      if (this.at < this.end && (data[this.at] === code.plus || data[this.at] === code.minus)) this.at++;
      this.#digits('a digit in the exponent');
    }
    this.start = start;
    this.stop = this.at;
  }
  #string(): void {
    const { data, end } = this;
    const start = ++this.at;
    let wide = 0;
    this.escaped = false;
    for (;;) {
      if (this.at >= end) throw this.malformed('a string without its closing quote', start - 1);
      const c = data[this.at]!;
      if (c === code.quote) break;
      wide |= c;
      if (c === code.backslash) this.#escape();
      else this.at++;
    }
    if (wide > 127 && !isUtf8(data.subarray(start, this.at)))
      throw this.malformed('a string that is not valid UTF-8', start);
    this.kind = 'string';
    this.start = start;
    this.stop = this.at++;
  }
  #escape(): void {
    this.escaped = true;
    const c = this.at + 1 < this.end ? this.data[this.at + 1]! : -1;
    if (c === code.u) {
      for (let i = 2; i < 6; i++) {
        if (this.at + i >= this.end || hexValue(this.data[this.at + i]!) < 0)
          throw this.malformed('expected four hex digits after \\u');
      }
      this.at += 6;
    } else if (c < 0 || escapes[c] === undefined) {
      throw this.malformed(`no such escape: \\${c < 0 ? '' : String.fromCharCode(c)}`);
    } else this.at += 2;
  }

  /** The text of the scalar last read. */
  text(): string {
    return textOf(this.data, this.start, this.stop, this.kind === 'string' && this.escaped);
  }
}

const escapes: Readonly<Record<number, string>> = {
  34: '"',
  47: '/',
  92: '\\',
  98: '\b',
  102: '\f',
  110: '\n',
  114: '\r',
  116: '\t',
};

function hexValue(c: number): number {
  if (isDigit(c)) return c - code.zero;
  const letter = c | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of a checked string as text, escapes undone; half of a surrogate pair alone becomes '?', as in
 *  Flink. */
export function textOf(data: Uint8Array, start: number, stop: number, escaped: boolean): string {
  if (!escaped) return plainText(data, start, stop);
  let text = '';
  let from = start;
  for (let at = start; at < stop; ) {
    if (data[at] !== code.backslash) {
      at++;
      continue;
    }
    text += plainText(data, from, at);
    const c = data[at + 1]!;
    if (c === code.u) {
      let unit = 0;
      for (let i = 2; i < 6; i++) unit = unit * 16 + hexValue(data[at + i]!);
      text += String.fromCharCode(unit);
      at += 6;
    } else {
      text += escapes[c]!;
      at += 2;
    }
    from = at;
  }
  text += plainText(data, from, stop);
  return text.isWellFormed() ? text : text.toWellFormed().replaceAll('\ufffd', '?');
}

function plainText(data: Uint8Array, start: number, stop: number): string {
  if (stop - start > 24) return utf8.decode(data.subarray(start, stop));
  let text = '';
  for (let i = start; i < stop; i++) {
    const c = data[i]!;
    if (c > 127) return utf8.decode(data.subarray(start, stop));
    text += String.fromCharCode(c);
  }
  return text;
}
