/* Reads JSON (RFC 8259) into values that keep order and digits. */

import { UserError } from '#base';
import { spanAt } from '../text-span.ts';
import { JsonNumber, type Json } from './value.ts';

const depthMax = 500;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }
  document(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('the end');
    return value;
  }
  #error(expected: string): UserError {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end';
    return new UserError('SCH1001', {
      message: `not JSON: found ${found}, expected ${expected}`,
      at: spanAt(this.#text, this.#at),
    });
  }
  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }
  #take(sign: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }
  #value(depth: number): Json {
    if (depth > depthMax)
      throw new UserError('SCH1001', { message: `not read: nested deeper than ${depthMax} levels` });
    this.#space();
    const sign = this.#text[this.#at];
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#array(depth);
    if (sign === '"') return this.#string();
    const word = words.find(([name]) => this.#text.startsWith(name, this.#at));
    if (word !== undefined) {
      this.#at += word[0].length;
      return word[1];
    }
    numberPattern.lastIndex = this.#at;
    const number = numberPattern.exec(this.#text)?.[0];
    if (number === undefined) throw this.#error('a value');
    this.#at += number.length;
    return new JsonNumber(number);
  }
  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#at++;
    if (this.#take('}')) return members;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#error('the name of a member');
      const name = this.#string();
      if (!this.#take(':')) throw this.#error('":"');
      members.set(name, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error('"," or "}"');
    return members;
  }
  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#error('"," or "]"');
    return items;
  }
  #string(): string {
    this.#at++;
    let text = '';
    for (;;) {
      plainText.lastIndex = this.#at;
      const plain = plainText.exec(this.#text)![0];
      text += plain;
      this.#at += plain.length;
      const sign = this.#text[this.#at];
      if (sign === '"') break;
      if (sign !== '\\') throw this.#error('the end of a string');
      text += this.#escape();
    }
    this.#at++;
    return text;
  }
  #escape(): string {
    this.#at++;
    const sign = this.#text[this.#at] ?? '';
    if (sign === 'u') {
      const digits = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#error('four hexadecimal digits');
      this.#at += 5;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meant = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
    if (meant === undefined) throw this.#error('an escape');
    this.#at++;
    return meant;
  }
}

/** The value that the text says; of members with one name the last. Throws SCH1001 with the place. */
export const parseJson = (text: string): Json => new Reader(text).document();
