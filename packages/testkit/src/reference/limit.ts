/* LIMIT and OFFSET over inserts: the rows are numbered. */

import type { Row } from '#data';
import type { LimitSpec } from '#job';
import { SlowReference } from './reference.ts';

export class LimitReference extends SlowReference {
  readonly #spec: LimitSpec;
  #number = 0;

  constructor(spec: LimitSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row): void {
    const { offset, limit } = this.#spec;
    this.#number++;
    if (this.#number > offset && (limit === undefined || this.#number <= offset + limit)) this.emit(0, row);
  }
}
