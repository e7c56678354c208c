/* A table as the catalog knows it: columns resolved to types, expressions still as text of the AST's owner.
 * Computed columns and watermarks are the planner's. */

import type { LogicalType } from '#data';
import type { RawOption } from './options.ts';

export interface ObjectPath {
  readonly catalog: string;
  readonly database: string;
  readonly object: string;
}
export const pathText = (p: ObjectPath): string => `${p.catalog}.${p.database}.${p.object}`;

/** What a connector is told about the table that it shall read or write. */
export interface ConnectorTable {
  readonly path: ObjectPath;
  /** Physical columns in declared order. */
  readonly physical: readonly { readonly name: string; readonly type: LogicalType }[];
  /** Names of the PRIMARY KEY NOT ENFORCED, in declared order; empty without. */
  readonly primaryKey: readonly string[];
  readonly partitionedBy: readonly string[];
  readonly options: readonly RawOption[];
  /** Of a sink: its rows take the place of those there are, once the first of them are committed. */
  readonly overwrite?: boolean;
}
