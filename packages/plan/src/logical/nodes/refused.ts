/* Rows of a query that is right and that cannot be planned. It may stand where nobody reads it, as in WITH; whoever plans it is
 * told why. */

import type { ErrorDetails } from '#base';
import type { RelField } from '../field.ts';
import { noWindow, type RelKind } from '../kind.ts';
import { positions } from '../prune-columns.ts';

/** The error that whoever plans it gets. */
export interface Refusal extends Pick<ErrorDetails, 'at' | 'message' | 'hint'> {
  readonly code: string;
}
export interface RefusedRel {
  readonly kind: 'refused';
  readonly reason: Refusal;
  readonly fields: readonly RelField[];
}

export const refused = (fields: readonly RelField[], reason: Refusal): RefusedRel => ({
  kind: 'refused',
  reason,
  fields,
});

export const refusedKind: RelKind<RefusedRel> = {
  inputs: () => [],
  withInputs: (rel) => rel,
  reads: () => ({ exprs: [], columns: [] }),
  prune: (rel) => ({ rel, at: positions(rel.fields.map((_, i) => i)) }),
  windows: () => noWindow,
  text: ({ reason }) => `LogicalRefused(${reason.message})`,
};
