/* An upsert stream made whole: the last row of each key. */

import type { Row } from '#data';
import type { NormalizeSpec } from '#job';
import { adds, keyText, rowText, SlowReference } from './reference.ts';

export class NormalizeReference extends SlowReference {
  readonly #spec: NormalizeSpec;
  readonly #rows = new Map<string, Row>();

  constructor(spec: NormalizeSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    if (kind === 1) return;
    const key = keyText(row, this.#spec.keys);
    const known = this.#rows.get(key);
    if (!adds(kind)) {
      if (known !== undefined) this.emit(3, known);
      this.#rows.delete(key);
      return;
    }
    this.#rows.set(key, row);
    if (known === undefined) this.emit(0, row);
    else if (rowText(known) !== rowText(row)) {
      if (this.#spec.updateBefore) this.emit(1, known);
      this.emit(2, row);
    }
  }
}
