/* What expectations ask of a table, whoever holds it: its columns, its dialect, and answers to queries. */

import type { Cell } from '../cell.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { TableColumn } from './column.ts';

export interface CheckedTable {
  /** For people: a path, a table's name. */
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly dialect: Dialect;
  /** A relation to put behind FROM: all rows, the columns above. */
  readonly from: string;
  /** The same with the place of each row, from 0, in `rowColumn`; undefined where rows have no order. */
  readonly numbered: string | undefined;
  /** Columns that name a row where there is no place: a primary key. */
  readonly key: readonly string[];
  /** Rows in the order of the query's columns. Throws UserError for what the query has wrong, ExternalError for the rest. */
  query(sql: string): Promise<Cell[][]>;
  /** A relation by the name of another table of the same place. Throws QLT2003. */
  other(name: string): string;
  /** How much of the query that runs is done, from 0 to 100, where that is known. */
  progress?(): number | undefined;
  close(): Promise<void>;
}

export const rowColumn = '__row';
