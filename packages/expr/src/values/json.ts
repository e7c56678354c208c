/* JSON as a tree that keeps every digit of its numbers, read as Jackson does and written with sorted keys. */

import { abs, digitsOf, parseDecimal } from './decimal.ts';

/** A number: `unscaled` times ten to the power of -`scale`. */
export interface JsonNumber {
  readonly unscaled: bigint;
  readonly scale: number;
}
export type JsonObject = ReadonlyMap<string, JsonNode>;
export type JsonNode = null | boolean | string | JsonNumber | JsonText | readonly JsonNode[] | JsonObject;

/** JSON that is written already, and goes into other JSON as it is. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const isJsonObject = (node: JsonNode): node is JsonObject => node instanceof Map;
export const isJsonArray = (node: JsonNode): node is readonly JsonNode[] => Array.isArray(node);
export const isJsonNumber = (node: JsonNode): node is JsonNumber =>
  typeof node === 'object' &&
  node !== null &&
  !isJsonArray(node) &&
  !isJsonObject(node) &&
  !(node instanceof JsonText);
export const isJsonScalar = (node: JsonNode): boolean => !isJsonArray(node) && !isJsonObject(node);

/** What is wrong with a text that should be JSON. */
export class JsonSyntaxError extends Error {}

const whitespace = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
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
const depthMax = 1000;

/** What a reader makes of what it reads. */
export interface JsonMaker<T> {
  plain(value: null | boolean | string): T;
  /** A number as it is written. */
  number(digits: string): T;
  array(items: readonly T[]): T;
  /** Members in their order; a name may come twice. */
  object(members: readonly (readonly [name: string, value: T])[]): T;
}
const nodes: JsonMaker<JsonNode> = {
  plain: (value) => value,
  number(digits) {
    const { value, scale } = parseDecimal(digits)!;
    return { unscaled: value, scale };
  },
  array: (items) => items,
  object: (members) => new Map(members),
};

class Reader<T> {
  readonly #text: string;
  readonly #make: JsonMaker<T>;
  #at = 0;

  constructor(text: string, make: JsonMaker<T>) {
    this.#text = text;
    this.#make = make;
  }
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
  #fail(expected: string): never {
    const found = this.#at < this.#text.length ? `'${this.#text.slice(this.#at, this.#at + 10)}'` : 'the end';
    throw new JsonSyntaxError(`expected ${expected} at character ${this.#at + 1}, found ${found}`);
  }
  #skip(char: string): boolean {
    this.#match(whitespace);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
  node(depth = 0): T {
    if (depth > depthMax) this.#fail(`at most ${depthMax} levels`);
    if (this.#skip('{')) return this.#object(depth);
    if (this.#skip('[')) return this.#array(depth);
    if (this.#skip('"')) return this.#make.plain(this.#string());
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      if (/[\w$]/.test(this.#text[this.#at] ?? ' ')) this.#fail('a JSON value');
      return this.#make.plain(value);
    }
    const digits = this.#match(number);
    const next = this.#text[this.#at] ?? ' ';
    // What follows a value is ignored, but a number that is all there is ends with a blank.
    if (digits === '' || /[\w.$]/.test(next) || (depth === 0 && !/\s/.test(next))) this.#fail('a JSON value');
    return this.#make.number(digits);
  }
  #object(depth: number): T {
    const members: (readonly [string, T])[] = [];
    if (this.#skip('}')) return this.#make.object(members);
    for (;;) {
      if (!this.#skip('"')) this.#fail('a quoted name');
      const name = this.#string();
      if (!this.#skip(':')) this.#fail("':'");
      members.push([name, this.node(depth + 1)]);
      if (this.#skip('}')) return this.#make.object(members);
      if (!this.#skip(',')) this.#fail("',' or '}'");
    }
  }
  #array(depth: number): T {
    const items: T[] = [];
    if (this.#skip(']')) return this.#make.array(items);
    for (;;) {
      items.push(this.node(depth + 1));
      if (this.#skip(']')) return this.#make.array(items);
      if (!this.#skip(',')) this.#fail("',' or ']'");
    }
  }
  #string(): string {
    let text = '';
    for (;;) {
      text += this.#match(plainText);
      const char = this.#text[this.#at++];
      if (char === '"') return text;
      if (char !== '\\') this.#fail('the end of a string');
      const escape = this.#text[this.#at++] ?? '';
      if (escape === 'u') {
        const hex = this.#text.slice(this.#at, this.#at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.#fail('four hexadecimal digits');
        text += String.fromCharCode(parseInt(hex, 16));
        this.#at += 4;
      } else text += escapes[escape] ?? this.#fail('an escape');
    }
  }
}

/** The first JSON value of the text; what follows it is ignored, as Flink does. Throws JsonSyntaxError. */
export function parseJson(text: string): JsonNode {
  return new Reader(text, nodes).node();
}
/** The same, as `make` has it. */
export function parseJsonAs<T>(text: string, make: JsonMaker<T>): T {
  return new Reader(text, make).node();
}

/** BigDecimal.toString: plain, or scientific where the exponent is large. */
export function numberText({ unscaled, scale }: JsonNumber): string {
  if (scale === 0) return unscaled.toString();
  const digits = abs(unscaled).toString();
  const sign = unscaled < 0n ? '-' : '';
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) {
    const filled = digits.padStart(scale + 1, '0');
    return `${sign}${filled.slice(0, -scale)}.${filled.slice(-scale)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`;
}

/** A scalar as text: strings bare, the rest as JSON. */
export function scalarText(node: JsonNode): string {
  return typeof node === 'string' ? node : isJsonNumber(node) ? numberText(node) : String(node);
}

const short: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

export function quoteJson(text: string): string {
  const body = text.replace(
    /["\\\u0000-\u001f]/g,
    (c) => short[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `"${body}"`;
}

/** The node as text, without spaces, keys in order. */
export function writeJson(node: JsonNode): string {
  if (typeof node === 'string') return quoteJson(node);
  if (node instanceof JsonText) return node.text;
  if (isJsonArray(node)) return `[${node.map(writeJson).join(',')}]`;
  if (isJsonObject(node)) {
    const names = [...node.keys()].sort((a, b) => (a < b ? -1 : 1));
    return `{${names.map((name) => `${quoteJson(name)}:${writeJson(node.get(name)!)}`).join(',')}}`;
  }
  return scalarText(node);
}

/** The number as a double. */
export const numberOf = ({ unscaled, scale }: JsonNumber): number => Number(`${unscaled}e${-scale}`);

/** An integer between bounds, or undefined. */
export function integerOf(node: JsonNode, low: bigint, high: bigint): bigint | undefined {
  if (!isJsonNumber(node) || node.scale !== 0 || digitsOf(node.unscaled) > 40) return undefined;
  return node.unscaled >= low && node.unscaled <= high ? node.unscaled : undefined;
}
