/* Tables that are asked by key: FOR SYSTEM_TIME AS OF. */

import type { World } from '#base';
import type { Field, Row } from '#data';
import type { ConnectorTable } from '#catalog';
import type { UnreadRow } from './bad-rows.ts';
import type { Trouble } from './trouble.ts';

export interface LookupContext {
  readonly world: World;
  readonly table: ConnectorTable;
  /** The columns of every row returned. */
  readonly fields: readonly Field[];
  /** The columns asked by: indexes into `fields`; a row of values in this order is the question. */
  readonly key: readonly number[];
  readonly signal: AbortSignal;
  /** Tells the user once. */
  warn(message: string): void;
}
export interface Lookup {
  open(): Promise<void>;
  /** All rows whose key equals `key` (never null). Called when the plan chose the synchronous form. Those that cannot be read
   *  are told to `unread` and are not in the answer, each time that they are found; without it they make the question fail. */
  find?(key: Row, unread?: (row: UnreadRow) => void): readonly Row[];
  findAsync?(key: Row, unread?: (row: UnreadRow) => void): Promise<readonly Row[]>;
  /** The same, where it is known without asking, as from a cache; undefined where `findAsync` must be asked. */
  known?(key: Row, unread?: (row: UnreadRow) => void): readonly Row[] | undefined;
  /** While it cannot answer and tries again: why, and since when. */
  readonly trouble?: Trouble | undefined;
  close(): Promise<void>;
}
