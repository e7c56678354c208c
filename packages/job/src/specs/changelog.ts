/* What the operators of TO_CHANGELOG and FROM_CHANGELOG are asked for. */

import type { LogicalType } from '#data';

export interface ToChangelogSpec {
  /** By kind of change: what stands in the first column; undefined: such changes go no further. */
  readonly codes: readonly (string | undefined)[];
  /** A column that stands at the end again. */
  readonly onTime: number | undefined;
}

export interface FromChangelogSpec {
  /** The column that says which change a row is, and goes. */
  readonly op: number;
  readonly type: LogicalType;
  /** The kind of change of each code. */
  readonly codes: readonly (readonly [code: string, kind: number])[];
}
