/* Rows before a sink whose key is not the query's, settled when the watermark moves: what a key has then is counted from its
 * shown row and all that came since, with changes that take each other back left out first. */

import type { Row } from '#data';
import type { CompactSpec } from '#job';
import { adds, at, keyText, rowText, SlowReference } from './reference.ts';

interface Key {
  shown: Row | undefined;
  waiting: { readonly kind: number; readonly row: Row }[];
}

export class CompactReference extends SlowReference {
  readonly #spec: CompactSpec;
  readonly #keys = new Map<string, Key>();

  constructor(spec: CompactSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { waiting } = at(this.#keys, keyText(row, this.#spec.keys), () => ({
      shown: undefined,
      waiting: [],
    }));
    const back = waiting.findIndex((w) => adds(w.kind) !== adds(kind) && rowText(w.row) === rowText(row));
    if (back >= 0) waiting.splice(back, 1);
    else waiting.push({ kind, row });
  }
  override mark(watermark: number): void {
    if (watermark <= this.watermark) return;
    super.mark(watermark);
    for (const key of this.#keys.values()) this.#settle(key);
  }
  #settle(key: Key): void {
    const rows = this.#rowsOf(key);
    key.waiting = [];
    const { shown } = key;
    const first = rows[0];
    if (first === undefined) {
      if (shown !== undefined) this.emit(3, shown);
    } else if (shown === undefined) this.emit(0, first);
    else if (rowText(shown) !== rowText(first)) this.emit(2, first);
    key.shown = first;
  }
  #rowsOf({ shown, waiting }: Key): Row[] {
    const { inputKey } = this.#spec;
    const told = (row: Row): string => (inputKey === undefined ? rowText(row) : keyText(row, inputKey));
    const rows = shown === undefined ? [] : [shown];
    for (const { kind, row } of waiting) {
      const found = rows.findIndex((r) => told(r) === told(row));
      if (!adds(kind)) {
        if (found >= 0) rows.splice(found, 1);
      } else if (inputKey !== undefined && found >= 0) rows[found] = row;
      else rows.push(row);
    }
    return rows;
  }
}
