/* Rows before a sink whose key is not the query's: a list per sink key, of which the last one shows. */

import type { Row } from '#data';
import type { MaterializeSpec } from '#job';
import { adds, at, keyText, rowText, SlowReference } from './reference.ts';

export class MaterializeReference extends SlowReference {
  readonly #spec: MaterializeSpec;
  readonly #lists = new Map<string, Row[]>();

  constructor(spec: MaterializeSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { keys, inputKey } = this.#spec;
    const rows = at(this.#lists, keyText(row, keys), () => []);
    const textOf = (r: Row): string => (inputKey === undefined ? rowText(r) : keyText(r, inputKey));
    const found = rows.findIndex((r) => textOf(r) === textOf(row));
    if (adds(kind)) {
      this.emit(rows.length === 0 ? 0 : 2, row);
      if (inputKey !== undefined && found >= 0) rows[found] = row;
      else rows.push(row);
      return;
    }
    if (found < 0) return;
    const wasLast = found === rows.length - 1;
    const [gone] = rows.splice(found, 1);
    if (rows.length === 0) this.emit(3, gone!);
    else if (wasLast) this.emit(2, rows.at(-1)!);
  }
}
