/* A table whose rows may leave memory. */

import type { EvictingTable } from './evicting-table.ts';

export interface Evictable {
  readonly table: EvictingTable;
  /** Nobody asked for any of it lately: all of it may go. */
  readonly isIdle: boolean;
}
