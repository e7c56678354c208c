/* Tables that are asked by key: FOR SYSTEM_TIME AS OF. */

import type { World } from '#base';
import type { Field, Row } from '#data';
import type { ConnectorTable } from '#catalog';

export interface LookupContext {
  readonly world: World;
  readonly table: ConnectorTable;
  /** The columns of every row returned. */
  readonly fields: readonly Field[];
  /** The columns asked by: indexes into `fields`; a row of values in this order is the question. */
  readonly key: readonly number[];
  readonly signal: AbortSignal;
}
export interface Lookup {
  open(): Promise<void>;
  /** All rows whose key equals `key` (never null). Called when the plan chose the synchronous form. */
  find?(key: Row): readonly Row[];
  findAsync?(key: Row): Promise<readonly Row[]>;
  close(): Promise<void>;
}
