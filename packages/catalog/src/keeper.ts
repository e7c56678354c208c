/* What a connector offers that keeps its tables by itself, rows and definition: those of CREATE TABLE … AS without a
 * connector. */

import type { World } from '#base';
import type { ObjectPath } from './table.ts';

/** A table as it is kept. */
export interface KeptTable {
  readonly path: ObjectPath;
  /** Its CREATE TABLE. */
  readonly sql: string;
  /** The job that made it, where it keeps its state: started again it makes the table anew. */
  readonly owner: string | undefined;
}

export interface TableKeeper {
  find(path: ObjectPath): Promise<KeptTable | undefined>;
  /** Those of a database, by name. */
  list(catalog: string, database: string): Promise<readonly string[]>;
  /** Makes the table without rows, or gives one that is there another definition and leaves its rows. */
  put(table: KeptTable): Promise<void>;
  /** Removes the table with its rows; nothing where there is none. */
  drop(path: ObjectPath): Promise<void>;
  rename(from: ObjectPath, to: KeptTable): Promise<void>;
  /** Takes all rows away. */
  truncate(path: ObjectPath): Promise<void>;
}

export type KeeperOn = (world: World) => TableKeeper;
