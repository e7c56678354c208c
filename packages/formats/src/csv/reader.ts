/* Finds the cells of one CSV record and where the record ends, byte by byte, with the rules of Jackson's
 * CSV reader: a quote opens a quoted cell only as its first byte, a doubled quote inside is one quote,
 * white space after the closing quote is skipped, \n, \r and \r\n end a record outside quotes. */

import { isUtf8 } from 'node:buffer';
import { MalformedRecord } from '../malformed.ts';
import type { CsvSettings } from './options.ts';

const newline = 10;
const carriageReturn = 13;
const space = 32;
const hash = 35;
const none = -1;

/** What an escape letter stands for; every other character stands for itself. */
const escapeLetters: Readonly<Record<number, string>> = { 110: '\n', 114: '\r', 116: '\t', 48: '\0' };

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const codeOf = (c: string | undefined): number => (c === undefined ? none : c.charCodeAt(0));

export class CsvReader {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #comments: boolean;
  #data: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #from = 0;
  /** Where the record's last cell ended, before its line end. */
  recordEnd = 0;
  /** Where the next record starts. */
  nextStart = 0;
  /** The record's own line end was seen; false when the bytes ran out first. */
  complete = false;

  constructor(settings: CsvSettings) {
    this.#delimiter = codeOf(settings.delimiter);
    this.#quote = codeOf(settings.quote);
    this.#escape = codeOf(settings.escape);
    this.#comments = settings.comments;
  }

  malformed(reason: string, at = this.#at): MalformedRecord {
    return new MalformedRecord('csv', reason, at - this.#from);
  }

  /** Reads one record from `start` into `cells` and returns true; false when there is none (nothing but
   *  comments). */
  read(data: Uint8Array, start: number, end: number, cells: string[]): boolean {
    this.#open(data, start, end);
    cells.length = 0;
    if (this.#skipComments() && this.#at >= end) return false;
    if (this.#comments) this.#at = this.#pastBlanks();
    if (end - start >= 3 && data[start] === 0xef && data[start + 1] === 0xbb && data[start + 2] === 0xbf)
      this.#at += 3;
    for (;;) {
      cells.push(this.#at < end && data[this.#at] === this.#quote ? this.#quoted() : this.#plain());
      if (this.#at < end && data[this.#at] === this.#delimiter) {
        this.#at++;
        continue;
      }
      this.#lineEnd();
      return true;
    }
  }

  /** Finds the end of the record at `start` without reading its cells: false when the bytes end first. A comment is a record
   *  without bytes, and so is a line of blanks beside them. */
  skip(data: Uint8Array, start: number, end: number): boolean {
    this.#open(data, start, end);
    if (this.#isComment() || this.#isBlank()) {
      this.#toLineEnd();
      this.#lineEnd();
      this.recordEnd = start;
      return this.complete;
    }
    let cellStart = true;
    while (this.#at < end) {
      const c = data[this.#at]!;
      if (c === newline || c === carriageReturn) break;
      if (c === this.#quote && cellStart) {
        this.#skipQuoted();
        cellStart = false;
        continue;
      }
      this.#at += c === this.#escape ? 2 : 1;
      cellStart = c === this.#delimiter;
    }
    this.#at = Math.min(this.#at, end);
    this.#lineEnd();
    return this.complete;
  }

  #open(data: Uint8Array, start: number, end: number): void {
    this.#data = data;
    this.#at = start;
    this.#end = end;
    this.#from = start;
  }
  #lineEnd(): void {
    const data = this.#data;
    this.recordEnd = this.#at;
    this.complete = this.#at < this.#end;
    if (!this.complete) {
      this.nextStart = this.#end;
      return;
    }
    // A \r at the very end may be the first half of \r\n: only bytes to come can tell.
    if (data[this.#at] === carriageReturn && this.#at + 1 === this.#end) this.complete = false;
    this.nextStart =
      this.#at +
      (data[this.#at] === carriageReturn && data[this.#at + 1] === newline && this.#at + 1 < this.#end
        ? 2
        : 1);
  }
  /** Past comments; true when there was one. */
  #skipComments(): boolean {
    let any = false;
    for (; this.#isComment(); any = true) {
      this.#toLineEnd();
      const { [this.#at]: c, [this.#at + 1]: behind } = this.#data;
      this.#at = Math.min(this.#at + (c === carriageReturn && behind === newline ? 2 : 1), this.#end);
    }
    return any;
  }
  /** Whether a line starts here with #, after white space. */
  #isComment(): boolean {
    if (!this.#comments) return false;
    const at = this.#pastBlanks();
    return at < this.#end && this.#data[at] === hash;
  }
  /** Whether there are blanks alone up to the end of the line: where there may be comments, that is no record either. */
  #isBlank(): boolean {
    if (!this.#comments) return false;
    const at = this.#pastBlanks();
    return at < this.#end && (this.#data[at] === newline || this.#data[at] === carriageReturn);
  }
  #pastBlanks(): number {
    let at = this.#at;
    while (at < this.#end && this.#data[at] === space) at++;
    return at;
  }
  #toLineEnd(): void {
    for (; this.#at < this.#end; this.#at++) {
      const c = this.#data[this.#at];
      if (c === newline || c === carriageReturn) break;
    }
  }

  #text(start: number, end: number): string {
    const slice = this.#data.subarray(start, end);
    if (!isUtf8(slice)) throw this.malformed('text that is not valid UTF-8', start);
    return utf8.decode(slice);
  }
  #plain(): string {
    const data = this.#data;
    let text = '';
    let from = this.#at;
    while (this.#at < this.#end) {
      const c = data[this.#at]!;
      if (c === this.#delimiter || c === newline || c === carriageReturn) break;
      if (c === this.#escape) {
        text += this.#text(from, this.#at) + this.#unescape();
        from = this.#at;
      } else this.#at++;
    }
    return text + this.#text(from, this.#at);
  }
  #quoted(): string {
    const data = this.#data;
    const start = this.#at++;
    let text = '';
    let from = this.#at;
    for (;;) {
      if (this.#at >= this.#end) throw this.malformed('a quoted value without its closing quote', start);
      const c = data[this.#at]!;
      if (c === this.#escape && this.#escape !== this.#quote) {
        text += this.#text(from, this.#at) + this.#unescape();
        from = this.#at;
      } else if (c === this.#quote) {
        text += this.#text(from, this.#at);
        if (this.#at + 1 >= this.#end || data[this.#at + 1] !== this.#quote) break;
        from = this.#at + 1;
        this.#at += 2;
      } else this.#at++;
    }
    this.#at++;
    this.#afterQuote();
    return text;
  }
  #afterQuote(): void {
    while (this.#at < this.#end) {
      const c = this.#data[this.#at]!;
      if (c === this.#delimiter || c === newline || c === carriageReturn) return;
      if (c > space) throw this.malformed('expected a delimiter or the end of the line after a quoted value');
      this.#at++;
    }
  }
  #unescape(): string {
    if (this.#at + 1 >= this.#end) throw this.malformed('an escape character at the end');
    const c = this.#data[this.#at + 1]!;
    let length = 1;
    while (
      c >= 0xc0 &&
      this.#at + 1 + length < this.#end &&
      (this.#data[this.#at + 1 + length]! & 0xc0) === 0x80
    )
      length++;
    const from = this.#at + 1;
    this.#at = from + length;
    return escapeLetters[c] ?? this.#text(from, this.#at);
  }
  #skipQuoted(): void {
    this.#at++;
    while (this.#at < this.#end) {
      const c = this.#data[this.#at]!;
      if (c === this.#escape && this.#escape !== this.#quote) this.#at += 2;
      else if (c !== this.#quote) this.#at++;
      else if (this.#data[this.#at + 1] === this.#quote && this.#at + 1 < this.#end) this.#at += 2;
      else {
        this.#at++;
        return;
      }
    }
  }
}
