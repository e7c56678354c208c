/* Rows that stand in the query. */

import type { Value } from '#data';
import type { RelField } from '../field.ts';
import { noWindow, type RelKind } from '../kind.ts';
import { positions } from '../prune-columns.ts';

export interface ValuesRel {
  readonly kind: 'values';
  readonly rows: readonly (readonly Value[])[];
  readonly fields: readonly RelField[];
}

/** One row without columns: what a SELECT without FROM reads. */
export const oneRow: ValuesRel = { kind: 'values', rows: [[]], fields: [] };

export const valuesKind: RelKind<ValuesRel> = {
  inputs: () => [],
  withInputs: (rel) => rel,
  reads: () => ({ exprs: [], columns: [] }),
  prune: (rel) => ({ rel, at: positions(rel.fields.map((_, i) => i)) }),
  windows: () => noWindow,
  text: (rel) => `LogicalValues(rows=[${rel.rows.length}])`,
};
