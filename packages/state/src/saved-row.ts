/* State as rows: what export gives and import takes. The one form for another parallelism, savepoints and another store. */

import type { Row, Value } from '#data';

/** A slot's row, its cells by name, the rows that it owns by table in their order, its timers by name. */
export interface OwnedRows {
  readonly row: Row;
  readonly cells: Readonly<Record<string, Value>>;
  readonly owned: Readonly<Record<string, readonly OwnedRows[]>>;
  readonly timers: Readonly<Record<string, number>>;
}
/** A key of a keyed table, with all that belongs to it. */
export interface SavedRow extends OwnedRows {
  /** `slices/table` for one in a slice. */
  readonly table: string;
  /** The end of the slice of time, for a table in slices. */
  readonly slice: number | undefined;
  readonly key: Row;
}
/** What belongs to no key: the rows of lists and the scalars, by name. */
export interface SavedRest {
  readonly lists: Readonly<Record<string, readonly OwnedRows[]>>;
  readonly scalars: Readonly<Record<string, number>>;
}
