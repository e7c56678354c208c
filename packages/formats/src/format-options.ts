/* The options of one format of one table, read under the prefix that the user writes. */

import { UserError, type Span } from '#base';
import type { Options } from '#catalog';

/** Gives the text of a file, or undefined where there is none: formats do no I/O, whoever uses them does. */
export type ReadFile = (path: string) => string | undefined;

/** The options of one format of one table, keys without their prefix. */
export class FormatOptions {
  readonly #options: Options;
  readonly #prefix: string;
  /** Reads files that options name. */
  readonly readFile: ReadFile;

  constructor(options: Options, prefix: string, readFile: ReadFile = () => undefined) {
    this.#options = options;
    this.#prefix = prefix;
    this.readFile = readFile;
  }
  /** The key as the user writes it. */
  key(key: string): string {
    return this.#prefix + key;
  }
  has(key: string): boolean {
    return this.#options.has(this.key(key));
  }
  at(key: string): Span | undefined {
    return this.#options.at(this.key(key));
  }
  string(key: string): string | undefined {
    return this.#options.string(this.key(key));
  }
  boolean(key: string): boolean {
    return this.#options.boolean(this.key(key));
  }
  enum(key: string): string | undefined {
    return this.#options.enum(this.key(key));
  }
  /** Everything below `prefix`, one of the format's. */
  under(prefix: string): ReadonlyMap<string, string> {
    return this.#options.under(this.key(prefix));
  }
  /** The error for a value that its schema allows and its meaning does not. */
  refuse(key: string, problem: string, hint?: string): UserError {
    return new UserError('FMT1004', {
      at: this.at(key),
      message: `option '${this.key(key)}': ${problem}`,
      hint,
    });
  }
}
