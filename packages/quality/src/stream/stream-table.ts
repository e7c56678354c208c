/* A table whose rows come one after the other. */

import type { TableColumn } from '../table/column.ts';

export interface StreamTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** Event time; undefined: windows there are none. */
  readonly rowtime: string | undefined;
}
