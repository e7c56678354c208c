/* FROM_CHANGELOG: each row is the change that its op column says, which goes. */

import type { ChangeName } from '../change-names.ts';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';
import { wholeInput } from '../whole-input.ts';

export interface FromChangelogRel {
  readonly kind: 'from-changelog';
  readonly input: Rel;
  /** The column that says which change a row is. */
  readonly op: number;
  readonly codes: readonly (readonly [string, ChangeName])[];
  readonly fields: readonly RelField[];
}

export const fromChangelog = (
  input: Rel,
  op: number,
  codes: ReadonlyMap<string, ChangeName>,
): FromChangelogRel => ({
  kind: 'from-changelog',
  input,
  op,
  codes: [...codes],
  fields: input.fields.filter((_, i) => i !== op),
});

export const fromChangelogKind: RelKind<FromChangelogRel> = {
  ...oneInput,
  reads: ({ op, input }) => ({ exprs: [], columns: [{ index: op, over: input.fields }] }),
  windows: () => noWindow,
  text: ({ op, codes, input }) =>
    `LogicalTableFunctionScan(invocation=[FROM_CHANGELOG(${input.fields[op]!.name}: ${codes.map((c) => c.join(' AS ')).join(', ')})])`,
  prune: wholeInput,
};
