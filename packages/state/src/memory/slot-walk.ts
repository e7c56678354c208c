/* Goes through a table all of whose keys have slots, in the order of those. */

import type { KeyedTable, KeyWalk } from '../contract.ts';

export class SlotWalk implements KeyWalk {
  readonly #table: Pick<KeyedTable, 'scan'>;
  #after = -1;

  constructor(table: Pick<KeyedTable, 'scan'>) {
    this.#table = table;
  }
  next(into: Int32Array): number {
    const count = this.#table.scan(this.#after, into);
    if (count > 0) this.#after = into[count - 1]!;
    return count;
  }
}
