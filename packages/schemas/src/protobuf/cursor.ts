/* Goes over the tokens of a .proto file, and knows what stands there when it is not what was expected. */

import type { UserError } from '#base';
import { protoError, tokensOf, type Token } from './lexer.ts';

export class Cursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }
  get token(): Token {
    return this.#tokens[this.#at]!;
  }
  get done(): boolean {
    return this.token.kind === 'end';
  }
  /** The token `by` further on. */
  ahead(by: number): Token {
    return this.#tokens[Math.min(this.#at + by, this.#tokens.length - 1)]!;
  }
  error(message: string, at = this.token.start): UserError {
    return protoError(this.#text, at, message);
  }
  unexpected(expected: string): UserError {
    return this.error(
      `found ${this.token.kind === 'end' ? 'the end' : JSON.stringify(this.token.text)}, expected ${expected}`,
    );
  }
  /** Whether this sign or word stands here. */
  sees(text: string): boolean {
    const { kind } = this.token;
    return (kind === 'sign' || kind === 'word') && this.token.text === text;
  }
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at++;
    return true;
  }
  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`"${text}"`);
  }
  next(): Token {
    return this.#tokens[this.#at++]!;
  }
  /** A name without dots. */
  name(what: string): string {
    if (this.token.kind !== 'word' || this.token.text.includes('.')) throw this.unexpected(what);
    return this.next().text;
  }
  /** A name with dots or without. */
  path(what: string): string {
    if (this.token.kind !== 'word') throw this.unexpected(what);
    return this.next().text;
  }
  /** One string, or several that stand side by side. */
  string(what: string): string {
    if (this.token.kind !== 'text') throw this.unexpected(what);
    let value = '';
    while (this.token.kind === 'text') value += this.next().text;
    return value;
  }
  integer(what: string): number {
    const minus = this.take('-');
    const { kind, text } = this.token;
    if (kind !== 'number' || !/^(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) throw this.unexpected(what);
    this.#at++;
    const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    return minus ? -value : value;
  }
}
