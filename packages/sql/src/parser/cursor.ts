/* Where the parser stands in the tokens, how deep it is, and how it says what is wrong.
 *
 * Keeps: the tokens, the index of the next one, the nesting, and the height of the tree last built.
 * Promises: `peek` past the end is the 'end' token; every error has a place. */

import { limits, type Span, UserError } from '#base';
import { isReserved } from '../keywords.ts';
import { tokenize } from '../lexer.ts';
import type { Token } from '../tokens.ts';
import { describe, either, hintFor, lexicalError, spanOf } from './mistakes.ts';

export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  #height = 0;

  constructor(text: string) {
    if (text.length > limits.sqlBytesMax) {
      throw new UserError('SQL0003', {
        message: `the SQL text has ${text.length} characters; at most ${limits.sqlBytesMax} are read`,
      });
    }
    this.text = text;
    this.#tokens = tokenize(text);
  }

  /** The token `ahead` of the next one. */
  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#index + ahead, last)] as Token;
  }

  /** The token just taken. Some token must have been. */
  previous(): Token {
    return this.#tokens[Math.max(0, this.#index - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** Whether the next token is this word (in upper case) or operator. */
  at(symbol: string, ahead = 0): boolean {
    return this.peek(ahead).symbol === symbol;
  }

  /** Whether these words or operators come next, in this order. */
  atAll(...symbols: readonly string[]): boolean {
    for (let i = 0; i < symbols.length; i++) {
      if (this.peek(i).symbol !== symbols[i]) return false;
    }
    return true;
  }

  /** Takes the next token if it is `symbol`. */
  accept(symbol: string): boolean {
    if (this.peek().symbol !== symbol) return false;
    this.#index++;
    return true;
  }

  /** Takes all of `symbols` if they come next in this order, or none of them. */
  acceptAll(...symbols: readonly string[]): boolean {
    if (!this.atAll(...symbols)) return false;
    this.#index += symbols.length;
    return true;
  }

  /** Takes the next token if it is one of `symbols`, and says which. */
  acceptOne<S extends string>(...symbols: readonly S[]): S | undefined {
    const found = symbols.find((symbol) => symbol === this.peek().symbol);
    if (found !== undefined) this.#index++;
    return found;
  }

  /** Takes `symbol`; else fails, naming it and what else could have stood here. */
  expect(symbol: string, ...others: readonly string[]): Token {
    if (this.peek().symbol !== symbol) this.fail(...others, symbol);
    return this.next();
  }

  expectAll(...symbols: readonly string[]): void {
    for (const symbol of symbols) this.expect(symbol);
  }

  /** Takes one of `symbols`. */
  expectOne<S extends string>(...symbols: readonly S[]): S {
    return this.acceptOne(...symbols) ?? this.fail(...symbols);
  }

  /** Passes over what starts before `offset`, after an error: nothing is nested there. */
  goOnBehind(offset: number): void {
    while (this.peek().kind !== 'end' && this.peek().start < offset) this.#index++;
    this.#depth = 0;
    this.#height = 0;
  }

  /** Whether the next token can name something: a quoted name, or a word that is not reserved. */
  atName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !isReserved(token.symbol));
  }

  /** From the start of `first` to the end of the token just taken. */
  spanFrom(first: Span): Span {
    return { start: first.start, end: this.previous().end, line: first.line, column: first.column };
  }

  /** One item or more, separated by commas. */
  list<T>(item: (cursor: Cursor) => T): T[] {
    const items = [item(this)];
    while (this.accept(',')) items.push(item(this));
    return items;
  }

  /** `( item, … )`; `closing` completes the message when neither a comma nor the parenthesis follows. */
  parenthesized<T>(item: (cursor: Cursor) => T): T[] {
    this.expect('(');
    const items = this.list(item);
    this.expect(')', ',');
    return items;
  }

  /** Goes one level down while `parse` runs; fails when the text is nested too deeply to be walked safely. */
  nested<T>(parse: () => T): T {
    this.down();
    const result = parse();
    this.up();
    return result;
  }

  /** `nested` in two steps, for the hot path. After an error the cursor is of no more use. */
  down(): void {
    if (++this.#depth > limits.sqlDepthMax) this.#tooDeep('nested', limits.sqlDepthMax);
  }

  up(): void {
    this.#depth--;
  }

  /** Starts measuring a tree; returns what `measured` wants back. */
  measure(): number {
    const outer = this.#height;
    this.#height = 0;
    return outer;
  }

  /** One more node stands above everything measured so far. Long chains such as a + b + … nest in the tree
   *  though not in the text, and whoever walks the tree later needs a bound as well. */
  grow(): void {
    if (++this.#height > limits.sqlHeightMax) this.#tooDeep('chained', limits.sqlHeightMax);
  }

  /** Ends measuring: the tree becomes one more part of the one around it. */
  measured(outer: number): void {
    if (outer > this.#height) this.#height = outer;
  }

  #tooDeep(how: string, most: number): never {
    throw new UserError('SQL0003', {
      at: spanOf(this.peek()),
      message: `this is ${how} more than ${most} levels deep`,
      hint:
        how === 'nested'
          ? 'Split the query with WITH or views.'
          : 'Use IN (…) for a long row of OR, or add parentheses.',
    });
  }

  /** The next token cannot stand here. `expected` holds words, operators and descriptions such as 'a name'.
   *  */
  fail(...expected: readonly string[]): never {
    const token = this.peek();
    const lexical = lexicalError(token);
    if (lexical !== undefined) throw lexical;
    const previous = this.#index > 0 ? this.previous() : undefined;
    throw new UserError('SQL0001', {
      at: spanOf(token),
      message: `found ${describe(token)}, expected ${either(expected)}`,
      hint: hintFor({ expected, token, previous }),
    });
  }
}
