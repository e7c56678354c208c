/* CSV records in a file: they end at a line end outside quotes; a comment is a record without bytes. */

import type { Framing } from '../format.ts';
import type { CsvSettings } from './options.ts';
import { CsvReader } from './reader.ts';

export class CsvFraming implements Framing {
  readonly #reader: CsvReader;
  readonly terminator: Uint8Array = Uint8Array.of(10);
  recordEnd = 0;
  nextStart = 0;

  constructor(settings: CsvSettings) {
    this.#reader = new CsvReader(settings);
  }
  find(data: Uint8Array, start: number, end: number, final: boolean): boolean {
    if (!this.#reader.skip(data, start, end) && !final) return false;
    this.recordEnd = this.#reader.recordEnd;
    this.nextStart = this.#reader.nextStart;
    return true;
  }
}
