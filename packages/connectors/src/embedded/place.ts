/* Where the tables of an embedded connector lie. */

import type { Disk } from '#base';

export interface EmbeddedPlace {
  /** A path on the disk, asked for when a table is first made or read. */
  readonly folder: () => string;
  /** World's, if not given. */
  readonly disk?: Disk;
}
